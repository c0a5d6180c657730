package org.chartbridge.hl7;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Messages that were cut into several, HL7 v2.5.1 §2.10.2. */
class FragmentTests {
    private static final String MSH = "MSH|^~\\&|LIS|NORTH|||20261122||ORU^R01|1|P|2.5.1||";

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            nullValues = "-",
            value = {
                "PID|1\\rOBX|1|ST|K||on\\rDSC|p1|F; ''; p1",
                "PID|1\\rDSC|p1; ''; p1",
                "PID|1\\r\\n DSC|p1|f\\r\\n\\u001C; ''; p1",
                "PID|1\\rDSC|p1|I; -; -",
                "PID|1\\rDSC; -; -",
                "PID|1\\rDSC|\"\"|F; -; -",
                "PID|1\\rDSC|p1|F\\rOBX|1; -; -",
            })
    void aMessageThatGoesOnSaysSoAtItsEnd(
            String body, @Nullable String takesUp, @Nullable String goesOn) {
        is(MSH + "\r" + breaks(body), takesUp, goesOn);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            nullValues = "-",
            value = {
                "p1\\rADD|e|F; p1; ''",
                "p1\\rADD|e|F\\rDSC|p2|F; p1; p2",
                "p1\\rOBX|2|ST|K||x; p1; ''",
                "p1\\rZL1|x; p1; ''",
                "p1||AL\\rADD|e|F; p1; ''",
                "p1\\rPID|1\\rOBX|1; -; -",
                "p1\\rSFT|x\\rEVN|x\\rPID|1\\rOBX|1; -; -",
                "p1\\rPID|1\\rOBX|1\\rDSC|p2|F; p1; p2",
                "\"\"\\rOBX|1; -; -",
                "p1\\rQPD|Q22; -; -",
                "p1; -; -",
            })
    void aMessageThatTakesUpAnotherIsAPartUnlessItIsWhole(
            String body, @Nullable String takesUp, @Nullable String goesOn) {
        is(MSH + breaks(body), takesUp, goesOn);
    }

    @ParameterizedTest
    @ValueSource(strings = {"DSC|p1|I", "DSC|p1|F\rOBX|1"})
    void aContinuationOfAnotherKindIsRefusedByName(String end) {
        var message = message(utf8(MSH + "\rPID|1\r" + end));

        assertThat(message.remarks())
                .extracting(Fault::reason)
                .containsExactly("continuation-not-taken");
    }

    @Test
    void anAddendumBehindAnMshThatTakesUpAnotherIsNoneOfMsh() {
        var raw = utf8(MSH + "p1\rADD|e|F\rNTE|1");

        assertThat(Header.read(raw).orElseThrow().field(14)).isEqualTo("p1");
        assertThat(message(raw).lines()).extracting(Line::segment).contains("ADD");
    }

    @Test
    void partsAreAlikeBySenderTypeAndEncodingAndNotByTheirOwnNumber() {
        var one = fragment(MSH + "\rPID|1\rDSC|p1|F");

        assertThat(fragment(MSH.replace("|1|P", "|2|P") + "p1\rADD|x").alike())
                .isEqualTo(one.alike());
        for (var other :
                List.of(
                        MSH.replace("LIS", "LIS2"),
                        MSH.replace("ORU^R01", "OUL^R22"),
                        MSH.replace("|P|", "|T|"),
                        MSH.replace("^~\\&", "^~\\#")))
            assertThat(fragment(other + "p1\rADD|x").alike()).as(other).isNotEqualTo(one.alike());
    }

    /** Cut anywhere, also inside a letter, and joined, it is what it was. */
    @Test
    void aMessageCutAtAnyByteIsJoinedToWhatItWas() {
        var whole =
                MSH + "\rPID|1||7||DÖE^Jané\rOBX|1|TX|K||One two\\.br\\three||||||F\rNTE|1||x\r";
        var bytes = utf8(whole);
        int body = MSH.length() + 1;

        for (int cut = body + 4; cut < bytes.length - 1; cut++) {
            boolean boundary = bytes[cut] == '\r';
            var rest = Arrays.copyOfRange(bytes, boundary ? cut + 1 : cut, bytes.length);
            // Behind a line break the next part begins with a segment of its own.
            if (bytes[cut - 1] == '\r') continue;
            var one = joined(Arrays.copyOf(bytes, cut), utf8("\rDSC|p1|F\r"));
            var two = joined(utf8(MSH + "p1\r" + (boundary ? "" : "ADD|")), rest);

            var joined = Fragment.join(List.of(one, two));

            assertThat(joined.raw()).as("cut at %s", cut).isEqualTo(bytes);
            for (int i = 0; i < 2; i++) {
                var range = joined.ranges().get(i);
                assertThat(
                                Arrays.copyOfRange(
                                        bytes, range.joinedAt(), range.joinedAt() + range.bytes()))
                        .isEqualTo(
                                Arrays.copyOfRange(
                                        i == 0 ? one : two,
                                        range.takenFrom(),
                                        range.takenFrom() + range.bytes()));
            }
        }
    }

    @Test
    void anEmptyAddendumIsAMarkOnlyAndAddendaWithinAPartStay() {
        var joined =
                Fragment.join(
                        List.of(
                                utf8(MSH + "\nPID|1\nOBX|1|ST|K||on\nADD|\nDSC|p1|F\n"),
                                utf8(MSH + "p1\nADD|e tw\nADD|o\nDSC|p2|F\n"),
                                utf8(MSH + "p2\nOBX|2|ST|K||x\n\u001C")));

        var message = message(joined.raw());
        assertThat(message.value("OBX[1]-5")).isEqualTo("one two");
        assertThat(message.value("OBX[2]-5")).isEqualTo("x");
        assertThat(message.lines()).hasSize(4);
    }

    private static void is(String text, @Nullable String takesUp, @Nullable String goesOn) {
        var found = Fragment.of(message(utf8(text)));
        if (goesOn == null) assertThat(found).isEmpty();
        else {
            assertThat(found).isPresent();
            assertThat(found.get().takesUp()).isEqualTo(takesUp);
            assertThat(found.get().goesOn()).isEqualTo(goesOn);
        }
    }

    private static Fragment fragment(String text) {
        return Fragment.of(message(utf8(text))).orElseThrow();
    }

    private static Message message(byte[] raw) {
        return switch (Message.read(raw, StandardCharsets.UTF_8)) {
            case Reading.Readable(var message) -> message;
            case Reading.Unreadable(var fault) -> throw new AssertionError(fault.toString());
        };
    }

    private static String breaks(String text) {
        return text.replace("\\r", "\r").replace("\\n", "\n").replace("\\u001C", "\u001C");
    }

    private static byte[] joined(byte[] one, byte[] two) {
        var both = Arrays.copyOf(one, one.length + two.length);
        System.arraycopy(two, 0, both, one.length, two.length);
        return both;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
