package io.evenkeel.stacks;

import io.evenkeel.protocols.log.GeneralMessages;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;
import org.infinispan.remoting.transport.jgroups.FileJGroupsChannelConfigurator;
import org.jgroups.conf.ProtocolConfiguration;
import org.jgroups.conf.XmlConfigurator;

/**
 * A prebuilt stack of the pack: its name, and the JGroups XML file in the jar that defines it.
 *
 * @param name the name for {@code --cache-stack}, {@code <transport stack=...>} and {@code <stack extends=...>}
 */
public record EvenkeelStack(String name) {

    /** All stacks in the jar. */
    public static final List<EvenkeelStack> ALL = List.of(
            new EvenkeelStack("evenkeel-jdbc"),
            new EvenkeelStack("evenkeel-dns"),
            new EvenkeelStack("evenkeel-kube"),
            new EvenkeelStack("evenkeel-static"));

    /** The place of the XML on the class path; plain JGroups and {@code <stack-file path=...>} take it as it is. */
    public String path() {
        return "evenkeel/" + name + ".xml";
    }

    /**
     * Infinispan's handle on the stack.
     *
     * @param properties what {@code ${...}} in the XML is looked up in. It is read when the channel is created, not
     *     now: Keycloak sets the {@code jgroups.*} properties only after the configuration has been parsed
     */
    public FileJGroupsChannelConfigurator configurator(Properties properties) {
        return read(xml -> new FileJGroupsChannelConfigurator(name, path(), xml, properties));
    }

    /** The protocols as they stand in the XML, with {@code ${...}} in their attributes. */
    List<ProtocolConfiguration> protocols() {
        return read(xml -> XmlConfigurator.getInstance(xml).getProtocolStack());
    }

    private <T> T read(Reading<T> reading) {
        try (InputStream xml = EvenkeelStack.class.getClassLoader().getResourceAsStream(path())) {
            if (xml == null) {
                throw new IllegalStateException(GeneralMessages.JAR_DAMAGED.text(path()));
            }
            return reading.of(xml);
        } catch (IOException e) {
            throw new UncheckedIOException(GeneralMessages.JAR_DAMAGED.text(path()), e);
        }
    }

    private interface Reading<T> {
        T of(InputStream xml) throws IOException;
    }
}
