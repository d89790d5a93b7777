package io.evenkeel.protocols.transport.tls;

import io.evenkeel.certs.StoreFile;
import io.evenkeel.certs.TlsMaterial;
import java.util.Objects;

/** Keys and trust that code gives to the transport, beside the attributes of the stack. */
public sealed interface InjectedTls {

    /** Says in words what it is, for the log. */
    String name();

    /** Managers that another component made, and that reload themselves or never. */
    record Managers(TlsMaterial material, String name) implements InjectedTls {
        public Managers {
            Objects.requireNonNull(material, "material");
            Objects.requireNonNull(name, "name");
        }
    }

    /** Files, which the transport reads and watches. */
    record Files(StoreFile keyStore, StoreFile trustStore) implements InjectedTls {
        public Files {
            Objects.requireNonNull(keyStore, "keyStore");
            Objects.requireNonNull(trustStore, "trustStore");
        }

        @Override
        public String name() {
            return "the files " + keyStore.described() + " and " + trustStore.described();
        }
    }
}
