package io.evenkeel.certs.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogTextTest {
    @ParameterizedTest
    @ValueSource(
            ints = {
                0, '\t', '\n', '\r', 0x1b, 0x7f, 0x85, 0x9b, 0xad, 0x061c, 0x200b, 0x200e, 0x2028, 0x2029, 0x202e,
                0x2066, 0x2069, 0xfeff, 0xe0001, 0xd800, 0xdc00, 0xe000, 0x378
            })
    void charactersThatShowNothingOrMoveTheRestAreReplaced(int codePoint) {
        String text = "a" + new StringBuilder().appendCodePoint(codePoint) + "b";
        assertThat(LogText.oneLine(text)).isEqualTo("a b");
    }

    @Test
    void namesOfPeoplePass() {
        String name = "CN=Zoë Łukasz 王小明 \uD83D\uDE00, O=Müller & Söhne";
        assertThat(LogText.oneLine(name)).isSameAs(name);
    }

    @Test
    void longTextIsCut() {
        assertThat(LogText.oneLine("abc", 3)).isEqualTo("abc");
        assertThat(LogText.oneLine("abcd", 3)).isEqualTo("abc...");
        assertThat(LogText.oneLine("ab\ncd", 3)).isEqualTo("ab ...");
        // Half of a pair is left.
        assertThat(LogText.oneLine("ab\uD83D\uDE00", 3)).isEqualTo("ab ...");
    }
}
