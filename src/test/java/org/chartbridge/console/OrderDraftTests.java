package org.chartbridge.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.ordering.Compendia;
import org.chartbridge.partner.Orders;
import org.chartbridge.placing.Placed.Clinician;
import org.chartbridge.placing.Placed.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What is typed where orders are placed, read as orders. */
class OrderDraftTests {
    private static final ZoneId ZONE = ZoneId.of("America/New_York");
    private static final Instant NOW = Instant.parse("2026-11-28T23:00:00Z");

    /** What a browser sends: every field, filled or not. */
    private static MultiValueMap<String, String> sent() {
        var sent = new LinkedMultiValueMap<String, String>();
        sent.add("form", "ABCDEFGH0123");
        sent.add("family", "Ordway");
        sent.add("given", "Olga");
        sent.add("number", "1234567893");
        sent.add("priority", "S");
        for (var field : List.of("words", "collected", "diagnoses", "note", "copies"))
            sent.add(field, "");
        return sent;
    }

    private static OrderDraft draft(MultiValueMap<String, String> sent) {
        return OrderDraft.of(OrderForm.of(sent), Compendia.of(List.of()), ZONE, NOW);
    }

    private static OrderDraft with(String field, String typed) {
        var sent = sent();
        sent.add("test", "2823-3|");
        sent.set(field, typed);
        return draft(sent);
    }

    /** A compendium mostly names no coding system; a laboratory wants one beside its own. */
    @ParameterizedTest
    @CsvSource({"2823-3|, LN", "2823-4|, ''", "GLU|, ''", "2823-3|L, L"})
    void aCodeOfLoincIsSaidToBeOne(String test, String system) {
        var sent = sent();
        sent.add("test", test);

        assertThat(draft(sent).tests().getFirst().code().system()).isEqualTo(system);
    }

    @Test
    void aQuestionIsAskedInWordsAndAnsweredByOneOfItsAnswers() {
        var orders =
                new Orders(
                        "orders",
                        Orders.Form.OML_O21,
                        "",
                        Map.of(
                                "GLU",
                                new Orders.Test(
                                        "GLU", "", "GLU", "", "", "", List.of("F", "W"), 2)),
                        Map.of("F", new Orders.Question("Fasting?", List.of("Yes", "No"))),
                        List.of(),
                        List.of());
        var offer =
                new Compendia.Offer(
                        "GLU",
                        "",
                        List.of(
                                new Compendia.Doer(
                                        "north",
                                        "North",
                                        Objects.requireNonNull(orders.tests().get("GLU")),
                                        orders.questions())));

        assertThat(offer.question("F").text()).isEqualTo("Fasting?");
        assertThat(offer.question("F").answers()).containsExactly("Yes", "No");
        assertThat(offer.question("W").text()).isEmpty();
    }

    @Test
    void whatIsTypedIsTheOrder() {
        var sent = sent();
        sent.add("test", "2823-3|LN");
        sent.set("specimen-0", "SER");
        sent.set("collected", "2026-11-28 08:15");
        sent.set("diagnoses", "E87.5 Hyperkalemia\r\n\r\ncramps in both legs\ni10");
        sent.set("copies", "Rao, Priya, 99\nWard 4B");
        sent.set("note", "drawn by\r\nhand");

        var test = draft(sent).tests().getFirst();

        assertThat(test.code().code()).isEqualTo("2823-3");
        assertThat(test.code().system()).isEqualTo("LN");
        assertThat(test.orderer()).isEqualTo(new Clinician("1234567893", "Ordway", "Olga", ""));
        assertThat(test.priority()).isEqualTo("S");
        assertThat(test.specimen().type().code()).isEqualTo("SER");
        assertThat(test.specimen().collected()).isEqualTo("2026-11-28T13:15:00Z");
        assertThat(test.reasons())
                .containsExactly(
                        new Code("E87.5", "Hyperkalemia", "I10C"),
                        new Code("", "cramps in both legs", ""),
                        new Code("I10", "", "I10C"));
        assertThat(test.copies())
                .containsExactly(
                        new Clinician("99", "Rao", "Priya", ""),
                        new Clinician("", "Ward 4B", "", ""));
        assertThat(test.notes()).containsExactly("drawn by\nhand");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "family; ' '; Say who orders",
                "family; a\u0000b; cannot be sent",
                "number; 12 34; no spaces",
                "priority; X; one of the priorities",
                "collected; yesterday; 2026-11-03 08:15",
                "collected; 2026-02-30 08:15; 2026-11-03 08:15",
                "collected; 2026-11-28 18:01; lies ahead",
                "collected; 2025-11-20 08:00; more than a year ago",
                "collected; 2026-03-08 02:30; no such time",
                "diagnoses; E8775 Hyperkalemia; E8775 is no code",
                "diagnoses; 87.5; 87.5 is no code",
                "copies; ', Priya'; family name, given name, number",
                "copies; Rao, Priya, 99, 7; family name, given name, number",
                "copies; Rao, Priya, 9 9; no spaces",
                "specimen-0; S\u0007ER; cannot be sent",
            })
    void aFaultIsToldBesideItsField(String field, String typed, String remedy) {
        assertThat(with(field, typed).faults()).containsKey(field);
        assertThat(with(field, typed).faults().get(field)).contains(remedy);
    }

    @Test
    void allFaultsAreToldAtOnceAndNothingTypedIsLost() {
        var sent = new LinkedMultiValueMap<String, String>();
        sent.add("test", "2823-3");
        sent.add("specimen-0", "x".repeat(OrderDraft.MAX_VALUE + 1));
        sent.add("answer-0-49541-6", "yes");
        sent.add("note", "y".repeat(OrderDraft.MAX_TEXT + 1));
        sent.add("diagnoses", "a\n".repeat(OrderDraft.MAX_ROWS + 1));
        sent.add("collected", "soon");

        var form = OrderForm.of(sent);

        assertThat(draft(sent).faults().keySet())
                .containsExactlyInAnyOrder(
                        "line-0",
                        "specimen-0",
                        "note",
                        "diagnoses",
                        "collected",
                        "family",
                        "priority");
        assertThat(form.collected()).isEqualTo("soon");
        assertThat(form.note()).hasSize(OrderDraft.MAX_TEXT + 1);
        assertThat(form.lines().getFirst().answer("49541-6")).isEqualTo("yes");
    }

    @Test
    void nothingAtAllIsAFaultAndNoException() {
        assertThat(draft(new LinkedMultiValueMap<>()).faults())
                .containsKeys("tests", "family", "priority");
        assertThat(draft(new LinkedMultiValueMap<>()).tests()).isEmpty();
    }

    @Test
    void aFormHasAnIdOfItsOwnAndTakesNoForeignOne() {
        var sent = sent();

        assertThat(OrderForm.of(sent).id()).isEqualTo("ABCDEFGH0123");
        for (var foreign : List.of("", "short", "ABCDEFGH012|", "abcdefgh0123", "ABCDEFGH01234")) {
            sent.set("form", foreign);
            sent.set("shown", "cafe");
            assertThat(OrderForm.of(sent).id()).hasSize(12).isNotEqualTo(foreign);
            assertThat(OrderForm.of(sent).shown()).as("where it goes is to be seen").isEmpty();
        }
        assertThat(OrderForm.empty(List.of()).id()).isNotEqualTo(OrderForm.empty(List.of()).id());
    }

    @Test
    void aTestIsOnAFormOnceAndAFormHasALimit() {
        var form = OrderForm.empty(List.of());
        for (int i = 0; i < OrderForm.MAX_LINES + 5; i++)
            form = form.with(new OrderForm.Line("T" + i, "", "", Map.of()));
        var more = form.with(new OrderForm.Line("T0", "", "", Map.of()));

        assertThat(more.lines()).hasSize(OrderForm.MAX_LINES);
        assertThat(more.without(0).with(more.lines().get(1)).lines())
                .hasSize(OrderForm.MAX_LINES - 1);
        assertThat(more.without(-1).without(99).lines()).isEqualTo(more.lines());
    }

    @Test
    void twoFormsOfOneContentAreKeptAlikeAndTwoOfAnotherAreNot() {
        var sent = sent();
        sent.add("test", "2823-3|");
        var one = new String(OrderForm.of(sent).content(), StandardCharsets.UTF_8);

        sent.set("words", "sodium");
        var searched = new String(OrderForm.of(sent).content(), StandardCharsets.UTF_8);
        sent.set("note", "a&note=b");
        var noted = new String(OrderForm.of(sent).content(), StandardCharsets.UTF_8);

        assertThat(searched).isEqualTo(one);
        assertThat(noted).isNotEqualTo(one).contains("note=a%26note%3Db");
    }
}
