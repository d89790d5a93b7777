package io.evenkeel.it.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SvgTextTest {
    @Test
    void keepsTwoDigitsAndEachStyleOnce() {
        String svg = "<svg width=\"1px\"><line style=\"fill:none;\" x1=\"1.23456\" x2=\"7\"/><line style=\"fill:none;\""
                + " x1=\"10.5\"/>"
                + "<rect style=\"fill:red;\"/></svg>";

        assertThat(SvgText.compact(svg))
                .isEqualTo("<svg width=\"1px\"><style>.s0{fill:none;}.s1{fill:red;}</style>"
                        + "<line class=\"s0\" x1=\"1.23\" x2=\"7\"/><line class=\"s0\" x1=\"10.5\"/><rect"
                        + " class=\"s1\"/></svg>");
    }

    @Test
    void aStyleWithAnEntityStays() {
        String svg = "<svg a=\"b\"><text style=\"font-family:&quot;X&quot;;\">1</text></svg>";

        assertThat(SvgText.compact(svg)).contains("<text style=\"font-family:&quot;X&quot;;\">1</text>");
    }
}
