package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.adt;

import org.chartbridge.chart.ObservationView;
import org.chartbridge.chart.Reports;
import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.FolderFiles;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.PartnerFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** HL7-RULES §4, identity: OBX-14 only with setting {@code series}, OBX-21 only by setting. */
class SeriesTests {
    private static final Partner LAB = lab("series: [GLU]");
    private static final IdentityEngine ENGINE = new IdentityEngine(EMR, LAB);
    private static int patients;

    @AfterAll
    static void stop() {
        ENGINE.close();
    }

    @Test
    void eachTimeOfASeriesIsAValueOfItsOwnAndIsCorrectedByItself() {
        var person = patient();

        send(LAB, message(1, point("GLU", "4.9", "0800", "F"), point("GLU", "9.1", "0900", "F")));
        send(LAB, message(2, point("GLU", "8.1", "0900", "C")));

        assertThat(values(person)).isEqualTo("4.9 at 0800, 8.1 at 0900 corrected");
        assertThat(ENGINE.reasons("S2-" + patients)).containsExactly("result-corrected");
    }

    @Test
    void aTimeThatIsWrittenOtherwiseIsTheSameTime() {
        var person = patient();

        send(LAB, message(1, point("GLU", "4.9", "0800", "F"), point("GLU", "9.1", "0900", "F")));
        send(LAB, message(2, point("GLU", "8.1", "090000-0500", "C")));

        assertThat(values(person)).isEqualTo("4.9 at 0800, 8.1 at 090000-0500 corrected");
    }

    @Test
    void aPointIsTakenBackAlone() {
        var person = patient();

        send(LAB, message(1, point("GLU", "4.9", "0800", "F"), point("GLU", "9.1", "0900", "F")));
        send(LAB, message(2, point("GLU", "9.1", "0900", "D")));

        assertThat(values(person)).isEqualTo("4.9 at 0800");
    }

    @Test
    void anyOrderGivesTheSameChart() {
        var messages = new ArrayList<String>();
        messages.add(
                message(1, point("GLU", "4.9", "0800", "F"), point("GLU", "9.1", "0900", "P")));
        messages.add(message(2, point("GLU", "9.2", "0900", "F")));
        messages.add(message(3, point("GLU", "8.1", "0900", "C")));
        messages.add(
                message(4, point("GLU", "6.0", "1000", "F"), point("GLU", "4.9", "0800", "F")));
        messages.add(message(5, point("GLU", "4.9", "0800", "D")));
        var random = new Random(20261129);
        for (int i = 0; i < 20; i++) {
            Collections.shuffle(messages, random);
            var person = patient();

            for (var message : messages) send(LAB, message);

            assertThat(values(person))
                    .as("%s", messages)
                    .isEqualTo("8.1 at 0900 corrected, 6.0 at 1000");
        }
    }

    @Test
    void aTestThatTheSettingDoesNotNameIsOneValueAsBefore() {
        var person = patient();

        send(LAB, message(1, point("K", "4.9", "0800", "F"), point("K", "5.1", "0900", "F")));

        assertThat(values(person)).isEqualTo("4.9\n5.1 at 0800");
        assertThat(ENGINE.reasons("S1-" + patients)).containsExactly("values-joined");
    }

    @ParameterizedTest
    @CsvSource({"5.1~5.3, true", "5.1~, false", "5.1, false"})
    void severalNumbersInOneSegmentAreRemarked(String sent, boolean joined) {
        var person = patient();

        send(LAB, message(1, point("K", sent, "0900", "F")));

        assertThat(values(person)).isEqualTo(sent.replace("~", "\n").strip() + " at 0900");
        assertThat(ENGINE.reasons("S1-" + patients).contains("values-joined")).isEqualTo(joined);
    }

    /** ⚠ Else the value that was charted without a time would stay beside its correction. */
    @Test
    void aValueFromBeforeTheSettingIsNeverCorrectedUnseen() {
        var before = lab("");
        ENGINE.load(before);
        var person = patient();
        send(before, message(1, point("GLU", "4.9", "0800", "F")));
        ENGINE.load(LAB);

        send(LAB, message(2, point("GLU", "5.9", "0800", "C")));

        assertThat(ENGINE.state("S2-" + patients)).isEqualTo("held");
        assertThat(ENGINE.reasons("S2-" + patients)).containsExactly("value-told-apart-otherwise");
        assertThat(values(person)).isEqualTo("4.9 at 0800");
    }

    @Test
    void anInstanceIdTellsValuesApartWhereTheSettingSaysSo() {
        var byInstance = lab("instance-ids: true");
        ENGINE.load(byInstance);
        var person = patient();

        send(
                byInstance,
                message(
                        1,
                        point("GLU", "4.9", "0800", "F") + "|||I1^POC",
                        point("GLU", "9.1", "0800", "F") + "|||I2^POC"));
        send(byInstance, message(2, point("GLU", "8.1", "0810", "C") + "|||I2^POC"));
        ENGINE.load(LAB);

        assertThat(values(person)).isEqualTo("4.9 at 0800, 8.1 at 0810 corrected");
    }

    @Test
    void aSettingThatNamesNothingIsRefusedWithItsRemedy() {
        for (var wrong : List.of("series: []", "series: {GLU: true}", "instance-ids: ''")) {
            var faults = new ArrayList<FileFault>();

            assertThat(read(wrong, faults)).isEmpty();

            assertThat(faults.getFirst().toString())
                    .contains("partner.yaml", wrong.substring(0, 6));
        }
    }

    private static UUID patient() {
        patients++;
        ENGINE.send(EMR, adt("A28", "P" + patients, "PID|1||" + pid()));
        return UUID.fromString(
                ENGINE.one(
                        "select person_id from patient_record where id_value = 'M%d'"
                                .formatted(patients)));
    }

    private static String pid() {
        return "M" + patients + "^^^CLINIC^MR||DOE^Jane||19710203|F";
    }

    private static void send(Partner partner, String message) {
        ENGINE.send(
                partner, message.replace("#", "" + patients).replace("PID|1||", "PID|1||" + pid()));
    }

    private static String message(int hour, String... values) {
        var all = new StringBuilder();
        for (var value : values) all.append("OBX|").append(value).append('\n');
        return """
        MSH|^~\\&|LIS|NORTHLAB|EMR|CLINIC|202611231%d00||ORU^R01|S%d-#|P|2.5.1
        PID|1||
        OBR|1||G-#|GTT^Profile^L|||20261122080000
        """
                        .formatted(hour, hour)
                + all;
    }

    private static String point(String test, String value, String time, String status) {
        return "1|NM|%s^Test^L||%s|mmol/L|||||%s|||20261122%s||||"
                .formatted(test, value, status, time);
    }

    private static String values(UUID person) {
        return new Reports(ENGINE.jdbc)
                .reports(person, 0, 1).items().stream()
                        .flatMap(report -> report.observations().stream())
                        .sorted(
                                Comparator.comparing(
                                        (ObservationView value) ->
                                                value.observedAt() == null
                                                        ? Instant.MIN
                                                        : value.observedAt()))
                        .map(
                                value ->
                                        value.valueText()
                                                + " at "
                                                + value.observedAsSent().substring(8)
                                                + (value.corrected() ? " corrected" : ""))
                        .collect(Collectors.joining(", "));
    }

    private static Partner lab(String setting) {
        return read(setting, new ArrayList<>()).getFirst();
    }

    private static List<Partner> read(String setting, List<FileFault> faults) {
        var yaml =
                """
                sender: { application: LIS, facility: NORTHLAB }
                zone: America/New_York
                """
                        + setting
                        + "\n";
        return PartnerFile.read(
                        new FolderFiles(
                                "northlab",
                                new TreeMap<>(
                                        Map.of(
                                                PartnerFile.NAME,
                                                yaml.getBytes(StandardCharsets.UTF_8)))),
                        Map.of(),
                        faults::add)
                .stream()
                .toList();
    }
}
