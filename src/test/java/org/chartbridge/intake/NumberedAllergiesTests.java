package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.adt;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** ⚠ IAM-7: what a sender corrects or deletes under its number must not stay on the list. */
class NumberedAllergiesTests {
    private static final IdentityEngine ENGINE = new IdentityEngine();
    private static final String PENICILLIN = "DA|P^Penicillin^L";
    private static final String AMOXICILLIN = "DA|A^Amoxicillin^L";

    @AfterAll
    static void stop() {
        ENGINE.close();
    }

    @Test
    void theNumberOfAnAllergyIsItsIdentifierOverFhir() throws Exception {
        var text =
                adt("A60", "A1", "PID|1||" + WHO, iam(PENICILLIN, "A", "4711^EMR"))
                        + counted(AMOXICILLIN, "A", "1")
                        + "\n";
        try (var engine = new FhirEngine()) {
            var allergies =
                    engine.resources(
                            "sample",
                            text.replace('\n', '\r').getBytes(StandardCharsets.UTF_8),
                            Set.of("AllergyIntolerance"));

            assertThat(allergies)
                    .filteredOn(one -> one.has("code"))
                    .extracting(
                            one ->
                                    one.at("/code/text").asString("")
                                            + " "
                                            + one.at("/identifier/0/value").asString("")
                                            + " "
                                            + one.at("/identifier/0/system").asString(""))
                    .containsExactlyInAnyOrder(
                            "Amoxicillin  ", "Penicillin 4711 urn:chartbridge:authority:EMR");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    DA|P^Penicillin^L;    '';   false
                    DA|A^Amoxicillin^L;   '';   true
                    DA|A^Amoxicillin^L;   4711; false
                    |;                    4711; false
                    |;                    4712; true
                    DA|A^Amoxicillin^L;   4712; true
                    """)
    void aDeletionThatFindsNoAllergyIsRemarked(String what, String number, boolean remarked) {
        try (var engine = new IdentityEngine()) {
            engine.send(EMR, adt("A60", "A1", "PID|1||" + WHO, iam(PENICILLIN, "A", "4711")));

            engine.send(EMR, adt("A60", "A2", "PID|1||" + WHO, iam(what, "D", number)));

            assertThat(engine.reasons("A2").contains("allergy-not-known")).isEqualTo(remarked);
            assertThat(engine.state("A2")).isEqualTo("charted");
        }
    }

    private static final String WHO = "M1^^^CLINIC^MR||DOE^Jane||19710203|F";

    static Stream<Arguments> lives() {
        return Stream.of(
                life("an allergy with a number", "Penicillin", iam(PENICILLIN, "A", "7")),
                life(
                        "it is corrected into another one",
                        "Amoxicillin",
                        iam(PENICILLIN, "A", "7"),
                        iam(AMOXICILLIN, "U", "7")),
                life(
                        "and back",
                        "Penicillin",
                        iam(PENICILLIN, "A", "7"),
                        iam(AMOXICILLIN, "U", "7"),
                        iam(PENICILLIN, "U", "7")),
                life(
                        "it is deleted under another code",
                        "",
                        iam(PENICILLIN, "A", "7"),
                        iam(AMOXICILLIN, "D", "7")),
                life(
                        "it is deleted by its number alone",
                        "",
                        iam(PENICILLIN, "A", "7"),
                        iam("|", "D", "7")),
                life(
                        "it is erroneous",
                        "",
                        iam(PENICILLIN, "A", "7"),
                        iam(AMOXICILLIN, "U", "7") + "|".repeat(10) + "E"),
                life(
                        "it is added again after that",
                        "Penicillin",
                        iam(PENICILLIN, "A", "7"),
                        iam("|", "D", "7"),
                        iam(PENICILLIN, "A", "8")),
                life(
                        "two numbers are two",
                        "Amoxicillin, Penicillin",
                        iam(PENICILLIN, "A", "7"),
                        iam(AMOXICILLIN, "A", "8")),
                life(
                        "a number that is added again takes nothing back",
                        "Amoxicillin, Penicillin",
                        iam(PENICILLIN, "A", "1"),
                        iam(AMOXICILLIN, "A", "1")),
                life(
                        "a number that was added twice is deleted of what is named",
                        "Penicillin",
                        iam(PENICILLIN, "A", "1"),
                        iam(AMOXICILLIN, "A", "1"),
                        iam(AMOXICILLIN, "D", "1")),
                life(
                        "and of both where nothing is named",
                        "",
                        iam(PENICILLIN, "A", "1"),
                        iam(AMOXICILLIN, "A", "1"),
                        iam("|", "D", "1")),
                life(
                        "what has another number is updated and takes nothing back",
                        "Amoxicillin, Penicillin",
                        iam(PENICILLIN, "A", "1"),
                        iam(AMOXICILLIN, "A", "2"),
                        iam(AMOXICILLIN, "U", "1")),
                life(
                        "what a list named is deleted alone",
                        "Penicillin",
                        "AL1|1|DA|A^Amoxicillin^L",
                        iam(PENICILLIN, "A", "1"),
                        iam(AMOXICILLIN, "D", "1")),
                life(
                        "a bare count is no number",
                        "Amoxicillin, Penicillin",
                        counted(PENICILLIN, "A", "1"),
                        counted(AMOXICILLIN, "U", "1")),
                life(
                        "nor is it when something else is deleted",
                        "Penicillin",
                        counted(PENICILLIN, "A", "1"),
                        counted(AMOXICILLIN, "D", "1")),
                life(
                        "the number of another namespace is another",
                        "Amoxicillin, Penicillin",
                        iam(PENICILLIN, "A", "7^EMR"),
                        iam(AMOXICILLIN, "A", "7^OLD")),
                life(
                        "no number joins nothing",
                        "Amoxicillin, Penicillin",
                        iam(PENICILLIN, "A", "0"),
                        iam(AMOXICILLIN, "A", "0")),
                life(
                        "a list that still names it is believed",
                        "Amoxicillin, Penicillin",
                        iam(PENICILLIN, "A", "7"),
                        iam(AMOXICILLIN, "U", "7"),
                        "AL1|1|DA|P^Penicillin^L\nAL1|2|DA|A^Amoxicillin^L"),
                life(
                        "what a list named is corrected by the number",
                        "Amoxicillin",
                        "AL1|1|DA|P^Penicillin^L",
                        iam(PENICILLIN, "U", "7"),
                        iam(AMOXICILLIN, "U", "7")),
                life(
                        "one of two numbers of one allergy is deleted",
                        "Penicillin",
                        iam(PENICILLIN, "A", "11"),
                        iam(PENICILLIN, "A", "12"),
                        iam(PENICILLIN, "D", "12")),
                life(
                        "the other one",
                        "Penicillin",
                        iam(PENICILLIN, "A", "11"),
                        iam(PENICILLIN, "A", "12"),
                        iam(PENICILLIN, "D", "11")),
                life(
                        "one of two by its number alone",
                        "Penicillin",
                        iam(PENICILLIN, "A", "11"),
                        iam(PENICILLIN, "A", "12"),
                        iam("|", "D", "12")),
                life(
                        "both",
                        "",
                        iam(PENICILLIN, "A", "11"),
                        iam(PENICILLIN, "A", "12"),
                        iam(PENICILLIN, "D", "11"),
                        iam(PENICILLIN, "D", "12")),
                life(
                        "one of two is updated to something else",
                        "Amoxicillin, Penicillin",
                        iam(PENICILLIN, "A", "11"),
                        iam(PENICILLIN, "A", "12"),
                        iam(AMOXICILLIN, "U", "12")),
                life(
                        "both are",
                        "Amoxicillin, Iodine",
                        iam(PENICILLIN, "A", "11"),
                        iam(PENICILLIN, "A", "12"),
                        iam(AMOXICILLIN, "U", "12"),
                        iam("DA|I^Iodine^L", "U", "11")),
                life(
                        "a list between does not join the numbers",
                        "Penicillin",
                        iam(PENICILLIN, "A", "11"),
                        "AL1|1|DA|P^Penicillin^L",
                        iam(PENICILLIN, "A", "12"),
                        iam(PENICILLIN, "D", "12")),
                life(
                        "a list without it takes both from it",
                        "Amoxicillin",
                        iam(PENICILLIN, "A", "11"),
                        iam(PENICILLIN, "A", "12"),
                        "AL1|1|DA|A^Amoxicillin^L"),
                life(
                        "it is deleted without a number",
                        "",
                        iam(PENICILLIN, "A", "11"),
                        iam(PENICILLIN, "A", "12"),
                        iam(PENICILLIN, "D", "")),
                life(
                        "and comes back under one of them, for a while",
                        "",
                        iam(PENICILLIN, "A", "11"),
                        iam(PENICILLIN, "D", ""),
                        iam(PENICILLIN, "A", "12"),
                        iam(PENICILLIN, "D", "12")),
                life(
                        "it is deleted under a number that it never had",
                        "",
                        iam(PENICILLIN, "A", "11"),
                        iam(PENICILLIN, "D", "99")),
                life(
                        "an entry is replaced within one message",
                        "Penicillin",
                        iam(PENICILLIN, "A", "11"),
                        iam(PENICILLIN, "D", "11") + "\n" + iam(PENICILLIN, "A", "12")),
                life(
                        "the new one in front",
                        "Penicillin",
                        iam(PENICILLIN, "A", "11"),
                        iam(PENICILLIN, "A", "12") + "\n" + iam(PENICILLIN, "D", "11")),
                life(
                        "and the new one is deleted",
                        "",
                        iam(PENICILLIN, "A", "11"),
                        iam(PENICILLIN, "D", "11") + "\n" + iam(PENICILLIN, "A", "12"),
                        iam(PENICILLIN, "D", "12")),
                life(
                        "deleted and added in one message without a number",
                        "Penicillin",
                        iam(PENICILLIN, "A", ""),
                        iam(PENICILLIN, "D", "") + "\n" + iam(PENICILLIN, "A", "")),
                life(
                        "added and deleted",
                        "",
                        iam(PENICILLIN, "A", "") + "\n" + iam(PENICILLIN, "D", "")),
                life(
                        "added and deleted under one number",
                        "",
                        iam(PENICILLIN, "A", "7") + "\n" + iam(PENICILLIN, "D", "7")),
                life(
                        "and another one stays",
                        "Penicillin",
                        iam(PENICILLIN, "A", "11"),
                        iam(PENICILLIN, "A", "7") + "\n" + iam(PENICILLIN, "D", "7")),
                life(
                        "deleted and added under one number",
                        "Penicillin",
                        iam(PENICILLIN, "A", "7"),
                        iam(PENICILLIN, "D", "7") + "\n" + iam(PENICILLIN, "A", "7")),
                life(
                        "numbers and names of any length",
                        "Amoxicillin",
                        iam("DA|" + "P".repeat(150) + "^Penicillin^L", "A", "7".repeat(150)),
                        iam(AMOXICILLIN, "U", "7".repeat(150))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lives")
    void whatStandsFollowsFromWhatWasSaidInAnyOrder(List<String> messages, String allergies) {
        var order = new ArrayList<String>();
        for (int i = 0; i < messages.size(); i++)
            order.add(
                    adt("A31", "C" + (i + 1), "PID|1||M1^^^CLINIC^MR||DOE^Jane", messages.get(i)));
        for (int i = 0; i < 2 * messages.size(); i++) {
            if (i == messages.size()) Collections.reverse(order);
            Collections.rotate(order, 1);
            ENGINE.forget();

            for (var message : order) ENGINE.send(EMR, message);

            assertThat(
                            ENGINE.one(
                                    """
                                    select coalesce(string_agg(code_text, ', ' order by code_text), '')
                                    from allergy
                                    where status = 'active'
                                    """))
                    .as("%s", order)
                    .isEqualTo(allergies);
        }
        assertThat(ENGINE.rebuilt().isEqual()).isTrue();
    }

    private static Arguments life(String name, String allergies, String... messages) {
        return arguments(named(name, List.of(messages)), allergies);
    }

    /**
     * @param what IAM-2 and IAM-3
     */
    private static String iam(String what, String action, String number) {
        // As a sender has it whose numbers are of one entry each.
        var its =
                number.isEmpty() || number.equals("0") || number.contains("^")
                        ? number
                        : "A" + number;
        return counted(what, action, its);
    }

    private static String counted(String what, String action, String number) {
        return "IAM|1|" + what + "|||" + action + "|" + number;
    }
}
