package io.evenkeel.stacks.infinispan;

import io.evenkeel.protocols.version.SupportedVersions;
import io.evenkeel.stacks.EvenkeelStack;
import io.evenkeel.stacks.ShortNames;
import io.evenkeel.stacks.TransportDefaults;
import java.util.List;
import java.util.stream.Stream;
import org.infinispan.commons.configuration.io.ConfigurationReader;
import org.infinispan.commons.util.Version;
import org.infinispan.configuration.global.JGroupsConfigurationBuilder;
import org.infinispan.configuration.parsing.ConfigurationBuilderHolder;
import org.infinispan.configuration.parsing.Namespace;
import org.infinispan.configuration.parsing.Parser;
import org.jgroups.conf.ProtocolConfiguration;

/**
 * Infinispan's own parser, which afterwards knows the pack's stacks and the short names of its protocols as well.
 *
 * <p>Infinispan finds it as a service. It prefers a parser whose namespace matches exactly to its own, which is
 * registered with a wildcard; hence the list of versions. A stack that the user defined under one of our names is left
 * as it is.
 */
@Namespace(uri = Parser.NAMESPACE + "11.0", root = "infinispan")
@Namespace(uri = Parser.NAMESPACE + "12.0", root = "infinispan")
@Namespace(uri = Parser.NAMESPACE + "12.1", root = "infinispan")
@Namespace(uri = Parser.NAMESPACE + "13.0", root = "infinispan")
@Namespace(uri = Parser.NAMESPACE + "14.0", root = "infinispan")
@Namespace(uri = Parser.NAMESPACE + "15.0", root = "infinispan")
@Namespace(uri = Parser.NAMESPACE + "15.1", root = "infinispan")
@Namespace(uri = Parser.NAMESPACE + "15.2", root = "infinispan")
@Namespace(uri = Parser.NAMESPACE + "16.0", root = "infinispan")
@Namespace(uri = Parser.NAMESPACE + "16.1", root = "infinispan")
@Namespace(uri = Parser.NAMESPACE + "16.2", root = "infinispan")
public class EvenkeelStackParser extends Parser {

    /** Infinispan refuses schemas that are newer than itself, but only for a parser with a wildcard. */
    @Override
    public Namespace[] getNamespaces() {
        return Stream.of(super.getNamespaces())
                .filter(namespace -> isKnown(namespace.uri().substring(Parser.NAMESPACE.length())))
                .toArray(Namespace[]::new);
    }

    private static boolean isKnown(String schema) {
        return Short.compareUnsigned(Version.getVersionShort(schema), Version.getVersionShort()) <= 0;
    }

    @Override
    public void readElement(ConfigurationReader reader, ConfigurationBuilderHolder holder) {
        SupportedVersions.ofPack().require();
        super.readElement(reader, holder);
        JGroupsConfigurationBuilder jgroups =
                holder.getGlobalConfigurationBuilder().transport().jgroups();
        jgroups.create().stacks().forEach(stack -> {
            List<ProtocolConfiguration> protocols = stack.configurator().getUncombinedProtocolStack();
            ShortNames.expand(protocols, ProtocolConfiguration.class.getClassLoader());
            TransportDefaults.addTo(protocols);
        });
        for (EvenkeelStack stack : EvenkeelStack.ALL) {
            if (!jgroups.hasStack(stack.name())) {
                holder.addJGroupsStack(stack.configurator(reader.getProperties()));
            }
        }
    }
}
