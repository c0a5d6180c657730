package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.LAB;
import static org.chartbridge.intake.IdentityEngine.adt;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import org.chartbridge.chart.CorrectedIsolates;
import org.chartbridge.chart.IsolateDoubt;
import org.chartbridge.chart.ReportView;
import org.chartbridge.chart.Reports;
import org.chartbridge.chart.ValueDoubt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * ⚠ HL7-RULES §4, parent and child: a susceptibility is of the organism that its culture named when
 * it was reported. Where another one stands under its number since, it is in doubt until it is
 * reported again, in whatever order the messages came.
 */
class CorrectedIsolatesTests {
    private static final IdentityEngine ENGINE = new IdentityEngine();
    private static final String COLI = "Escherichia coli";
    private static final String STAPH = "Staphylococcus aureus";
    private static int patients;

    @AfterAll
    static void stop() {
        ENGINE.close();
    }

    static Stream<Arguments> lives() {
        return Stream.of(
                life(
                        "the culture stays as it was",
                        "",
                        culture(1, "F", COLI, STAPH),
                        susceptibility(2, "1", "", ">=32")),
                life(
                        "the organism gets another name",
                        "1 Klebsiella pneumoniae",
                        culture(1, "F", COLI, STAPH),
                        susceptibility(2, "1", "", ">=32"),
                        culture(3, "C", "Klebsiella pneumoniae", STAPH)),
                life(
                        "the isolates change their numbers",
                        "1 " + STAPH + ", 2 " + COLI,
                        culture(1, "F", COLI, STAPH),
                        susceptibility(2, "1", "", ">=32"),
                        susceptibility(2, "2", "", "<=2"),
                        culture(3, "C", STAPH, COLI)),
                life(
                        "the isolate is deleted",
                        "1 none",
                        culture(1, "F", COLI, STAPH),
                        susceptibility(2, "1", "", ">=32"),
                        isolate(3, "D", 1, COLI)),
                life(
                        "the isolate was another patient's",
                        "1 none",
                        culture(1, "F", COLI, STAPH),
                        susceptibility(2, "1", COLI, ">=32"),
                        isolate(3, "W", 1, COLI)),
                life(
                        "the whole culture is taken back",
                        "1 none",
                        culture(1, "F", COLI, STAPH),
                        susceptibility(2, "1", "", ">=32"),
                        culture(3, "W", COLI, STAPH)),
                life(
                        "nothing grew after all",
                        "1 none",
                        culture(1, "F", COLI, STAPH),
                        susceptibility(2, "1", "", ">=32"),
                        isolate(3, "C", 1, "No growth")),
                life(
                        "the isolate stands under a new number only",
                        "1 none",
                        culture(1, "F", COLI),
                        susceptibility(2, "1", "", ">=32"),
                        isolate(3, "C", 2, COLI)),
                life(
                        "it is reported again with another value",
                        "",
                        culture(1, "F", COLI, STAPH),
                        susceptibility(2, "1", "", ">=32"),
                        culture(3, "C", STAPH, COLI),
                        susceptibility(4, "1", "", "<=2")),
                life(
                        "it is sent again word for word",
                        "1 " + STAPH,
                        culture(1, "F", COLI, STAPH),
                        susceptibility(2, "1", "", ">=32"),
                        culture(3, "C", STAPH, COLI),
                        susceptibility(4, "1", "", ">=32")),
                life(
                        "it is sent again with the time at which it was issued",
                        "1 " + STAPH,
                        culture(1, "F", COLI, STAPH),
                        issued(2, susceptibility(2, "1", "", ">=32")),
                        culture(3, "C", STAPH, COLI),
                        issued(2, susceptibility(4, "1", "", ">=32"))),
                life(
                        "it is issued again as it was",
                        "",
                        culture(1, "F", COLI, STAPH),
                        issued(2, susceptibility(2, "1", "", ">=32")),
                        culture(3, "C", STAPH, COLI),
                        issued(4, susceptibility(4, "1", "", ">=32"))),
                life(
                        "it is issued again before the correction",
                        "1 " + STAPH,
                        culture(1, "F", COLI, STAPH),
                        issued(2, susceptibility(2, "1", "", ">=32")),
                        culture(4, "C", STAPH, COLI)
                                .replace("4500\n", "4500" + "|".repeat(15) + "202611220400\n"),
                        issued(3, susceptibility(5, "1", "", ">=32"))),
                life(
                        "it is examined again with the same result",
                        "",
                        culture(1, "F", COLI, STAPH),
                        susceptibility(2, "1", "", ">=32")
                                .replace("|F\n", "|F||||||||2026112202\n"),
                        culture(3, "C", STAPH, COLI),
                        susceptibility(4, "1", "", ">=32")
                                .replace("|F\n", "|F||||||||2026112204\n")),
                life(
                        "it is sent again with the times of its examination",
                        "1 " + STAPH,
                        culture(1, "F", COLI, STAPH),
                        susceptibility(2, "1", "", ">=32"),
                        culture(3, "C", STAPH, COLI),
                        susceptibility(4, "1", "", ">=32")
                                .replace("|F\n", "|F|||202611220110|||||202611220150\n")),
                life(
                        "it is confirmed with status C",
                        "",
                        culture(1, "F", COLI, STAPH),
                        susceptibility(2, "1", "", ">=32"),
                        culture(3, "C", STAPH, COLI),
                        susceptibility(4, "1", "", ">=32").replace("|F\n", "|C\n")),
                life(
                        "it is sent again with the organism that stands now",
                        "",
                        culture(1, "F", COLI, STAPH),
                        susceptibility(2, "1", COLI, ">=32"),
                        culture(3, "C", STAPH, COLI),
                        susceptibility(4, "1", STAPH, ">=32")),
                life(
                        "it is sent again as of the former organism",
                        "1 " + STAPH,
                        culture(1, "F", COLI, STAPH),
                        susceptibility(2, "1", COLI, ">=32"),
                        culture(3, "C", STAPH, COLI),
                        susceptibility(4, "1", COLI, ">=32")),
                life(
                        "it is reported under the new number: the old one stays in doubt",
                        "1 " + STAPH,
                        culture(1, "F", COLI, STAPH),
                        susceptibility(2, "1", COLI, ">=32"),
                        culture(3, "C", STAPH, COLI),
                        susceptibility(4, "2", COLI, ">=32")),
                life(
                        "it names the organism that stands, before the culture does",
                        "",
                        culture(1, "F", COLI, STAPH),
                        susceptibility(2, "1", STAPH, "<=2"),
                        culture(3, "C", STAPH, COLI)),
                life(
                        "the culture is corrected back",
                        "",
                        culture(1, "F", COLI, STAPH),
                        susceptibility(2, "1", "", ">=32"),
                        culture(3, "C", STAPH, COLI),
                        culture(4, "C", COLI, STAPH)),
                life(
                        "the child was said before its parent",
                        "",
                        susceptibility(1, "1", "", ">=32"),
                        culture(2, "F", COLI, STAPH)),
                life(
                        "the child was said before its parent, which is corrected",
                        "1 " + STAPH,
                        susceptibility(1, "1", "", ">=32"),
                        culture(2, "F", COLI, STAPH),
                        culture(3, "C", STAPH, COLI)),
                life(
                        "a group becomes a species",
                        "",
                        culture(1, "P", "Gram negative rods"),
                        susceptibility(2, "1", "", ">=32"),
                        culture(3, "F", COLI)),
                life(
                        "a name becomes more exact",
                        "",
                        culture(1, "F", COLI),
                        susceptibility(2, "1", COLI, ">=32"),
                        culture(3, "C", COLI + " (ESBL)")),
                life(
                        "a preliminary species becomes another one",
                        "1 " + STAPH,
                        culture(1, "P", COLI),
                        susceptibility(2, "1", "", ">=32"),
                        culture(3, "F", STAPH)),
                life(
                        "it names the organism in short",
                        "1 " + STAPH,
                        culture(1, "F", COLI, STAPH),
                        susceptibility(2, "1", "E. coli", ">=32"),
                        culture(3, "C", STAPH, COLI)),
                life(
                        "only the organism under one OBR is corrected",
                        "1 " + STAPH,
                        culture(1, "F", COLI) + "OBX|2|ST|18864-9^Ampicillin^LN|1|>=32||||||F",
                        culture(3, "C", STAPH)),
                life(
                        "all under one OBR is sent again",
                        "",
                        culture(1, "F", COLI) + "OBX|2|ST|18864-9^Ampicillin^LN|1|>=32||||||F",
                        culture(3, "C", STAPH) + "OBX|2|ST|18864-9^Ampicillin^LN|1|>=32||||||F"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lives")
    void whatIsInDoubtFollowsFromWhatWasSaidInAnyOrder(List<String> messages, String doubted) {
        for (var order : orders(messages)) {
            var person = chart(order);

            assertThat(doubts(person)).as("%s", order).isEqualTo(doubted);
        }
    }

    @Test
    void whatIsInDoubtIsListedUntilItIsReportedAgain() {
        var before = listed().size();
        var person =
                chart(
                        List.of(
                                culture(1, "F", COLI, STAPH),
                                susceptibility(2, "1", COLI, ">=32"),
                                culture(3, "C", STAPH, COLI)));
        assertThat(listed()).hasSize(before + 1);
        assertThat(listed())
                .filteredOn(row -> row.person().equals(person))
                .singleElement()
                .satisfies(
                        row -> {
                            assertThat(row.tests()).containsExactly("Ampicillin");
                            assertThat(row.masked()).isEqualTo("J. D. 1971");
                            assertThat(row.number()).startsWith("S");
                            assertThat(row.toString()).doesNotContain("1971");
                        });

        send(susceptibility(4, "1", STAPH, "<=2"), patients);

        assertThat(listed()).noneMatch(row -> row.person().equals(person));
    }

    @Test
    void anotherPatientsCultureWithTheSameNumberSaysNothing() {
        var person = chart(List.of(culture(1, "F", COLI), susceptibility(2, "1", "", ">=32")));
        int first = patients;
        var _ = chart(List.of());

        send(culture(3, "F", COLI).replace("|K1-", "|K1-other-"), patients);
        send(culture(4, "C", STAPH).replace("|K1-", "|K1-other-"), patients);

        assertThat(doubts(person)).isEmpty();
        send(culture(5, "C", STAPH), first);
        assertThat(doubts(person)).isEqualTo("1 " + STAPH);
    }

    private static List<CorrectedIsolates.Row> listed() {
        return new CorrectedIsolates(ENGINE.jdbc).since(Instant.EPOCH);
    }

    /** Of a new patient, each time. */
    private static UUID chart(List<String> messages) {
        patients++;
        ENGINE.send(EMR, adt("A28", "P" + patients, "PID|1||" + patient(patients)));
        for (var message : messages) send(message, patients);
        return UUID.fromString(
                ENGINE.one(
                        "select person_id from patient_record where id_value = 'M"
                                + patients
                                + "'"));
    }

    private static void send(String message, int patient) {
        ENGINE.send(
                LAB,
                message.replace("PID|1||", "PID|1||" + patient(patient))
                        .replaceAll("([KS])1-", "$1" + patient + "-"));
    }

    private static String patient(int number) {
        return "M" + number + "^^^CLINIC^MR||DOE^Jane||19710203|F";
    }

    private static String doubts(UUID person) {
        return new Reports(ENGINE.jdbc)
                .reports(person, 0, 10).items().stream()
                        .map(ReportView::doubts)
                        .flatMap(List::stream)
                        .map(CorrectedIsolatesTests::shown)
                        .sorted()
                        .collect(Collectors.joining(", "));
    }

    private static String shown(ValueDoubt said) {
        var doubt = (IsolateDoubt) said;
        assertThat(doubt.words()).startsWith("Not valid until").doesNotContain("null");
        return doubt.number() + " " + (doubt.name().isEmpty() ? "none" : doubt.name());
    }

    private static Arguments life(String name, String doubted, String... messages) {
        return arguments(named(name, List.of(messages)), doubted);
    }

    private static List<List<String>> orders(List<String> messages) {
        if (messages.isEmpty()) return List.of(List.of());
        var orders = new ArrayList<List<String>>();
        for (int i = 0; i < messages.size(); i++) {
            var rest = new ArrayList<>(messages);
            var first = rest.remove(i);
            for (var order : orders(rest)) {
                var all = new ArrayList<>(List.of(first));
                all.addAll(order);
                orders.add(all);
            }
        }
        return orders;
    }

    private static String culture(int hour, String status, String... names) {
        var message = new StringBuilder(header(hour, "K"));
        message.append("OBR|1||K1-1|600-7^Culture^LN|||20261120074500\n");
        for (int i = 0; i < names.length; i++)
            message.append(
                    "OBX|%d|ST|600-7^Organism^LN|%d|%s||||||%s\n"
                            .formatted(i + 1, i + 1, names[i], status));
        return message.toString();
    }

    private static String isolate(int hour, String status, int number, String name) {
        return header(hour, "I")
                + "OBR|1||K1-1|600-7^Culture^LN|||20261120074500\n"
                + "OBX|1|ST|600-7^Organism^LN|%d|%s||||||%s\n".formatted(number, name, status);
    }

    private static String susceptibility(int hour, String isolate, String name, String value) {
        return header(hour, "S" + isolate)
                + "OBR|1||S1-%s|50545-3^Susceptibility^LN|||20261120074500".formatted(isolate)
                + "|".repeat(19)
                + "600-7&Organism&LN^%s^%s|||^K1-1\n".formatted(isolate, name)
                + "OBX|1|ST|18864-9^Ampicillin^LN||%s||||||F\n".formatted(value);
    }

    /** With OBR-22. */
    private static String issued(int hour, String susceptibility) {
        var collected = "|||20261120074500";
        return susceptibility.replace(
                collected + "|".repeat(19),
                collected + "|".repeat(15) + "202611220%d00||||".formatted(hour));
    }

    private static String header(int hour, String kind) {
        return "MSH|^~\\&|LIS|NORTHLAB|EMR|CLINIC|202611220%d00||ORU^R01|%s%d|P|2.5.1\nPID|1||\n"
                .formatted(hour, kind, hour);
    }
}
