package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.LAB;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** ⚠ A message that says it was sent in the year 2127 must not stand over all that comes later. */
class FutureMessagesTests {
    private static final String MERGED = "\nMRG|M2^^^CLINIC^MR";

    @AutoClose private final IdentityEngine engine = new IdentityEngine();

    @ParameterizedTest
    @CsvSource({"A31, 21271122080000", "A08, 21271122080000", "A31, ''", "A08, 2127"})
    void whatComesAfterARegistrationFromTheFutureIsLater(String trigger, String entered) {
        engine.send(EMR, adt(trigger, "C1", "21271122080000", entered, "1 Wrong St"));
        engine.send(EMR, adt("A31", "C2", soon(), soon(), "2 Right St"));

        assertThat(street()).isEqualTo("2 Right St");
        assertThat(engine.reasons("C1")).contains("sent-in-future");
        assertThat(engine.reasons("C2")).doesNotContain("demographics-late");
        assertThat(engine.rebuilt().isEqual()).isTrue();
    }

    @Test
    void anEventFromTheFutureInAMessageWithoutATimeIsNotBelieved() {
        engine.send(EMR, adt("A31", "C1", "", "21271122080000", "1 Wrong St"));
        engine.send(EMR, adt("A31", "C2", soon(), soon(), "2 Right St"));

        assertThat(street()).isEqualTo("2 Right St");
        assertThat(engine.reasons("C1")).contains("event-time-in-future");
    }

    @Test
    void whatWasSaidBeforeItCameDoesNotReplaceIt() {
        engine.send(EMR, adt("A31", "C1", "21271122080000", "21271122080000", "1 Future St"));
        engine.send(EMR, adt("A31", "C2", "20251122080000", "20251122080000", "2 Former St"));

        assertThat(street()).isEqualTo("1 Future St");
        assertThat(engine.reasons("C2")).contains("demographics-late");
    }

    /** Among the messages of one system its own clock is right, whatever zone it means. */
    @Test
    void hoursAheadAreBelievedAndRemarked() {
        engine.send(EMR, adt("A31", "C2", ahead(10 * 3600 + 60), "", "2 Right St"));
        engine.send(EMR, adt("A31", "C1", ahead(10 * 3600), "", "1 Former St"));

        assertThat(street()).isEqualTo("2 Right St");
        assertThat(engine.reasons("C2")).containsExactly("sent-in-future");
        assertThat(engine.rebuilt().isEqual()).isTrue();
    }

    @Test
    void someMinutesAheadAreNotRemarked() {
        engine.send(EMR, adt("A31", "C1", ahead(600), "", "1 Main St"));

        assertThat(engine.reasons("C1")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "21271122080000, 21271122080000, C, M1 4.1",
        "21271122080000, '', C, M1 4.1",
        "'', 21271122080000, C, M1 4.1",
        "21271122080000, 21271122080000, W, ''",
        "2127, 2127, D, ''",
    })
    void whatComesAfterAResultFromTheFutureIsLater(
            String sent, String issued, String status, String values) {
        engine.send(EMR, adt("A28", "C0", "20261122080000", "", "1 Main St"));
        engine.send(LAB, oru("C1", sent, issued, "7.1", "F"));
        engine.send(LAB, oru("C2", soon(), soon(), "4.1", status));

        assertThat(engine.values()).isEqualTo(values);
        assertThat(engine.rebuilt().isEqual()).isTrue();
    }

    @Test
    void aMergeFromTheFutureDoesNotKeepALaterNameFromTheSurvivor() {
        engine.send(EMR, adt("A28", "C0", "20261122080000", "", "1 Main St"));
        engine.send(
                EMR, adt("A40", "C1", "21271122080000", "21271122080000", "1 Wrong St") + MERGED);
        engine.send(EMR, adt("A31", "C2", soon(), soon(), "2 Right St"));

        assertThat(engine.reasons("C1")).contains("sent-in-future");
        assertThat(street()).isEqualTo("2 Right St");
    }

    private String street() {
        return engine.one("select address from patient_record where id_value = 'M1'");
    }

    /** In an hour, so that it comes after whatever was received before it. */
    private static String soon() {
        return ahead(3600);
    }

    private static String ahead(int seconds) {
        return DateTimeFormatter.ofPattern("yyyyMMddHHmmss'+0000'")
                .withZone(ZoneOffset.UTC)
                .format(Instant.now().plusSeconds(seconds));
    }

    private static String adt(
            String trigger, String controlId, String sent, String entered, String street) {
        return """
        MSH|^~\\&|EMR|CLINIC|CB|CLINIC|%s||ADT^%s|%s|P|2.5.1
        EVN|%s|%s
        PID|1||M1^^^CLINIC^MR||DOE^Jane||19710203|F|||%s\
        """
                .formatted(sent, trigger, controlId, trigger, entered, street);
    }

    private static String oru(
            String controlId, String sent, String issued, String value, String status) {
        return """
        MSH|^~\\&|LIS|NORTHLAB|EMR|CLINIC|%s||ORU^R01|%s|P|2.5.1
        PID|1||M1^^^CLINIC^MR||DOE^Jane||19710203|F
        OBR|1||A-1|BMP^Basic^L|||20261122074500|||||||||||||||%s|||F
        OBX|1|NM|K^Potassium^L||%s|mmol/L||HH|||%s
        """
                .formatted(sent, controlId, issued, value, status);
    }
}
