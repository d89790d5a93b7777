package io.evenkeel.it.product;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.evenkeel.protocols.log.DiscoveryMessages;
import io.evenkeel.protocols.log.GeneralMessages;
import io.evenkeel.protocols.log.LogMessage;
import io.evenkeel.protocols.log.PacingMessages;
import io.evenkeel.protocols.log.TransportMessages;
import io.evenkeel.stacks.log.StackMessages;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The ids of the log: each line at INFO, WARN and ERROR has one, no two lines share one, and docs/reference/messages.md
 * explains them all. {@code -Devenkeel.reference=write} writes the page.
 */
class LogMessagesTest {
    private static final String COMMAND = "./mvnw -pl it/tests -am verify -Dtest=LogMessagesTest"
            + "\n-Dsurefire.failIfNoSpecifiedTests=false -Devenkeel.reference=write";
    private static final Set<String> LOGS = Set.of(
            "org.jgroups.logging.Log",
            "org.jboss.logging.Logger",
            "org.jboss.logging.BasicLogger",
            "org.infinispan.util.logging.Log",
            "java.util.logging.Logger",
            "java.lang.System$Logger");
    private static final Pattern LOUD = Pattern.compile("(info|warn|warning|error|fatal|severe|log)[a-z]?");
    private static final Pattern ID = Pattern.compile("EVK\\d{4}");
    private static final Pattern MENTIONED = Pattern.compile("\\bEVK\\d{4}\\b");

    private static JavaClasses product;

    @BeforeAll
    static void importTheProduct() {
        product = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.evenkeel.certs", "io.evenkeel.protocols", "io.evenkeel.stacks");
    }

    @Test
    void eachLineOfLogHasAnId() {
        noClasses()
                .that()
                .doNotBelongToAnyOf(LogMessage.class)
                .should()
                .accessTargetWhere(describe("a log is written to above DEBUG", access -> isLoud(access.getTarget())))
                .because("LogMessage writes lines with an id and an explanation")
                .check(product);
        assertThat(product.get(LogMessage.class).getAccessesFromSelf())
                .as("the rule knows such an access where it is allowed")
                .anyMatch(access -> isLoud(access.getTarget()));
    }

    private static boolean isLoud(AccessTarget target) {
        return LOGS.contains(target.getOwner().getName())
                && LOUD.matcher(target.getName()).matches();
    }

    @Test
    void noTwoMessagesShareAnIdOrWords() {
        List<LogMessage> all = all();

        assertThat(all).extracting(LogMessage::id).doesNotHaveDuplicates().allMatch(ID.asMatchPredicate());
        assertThat(all)
                .filteredOn(message -> !message.format().equals("%s"))
                .extracting(LogMessage::format)
                .doesNotHaveDuplicates();
    }

    @Test
    void eachMessageHasACauseAndARemedy() {
        assertThat(all()).allSatisfy(message -> assertThat(List.of(message.cause(), message.remedy()))
                .allSatisfy(words -> assertThat(words).matches("[A-Z].*\\.")));
    }

    @Test
    void eachMessageIsUsed() {
        List<String> unused = fields().filter(field -> field.getAccessesToSelf().stream()
                        .allMatch(access -> access.getOriginOwner().equals(field.getOwner())))
                .map(JavaField::getFullName)
                .toList();

        assertThat(unused).isEmpty();
    }

    /** The sections are written down by hand. */
    @Test
    void eachMessageIsOnThePage() throws IOException {
        Path file = Pages.ROOT.resolve("docs/reference/messages.md");
        String page = page();
        if ("write".equals(System.getProperty("evenkeel.reference"))) {
            Files.writeString(file, page);
        }

        assertThat(all()).allSatisfy(message -> assertThat(page).contains("\n### " + message.id() + "\n"));
        assertThat(Files.readString(file))
                .as("docs/reference/messages.md is stale; write it anew with: " + COMMAND)
                .isEqualTo(page);
    }

    @Test
    void pagesNameIdsThatExist() throws IOException {
        List<String> ids = all().stream().map(LogMessage::id).toList();
        for (Path page : Pages.all()) {
            List<String> named = MENTIONED
                    .matcher(Files.readString(Pages.ROOT.resolve(page)))
                    .results()
                    .map(MatchResult::group)
                    .toList();
            assertThat(ids).as(page.toString()).containsAll(named);
        }
    }

    private static String page() {
        return new MessagesPage(COMMAND)
                .section("Of the pack and its views", messagesOf(GeneralMessages.class))
                .section("Discovery", messagesOf(DiscoveryMessages.class))
                .section("Transport", messagesOf(TransportMessages.class))
                .section("Pacing of state", messagesOf(PacingMessages.class))
                .section("Infinispan, Keycloak, Kubernetes", messagesOf(StackMessages.class))
                .reasons(
                        "Reasons of refusals",
                        "One side of a connection turned the other down. The line names the peer, the reason, what was"
                                + " seen and the remedy; the other side's log has the same reason.")
                .text();
    }

    private static List<LogMessage> all() {
        return fields().map(field -> field.getOwner().getName())
                .distinct()
                .flatMap(holder -> messagesOf(load(holder)).stream())
                .toList();
    }

    private static Stream<JavaField> fields() {
        return product.stream().flatMap(each -> each.getFields().stream()).filter(field -> field.getRawType()
                .isEquivalentTo(LogMessage.class));
    }

    private static List<LogMessage> messagesOf(Class<?> holder) {
        return Arrays.stream(holder.getFields())
                .filter(field -> field.getType() == LogMessage.class)
                .map(LogMessagesTest::value)
                .sorted(Comparator.comparing(LogMessage::id))
                .toList();
    }

    private static LogMessage value(Field field) {
        try {
            return (LogMessage) field.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
