package org.chartbridge.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.chartbridge.mapping.WithoutOvertaken.Left;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/** ⚠ What a later word had overtaken is nobody's last word (decision 79). */
class WithoutOvertakenTests {
    private static final String HEAD =
            """
            MSH|^~\\&|LIS|NORTHLAB|C|CL|20261103080000||ORU^R01^ORU_R01|Q1|P|2.5.1
            PID|1||Q-1^^^NORTHLAB^MR||EXEMPLAR^Olive||19710412|F
            """;
    private static final String TWO =
            HEAD
                    + """
                    ORC|RE||F1
                    OBR|1||F1|PANEL^Panel^L
                    NTE|1||of the panel
                    OBX|1|NM|K^K^L||7.1
                    NTE|1||of the value
                    PRT|1
                    OBX|2|NM|NA^Na^L||140
                    ORC|RE||F2
                    OBR|2||F2|TSH^TSH^L
                    OBX|1|NM|TSH^TSH^L||2
                    SPM|1|S1
                    DSC|x
                    """;

    @Test
    void aValueGoesWithItsNotesAndWhatIsBesideItStays() {
        assertThat(left(TWO, TWO, 1))
                .isEqualTo("MSH PID ORC|RE OBR|1 NTE|1 OBX|2 ORC|RE OBR|2 OBX|1 SPM|1 DSC|x");
    }

    @Test
    void aReportGoesWhole() {
        assertThat(left(TWO, TWO, 3))
                .isEqualTo("MSH PID ORC|RE OBR|1 NTE|1 OBX|1 NTE|1 PRT|1 OBX|2 DSC|x");
        assertThat(left(TWO, TWO, 1, 2)).isEqualTo("MSH PID ORC|RE OBR|2 OBX|1 SPM|1 DSC|x");
    }

    @Test
    void nothingIsLeftOfOneThatIsOldAltogether() {
        assertThat(left(TWO, TWO, 1, 2, 3)).isEqualTo("nothing");
        assertThat(left(TWO, TWO)).isEqualTo("all");
    }

    @Test
    void anEditedMessageIsCutInTheSamePlaces() {
        var edited = TWO.replace("|7.1", "|7,1").replace("K^K^L", "2823-3^Potassium^LN");

        assertThat(left(edited, TWO, 1)).doesNotContain("NTE|1 PRT").contains("OBX|2");
    }

    @Test
    void whereAnEditTookValuesAwayThoseThatStayAreKnownByWhatTheySay() {
        var edited = TWO.replace("OBX|2|NM|NA^Na^L||140\n", "");

        assertThat(left(edited, TWO, 1)).isEqualTo("MSH PID ORC|RE OBR|2 OBX|1 SPM|1 DSC|x");
        assertThat(left(edited, TWO, 2)).isEqualTo("all");
        assertThat(left(edited.replace("|7.1", "|9"), TWO, 1)).isEqualTo("all");
    }

    @Test
    void anotherKindOfMessageIsLeftAsItIs() {
        var document = TWO.replace("ORU^R01^ORU_R01", "MDM^T02");

        assertThat(left(document, document, 1)).isEqualTo("all");
    }

    private static String left(String sent, String came, int... overtaken) {
        var old = new BitSet();
        for (int each : overtaken) old.set(each);
        return switch (WithoutOvertaken.of(read(sent), read(came), old)) {
            case Left.All() -> "all";
            case Left.Nothing() -> "nothing";
            case Left.Some(var body) ->
                    String.join(
                            " ",
                            new String(body, StandardCharsets.UTF_8)
                                    .lines()
                                    .map(line -> line.replaceFirst("^(MSH|PID).*", "$1"))
                                    .map(line -> line.replaceFirst("^(\\w+\\|\\w+)\\|.*", "$1"))
                                    .toList());
        };
    }

    private static Message read(String text) {
        return ((Reading.Readable)
                        Message.read(
                                text.replace('\n', '\r').getBytes(StandardCharsets.UTF_8),
                                StandardCharsets.UTF_8))
                .message();
    }
}
