package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.protocols.transport.LineLog;
import io.evenkeel.protocols.transport.TestMembers;
import java.io.ByteArrayInputStream;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jgroups.JChannel;
import org.jgroups.annotations.Property;
import org.jgroups.conf.PropertyHelper;
import org.jgroups.protocols.TCP;
import org.jgroups.util.TLS;
import org.jgroups.util.Util;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every attribute of the JGroups that runs here is known to TCP_NETTY: by the same name, as one that is ignored, or
 * refused.
 */
class StockTcpAttributesTest {

    private static Set<String> names(Class<?> type) throws Exception {
        Set<String> names = new TreeSet<>();
        for (Field field : Util.getAllDeclaredFieldsWithAnnotations(type, Property.class)) {
            names.add(PropertyHelper.getPropertyName(field, java.util.Map.of()));
        }
        return names;
    }

    private static Set<String> own(Class<?> type) {
        return Stream.of(type.getDeclaredFields())
                .filter((AccessibleObject field) -> field.isAnnotationPresent(Property.class))
                .map(Field::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void noneIsUnknown() throws Exception {
        assertThat(names(TCP.class)).hasSizeGreaterThan(40);
        assertThat(names(TCP_NETTY.class))
                .as("new in JGroups: say in StockTcpAttributes whether it is ignored or refused")
                .containsAll(names(TCP.class));
        assertThat(names(StockTls.class)).isEqualTo(names(TLS.class));
    }

    @Test
    void noneIsListedThatJGroupsHasNot() throws Exception {
        assertThat(names(TCP.class)).containsAll(own(StockTcpAttributes.class));
    }

    private static JChannel channel(String attributes) throws Exception {
        String xml = "<config><" + TCP_NETTY.class.getName() + " bind_addr=\"127.0.0.1\" bind_port=\"0\" " + attributes
                + "/><LOCAL_PING/><pbcast.NAKACK2/><UNICAST3/><pbcast.STABLE/><pbcast.GMS/></config>";
        JChannel channel = LineLog.recordingAll(
                () -> new JChannel(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8))));
        TestMembers.of(channel).setTlsMaterial(TestMembers.material());
        return channel;
    }

    @Test
    void whatIsSetInVainIsSaidInOneLine() throws Exception {
        Set<String> ignored = own(StockTcpAttributes.class);
        ignored.remove("max_length");
        ignored.remove("client_bind_port");
        String attributes = ignored.stream().map(name -> name + "=\"1\"").collect(Collectors.joining(" "))
                + " max_length=\"0\" client_bind_port=\"0\" tls.enabled=\"false\"";
        try (JChannel channel = channel(attributes)) {
            channel.connect("vain");
            ignored.add("tls.enabled");
            assertThat(LineLog.of(TestMembers.of(channel)))
                    .contains("INFO attributes of JGroups' TCP that are set and do nothing here: "
                            + String.join(", ", ignored));
        }
    }

    @Test
    void whoeverSetsNothingIsToldNothing() throws Exception {
        try (JChannel channel = channel("")) {
            channel.connect("nothing");
            assertThat(LineLog.of(TestMembers.of(channel))).noneMatch(line -> line.contains("JGroups' TCP"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "max_length,10000,set max_frame_size",
        "client_bind_port,9000,remove it",
        "tls.enabled,true,encryption",
        "tls.provider,BCJSSE,(here: tls_provider)",
        "tls.keystore_alias,only-for-this-test,a keystore with one key",
        "tls.client_auth,NEED,both sides always",
        "tls.sni_matchers,.*,authorized_peers"
    })
    void whatMustNotBeLostIsRefusedWithWhatToSetHere(String name, String value, String remedy) throws Exception {
        try (JChannel channel = channel(name + "=\"" + value + "\"")) {
            assertThatThrownBy(() -> channel.connect("lost")).satisfies(thrown -> assertThat(
                            Stream.iterate((Throwable) thrown, each -> each != null, Throwable::getCause)
                                    .map(each -> String.valueOf(each.getMessage())))
                    .anyMatch(line -> line.contains(name) && line.contains(remedy) && !line.contains("\n"))
                    .noneMatch(line -> line.contains("only-for-this-test")));
        }
    }

    @Test
    void whatNeitherKnowsIsRefusedByJGroups() {
        assertThatThrownBy(() -> channel("no_such_attribute=\"1\"")).hasMessageContaining("no_such_attribute");
        assertThatThrownBy(() -> channel("tls.no_such_attribute=\"1\"")).hasMessageContaining("no_such_attribute");
    }
}
