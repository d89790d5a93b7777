package io.evenkeel.protocols;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The order of the packages: no cycle in the module, no import in the transport that runs back up. */
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
}
