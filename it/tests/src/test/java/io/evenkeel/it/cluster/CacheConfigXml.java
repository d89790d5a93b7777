package io.evenkeel.it.cluster;

/** The text of a file for {@code --cache-config-file} that names nothing but a stack of its own. */
final class CacheConfigXml {
    private CacheConfigXml() {}

    /**
     * Keycloak's container on a stack that the file defines.
     *
     * @param stack its name
     * @param definitions the elements below {@code jgroups}
     */
    static String selecting(String stack, String definitions) {
        return """
                <infinispan xmlns="urn:infinispan:config:16.0">
                  <jgroups>
                    %s
                  </jgroups>
                  <cache-container name="keycloak">
                    <transport stack="%s" lock-timeout="60000"/>
                  </cache-container>
                </infinispan>
                """
                .formatted(definitions, stack);
    }
}
