package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.adt;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ⚠ Senders who send one entry for each reaction must not lose the graver one. */
class SameAllergyTests {
    private static final IdentityEngine ENGINE = new IdentityEngine();
    private static final String RASH = "AL1|1|DA|P^Penicillin^L|MI|Rash";
    private static final String ANAPHYLAXIS = "AL1|2|DA|P^Penicillin^L|SV|Anaphylaxis";

    @BeforeEach
    void forget() {
        ENGINE.forget();
    }

    @AfterAll
    static void stop() {
        ENGINE.close();
    }

    @Test
    void twoEntriesOfOneAllergyHaveTheGraverSeverityAndBothReactions() {
        send(RASH, ANAPHYLAXIS);

        assertThat(allergies()).isEqualTo("Penicillin SV Rash; Anaphylaxis");
        assertThat(ENGINE.rebuilt().isEqual()).isTrue();
    }

    @Test
    void theGraverOneMayStandInFront() {
        send(ANAPHYLAXIS, RASH, "AL1|3|DA|A^Amoxicillin^L||Hives");

        assertThat(allergies()).isEqualTo("Amoxicillin  Hives / Penicillin SV Anaphylaxis; Rash");
    }

    @ParameterizedTest
    @CsvSource({"MI, MO, MO", "MO, U, MO", "'', MI, MI", "U, '', U", "X1, MI, MI", "SV, X1, SV"})
    void theGraverSeverityIsThatOfTable0128(String first, String second, String stands) {
        send(
                "AL1|1|DA|P^Penicillin^L|" + first + "|Hives",
                "AL1|2|DA|P^Penicillin^L|" + second + "|Hives");

        assertThat(allergies()).isEqualTo("Penicillin " + stands + " Hives");
    }

    @Test
    void soItIsOfSingleEntriesOfOneMessage() {
        send(
                "IAM|1|DA|P^Penicillin^L|MI|Rash|A|1^E",
                "IAM|2|DA|P^Penicillin^L|SV|Anaphylaxis|A|2^E");

        assertThat(allergies()).isEqualTo("Penicillin SV Rash; Anaphylaxis");
    }

    @Test
    void anEntryThatIsUpdatedIsNoSecondOne() {
        send(
                "IAM|1|DA|P^Penicillin^L|SV|Anaphylaxis|A|1^E",
                "IAM|2|DA|P^Penicillin^L|MI|Rash|U|1^E");

        assertThat(allergies()).isEqualTo("Penicillin MI Rash");
    }

    @Test
    void whatIsInactiveSaysNothingBesideWhatIsNot() {
        send(
                "IAM|1|DA|P^Penicillin^L|SV|Anaphylaxis|A|1^E||||||||||I",
                "IAM|2|DA|P^Penicillin^L|MI|Rash|A|2^E");

        assertThat(allergies()).isEqualTo("Penicillin MI Rash");
    }

    @Test
    void whatIsAddedAfterItsDeletionIsNotJoinedWithIt() {
        send("IAM|1|DA|P^Penicillin^L|SV|Anaphylaxis|D", "IAM|2|DA|P^Penicillin^L|MI|Rash|A");

        assertThat(allergies()).isEqualTo("Penicillin MI Rash");
    }

    private static void send(String... segments) {
        ENGINE.send(
                EMR,
                adt("A31", "C1", "PID|1||M1^^^CLINIC^MR||DOE^Jane", String.join("\n", segments)));
        assertThat(ENGINE.state("C1")).isEqualTo("charted");
    }

    private static String allergies() {
        return ENGINE.one(
                """
                select coalesce(string_agg(code_text || ' ' || severity || ' ' || reaction, ' / '
                                           order by code_text), '')
                from allergy
                where status = 'active'
                """);
    }
}
