package io.evenkeel.it.product;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Holds what docs/internals/architecture.md says of the modules, and the purity of the cores, on the classes of the
 * product jar.
 */
class ArchitectureTest {

    /** The packages that decide. */
    private static final String[] CORES = {
        "io.evenkeel.protocols.lease",
        "io.evenkeel.protocols.transport.core",
        "io.evenkeel.protocols.pacing.core",
        "io.evenkeel.protocols.search.core",
        "io.evenkeel.stacks.infinispan.restart.core",
        "io.evenkeel.stacks.cli.core"
    };

    /** The same, and the core of certs, whose subject are the JDK's certificates. */
    private static final String[] ALL_CORES = {
        CORES[0], CORES[1], CORES[2], CORES[3], CORES[4], CORES[5], "io.evenkeel.certs.core"
    };

    /** Addresses as values: a core compares them and writes them down, it never resolves or connects. */
    private static final Class<?>[] NETWORK_VALUES = {
        InetAddress.class, Inet6Address.class, InetSocketAddress.class, UnknownHostException.class
    };

    private static final int MAX_COMPONENTS = 11;

    private static JavaClasses product;

    @BeforeAll
    static void importTheProduct() {
        product = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.evenkeel");
    }

    @Test
    void certsKnowsNeitherJGroupsNorKeycloak() {
        check(classes()
                .that()
                .resideInAPackage("io.evenkeel.certs..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "java..",
                        "javax.net.ssl..",
                        "javax.security..",
                        // LdapName takes distinguished names apart (RFC 4514); nothing is looked up.
                        "javax.naming..",
                        "org.bouncycastle..",
                        "org.jspecify.annotations..",
                        "io.evenkeel.certs..")));
    }

    @Test
    void protocolsKnowsNothingOfInfinispanAndKeycloak() {
        check(noClasses()
                .that()
                .resideInAPackage("io.evenkeel.protocols..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.infinispan..",
                        "org.keycloak..",
                        "io.quarkus..",
                        "io.agroal..",
                        "io.evenkeel.stacks..",
                        "io.evenkeel.it.."));
    }

    @Test
    void stacksDoesNotKnowTheTests() {
        check(noClasses()
                .that()
                .resideInAPackage("io.evenkeel.stacks..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.evenkeel.it.."));
    }

    @Test
    void onlyTheGlueOfKeycloakKnowsKeycloak() {
        check(noClasses()
                .that()
                // The second is what a benchmark puts into its nodes.
                .resideOutsideOfPackages("io.evenkeel.stacks.keycloak..", "io.evenkeel.it.bench.restart.provider..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.keycloak..", "io.quarkus..", "io.agroal.."));
    }

    @Test
    void aCoreImportsOnlyTheJdkAndTheCores() {
        check(classes()
                .that()
                .resideInAnyPackage(CORES)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                                "java.lang..",
                                "java.util..",
                                "java.time..",
                                "java.nio",
                                "java.nio.charset",
                                "org.jspecify.annotations")
                        .or(resideInAnyPackage(ALL_CORES))
                        .or(belongToAnyOf(NETWORK_VALUES))));
    }

    @Test
    void aCoreHasNoClockNoThreadNoLockAndNoRandomnessOfItsOwn() {
        check(noClasses()
                .that()
                .resideInAnyPackage(ALL_CORES)
                .should()
                .dependOnClassesThat(resideInAPackage("java.util.concurrent..")
                        .and(not(belongToAnyOf(TimeUnit.class)))
                        .or(belongToAnyOf(Thread.class, Random.class, Clock.class))));
        check(noClasses()
                .that()
                .resideInAnyPackage(ALL_CORES)
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now"));
    }

    @Test
    void packagesHaveNoCycle() {
        check(slices().matching("io.evenkeel.(**)").should().beFreeOfCycles());
    }

    @Test
    void noRecordHasMoreComponentsThanALineShows() {
        assertThat(product.stream().filter(JavaClass::isRecord).filter(each -> components(each) > MAX_COMPONENTS))
                .isEmpty();
    }

    private static long components(JavaClass type) {
        return type.getFields().stream()
                .filter(field -> !field.getModifiers().contains(JavaModifier.STATIC))
                .count();
    }

    @Test
    void noClassStandsInSomebodyElsesPackage() {
        check(classes()
                .that()
                .resideInAnyPackage("io.evenkeel..")
                .should()
                .resideInAnyPackage(
                        "io.evenkeel.certs..", "io.evenkeel.protocols..", "io.evenkeel.stacks..", "io.evenkeel.it.."));
    }

    private static void check(ArchRule rule) {
        rule.check(product);
    }
}
