package org.chartbridge.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.chart.ClinicalTime;
import org.chartbridge.chart.Concept;
import org.chartbridge.chart.FieldValue;
import org.chartbridge.chart.NoteStatement;
import org.chartbridge.chart.ObservationStatement;
import org.chartbridge.chart.ObservationStatus;
import org.chartbridge.chart.Parent;
import org.chartbridge.chart.PatientClaim;
import org.chartbridge.chart.PersonName;
import org.chartbridge.chart.ProviderName;
import org.chartbridge.chart.RecordKey;
import org.chartbridge.chart.ReportStatement;
import org.chartbridge.chart.RequestField;
import org.chartbridge.chart.Results;
import org.chartbridge.chart.Said;
import org.chartbridge.chart.Translation;
import org.chartbridge.chart.Value;
import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A typical message of each version, and everything that it says. All people are invented. */
class VersionsTests {

    private static final Instant SEVEN = Instant.parse("2026-11-03T12:00:00Z");
    private static final Instant EIGHT = Instant.parse("2026-11-03T13:00:00Z");

    /** Before EI, CX and CE: identifiers and codes are plain text, the type has no trigger. */
    @Test
    void version21SaysLittleAndItIsRead() {
        var results =
                Sent.results(
                        """
                        MSH|^~\\&|LIS|NORTHLAB|||20261103080000||ORU|C21|P|2.1
                        PID|||1001||BYGONE^BERTA||19510302|F
                        OBR|1||A-77|GLU|||202611030700||||||||||||||||||F
                        OBX|1|NM|GLU||98|MG/DL|70-99|N|||F
                        """);

        assertThat(results)
                .isEqualTo(
                        new Results(
                                "northlab",
                                patient(
                                        new RecordKey("northlab", "", "1001"),
                                        new PersonName("BYGONE", "BERTA", "", ""),
                                        "1951-03-02"),
                                List.of(
                                        new ReportStatement(
                                                "OBR[1]",
                                                "A-77",
                                                "",
                                                "A-77",
                                                Concept.of("GLU", "", ""),
                                                "F",
                                                new ClinicalTime(SEVEN, "202611030700"),
                                                new Said(null, EIGHT, "C21"),
                                                null,
                                                null,
                                                List.of(),
                                                List.of(
                                                        number(
                                                                "OBX[1]",
                                                                Concept.of("GLU", "", ""),
                                                                "98",
                                                                "MG/DL",
                                                                "",
                                                                "70-99",
                                                                "N",
                                                                new ClinicalTime(
                                                                        SEVEN, "202611030700"),
                                                                new Said(null, EIGHT, "C21")))))));
    }

    /** The patient's number stands in PID-2, with a check digit (CK). */
    @Test
    void version22KeepsThePatientInPid2() {
        var results =
                Sent.results(
                        """
                        MSH|^~\\&|LIS|NORTHLAB|||20261103080000||ORU^R01|C22|P|2.2
                        PID|1|1002^7^M10|||BYGONE^BODO||1951|M
                        OBR|1|P-1^EMR|A-78^LIS|GLU^Glucose^L|||20261103070000|||||||||200^DOC^Dora||||||20261103075500|||F
                        OBX|1|NM|GLU^Glucose^L||98|mg/dL|70-99|N|||F
                        """);

        assertThat(results.patient().key()).isEqualTo(new RecordKey("northlab", "", "1002"));
        assertThat(results.patient().path()).isEqualTo("PID-2");
        assertThat(results.patient().birthDate()).isEqualTo("1951");
        var report = results.reports().getFirst();
        assertThat(report.number()).isEqualTo("A-78^LIS");
        assertThat(report.placerNumber()).isEqualTo("P-1^EMR");
        assertThat(report.orderingProvider())
                .isEqualTo(new ProviderName("northlab", "200", "DOC", "Dora"));
        assertThat(report.said())
                .isEqualTo(new Said(Instant.parse("2026-11-03T12:55:00Z"), EIGHT, "C22"));
    }

    @Test
    void version23SendsCodedAndTextualValues() {
        var report =
                Sent.report(
                        """
                        MSH|^~\\&|LIS|NORTHLAB|||20261103080000||ORU^R01|C23|P|2.3
                        PID|1|EMR-5|NL-5^^^NORTHLAB^PI||BYGONE^BRITTA^C^JR||19510302|F|||1 Main St^^Springfield^IL^62701||(555)010-0100
                        ORC|RE|P-2|A-79
                        OBR|1|||URIN^Urine culture^L|||20261103070000|||||||||||||||20261103075500|||P
                        OBX|1|CE|ORG^Organism^L|1|ECOLI^Escherichia coli^L^112283007^Escherichia coli^SCT||||||P
                        NTE|1|L|Preliminary.
                        NTE|2|L|More tomorrow.
                        OBX|2|FT|COM^Comment^L||First line\\.br\\second line||||||P
                        """);

        assertThat(report.number()).isEqualTo("A-79");
        assertThat(report.placerNumber()).isEqualTo("P-2");
        assertThat(report.observations())
                .extracting(ObservationStatement::value)
                .containsExactly(
                        new Value(
                                "CE",
                                "Escherichia coli",
                                null,
                                "",
                                List.of(
                                        Concept.of("ECOLI", "Escherichia coli", "L"),
                                        Concept.of("112283007", "Escherichia coli", "SCT"))),
                        new Value("FT", "First line\nsecond line", null, "", List.of()));
        assertThat(report.observations().getFirst().notes())
                .containsExactly(
                        new NoteStatement("NTE[1-2]", "L", "Preliminary.\nMore tomorrow."));
    }

    @Test
    void version23AddressAndPhoneAreOneLineEach() {
        var patient =
                Sent.results(
                                """
                                MSH|^~\\&|LIS|NORTHLAB|||20261103080000||ORU^R01|C23|P|2.3
                                PID|1|EMR-5|NL-5^^^NORTHLAB^PI||BYGONE^BRITTA^C^JR||19510302|F|||1 Main St^Flat 2^Springfield^IL^62701||(555)010-0100
                                OBR|1||A-79|GLU|||20261103070000
                                """)
                        .patient();

        assertThat(patient)
                .isEqualTo(
                        new PatientClaim(
                                new RecordKey("NORTHLAB", "PI", "NL-5"),
                                "PID-3",
                                List.of(
                                        new RecordKey("NORTHLAB", "PI", "NL-5"),
                                        new RecordKey("northlab", "", "EMR-5")),
                                new PersonName("BYGONE", "BRITTA", "C", "JR"),
                                "1951-03-02",
                                "F",
                                "1 Main St, Flat 2, Springfield, IL 62701",
                                "(555)010-0100",
                                true));
    }

    @Test
    void version231PrefersTheMedicalRecordNumberAndTheLegalName() {
        var patient =
                Sent.results(
                                """
                                MSH|^~\\&|LIS|NORTHLAB|||20261103080000-0500||ORU^R01^ORU_R01|C231|P|2.3.1
                                PID|1||ACC9^^^^AN~X7^^^&1.2.3.4&ISO^PI~NL-6^^^NORTHLAB^MR||NICK^Ben^^^^^N~BYGONE^Benedikt^^^^^L||195103020930|M
                                OBR|1|P-3|A-80|GLU^Glucose^L|||20261103070000-0500
                                """)
                        .patient();

        assertThat(patient.key()).isEqualTo(new RecordKey("NORTHLAB", "MR", "NL-6"));
        assertThat(patient.path()).isEqualTo("PID-3[3]");
        assertThat(patient.identifiers())
                .containsExactly(
                        new RecordKey("northlab", "AN", "ACC9"),
                        new RecordKey("1.2.3.4", "PI", "X7"),
                        new RecordKey("NORTHLAB", "MR", "NL-6"));
        assertThat(patient.name()).isEqualTo(new PersonName("BYGONE", "Benedikt", "", ""));
        assertThat(patient.birthDate()).isEqualTo("1951-03-02");
    }

    @Test
    void version24SendsStructuredNumbersAndSeveralReports() {
        var reports =
                Sent.results(
                                """
                                MSH|^~\\&|LIS|NORTHLAB|||20261103080000||ORU^R01^ORU_R01|C24|P|2.4
                                PID|1||NL-7^^^NORTHLAB^MR||BYGONE^BRUNO||19510302|M
                                ORC|RE|P-4|A-81|||||||||200^DOC^Dora^^^Dr^^^CLINIC
                                OBR|1|P-4|A-81|CRP^CRP^L|||20261103070000||||||||||||||||||F
                                OBX|1|SN|CRP^CRP^L||>^200|mg/L|<5|HH~A|||F
                                OBR|2|P-5|A-82|ANA^ANA^L|||20261103070000||||||||||||||||||F
                                OBX|1|SN|ANA^ANA titer^L||^1^:^160||<1:40|A|||F
                                """)
                        .reports();

        assertThat(reports)
                .extracting(ReportStatement::number, ReportStatement::placerNumber)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("A-81", "P-4"),
                        org.assertj.core.groups.Tuple.tuple("A-82", "P-5"));
        assertThat(reports.getFirst().orderingProvider())
                .isEqualTo(new ProviderName("CLINIC", "200", "DOC", "Dora"));
        assertThat(reports.getLast().orderingProvider()).isNull();
        var crp = reports.getFirst().observations().getFirst();
        assertThat(crp.value())
                .isEqualTo(new Value("SN", ">200", new BigDecimal("200"), ">", List.of()));
        assertThat(crp.flags()).isEqualTo("HH~A");
        assertThat(reports.getLast().observations().getFirst().value())
                .isEqualTo(new Value("SN", "1:160", null, "", List.of()));
    }

    @Test
    void version251SaysEverythingALaboratorySays() {
        var results =
                Sent.results(
                        """
                        MSH|^~\\&|LIS^1.2^ISO|NORTHLAB|EMR|CLINIC|20261103080000-0500||ORU^R01^ORU_R01|C251|P|2.5.1|||||||||LRI
                        SFT|Maker|1|LIS|1
                        PID|1||NL-8^^^NORTHLAB&1.2.3&ISO^MR||EXEMPLAR^Olive^Q^III^^^L||19710412|F||2106-3|1 Main St&Main^^Springfield^IL^62701^USA||^PRN^PH^^1^555^0100100
                        ORC|RE|P-9^EMR|A-90^LIS^1.2^ISO
                        OBR|1|P-9^EMR|A-90^LIS^1.2^ISO|24323-8^CMP^LN^CMP^Panel^L|||20261103070000-0500|||||||||1700000001^ORDWAY^Otto^^^Dr^^^NPI&2.16&ISO||||||20261103075500-0500|||F|||||||1800000002&READER&Rita
                        NTE|1|L|Fasting.
                        TQ1|1
                        OBX|1|NM|2345-7^Glucose^LN^GLU^Glucose^L|1|5.10|mmol/L^millimole per liter^UCUM|3.9-5.6|N|||F|||20261103070500-0500|LAB7^Annex||ENZ^Enzymatic^L~AU^AU5800^L||20261103073000-0500||||North Laboratory^L^^^^CLIA^XX^^^34D0000000|1 Lab Rd^^Springfield^IL^62702|77^CHIEF^Clara
                        SPM|1|||119297000^Blood^SCT|||||||P
                        """);

        var collected = new ClinicalTime(SEVEN, "20261103070000-0500");
        var said = new Said(Instant.parse("2026-11-03T12:55:00Z"), EIGHT, "C251");
        assertThat(results)
                .isEqualTo(
                        new Results(
                                "northlab",
                                new PatientClaim(
                                        new RecordKey("NORTHLAB", "MR", "NL-8"),
                                        "PID-3",
                                        List.of(new RecordKey("NORTHLAB", "MR", "NL-8")),
                                        new PersonName("EXEMPLAR", "Olive", "Q", "III"),
                                        "1971-04-12",
                                        "F",
                                        "1 Main St, Springfield, IL 62701, USA",
                                        "1 555 0100100",
                                        true),
                                List.of(
                                        new ReportStatement(
                                                "OBR[1]",
                                                "A-90^LIS",
                                                "P-9^EMR",
                                                "A-90^LIS",
                                                new Concept(
                                                        "24323-8",
                                                        "CMP",
                                                        "LN",
                                                        Concept.of("CMP", "Panel", "L")),
                                                "F",
                                                collected,
                                                said,
                                                new ProviderName(
                                                        "NPI", "1700000001", "ORDWAY", "Otto"),
                                                new ProviderName(
                                                        "northlab", "1800000002", "READER", "Rita"),
                                                Parent.NONE,
                                                Map.of(
                                                        RequestField.SPECIMEN,
                                                        new FieldValue(
                                                                "Blood",
                                                                "119297000",
                                                                "SCT",
                                                                "SPM-4")),
                                                false,
                                                List.of(
                                                        new NoteStatement(
                                                                "NTE[1]", "L", "Fasting.")),
                                                List.of(
                                                        new ObservationStatement(
                                                                "OBX[1]",
                                                                new Concept(
                                                                        "2345-7",
                                                                        "Glucose",
                                                                        "LN",
                                                                        Concept.of(
                                                                                "GLU", "Glucose",
                                                                                "L")),
                                                                "1",
                                                                "",
                                                                "",
                                                                ObservationStatus.FINAL,
                                                                new Value(
                                                                        "NM",
                                                                        "5.10",
                                                                        new BigDecimal("5.10"),
                                                                        "",
                                                                        List.of()),
                                                                "mmol/L",
                                                                "UCUM",
                                                                new Translation(
                                                                        "2345-7", "mmol/L", 0),
                                                                "3.9-5.6",
                                                                "N",
                                                                "Enzymatic; AU5800",
                                                                "North Laboratory, 1 Lab Rd,"
                                                                        + " Springfield, IL 62702;"
                                                                        + " director Clara CHIEF",
                                                                new ClinicalTime(
                                                                        Instant.parse(
                                                                                "2026-11-03T12:05:00Z"),
                                                                        "20261103070500-0500"),
                                                                new ClinicalTime(
                                                                        Instant.parse(
                                                                                "2026-11-03T12:30:00Z"),
                                                                        "20261103073000-0500"),
                                                                said,
                                                                List.of(),
                                                                List.of()))))));
    }

    /** An instrument's message: nothing but ORC and OBR-4 in common with a laboratory's. */
    @Test
    void version26FromADeviceIsReadLikeAnyOther() {
        var report =
                Sent.report(
                        """
                        MSH|^~\\&|DEV^1.2^EUI-64|NORTHLAB|||20261103080000.0000-0500||ORU^R01^ORU_R01|C26|P|2.6|||NE|AL
                        PID|||NL-9^^^NORTHLAB^PI||EXEMPLAR^Ove^^^^^L
                        OBR|1|P-6^EMR|A-91^DEV|69965^MDC_DEV_MON^MDC|||20261103070000.0000-0500
                        OBX|1||69965^MDC_DEV_MON^MDC|1.0.0.0|||||||X
                        OBX|2|NM|150456^MDC_SAT^MDC|1.1.1.1|98|262688^%^MDC|90-96|H|||R|||20261103070001-0500
                        """);

        assertThat(report.observations())
                .extracting(
                        ObservationStatement::subId,
                        ObservationStatement::status,
                        o -> o.value().text(),
                        ObservationStatement::unit)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                "1.0.0.0", ObservationStatus.CANNOT_BE_OBTAINED, "", ""),
                        org.assertj.core.groups.Tuple.tuple(
                                "1.1.1.1", ObservationStatus.NOT_VERIFIED, "98", "262688"));
    }

    /** Flags are CWE, five delimiters, the patient has no PID-2 any more. */
    @Test
    void version27FlagsAreCodesWithText() {
        var value =
                Sent.report(
                                """
                                MSH|^~\\&#|LIS|NORTHLAB|||20261103080000-0500||ORU^R01^ORU_R01|C27|P^T|2.7
                                PID|1||NL-10^^^NORTHLAB^MR||EXEMPLAR^Ole||19710412|M^Male^HL70001
                                OBR|1||A-92|2345-7^Glucose^LN|||20261103070000-0500|||||||||||||||20261103075500-0500|||F
                                OBX|1|NM|2345-7^Glucose^LN||<0.5|mmol/L^^UCUM|3.9-5.6|LL^Critically low^HL70078~A^Abnormal^HL70078|||C
                                """)
                        .observations()
                        .getFirst();

        assertThat(value.flags()).isEqualTo("LL~A");
        assertThat(value.status()).isEqualTo(ObservationStatus.CORRECTED);
        assertThat(value.value())
                .isEqualTo(new Value("NM", "<0.5", new BigDecimal("0.5"), "<", List.of()));
    }

    /** OBX-11 and OBR-25 may be sent with text; PRT stands between OBX and its notes. */
    @Test
    void version28StatusesAreReadFromTheirFirstComponent() {
        var report =
                Sent.report(
                        """
                        MSH|^~\\&|LIS|NORTHLAB|||20261103080000-0500||ORU^R01^ORU_R01|C28|P|2.8
                        PID|1||NL-11^^^NORTHLAB^MR||EXEMPLAR^Oda||19710412|F
                        OBR|1||A-93|2345-7^Glucose^LN|||20261103070000-0500|||||||||||||||20261103075500-0500|||C^Corrected, final^HL70123
                        OBX|1|CWE|1234-5^Blood group^LN||^^^^^^^^A positive||||||C^Corrected^HL70085
                        PRT|1||UC
                        NTE|1||Checked twice.
                        """);

        assertThat(report.status()).isEqualTo("C");
        var value = report.observations().getFirst();
        assertThat(value.status()).isEqualTo(ObservationStatus.CORRECTED);
        assertThat(value.value().text()).isEqualTo("A positive");
        assertThat(value.notes()).extracting(NoteStatement::text).containsExactly("Checked twice.");
    }

    private static PatientClaim patient(RecordKey key, PersonName name, String birthDate) {
        return new PatientClaim(key, "PID-3", List.of(key), name, birthDate, "F", "", "", true);
    }

    private static ObservationStatement number(
            String path,
            Concept test,
            String number,
            String unit,
            String unitSystem,
            String range,
            String flags,
            ClinicalTime observed,
            Said said) {
        return new ObservationStatement(
                path,
                test,
                "",
                "",
                "",
                ObservationStatus.FINAL,
                new Value("NM", number, new BigDecimal(number), "", List.of()),
                unit,
                unitSystem,
                new Translation(
                        test.system().equals("LN") ? test.code() : "",
                        unitSystem.equals("UCUM") ? unit : "",
                        0),
                range,
                flags,
                "",
                "",
                observed,
                ClinicalTime.NOT_SENT,
                said,
                List.of(),
                List.of());
    }
}
