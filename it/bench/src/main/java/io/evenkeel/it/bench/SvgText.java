package io.evenkeel.it.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Makes a drawn SVG a fraction of its length, so that it can stand in a repository: fewer digits, and each style once.
 */
final class SvgText {
    private static final Pattern DIGITS = Pattern.compile("(\\d\\.\\d\\d)\\d+");
    private static final Pattern STYLE = Pattern.compile(" style=\"([^\"&]*)\"");
    private static final Pattern TOP = Pattern.compile("<svg [^>]*>");

    private SvgText() {}

    static String compact(String svg) {
        Map<String, String> classes = new LinkedHashMap<>();
        String rounded = DIGITS.matcher(svg).replaceAll("$1");
        String classed = STYLE.matcher(rounded)
                .replaceAll(m -> " class=\"" + classes.computeIfAbsent(m.group(1), s -> "s" + classes.size()) + "\"");
        StringBuilder css = new StringBuilder("<style>");
        classes.forEach((style, name) ->
                css.append('.').append(name).append('{').append(style).append('}'));
        return TOP.matcher(classed).replaceFirst((MatchResult m) -> m.group() + css.append("</style>"));
    }
}
