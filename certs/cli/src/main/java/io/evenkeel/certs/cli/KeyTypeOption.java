package io.evenkeel.certs.cli;

import io.evenkeel.certs.authority.KeyType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The kind of new keys. */
final class KeyTypeOption {
    private static final Map<String, KeyType> NAMES = new TreeMap<>(Map.of(
            "p256", KeyType.EC_P256,
            "p384", KeyType.EC_P384,
            "rsa3072", KeyType.RSA_3072,
            "ed25519", KeyType.ED25519));

    @Option(
            names = "--key",
            paramLabel = "KIND",
            defaultValue = "p256",
            completionCandidates = Candidates.class,
            converter = Converter.class,
            description = "Kind of the key: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). "
                    + "ed25519 needs the JDK's TLS on all nodes: tls_provider=\"jdk\".")
    private KeyType type;

    KeyType type() {
        return type;
    }

    /** For help and completion. */
    static final class Candidates implements Iterable<String> {
        @Override
        public java.util.Iterator<String> iterator() {
            return List.copyOf(NAMES.keySet()).iterator();
        }
    }

    /** From the name on the command line. */
    static final class Converter implements ITypeConverter<KeyType> {
        @Override
        public KeyType convert(String text) {
            KeyType found = NAMES.get(text.toLowerCase(Locale.ROOT).replace("-", ""));
            if (found == null) {
                throw new TypeConversionException("'" + text + "' must be one of " + NAMES.keySet());
            }
            return found;
        }
    }
}
