package io.evenkeel.stacks.keycloak;

import io.evenkeel.protocols.STATE_FC;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jgroups.util.Util;
import org.keycloak.Config;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;

/**
 * The settings of pacing, in Keycloak's own options: {@code --spi-cache-embedded--default--state-fc-*} and
 * {@code --spi-cache-embedded--default--state-chunk-size}. Options that are not set stay as the stack and the caches
 * have it.
 *
 * <p>There is no {@code state-fc-enabled}: Keycloak takes what ends so for an option of the build.
 *
 * @param pacing whether state is paced
 * @param targetDelayUs the delay that state may add to a round trip, in microseconds
 * @param floorBytes that may always be under way to a destination
 * @param capBytes that may be under way to a destination at the most
 * @param chunkEntries in a chunk of state, for caches that name no chunk-size of their own
 */
record StateTransferOptions(
        Optional<Boolean> pacing,
        Optional<Integer> targetDelayUs,
        Optional<Integer> floorBytes,
        Optional<Integer> capBytes,
        Optional<Integer> chunkEntries) {

    private static final String PACING = "stateFcPacing";
    private static final String TARGET_DELAY_US = "stateFcTargetDelayUs";
    private static final String FLOOR = "stateFcFloor";
    private static final String CAP = "stateFcCap";
    private static final String CHUNK_SIZE = "stateChunkSize";
    private static final Pattern BYTES = Pattern.compile("[0-9]+[kKmMgG]?");

    /**
     * Reads them. STATE_FC checks at its start that the values fit together, as the stack may name others of them.
     *
     * @throws IllegalArgumentException naming the option, its value and what it must be
     */
    static StateTransferOptions of(Config.Scope config) {
        StateTransferOptions options = new StateTransferOptions(
                KeycloakOption.read(config, PACING, KeycloakOption::trueOrFalse, "be true or false"),
                KeycloakOption.read(config, TARGET_DELAY_US, Integer::valueOf, "be a number of microseconds"),
                KeycloakOption.read(
                        config, FLOOR, StateTransferOptions::bytes, "be a number of bytes, such as 16384 or 16k"),
                KeycloakOption.read(
                        config, CAP, StateTransferOptions::bytes, "be a number of bytes, such as 4000000 or 4m"),
                KeycloakOption.read(config, CHUNK_SIZE, Integer::valueOf, "be a number of entries"));
        options.chunkEntries().filter(entries -> entries < 1).ifPresent(entries -> {
            throw KeycloakOption.refused(CHUNK_SIZE, Integer.toString(entries), "be >= 1", null);
        });
        return options;
    }

    /** JGroups reads its suffixes wherever they stand, so that 4 miles would be four million bytes. */
    private static int bytes(String text) {
        if (!BYTES.matcher(text).matches()) {
            throw new IllegalArgumentException(text);
        }
        return Util.readBytesInteger(text);
    }

    /** Sets what is set, before the protocol starts. */
    void applyTo(STATE_FC protocol) {
        pacing.ifPresent(protocol::setEnabled);
        targetDelayUs.ifPresent(protocol::setTargetDelayUs);
        floorBytes.ifPresent(protocol::setFloor);
        capBytes.ifPresent(protocol::setCap);
    }

    /** The text that Keycloak shows of them. */
    static List<ProviderConfigProperty> metadata() {
        ProviderConfigurationBuilder all = ProviderConfigurationBuilder.create();
        KeycloakOption.describe(all, PACING, ProviderConfigProperty.BOOLEAN_TYPE, "Whether state transfer is paced.");
        KeycloakOption.describe(
                all,
                TARGET_DELAY_US,
                ProviderConfigProperty.INTEGER_TYPE,
                "Delay in microseconds that state transfer may add to the users' round trips in the cluster.");
        KeycloakOption.describe(
                all,
                FLOOR,
                ProviderConfigProperty.STRING_TYPE,
                "Bytes of state that may always be under way to a node, whatever the delay.");
        KeycloakOption.describe(
                all,
                CAP,
                ProviderConfigProperty.STRING_TYPE,
                "Bytes of state that may be under way to a node at the most.");
        KeycloakOption.describe(
                all,
                CHUNK_SIZE,
                ProviderConfigProperty.INTEGER_TYPE,
                "Entries in a chunk of state, for clustered caches that name no chunk-size of their own.");
        return all.build();
    }
}
