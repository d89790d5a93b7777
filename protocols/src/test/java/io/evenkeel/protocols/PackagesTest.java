package io.evenkeel.protocols;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.AnnotatedElement;
import java.util.stream.Stream;
import org.jgroups.annotations.ManagedAttribute;
import org.jgroups.annotations.ManagedOperation;
import org.jgroups.annotations.Property;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The order of the packages, no cycle in the module, no import in the transport that runs back up; and that of the
 * classes that make a protocol.
 */
class PackagesTest {
    private static final String TRANSPORT = "io.evenkeel.protocols.transport";

    private static JavaClasses classes;

    @BeforeAll
    static void importTheModule() {
        classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.evenkeel.protocols");
    }

    @Test
    void packagesHaveNoCycle() {
        slices().matching("io.evenkeel.(**)").should().beFreeOfCycles().check(classes);
    }

    @Test
    void theRoomsOfTheTransportUseThoseBelowThemOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage(TRANSPORT + "..")
                .layer("transport")
                .definedBy(TRANSPORT)
                .layer("peer")
                .definedBy(TRANSPORT + ".peer")
                .layer("io")
                .definedBy(TRANSPORT + ".io")
                .layer("tls")
                .definedBy(TRANSPORT + ".tls")
                .layer("frame")
                .definedBy(TRANSPORT + ".frame")
                .layer("config")
                .definedBy(TRANSPORT + ".config")
                .layer("core")
                .definedBy(TRANSPORT + ".core")
                .whereLayer("core")
                .mayNotAccessAnyLayer()
                .whereLayer("config")
                .mayOnlyAccessLayers("core")
                .whereLayer("frame")
                .mayOnlyAccessLayers("config", "core")
                .whereLayer("tls")
                .mayOnlyAccessLayers("config", "core")
                .whereLayer("io")
                .mayOnlyAccessLayers("frame", "tls", "config", "core")
                .whereLayer("peer")
                .mayOnlyAccessLayers("io", "frame", "tls", "config", "core")
                .check(classes);
    }

    /** JGroups' {@code @Component} would put the component's name in front of names that users have. */
    @ParameterizedTest
    @ValueSource(classes = {JDBC_PING_LEASE.class, TCP_NETTY.class, STATE_FC.class})
    void attributesStandInTheConfigAndStatisticsInTheStats(Class<?> protocol) {
        Class<?> stats = protocol.getSuperclass();
        Class<?> config = stats.getSuperclass();
        assertThat(stats.getSimpleName()).isEqualTo(protocol.getSimpleName() + "Stats");
        assertThat(config.getSimpleName()).isEqualTo(protocol.getSimpleName() + "Config");
        assertThat(members(protocol)).noneMatch(PackagesTest::isStatistic).noneMatch(PackagesTest::isAttribute);
        assertThat(members(stats)).anyMatch(PackagesTest::isStatistic).noneMatch(PackagesTest::isAttribute);
        assertThat(members(config)).noneMatch(PackagesTest::isStatistic).anyMatch(PackagesTest::isAttribute);
    }

    private static Stream<AnnotatedElement> members(Class<?> type) {
        return Stream.concat(Stream.of(type.getDeclaredFields()), Stream.of(type.getDeclaredMethods()));
    }

    private static boolean isStatistic(AnnotatedElement member) {
        return member.isAnnotationPresent(ManagedAttribute.class) || member.isAnnotationPresent(ManagedOperation.class);
    }

    private static boolean isAttribute(AnnotatedElement member) {
        return member.isAnnotationPresent(Property.class);
    }
}
