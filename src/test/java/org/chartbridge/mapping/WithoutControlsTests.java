package org.chartbridge.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.chart.ReportStatement;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;

/** ⚠ HL7-RULES §3: quality control never reaches a chart, neither ours nor that of a partner. */
class WithoutControlsTests {
    private static final String OUL =
            "MSH|^~\\&|LIS|NORTHLAB|C|CL|20261103080000||OUL^R22^OUL_R22|Q1|P|2.5.1\n";
    private static final String ORU =
            "MSH|^~\\&|LIS|NORTHLAB|C|CL|20261103080000||ORU^R01^ORU_R01|Q1|P|2.5.1\n";
    private static final String PATIENT = "PID|1||Q-1^^^NORTHLAB^MR||EXEMPLAR^Olive||19710412|F\n";

    @Test
    void aControlBeforeAPatientsSpecimenIsCutOut() {
        assertThat(
                        without(
                                OUL
                                        + PATIENT
                                        + """
                                        PV1|1|O
                                        SPM|1|S1||SER|||||||Q
                                        SAC|1
                                        OBR|1||F1|K^K^L
                                        ORC|RE
                                        OBX|1|NM|K^K^L||9
                                        NTE|1||control
                                        SPM|2|S2||BLD|||||||P
                                        OBR|2||F2|K^K^L
                                        OBX|2|NM|K^K^L||4
                                        """))
                .hasValue("MSH PID PV1 SPM|2 OBR|2 OBX|2");
    }

    @Test
    void aControlBehindIsCutOutAndTheEndOfTheMessageStays() {
        assertThat(
                        without(
                                ORU
                                        + PATIENT
                                        + """
                                        ORC|RE||F1
                                        OBR|1||F1|K^K^L
                                        OBX|1|NM|K^K^L||4
                                        NTE|1||the patient's
                                        SPM|1|S1||SER|||||||P
                                        ORC|RE||Q1
                                        TQ1|1
                                        OBR|2||Q1|K^K^L
                                        OBX|2|NM|K^K^L||9
                                        SPM|2|S2||SER|||||||C^Calibrator^HL70369
                                        ZQC|1
                                        DSC|x
                                        """))
                .hasValue("MSH PID ORC OBR|1 OBX|1 NTE|1 SPM|1 DSC");
    }

    @Test
    void theOrderThatSpeaksForAPatientsResultTooStays() {
        assertThat(
                        without(
                                ORU
                                        + PATIENT
                                        + """
                                        ORC|RE|P1
                                        OBR|1|||K^K^L|||20261103070000
                                        OBX|1|NM|K^K^L||9
                                        SPM|1|S1||SER|||||||Q
                                        OBR|2|||NA^NA^L|||20261103070000
                                        OBX|2|NM|NA^NA^L||140
                                        SPM|2|S2||SER|||||||P
                                        """))
                .hasValue("MSH PID ORC OBR|2 OBX|2 SPM|2");
    }

    @Test
    void aControlWithAPidOfItsOwnGoesWithIt() {
        assertThat(
                        without(
                                OUL
                                        + "PID|1||QC1^^^NORTHLAB^MR||CONTROL^Level\n"
                                        + """
                                        SPM|1|S1||SER|||||||Q
                                        OBR|1||F1|K^K^L
                                        OBX|1|NM|K^K^L||9
                                        """
                                        + PATIENT
                                        + """
                                        SPM|2|S2||BLD|||||||P
                                        OBR|2||F2|K^K^L
                                        OBX|2|NM|K^K^L||4
                                        """))
                .hasValue("MSH PID SPM|2 OBR|2 OBX|2");
    }

    @Test
    void aPatientWhoIsNamedAgainBeforeTheirResultStays() {
        assertThat(
                        without(
                                OUL
                                        + PATIENT
                                        + """
                                        SPM|1|S1||SER|||||||Q
                                        OBR|1||F1|K^K^L
                                        OBX|1|NM|K^K^L||9
                                        """
                                        + PATIENT
                                        + """
                                        PV1|1|O
                                        SPM|2|S2||BLD|||||||P
                                        OBR|2||F2|K^K^L
                                        OBX|2|NM|K^K^L||4
                                        """))
                .hasValue("MSH PID PID PV1 SPM|2 OBR|2 OBX|2");
    }

    @Test
    void nothingIsCutWhereNothingIsToBe() {
        var ofPatient = "OBR|1||F1|K^K^L\nOBX|1|NM|K^K^L||4\nSPM|1|S1||SER|||||||P\n";
        var control = "OBR|2||F2|K^K^L\nOBX|1|NM|K^K^L||9\nSPM|1|S1||SER|||||||Q\n";

        assertThat(without(ORU + PATIENT + ofPatient)).isEmpty();
        assertThat(without(ORU + PATIENT + control)).as("not charted, goes to nobody").isEmpty();
        assertThat(without(ORU.replace("ORU^R01^ORU_R01", "ADT^A08") + PATIENT)).isEmpty();
    }

    /** What a receiver reads is what the chart reads. */
    @Test
    void whatIsSentOnSaysWhatIsCharted() {
        var text =
                OUL
                        + PATIENT
                        + """
                        SPM|1|S1||SER|||||||Q
                        OBR|1||F1|K^K^L|||20261103070000
                        OBX|1|NM|K^K^L||9||||||F
                        SPM|2|S2||BLD|||||||P
                        OBR|2||F2|K^K^L|||20261103070000
                        OBX|2|NM|K^K^L||4||||||F
                        """;

        var left = WithoutControls.of(Sent.message(text), Sent.NORTHLAB).orElseThrow();

        assertThat(Sent.results(new String(left, StandardCharsets.UTF_8)).reports())
                .extracting(ReportStatement::number)
                .containsExactly("F2");
        assertThat(Sent.remarks(new String(left, StandardCharsets.UTF_8))).isEmpty();
    }

    /** Segments with their counters. */
    private static Optional<String> without(String text) {
        return WithoutControls.of(Sent.message(text), Sent.NORTHLAB)
                .map(
                        raw ->
                                new String(raw, StandardCharsets.UTF_8)
                                        .lines()
                                        .map(line -> line.split("\\|", 3))
                                        .map(
                                                cut ->
                                                        cut[1].matches("\\d")
                                                                        && !cut[0].startsWith("P")
                                                                ? cut[0] + "|" + cut[1]
                                                                : cut[0])
                                        .collect(Collectors.joining(" ")));
    }
}
