package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.delivery.ApplicationAnswers;
import org.chartbridge.partner.Partner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/** What a laboratory said of an order of which nobody knows whether it arrived. */
class SaidSinceTests {
    private static final AdtEngine ENGINE = new AdtEngine();
    private static final ApplicationAnswers ANSWERS = new ApplicationAnswers(ENGINE.jdbc);
    private static final String LAB = AdtEngine.LAB.folder();
    private static int patients;

    private String patient = "";

    @AfterAll
    static void close() {
        ENGINE.close();
    }

    @BeforeEach
    void anotherPatient() {
        patient = "S" + ++patients;
    }

    @ParameterizedTest
    @CsvSource({
        "ORL^O22, ORC|OK|P1^EMR|F1^LIS, OBR|1|P1^EMR|F1^LIS|K^Potassium^L,                 true",
        "ORL^O22, ORC|OK|P1|F1^LIS,     OBR|1|P1|F1^LIS|K^Potassium^L,                     true",
        "ORL^O22, ORC|OK|P1^^1.2.3^ISO|F1^LIS, OBR|1|P1^emr|F1^LIS|K^Potassium^L,          true",
        "ORU^R01, ORC|RE,               OBR|1|P1^EMR|F1^LIS|K^Potassium^L|||2026112208,    true",
        "ORU^R01, ORC|RE,               OBR|1|P2^EMR|F1^LIS|K^Potassium^L|||2026112208,    false",
    })
    void itsAnswerAndItsResultAreNamed(String type, String orc, String obr, boolean named) {
        long order = order();

        long answer = send(AdtEngine.LAB, type, "0910", orc, obr);

        assertThat(ANSWERS.since(delivery(order, LAB))).isEqualTo(named ? list(answer) : list());
    }

    @Test
    void whatAnotherSaidOrCameBeforeIsNot() {
        long _ =
                send(
                        AdtEngine.LAB,
                        "ORU^R01",
                        "0800",
                        "ORC|RE",
                        "OBR|1|P1^EMR|F1^LIS|K^Potassium^L|||2026112208");
        long order = order();
        long _ = send(AdtEngine.EMR, "ORM^O01", "0920", "ORC|XO|P1^EMR", "OBR|1|P1^EMR||K^K^L");

        assertThat(ANSWERS.since(delivery(order, LAB))).isEmpty();
        assertThat(ANSWERS.since(-1)).isEmpty();
    }

    private static List<Long> list(Long... ids) {
        return List.of(ids);
    }

    private long order() {
        return send(AdtEngine.EMR, "ORM^O01", "0900", "ORC|NW|P1^EMR", "OBR|1|P1^EMR||K^K^L");
    }

    private long send(Partner from, String type, String at, String orc, String obr) {
        var answer =
                ENGINE.send(
                        from,
                        """
                        MSH|^~\\&|X|Y|CB|CB|20261122%s||%s|%s-%s|P|2.5.1
                        PID|1||%s^^^CLINIC^MR||DOE^Jane||19710203|F
                        %s
                        %s
                        OBX|1|NM|K^Potassium^L||4.1|mmol/L|||||F
                        """
                                .formatted(at, type, patient, at, patient, orc, obr));
        assertThat(answer).contains("MSA|AA");
        return Long.parseLong(ENGINE.one("select max(id) from journal"));
    }

    private static long delivery(long entry, String partner) {
        return ENGINE.jdbc
                .sql(
                        """
                        insert into delivery (id, entry_id, place, destination, state, control_id, message_type,
                            size_bytes, staged_at)
                        select coalesce(max(id), 0) + 1, :entry, 1, :to, 'waiting', 'C', 'ORM^O01', 1, now()
                        from delivery returning id
                        """)
                .param("entry", entry)
                .param("to", partner + "/orders")
                .query(Long.class)
                .single();
    }
}
