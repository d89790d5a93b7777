package io.evenkeel.stacks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;
import org.infinispan.remoting.transport.jgroups.FileJGroupsChannelConfigurator;

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

    /** Where the XML lies on the class path; plain JGroups and {@code <stack-file path=...>} take it as it is. */
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
        try (InputStream xml = EvenkeelStack.class.getClassLoader().getResourceAsStream(path())) {
            if (xml == null) {
                throw new IllegalStateException(path() + " is not in the Evenkeel jar: the jar is damaged, replace it");
            }
            return new FileJGroupsChannelConfigurator(name, path(), xml, properties);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path() + " from the Evenkeel jar", e);
        }
    }
}
