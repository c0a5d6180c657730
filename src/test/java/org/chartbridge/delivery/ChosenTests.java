package org.chartbridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Collections;
import java.util.List;

class ChosenTests {
    @Test
    void whatIsKeptIsReadAsItWasDecided() {
        var all =
                List.of(
                        Chosen.only("lab/compendium.csv:2", "v1").about("P1", "2823-3"),
                        Chosen.row("emr/ordering.csv:3", "v2").about("P\u0000\"2", "K").after(7),
                        Chosen.follows().about("", ""),
                        Chosen.person(9).about("P4", "X"));

        assertThat(Chosen.of(Chosen.toJson(all))).isEqualTo(all);
        assertThat(Chosen.toJson(all)).doesNotContain("\u0000");
    }

    @Test
    void nothingIsKeptOfWhatWasNotChosen() {
        assertThat(Chosen.toJson(List.of())).isEmpty();
        assertThat(Chosen.of("")).isEmpty();
    }

    @Test
    void aMessageOfManyOrdersKeepsTheFirst() {
        var many = Collections.nCopies(Chosen.MAX_KEPT + 1, Chosen.follows());

        assertThat(Chosen.of(Chosen.toJson(many))).hasSize(Chosen.MAX_KEPT);
    }

    @Test
    void aNumberOfAnyLengthIsKeptByItsBeginning() {
        assertThat(Chosen.follows().about("1".repeat(90_000), "").number())
                .hasSize(Chosen.MAX_CHARACTERS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[]", "{}", "[{}]", "[{\"why\": \"weather\", \"number\": \"P1\"}]", "[7]"})
    void whatALaterVersionWroteIsLeftOut(String json) {
        assertThat(Chosen.of(json)).isEmpty();
    }
}
