package org.chartbridge.ordering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.chartbridge.ordering.ReceiversNumber.NotKnown;
import org.chartbridge.partner.OwnNumber;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a message names its patient by the receiver's number. */
class ReceiversNumberTests {
    private static final OwnNumber CLINIC = new OwnNumber("CLINIC", "MR", true);
    private static final String OWN = ReceiversNumber.STAND_IN + "^^^CLINIC^MR";

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "PID|1||L7^^^LAB^PI||DOE^Jane; PID|1||OWN~L7^^^LAB^PI||DOE^Jane",
                "PID|1|X1|L7^^^LAB~L8^^^LAB|Y1|DOE; PID|1||OWN~L7^^^LAB~L8^^^LAB||DOE",
                "PID|1|X1^^^OLD||Y1|DOE; PID|1||OWN~X1^^^OLD||DOE",
                "PID|1|||Y1|DOE; PID|1||OWN~Y1||DOE",
                "PID|1||||DOE; PID|1||OWN||DOE",
                "PID|1||\"\"||DOE; PID|1||OWN||DOE",
                "PID|1||RECEIVERS-NUMBER^^^clinic||DOE; PID|1||OWN||DOE",
                "PID|1||RECEIVERS-NUMBER^^^LAB||DOE; PID|1||OWN~RECEIVERS-NUMBER^^^LAB||DOE",
                "PID|1|RECEIVERS-NUMBER|L7||DOE|||||||||||||ACC9;"
                        + " PID|1|RECEIVERS-NUMBER|OWN~L7||DOE|||||||||||||ACC9"
            })
    void itStandsFirstAndNothingElseCanBeTakenForIt(String sent, String wanted) {
        assertThat(line(CLINIC, sent)).isEqualTo(wanted.replace("OWN", OWN));
    }

    @Test
    void whatWasSentIsLeftOutWhereThatIsSaid() {
        var alone = new OwnNumber("CLINIC", "", false);

        assertThat(line(alone, "PID|1|X|L7^^^LAB|Y|DOE"))
                .isEqualTo("PID|1||" + ReceiversNumber.STAND_IN + "^^^CLINIC||DOE");
    }

    @Test
    void anOidIsAUniversalId() {
        var oid = new OwnNumber("1.2.840.1", "MR", false);

        assertThat(line(oid, "PID|1||L7||DOE"))
                .isEqualTo("PID|1||" + ReceiversNumber.STAND_IN + "^^^&1.2.840.1&ISO^MR||DOE");
    }

    @Test
    void anAuthorityWithDelimitersIsEscaped() {
        assertThat(new String(with(CLINIC, "MSH|#~\\&|A\rPID|1||L7###LAB"), UTF_8))
                .contains("PID|1||RECEIVERS-NUMBER###CLINIC#MR~L7###LAB");
    }

    @Test
    void aMessageWithoutAPatientOrThatIsNoneIsLeftAsItIs() {
        for (var text : new String[] {"MSH|^~\\&|A||||||MDM^T02|1|P|2.5\rTXA|1\r", "no message"})
            assertThat(new String(with(CLINIC, text), UTF_8)).isEqualTo(text);
    }

    /** ⚠ */
    @Test
    void aMergeIsNotRewritten() {
        var merge = "MSH|^~\\&|A||||||ADT^A40|1|P|2.5\rPID|1||L7\rMRG|L8\r";

        assertThatThrownBy(() -> with(CLINIC, merge))
                .isInstanceOf(NotKnown.class)
                .hasMessageContaining("MRG");
    }

    private static String line(OwnNumber number, String pid) {
        var message = "MSH|^~\\&|LIS|LAB|||20261122||ORU^R01|1|P|2.5.1\r" + pid + "\rOBR|1\r";
        var text = new String(with(number, message), UTF_8);
        return text.lines().filter(one -> one.startsWith("PID")).findFirst().orElseThrow();
    }

    private static byte[] with(OwnNumber number, String message) {
        return ReceiversNumber.withStandIn(number, message.getBytes(UTF_8), UTF_8);
    }
}
