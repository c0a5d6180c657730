package org.chartbridge.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import org.chartbridge.chart.ClinicalTime;
import org.chartbridge.chart.NoteStatement;
import org.chartbridge.chart.ObservationStatement;
import org.chartbridge.chart.ReportStatement;
import org.chartbridge.chart.RequestField;
import org.chartbridge.chart.Results;
import org.chartbridge.hl7.Fault;
import org.chartbridge.partner.Partner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;

/** What belongs to what, and what is refused. */
class ReportsTests {

    private static final String HEAD =
            """
            MSH|^~\\&|LIS|NORTHLAB|CHARTBRIDGE|CLINIC|20261103080000||ORU^R01^ORU_R01|C1|P|2.5.1
            """;
    private static final String PATIENT = "PID|1||NL-1^^^NORTHLAB^MR||EXEMPLAR^Olive||19710412|F\n";

    // ------------------------------------------------------------ the order behind a result

    @Test
    void aResultTellsOfItsOrderSpecimenAndVisit() {
        var report =
                Sent.results(
                                HEAD
                                        + PATIENT
                                        + """
                                        PV1|1|I|W3^12^A^HUH|||||||||||||||||||||||||||||||||||||||||20261101
                                        ORC|RE|P1|F1|G9^EMR|||||20261102
                                        OBR|1|P1|F1|A^A^L|S||20261103070000||||||sepsis?
                                        OBX|1|NM|A^A^L||1||||||F
                                        SPM|1|S1&EMR^S2&LAB||BLD^Blood^HL70487
                                        """)
                        .reports()
                        .getFirst();

        assertThat(report.request().entrySet())
                .extracting(
                        said -> said.getKey() + " " + said.getValue().path(),
                        said -> said.getValue().text())
                .containsExactlyInAnyOrder(
                        tuple("GROUP ORC-4", "G9^EMR"),
                        tuple("ORDERED ORC-9", "20261102"),
                        tuple("PRIORITY OBR-5", "S"),
                        tuple("REASON OBR-13", "sepsis?"),
                        tuple("SPECIMEN SPM-4", "Blood"),
                        tuple("SPECIMEN_NUMBER SPM-2", "S2^LAB"),
                        tuple("CLASS PV1-2", "I"),
                        tuple("LOCATION PV1-3", "W3 · 12 · A · HUH"),
                        tuple("ADMITTED PV1-44", "20261101"));
    }

    /** ⚠ A result is not refused, and nothing is remarked, for what stands beside it. */
    @Test
    void whatCannotBeReadOfTheOrderIsLeftOut() {
        var long_ = "x".repeat(9_000);
        var reports =
                Sent.results(
                                HEAD
                                        + PATIENT
                                        + "PV1|1|N|W3\n"
                                        + "ORC|RE|P1|F1||||||yesterday\n"
                                        + "OBR|1|P1|F1|A^A^L|||20261103070000||||||"
                                        + long_
                                        + "\n"
                                        + "OBX|1|NM|A^A^L||1||||||F\nSPM|1|S1||BLD\nSPM|2|S2||UR\n")
                        .reports();

        assertThat(reports.getFirst().request()).containsOnlyKeys(RequestField.REASON);
        assertThat(reports.getFirst().request().values())
                .first()
                .extracting(said -> said.text().length())
                .isEqualTo(4_000);
    }

    /** ⚠ Whose visit it is is not sure; and an ORC of another number speaks for others. */
    @Test
    void theVisitAndTheOrcOfSomebodyElseSayNothing() {
        var report =
                Sent.results(
                                HEAD
                                        + PATIENT
                                        + """
                                        PV1|1|I
                                        PV1|2|O
                                        ORC|RE|P1|F1|G9
                                        OBR|1|P2|F2|A^A^L|||20261103070000
                                        OBX|1|NM|A^A^L||1||||||F
                                        """)
                        .reports()
                        .getFirst();

        assertThat(report.request()).isEmpty();
    }

    // ------------------------------------------------------------ belonging together

    @Test
    void anOrcSpeaksForTheObrBehindItAndForLaterOnesWithoutNumbers() {
        var reports =
                Sent.results(
                                HEAD
                                        + PATIENT
                                        + """
                                        ORC|RE|P1|F1|||||||||200^DOC^Dora
                                        OBR|1|||A^A^L|||20261103070000
                                        OBR|2|||B^B^L|||20261103070000
                                        OBR|3|P3||C^C^L|||20261103070000
                                        ORC|RE|P4|F4|||||||||300^DOC^Dirk
                                        OBR|4|P5|F5|D^D^L|||20261103070000
                                        """)
                        .reports();

        assertThat(reports)
                .extracting(
                        ReportStatement::number,
                        ReportStatement::placerNumber,
                        r -> r.orderingProvider() == null ? "" : r.orderingProvider().given())
                .containsExactly(
                        tuple("F1", "P1", "Dora"),
                        tuple("F1", "P1", "Dora"),
                        tuple("P3", "P3", ""),
                        tuple("F5", "P5", ""));
    }

    @Test
    void withoutAnyNumberTheCollectionTimeIdentifiesTheReport() {
        var report = Sent.report(HEAD + PATIENT + "OBR|1|||A^A^L|||202611030700");

        assertThat(report.number()).isEqualTo("@202611030700");
        assertThat(report.hasOrderNumber()).isFalse();
    }

    /** Two isolates: same OBR-3, OBR-4 and OBX-3; only OBR-26 tells them apart. */
    @Test
    void susceptibilitiesOfTwoIsolatesAreNotVersionsOfEachOther() {
        var reports =
                Sent.results(
                                HEAD
                                        + PATIENT
                                        + """
                                        OBR|1||F1|SUSC^Susceptibility^L|||20261103070000||||||||||||||||||F|ORG&Organism&L^1
                                        OBX|1|ST|AMP^Ampicillin^L||<=2||S|||F
                                        OBR|2||F1|SUSC^Susceptibility^L|||20261103070000||||||||||||||||||F|ORG&Organism&L^2
                                        OBX|1|ST|AMP^Ampicillin^L||>=32||R|||F
                                        """)
                        .reports();

        assertThat(reports).hasSize(1);
        assertThat(reports.getFirst().observations())
                .extracting(
                        ObservationStatement::subId,
                        o -> o.value().text(),
                        ObservationStatement::path)
                .containsExactly(tuple("1", "<=2", "OBX[1]"), tuple("2", ">=32", "OBX[2]"));
    }

    @Test
    void notesBelongToTheSegmentBeforeThemWhateverStandsBetween() {
        var report =
                Sent.report(
                        HEAD
                                + PATIENT
                                + """
                                NTE|1|L|Of the patient.
                                ORC|RE||F1
                                NTE|1|L|Of the order.
                                OBR|1||F1|A^A^L|||20261103070000
                                NTE|1|L|Of the report,
                                NTE|2|L|second line.
                                NTE|3|P|From somewhere else.
                                OBX|1|NM|K^K^L||4||||||F
                                ZZZ|1
                                NTE|1|L|Of the value.~Its second line.
                                NTE|2|L|
                                SPM|1|||BLD|||||||P
                                NTE|1|L|Haemolysed.
                                """);

        assertThat(report.notes())
                .containsExactly(
                        new NoteStatement("NTE[2]", "L", "Of the order."),
                        new NoteStatement("NTE[3-4]", "L", "Of the report,\nsecond line."),
                        new NoteStatement("NTE[5]", "P", "From somewhere else."),
                        new NoteStatement("NTE[8]", "L", "Haemolysed."));
        assertThat(report.observations().getFirst().notes())
                .containsExactly(
                        new NoteStatement("NTE[6-7]", "L", "Of the value.\nIts second line."));
    }

    @Test
    void anEmptyObxIsLeftAsideAndAStrayAmpersandStays() {
        var report =
                Sent.report(
                        Sent.around(
                                """
                                OBX|1
                                OBX|2|ST|AG^Albumin & globulin^L||fine||||||F
                                """));

        assertThat(report.observations())
                .extracting(o -> o.test().text())
                .containsExactly("Albumin & globulin");
    }

    @Test
    void timesThatCantBeReadAreKeptAsSentAndRemarked() {
        var text =
                HEAD
                        + "PID|1||NL-1||EXEMPLAR^Olive||19711341|F\n"
                        + "OBR|1||F1|A^A^L|||202611032400\n"
                        + "OBX|1|NM|K^K^L||4||||||F|||soon";

        var report = Sent.report(text);

        assertThat(report.collected()).isEqualTo(new ClinicalTime(null, "202611032400"));
        assertThat(report.observations().getFirst().observed())
                .isEqualTo(new ClinicalTime(null, "soon"));
        assertThat(Sent.results(text).patient().birthDate()).isEmpty();
        assertThat(Sent.remarks(text))
                .containsExactlyInAnyOrder(
                        "PID[1]-7 not-a-time", "OBR[1]-7 not-a-time", "OBX[1]-14 not-a-time");
    }

    @Test
    void thePartnerDecidesWhetherPatientsMayBeAdded() {
        var mapped =
                Sent.map(
                        Sent.message(Sent.around("OBX|1|NM|K^K^L||4||||||F")),
                        Sent.partner(Partner.Patients.MATCH));

        assertThat(mapped)
                .isInstanceOfSatisfying(
                        Mapped.Update.class,
                        update -> assertThat(update.update().patient().mayCreate()).isFalse());
    }

    /** Some senders repeat PID before each OBR. */
    @Test
    void theSamePidAgainIsTheSamePatient() {
        var results =
                Sent.results(
                        HEAD
                                + PATIENT
                                + "OBR|1||F1|A^A^L|||20261103070000\n"
                                + PATIENT.replace("PID|1", "PID|2")
                                + "OBR|2||F2|B^B^L|||20261103070000");

        assertThat(results.reports()).hasSize(2);
    }

    // ------------------------------------------------------------ quality control

    /** Not even with a critical flag: what is not charted alerts nobody. */
    @ParameterizedTest
    @ValueSource(strings = {"B", "C", "E", "F", "O", "Q", "V"})
    void qualityControlIsNeverCharted(String role) {
        var mapped =
                Sent.map(
                        HEAD
                                + """
                                OBR|1||Q1|GLU^Glucose^L|||20261103070000
                                OBX|1|NM|GLU^Glucose^L||980|mg/dl||HH|||F
                                SPM|1|||SER|||||||%s^Control specimen^HL70369
                                """
                                        .formatted(role));

        assertThat(mapped).isInstanceOf(Mapped.NotCharted.class);
    }

    /** ⚠ HL7-RULES §3: nor is what a laboratory calls so in codes and words of its own. */
    @ParameterizedTest
    @CsvSource({
        "QC^Control^L, true",
        "qc, true",
        "^Control, true",
        "CTRL1^Level 1 control^L, true",
        "K2^Calibrator^L, true",
        "' q ^^HL70369', true",
        "P^Patient (not a control)^HL70369, false",
        "PAT^Patient^L, false",
        "^Uncontrolled diabetic, false"
    })
    void qualityControlIsKnownByItsWordsToo(String role, boolean control) {
        var mapped =
                Sent.map(
                        HEAD
                                + PATIENT
                                + "OBR|1||Q1|GLU^Glucose^L|||20261103070000\n"
                                + "OBX|1|NM|GLU^Glucose^L||980|||HH|||F\n"
                                + "SPM|1|||SER|||||||"
                                + role
                                + "\n");

        assertThat(mapped instanceof Mapped.NotCharted).isEqualTo(control);
    }

    /** ⚠ HL7-RULES §6: twins are never matched by themselves, however the letter is written. */
    @ParameterizedTest
    @CsvSource({"Y, true", "y, true", "N, false", "n, false", "'', false"})
    void oneOfAMultipleBirthIsKnownInSmallLettersToo(String sent, boolean multiple) {
        var results =
                Sent.results(
                        HEAD
                                + PATIENT.strip()
                                + "|".repeat(16)
                                + sent
                                + "\nOBR|1||F1|GLU^Glucose^L|||20261103070000\n"
                                + "OBX|1|NM|GLU^Glucose^L||98||||||F\n");

        assertThat(results.patient().multipleBirth()).isEqualTo(multiple);
    }

    /** ⚠ Every letter of table 0369: blind, calibrator, electronic, proficiency, control ... */
    @Test
    void everyRoleOfASpecimenIsAPatientsOrNeverCharted() {
        var message =
                HEAD
                        + PATIENT
                        + "OBR|1||Q1|GLU^Glucose^L|||20261103070000\n"
                        + "OBX|1|NM|GLU^Glucose^L||980|||HH|||F\n"
                        + "SPM|1|||SER|||||||@^Role^HL70369\n";
        for (var role : List.of("B", "C", "E", "F", "O", "Q", "V", "q", "c"))
            assertThat(Sent.map(message.replace("@", role)))
                    .as(role)
                    .isInstanceOf(Mapped.NotCharted.class);
        for (var role : List.of("P", "R", ""))
            assertThat(Sent.map(message.replace("@", role)))
                    .as(role)
                    .isInstanceOf(Mapped.Update.class);
    }

    /** ⚠ Some laboratories put a code of their own before that of the table. */
    @Test
    void theRoleOfASpecimenMayStandBehindACodeOfTheLaboratory() {
        var message =
                HEAD
                        + PATIENT
                        + "OBR|1||Q1|GLU^Glucose^L|||20261103070000\n"
                        + "OBX|1|NM|GLU^Glucose^L||980|||HH|||F\n"
                        + "SPM|1|||SER|||||||@\n";

        assertThat(Sent.map(message.replace("@", "K1^Kontrolle^L^Q^Control^HL70369")))
                .isInstanceOf(Mapped.NotCharted.class);
        assertThat(Sent.map(message.replace("@", "P^Patient^HL70369^C^Clinic^L")))
                .isInstanceOf(Mapped.Update.class);
    }

    @Test
    void qualityControlBesideAPatientsResultIsLeftOutAndRemarked() {
        var text =
                HEAD
                        + PATIENT
                        + """
                        OBR|1||F1|GLU^Glucose^L|||20261103070000
                        OBX|1|NM|GLU^Glucose^L||98||||||F
                        SPM|1|||SER|||||||P
                        OBR|2||Q1|GLU^Glucose^L|||20261103070000
                        OBX|1|NM|GLU^Glucose^L||250||||||F
                        SPM|1|||SER|||||||C
                        """;

        assertThat(Sent.results(text).reports())
                .extracting(ReportStatement::number)
                .containsExactly("F1");
        assertThat(Sent.remarks(text)).containsExactly("OBR[2] quality-control-left-out");
    }

    @Test
    void aPatientsSpecimenAndAControlUnderOneObrAreRefused() {
        assertThat(
                        Sent.faults(
                                Sent.around(
                                        """
                                        OBX|1|NM|K^K^L||4||||||F
                                        SPM|1|||SER|||||||P
                                        SPM|2|||SER|||||||Q
                                        """)))
                .containsExactly("SPM[1]-11 103 specimen-roles-mixed");
    }

    // ------------------------------------------------------------ refused, with every fault

    @Test
    void everyFaultIsNamedAndNotOnlyTheFirst() {
        assertThat(
                        Sent.faults(
                                HEAD
                                        + """
                                        PID|1||\"\"||EXEMPLAR^Olive
                                        OBX|1|NM|K^K^L||4||||||F
                                        OBR|1|||
                                        OBX|2|NM|||4||||||F
                                        OBX|3|NM|K^K^L||4||||||Q
                                        """))
                .containsExactly(
                        "PID[1]-3 101 patient-identifier-missing",
                        "OBR[1]-4 101 result-code-missing",
                        "OBR[1]-3 101 order-number-missing",
                        "OBX[2]-3 101 result-code-missing",
                        "OBX[3]-11 103 result-status-unknown");
    }

    @Test
    void aMessageWithoutPatientOrOrderIsRefused() {
        assertThat(Sent.faults(HEAD + "OBR|1||F1|A^A^L|||20261103070000"))
                .containsExactly("PID[1] 101 patient-identifier-missing");
        assertThat(Sent.faults(HEAD + PATIENT)).containsExactly("OBR[1] 101 order-segment-missing");
    }

    @Test
    void severalPatientsInOneMessageHaveTheirOwnResults() {
        var update =
                Sent.update(
                                HEAD
                                        + PATIENT
                                        + "OBR|1||F1|A^A^L|||20261103070000\n"
                                        + PATIENT.replace("NL-1", "NL-2")
                                        + "OBR|2||F2|A^A^L|||20261103070000\n"
                                        + "OBX|1|NM|K^K^L||4||||||F")
                        .update();

        assertThat(update.parts())
                .extracting(part -> part.patient().key().value())
                .containsExactly("NL-1", "NL-2");
        assertThat(update.parts())
                .extracting(part -> ((Results) part).reports().getFirst().number())
                .containsExactly("F1", "F2");
    }

    /** ⚠ Whose they are would be a guess. */
    @Test
    void resultsBeforeTheFirstOfSeveralPatientsAreRefused() {
        assertThat(
                        Sent.faults(
                                HEAD
                                        + "OBR|1||F1|A^A^L|||20261103070000\n"
                                        + PATIENT
                                        + "OBR|2||F2|A^A^L|||20261103070000\n"
                                        + PATIENT.replace("NL-1", "NL-2")
                                        + "OBR|3||F3|A^A^L|||20261103070000"))
                .containsExactly("OBR[1] 100 several-patients");
    }

    @Test
    void oneFaultyPatientOfSeveralRefusesTheMessage() {
        assertThat(
                        Sent.faults(
                                HEAD
                                        + PATIENT
                                        + "OBR|1||F1|A^A^L|||20261103070000\n"
                                        + "PID|2||||NAMELESS\n"
                                        + "OBR|2||F2|A^A^L|||20261103070000"))
                .containsExactly("PID[2]-3 101 patient-identifier-missing");
    }

    @Test
    void aPatientOfWhomNothingIsSaidIsPassedOver() {
        var results =
                Sent.results(
                        HEAD
                                + PATIENT
                                + PATIENT.replace("NL-1", "NL-2")
                                + "OBR|1||F1|A^A^L|||20261103070000");

        assertThat(results.patient().key().value()).isEqualTo("NL-2");
    }

    @Test
    void onePatientMayStandAnywhere() {
        var results = Sent.results(HEAD + "OBR|1||F1|A^A^L|||20261103070000\n" + PATIENT);

        assertThat(results.reports()).hasSize(1);
    }

    // ------------------------------------------------------------ OBX without OBR

    @Test
    void anObxBeforeAnyObrIsChartedAsAnObservationAboutThePatient() {
        var text =
                HEAD
                        + PATIENT
                        + """
                        OBX|1|NM|8302-2^Body height^LN||170|cm|||||F|||20261103065500
                        NTE|1||without shoes
                        OBR|1||F1|A^A^L|||20261103070000
                        OBX|2|NM|K^K^L||4||||||F
                        """;

        var reports = Sent.results(text).reports();
        assertThat(reports)
                .extracting(ReportStatement::number)
                .containsExactly("@20261103065500", "F1");
        assertThat(reports.getFirst().path()).isEqualTo("OBX[1]");
        assertThat(reports.getFirst().service()).isEqualTo(ReportReader.WITHOUT_REQUEST);
        assertThat(reports.getFirst().observations().getFirst().notes()).hasSize(1);
        assertThat(Sent.remarks(text)).containsExactly("OBX[1] result-before-order");
    }

    @Test
    void anObrOfAMonitorHasATimeAndNothingElse() {
        var text = HEAD + PATIENT + "OBR|1||||||20261103070000\nOBX|1|NM|HR||73|/min|||||R";

        var report = Sent.report(text);

        assertThat(report.number()).isEqualTo("@20261103070000");
        assertThat(report.service()).isEqualTo(ReportReader.WITHOUT_REQUEST);
        assertThat(report.observations()).hasSize(1);
        assertThat(Sent.remarks(text)).contains("OBR[1]-4 order-code-missing");
    }

    /**
     * With an order's number the code is wanted, too: a correction finds its value by both ⚠
     * (HL7-RULES §4). Of a time there can be one only, and without values it says nothing.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "OBR|1||F1||||20261103070000\nOBX|1|NM|HR||73|/min|||||R",
                "OBR|1|P1|||||20261103070000\nOBX|1|NM|HR||73|/min|||||R",
                "ORC|RE||F1\nOBR|1||||||20261103070000\nOBX|1|NM|HR||73|/min|||||R",
                "OBR|1\nOBX|1|NM|HR||73|/min|||||R",
                "OBR|1||||||yesterday\nOBX|1|NM|HR||73|/min|||||R",
                "OBR|1||||||20261103070000",
                "OBR|1||||||20261103070000\nOBX|1|NM|HR||73||||||R\n"
                        + "OBR|2||||||20261103070000\nOBX|1|NM|HR||80||||||R",
            })
    void whatIsLessThanThatIsRefused(String report) {
        assertThat(Sent.faults(HEAD + PATIENT + report))
                .anyMatch(fault -> fault.contains("-4 101 result-code-missing"));
    }

    @Test
    void anObxWithoutCodeAndContentIsLeftAside() {
        var text = Sent.around("OBX||ED|||App5^NS^Octet-stream^Base64|\nOBX|2|NM|K^K^L||4||||||F");

        assertThat(Sent.report(text).observations()).hasSize(1);
        assertThat(Sent.remarks(text)).containsExactly("OBX[1] empty-segment");
        assertThat(Sent.faults(Sent.around("OBX|1|ED|||^AP^PDF^Base64^QUJD||||||F")))
                .containsExactly("OBX[1]-3 101 result-code-missing");
    }

    // ------------------------------------------------------------ results by specimen

    @Test
    void aSpecimenBeforeItsOrdersIsThatOfAllOfThem() {
        var results =
                Sent.results(
                        HEAD.replace("ORU^R01^ORU_R01", "OUL^R22^OUL_R22")
                                + PATIENT
                                + """
                                SPM|1|S1||SER|||||||P
                                OBX|1|NM|VOL^Volume^L||3|mL|||||F
                                OBR|1|||K^Potassium^L|||20261103070000
                                ORC|SC|P1|F1||CM
                                OBX|2|NM|K^K^L||4||||||F
                                OBR|2|||NA^Sodium^L|||20261103070000
                                ORC|SC|P2|F2||CM
                                OBX|3|NM|NA^Na^L||140||||||F
                                SPM|2|S2||SER|||||||Q
                                OBR|3|||K^Potassium^L|||20261103070000
                                ORC|SC|P3|F3||CM
                                OBX|4|NM|K^K^L||9||||||F
                                """);

        assertThat(results.reports())
                .extracting(ReportStatement::number)
                .as("of the control specimen nothing")
                .containsExactly("F1", "F2");
        assertThat(results.reports().getFirst().observations())
                .extracting(o -> o.test().code())
                .containsExactly("VOL", "K");
    }

    /** ⚠ The second OBR of a control specimen was charted as the patient's. */
    @Test
    void anOruWithSpecimensBeforeTheirOrdersIsReadBySpecimenToo() {
        var text =
                HEAD
                        + PATIENT
                        + """
                        SPM|1|S1||SER|||||||Q
                        OBR|1||F1|K^Potassium^L|||20261103070000
                        OBX|1|NM|K^K^L||9||||||F
                        OBR|2||F2|NA^Sodium^L|||20261103070000
                        OBX|2|NM|NA^Na^L||199||HH|||F
                        OBX|3|NM|CL^Cl^L||99||||||F
                        SPM|2|S2||BLD|||||||P
                        OBR|3||F3|K^Potassium^L|||20261103070000
                        OBX|4|NM|K^K^L||4||||||F
                        OBR|4||F4|NA^Sodium^L|||20261103070000
                        OBX|5|NM|NA^Na^L||140||||||F
                        """;

        var reports = Sent.results(text).reports();
        assertThat(reports).extracting(ReportStatement::number).containsExactly("F3", "F4");
        assertThat(reports)
                .extracting(report -> report.request().get(RequestField.SPECIMEN))
                .extracting(value -> value == null ? "" : value.text())
                .containsExactly("BLD", "BLD");
        assertThat(Sent.remarks(text))
                .containsExactly(
                        "OBR[1] quality-control-left-out", "OBR[2] quality-control-left-out");
        assertThat(((Mapped.Update) Sent.map(text)).remarks())
                .extracting(Fault::text)
                .satisfiesExactly(
                        first ->
                                assertThat(first)
                                        .contains("its result is neither charted nor sent on"),
                        second ->
                                assertThat(second)
                                        .contains("its 2 results are neither charted nor sent on"));
    }

    @Test
    void anSpmThatNoObrFollowsIsThatOfTheObrBeforeItAlone() {
        var before = "SPM|1|S1||SER|||||||P\nOBR|1||F1|K^K^L|||20261103070000\n";
        var next = "OBX|1|NM|K^K^L||4||||||F\nOBR|2||F2|NA^Na^L|||20261103070000\n";
        var value = "OBX|2|NM|NA^Na^L||250||||||F\n";
        var control = "SPM|2|S2||SER|||||||Q\n";
        for (var behind : List.of(control + value, value + control))
            assertThat(Sent.results(HEAD + PATIENT + before + next + behind).reports())
                    .as(behind)
                    .extracting(ReportStatement::number)
                    .containsExactly("F1");
        assertThat(Sent.faults(HEAD + PATIENT + before + "OBX|1|NM|K^K^L||4||||||F\n" + control))
                .containsExactly("SPM[1]-11 103 specimen-roles-mixed");
        var other = "PID|2||M9^^^CLINIC^MR||ROE^Sam||19550505|M\n";
        assertThat(
                        Sent.results(
                                        HEAD
                                                + PATIENT
                                                + control
                                                + "OBR|1||F1|K^K^L|||20261103070000\n"
                                                + value
                                                + other
                                                + "OBR|2||F2|K^K^L|||20261103070000\n"
                                                + value)
                                .reports())
                .as("a control before one patient's orders is none of the next patient's")
                .extracting(ReportStatement::number)
                .containsExactly("F2");
    }

    @Test
    void aSpecimenBehindItsOrdersIsThatOfTheOrderBeforeIt() {
        var text =
                HEAD.replace("ORU^R01^ORU_R01", "OUL^R24^OUL_R24")
                        + PATIENT
                        + """
                        OBR|1||F1|K^Potassium^L|||20261103070000
                        OBX|1|NM|K^K^L||4||||||F
                        SPM|1|S1||SER|||||||P
                        OBR|2||F2|K^Potassium^L|||20261103070000
                        OBX|2|NM|K^K^L||9||||||F
                        SPM|2|S2||SER|||||||Q
                        """;

        assertThat(Sent.results(text).reports())
                .extracting(ReportStatement::number)
                .containsExactly("F1");
        assertThat(Sent.remarks(text)).containsExactly("OBR[2] quality-control-left-out");
    }

    /** Serial specimens under one number: one value would hide the other. */
    @Test
    void oneNumberForSpecimensOfDifferentTimesIsRefused() {
        assertThat(
                        Sent.faults(
                                HEAD
                                        + PATIENT
                                        + """
                                        OBR|1||F1|GLU^Glucose^L|||202611030700
                                        OBX|1|NM|GLU^Glucose^L||90||||||F
                                        OBR|2||F1|GLU^Glucose^L|||202611030800
                                        OBX|1|NM|GLU^Glucose^L||150||||||F
                                        """))
                .containsExactly("OBR[2]-3 204 order-number-repeated");
    }

    @Test
    void keysLongerThanTheDatabaseCanIndexAreRefused() {
        var tooLong = "7".repeat(Reader.MAX_KEY_CHARACTERS + 1);

        assertThat(Sent.faults(Sent.around("").replace("NL-1", tooLong)))
                .containsExactly("PID[1]-3.1 102 value-too-long");
        assertThat(Sent.faults(Sent.around("").replace("NL-A", tooLong)))
                .containsExactly("OBR[1]-3 102 value-too-long");
        assertThat(Sent.results(Sent.around("").replace("NL-A", tooLong.substring(1))).reports())
                .hasSize(1);
        assertThat(
                        Sent.faults(
                                Sent.around("")
                                        .replace(
                                                "EXEMPLAR",
                                                "E".repeat(Reader.MAX_NAME_CHARACTERS + 1))))
                .containsExactly("PID[1]-5.1 102 value-too-long");
    }

    @Test
    void aThousandFaultsAreAnsweredByAHundred() {
        var faults =
                switch (Sent.map(Sent.around("OBX|1|NM|||4||||||F\n".repeat(1_000)))) {
                    case Mapped.NotUnderstood(var found) -> found;
                    case Mapped.Update _, Mapped.NotCharted _ -> List.<Fault>of();
                };

        assertThat(faults).hasSize(100);
        assertThat(faults.getLast().text()).isEqualTo("901 more were found and are not listed.");
    }

    /** Reading each repetition from the segment's start would take minutes. */
    @Test
    void twoThousandLongRepetitionsAreReadInLinearTime() {
        var note = "NTE|1|L|" + ("x".repeat(5_000) + "~").repeat(1_999);
        var message = Sent.message(Sent.around("OBX|1|NM|K^K^L||4||||||F\n" + note));

        long from = System.nanoTime();
        var mapped = Sent.map(message, Sent.NORTHLAB);
        var took = Duration.ofNanos(System.nanoTime() - from);

        assertThat(mapped).isInstanceOf(Mapped.Update.class);
        assertThat(took).isLessThan(Duration.ofSeconds(20));
    }

    /** No text of a fault holds anything that the message said. */
    @Test
    void faultsHoldNoContent() {
        var text =
                Sent.around("OBX|1|NM|MARKER^MARKER^L||MARKER||||||MARKER|||MARKER")
                        .replace("NL-A", "")
                        .replace("NL-1", "")
                        .replace("EXEMPLAR", "MARKER")
                        .replace("20261103070000", "MARKER");

        assertThat(Sent.map(text).toString()).contains("NotUnderstood").doesNotContain("MARKER");
    }

    // ------------------------------------------------------------ other types

    @Test
    void otherTypesAreKeptAndNotCharted() {
        for (var type : List.of("ADT^A01", "ORU^R02", "MDM^T02", "oru^r01"))
            assertThat(Sent.map(Sent.around("").replace("ORU^R01^ORU_R01", type)))
                    .isInstanceOf(Mapped.NotCharted.class);
        for (var type :
                List.of(
                        "ORU",
                        "ORU^R01",
                        "ORU^R03",
                        "ORU^R30^ORU_R30",
                        "ORU^R31^ORU_R30",
                        "ORU^R32^ORU_R30",
                        "ORU^R40^ORU_R40",
                        "OUL^R22",
                        "OUL^R23",
                        "OUL^R24"))
            assertThat(Sent.map(Sent.around("").replace("ORU^R01^ORU_R01", type)))
                    .isInstanceOf(Mapped.Update.class);
    }

    @Test
    void aFamilyThatFailsRefusesTheMessageAndTellsNothingOfIt() {
        var broken =
                new MessageFamily() {
                    @Override
                    public boolean takes(org.chartbridge.hl7.Header header) {
                        return true;
                    }

                    @Override
                    public Mapped map(org.chartbridge.hl7.Message message, Partner partner) {
                        throw new IllegalStateException("EXEMPLAR");
                    }
                };

        var mapped =
                new Mappings(List.of(broken)).map(Sent.message(Sent.around("")), Sent.NORTHLAB);

        assertThat(mapped)
                .isInstanceOfSatisfying(
                        Mapped.NotUnderstood.class,
                        refused -> {
                            assertThat(refused.faults().getFirst().code().number()).isEqualTo(207);
                            assertThat(refused.toString()).doesNotContain("EXEMPLAR");
                        });
    }

    /** Any cutting and any garbling of a message ends in an answer, never in an exception. */
    @Test
    void anOrdinaryMessageCutOrGarbledAnywhereIsAnswered() {
        long seed = System.nanoTime();
        System.out.println("ReportsTests seed " + seed);
        var random = new java.util.Random(seed);
        var raw =
                Sent.around(
                                """
                                NTE|1|L|note
                                OBX|1|SN|K^K^L||>^4^-^5|mmol/L^^UCUM|3-5|H~A|||F|||20261103||77^X^Y||M~N||20261103
                                OBX|2|ED|K^K^L|1|LIS^AP^PDF^Base64^JVBERi0xLjQA||||||F
                                SPM|1|||SER|||||||P
                                """)
                        .strip()
                        .replace('\n', '\r')
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        var alphabet = "|^~&\\\r\"XF09. \u0000".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        for (int i = 0; i < 5_000; i++) {
            var garbled = java.util.Arrays.copyOf(raw, 20 + random.nextInt(raw.length - 20));
            for (int j = random.nextInt(6); j > 0; j--)
                garbled[9 + random.nextInt(garbled.length - 9)] =
                        alphabet[random.nextInt(alphabet.length)];
            switch (org.chartbridge.hl7.Message.read(
                    garbled, java.nio.charset.StandardCharsets.UTF_8)) {
                case org.chartbridge.hl7.Reading.Unreadable _ -> {}
                case org.chartbridge.hl7.Reading.Readable(var message) -> {
                    if (Sent.map(message, Sent.NORTHLAB)
                            instanceof Mapped.NotUnderstood(var faults))
                        assertThat(faults)
                                .extracting(Fault::reason)
                                .doesNotContain("mapping-failed");
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "G, K&Potassium^1, P1&EMR^F1&LAB, F1^LAB, Potassium",
        "A, '', P1&EMR, P1^EMR, ''",
        "g, K, ^F1, F1, K",
        "'', '', '', '', ''",
        "G, '', '', '', ''"
    })
    void whatAReportGoesDeeperIntoIsReadFromObr11And26And29(
            String action, String test, String sent, String number, String named) {
        var obr =
                "OBR|1||NL-A|51990-0^Basic metabolic panel^LN|||20261103070000||||"
                        + action
                        + "|||||||||||20261103075500|||F|"
                        + test
                        + "|||"
                        + sent;
        var text =
                Sent.around("OBX|1|NM|K^K^L||4.1||||||F")
                        .replaceFirst("OBR.*", java.util.regex.Matcher.quoteReplacement(obr));

        var parent = Sent.report(text).parent();

        assertThat(parent.number()).isEqualTo(number);
        assertThat(parent.test()).isEqualTo(named);
        assertThat(parent.action()).isEqualTo(action.toUpperCase(java.util.Locale.ROOT));
    }
}
