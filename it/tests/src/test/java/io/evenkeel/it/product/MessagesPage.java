package io.evenkeel.it.product;

import io.evenkeel.protocols.log.LogMessage;
import io.evenkeel.protocols.transport.core.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The text of docs/reference/messages.md. */
final class MessagesPage {
    private static final int MAX_COLUMNS = 120;
    private static final Pattern PLACEHOLDER = Pattern.compile("%[sd]");

    private final StringBuilder text = new StringBuilder();

    MessagesPage(String command) {
        text.append("# Messages\n\n");
        paragraph("The lines that the pack writes to the log at INFO, WARN and ERROR, and what it throws to end a start"
                + " (REFUSAL: Keycloak or your program logs it). Each begins with an id that never changes its meaning;"
                + " the words may. `…` stands for what differs. Lines at DEBUG have no id.");
        text.append('\n');
        paragraph("Made from the code; do not edit, run");
        text.append('`').append(command).append("`\n");
    }

    MessagesPage section(String title, List<LogMessage> messages) {
        text.append("\n## ").append(title).append('\n');
        messages.forEach(this::message);
        return this;
    }

    private void message(LogMessage message) {
        text.append("\n### ").append(message.id()).append("\n\n");
        String line = PLACEHOLDER.matcher(message.format()).replaceAll("…");
        paragraph("**" + message.level() + "** " + (line.equals("…") ? "(the words differ)" : "`" + line + "`"));
        text.append('\n');
        paragraph("Cause: " + prose(message.cause()));
        text.append('\n');
        paragraph("Remedy: " + prose(message.remedy()));
    }

    /** The words in capitals of EVK0221 and EVK0222. */
    MessagesPage reasons(String title, String introduction) {
        text.append("\n## ").append(title).append("\n\n");
        paragraph(introduction);
        text.append("\n| reason | level | remedy |\n|---|---|---|\n");
        for (Refusal.Reason reason : Refusal.Reason.values()) {
            text.append("| `").append(reason).append("` | ");
            text.append(reason.harmless() ? "DEBUG" : "WARN").append(" | ");
            text.append(prose(reason.remedy())).append(" |\n");
        }
        return this;
    }

    String text() {
        return text.toString();
    }

    /** Underscores, as of attributes, would be taken for emphasis. */
    private static String prose(String words) {
        return words.replace("_", "\\_").replace("<", "&lt;");
    }

    private void paragraph(String words) {
        List<String> line = new ArrayList<>();
        int columns = 0;
        for (String word : words.split(" ", -1)) {
            if (columns + word.length() > MAX_COLUMNS) {
                text.append(String.join(" ", line)).append('\n');
                line.clear();
                columns = 0;
            }
            line.add(word);
            columns += word.length() + 1;
        }
        text.append(String.join(" ", line)).append('\n');
    }
}
