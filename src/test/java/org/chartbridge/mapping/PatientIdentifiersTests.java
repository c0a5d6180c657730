package org.chartbridge.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.chart.RecordKey;
import org.chartbridge.chart.Results;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.Partner.PatientIds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/** Which identifier names the record, with and without {@code patient-ids}. */
class PatientIdentifiersTests {

    @Test
    void theMedicalRecordNumberOfPid3NamesTheRecord() {
        var claim = claim("PID|1|OLD|E1^^^EPI^PI~M1^^^CLINIC^MR||DOE^Jo", Sent.NORTHLAB);

        assertThat(claim.patient().key()).isEqualTo(new RecordKey("CLINIC", "MR", "M1"));
        assertThat(claim.patient().path()).isEqualTo("PID-3[2]");
    }

    @Test
    void aFieldThatIsNamedInPatientIdsGoesFirst() {
        var partner = with(new PatientIds(4, "CLINIC", "MR", false));

        var claim = claim("PID|1||L1^^^NORTHLAB^MR|M1||DOE^Jo", partner);

        assertThat(claim.patient().key()).isEqualTo(new RecordKey("CLINIC", "MR", "M1"));
        assertThat(claim.patient().identifiers())
                .containsExactly(
                        new RecordKey("NORTHLAB", "MR", "L1"), new RecordKey("CLINIC", "MR", "M1"));
    }

    @Test
    void anAuthorityThatIsSentIsNotReplaced() {
        var partner = with(new PatientIds(3, "CLINIC", "MR", false));

        var claim = claim("PID|1||M1^^^OTHER^PI||DOE^Jo", partner);

        assertThat(claim.patient().key()).isEqualTo(new RecordKey("OTHER", "PI", "M1"));
    }

    @Test
    void anAccessionNumberNamesNoPatient() {
        var partner = with(new PatientIds(3, "", "", true));

        var claim = claim("PID|1|M1|A-4711^^^NORTHLAB^MR||DOE^Jo", partner);

        assertThat(claim.patient().key()).isEqualTo(new RecordKey("northlab", "", "M1"));
        assertThat(claim.patient().identifiers()).hasSize(1);
    }

    @Test
    void aMessageWithAnAccessionNumberOnlyIsRefused() {
        var partner = with(new PatientIds(3, "", "", true));

        var mapped = Sent.map(Sent.message(message("PID|1||A-4711||DOE^Jo")), partner);

        assertThat(mapped).isInstanceOf(Mapped.NotUnderstood.class);
    }

    @Test
    void aFieldThatIsNamedAndEmptyLeavesTheChoiceToTheOthers() {
        var partner = with(new PatientIds(4, "CLINIC", "MR", false));

        var claim = claim("PID|1||L1^^^NORTHLAB^MR|||DOE^Jo", partner);

        assertThat(claim.patient().key()).isEqualTo(new RecordKey("NORTHLAB", "MR", "L1"));
    }

    @Test
    void theSocialSecurityNumberNamesTheRecordWhereNothingElseDoes() {
        var alone = claim(PID_19.formatted("", "987-65-4320"), Sent.NORTHLAB);
        var beside = claim(PID_19.formatted("L1", "987-65-4320"), Sent.NORTHLAB);

        assertThat(alone.patient().key()).isEqualTo(new RecordKey("northlab", "SS", "987-65-4320"));
        assertThat(alone.patient().path()).isEqualTo("PID-19");
        assertThat(beside.patient().identifiers())
                .containsExactly(new RecordKey("northlab", "", "L1"));
    }

    /** Whoever has none is often given nines: many people would be one patient ⚠. */
    @ParameterizedTest
    @ValueSource(strings = {"999-99-9999", "000000000", "", "\"\"", "unknown", "--"})
    void aPlaceholderNamesNobody(String number) {
        assertThat(Sent.faults(message(PID_19.formatted("", number))))
                .containsExactly("PID[1]-3 101 patient-identifier-missing");
    }

    /** ⚠ HL7-RULES §6: what stands in the place of a number would join all who have none. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "UNKNOWN", "unk", "None", "N/A", "TEST", "0", "0000", "00-00", "99999", "111111",
                "XXX", "-", "?"
            })
    void aWordInPlaceOfANumberNamesNobody(String sent) {
        assertThat(Sent.faults(message("PID|1||" + sent + "^^^CLINIC^MR||DOE^Jo||19700101")))
                .containsExactly("PID[1]-3.1 101 patient-identifier-missing");
        var beside =
                claim("PID|1||" + sent + "^^^CLINIC^MR~L1^^^LAB^PI||DOE^Jo", Sent.NORTHLAB)
                        .patient();
        assertThat(beside.identifiers()).containsExactly(new RecordKey("LAB", "PI", "L1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7",
                "99",
                "9999",
                "33333",
                "NONE1",
                "TESTA",
                "X",
                "X1",
                "900009",
                "UNKNOWN7"
            })
    void aNumberThatOnlyLooksSoIsOne(String sent) {
        assertThat(claim("PID|1||" + sent + "^^^CLINIC^MR||DOE^Jo", Sent.NORTHLAB).patient().key())
                .isEqualTo(new RecordKey("CLINIC", "MR", sent));
    }

    private static final String PID_19 = "PID|1||%s||DOE^Jo||19700101||||||||||||%s";

    private static Partner with(PatientIds... ids) {
        var lab = Sent.NORTHLAB;
        return new Partner(
                lab.folder(),
                lab.title(),
                lab.senders(),
                lab.certificates(),
                lab.charset(),
                lab.zone(),
                lab.acknowledge(),
                lab.ack(),
                lab.applicationAcks(),
                lab.answerAs(),
                lab.uncharted(),
                lab.processing(),
                lab.testMessages(),
                lab.patients(),
                lab.demographics(),
                lab.empty(),
                List.of(ids),
                lab.tls(),
                lab.deduplicates(),
                lab.codes(),
                lab.version());
    }

    private static Results claim(String pid, Partner partner) {
        return switch (Sent.map(Sent.message(message(pid)), partner)) {
            case Mapped.Update(Results results, _) -> results;
            case Mapped.Update _, Mapped.NotUnderstood _, Mapped.NotCharted _ ->
                    throw new AssertionError("wanted results");
        };
    }

    private static String message(String pid) {
        return """
        MSH|^~\\&|LIS|NORTHLAB|CHARTBRIDGE|CLINIC|20261103080000||ORU^R01^ORU_R01|C1|P|2.5.1
        %s
        OBR|1||NL-A|51990-0^Basic metabolic panel^LN|||20261103070000|||||||||||||||20261103075500|||F
        OBX|1|NM|2823-3^Potassium^LN||4.1|mmol/L^^UCUM|3.5-5.1|N|||F
        """
                .formatted(pid);
    }
}
