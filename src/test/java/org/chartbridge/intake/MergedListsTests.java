package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.intake.IdentityEngine.ANN;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.adt;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import org.chartbridge.chart.AllergyView;
import org.chartbridge.chart.CareStatements;
import org.chartbridge.chart.Page;
import org.chartbridge.chart.Registrations;
import org.chartbridge.chart.Registrations.Search;
import org.chartbridge.partner.Partner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * ⚠ Decision 0074: what a sender says of the number that stays takes back what it had said of the
 * one that was merged into it, and nothing else does.
 */
class MergedListsTests {
    private static final Partner OTHER =
            AdtEngine.partner(
                    "other",
                    Partner.Demographics.MASTER,
                    Partner.Empty.KEEP,
                    Partner.Patients.CREATE);
    private static final IdentityEngine ENGINE = new IdentityEngine(EMR, OTHER);
    private static final String PENICILLIN = "DA|P^Penicillin^L";
    private static final String AMOXICILLIN = "DA|A^Amoxicillin^L";
    private static final String LATEX = "LA|L^Latex^L";
    private static final String DUST = "EA|D^Dust^L";
    private static final int SHUFFLES = 4;

    @AfterAll
    static void stop() {
        ENGINE.close();
    }

    @BeforeEach
    void empty() {
        ENGINE.forget();
    }

    /** One message: whose, of which trigger, and what it says beside. */
    record One(Partner from, String trigger, String number, String segments) {}

    // ------------------------------------------------------------ lists and their order

    static Stream<Arguments> lives() {
        return Stream.of(
                life(
                        "the whole list after the merge",
                        "Latex",
                        of("M4", al1(PENICILLIN)),
                        merge("M4", "M1"),
                        of("M1", al1(LATEX))),
                life(
                        "the whole list before the merge",
                        "Latex, Penicillin",
                        of("M4", al1(PENICILLIN)),
                        of("M1", al1(LATEX)),
                        merge("M4", "M1")),
                life(
                        "an empty list after the merge",
                        "",
                        of("M4", al1(PENICILLIN)),
                        merge("M4", "M1"),
                        of("M1", "AL1|\"\"")),
                life(
                        "the list names it again",
                        "Penicillin",
                        of("M4", al1(PENICILLIN)),
                        merge("M4", "M1"),
                        of("M1", al1(PENICILLIN))),
                life(
                        "none known takes nothing away",
                        "Penicillin",
                        of("M4", al1(PENICILLIN)),
                        merge("M4", "M1"),
                        of("M1", al1("DA|NKDA"))),
                life(
                        "a list of the old number after the merge is of that number",
                        "Dust, Latex",
                        of("M4", al1(PENICILLIN)),
                        of("M1", al1(LATEX)),
                        merge("M4", "M1"),
                        of("M4", al1(DUST))),
                life(
                        "and stands until the next one",
                        "Latex",
                        merge("M4", "M1"),
                        of("M4", al1(DUST)),
                        of("M1", al1(LATEX))),
                life(
                        "what is said of the old number after that list is on it",
                        "Dust, Latex",
                        merge("M4", "M1"),
                        of("M1", al1(LATEX)),
                        of("M4", al1(DUST))),
                life(
                        "the list of another sender is its own",
                        "Latex, Penicillin",
                        of("M4", al1(PENICILLIN)),
                        merge("M4", "M1"),
                        new One(OTHER, "A31", "M1", al1(LATEX))),
                life(
                        "linked numbers have a list each",
                        "Latex, Penicillin",
                        of("M4", al1(PENICILLIN)),
                        new One(EMR, "A24", "M1", "PID|2||M4^^^CLINIC^MR||DOE^Jane||19710203|F"),
                        of("M1", al1(LATEX))),
                life(
                        "the merge is sent again after the list",
                        "Latex",
                        of("M4", al1(PENICILLIN)),
                        merge("M4", "M1"),
                        of("M1", al1(LATEX)),
                        merge("M4", "M1")),
                life(
                        "over a third number",
                        "Dust",
                        of("M5", al1(PENICILLIN)),
                        of("M4", al1(LATEX)),
                        merge("M5", "M4"),
                        merge("M4", "M1"),
                        of("M1", al1(DUST))),
                life(
                        "between two merges",
                        "Latex",
                        of("M5", al1(PENICILLIN)),
                        merge("M5", "M4"),
                        of("M4", al1(LATEX)),
                        merge("M4", "M1")),
                life(
                        "before the second merge of a chain",
                        "Dust, Penicillin",
                        of("M5", al1(PENICILLIN)),
                        merge("M4", "M1"),
                        of("M1", al1(DUST)),
                        merge("M5", "M4")),
                life(
                        "two numbers that went",
                        "Latex",
                        of("M5", al1(PENICILLIN)),
                        of("M4", al1(DUST)),
                        merge("M5", "M1"),
                        merge("M4", "M1"),
                        of("M1", al1(LATEX))));
    }

    static Stream<Arguments> changes() {
        return Stream.of(
                life(
                        "one is deleted after the merge",
                        "Latex",
                        of("M4", al1(PENICILLIN) + "\n" + al1(LATEX)),
                        merge("M4", "M1"),
                        of("M1", iam(PENICILLIN, "D", ""))),
                life(
                        "and said of the old number again",
                        "Penicillin",
                        of("M4", al1(PENICILLIN)),
                        merge("M4", "M1"),
                        of("M1", iam(PENICILLIN, "D", "")),
                        of("M4", iam(PENICILLIN, "A", ""))),
                life(
                        "one is deleted before the merge",
                        "Penicillin",
                        of("M4", al1(PENICILLIN)),
                        of("M1", iam(PENICILLIN, "D", "")),
                        merge("M4", "M1")),
                life(
                        "one is deleted of the old number after the merge",
                        "Penicillin",
                        of("M1", al1(PENICILLIN)),
                        merge("M4", "M1"),
                        of("M4", iam(PENICILLIN, "D", ""))),
                life(
                        "deleted by its number alone",
                        "",
                        of("M4", iam(PENICILLIN, "A", "E-7")),
                        merge("M4", "M1"),
                        of("M1", iam("|", "D", "E-7"))),
                life(
                        "corrected under its number",
                        "Amoxicillin",
                        of("M4", iam(PENICILLIN, "A", "E-7")),
                        merge("M4", "M1"),
                        of("M1", iam(AMOXICILLIN, "U", "E-7"))),
                life(
                        "corrected twice",
                        "Dust",
                        of("M4", iam(PENICILLIN, "A", "E-7")),
                        merge("M4", "M1"),
                        of("M1", iam(AMOXICILLIN, "U", "E-7")),
                        of("M1", iam(DUST, "U", "E-7"))),
                life(
                        "corrected before the merge",
                        "Amoxicillin, Penicillin",
                        of("M4", iam(PENICILLIN, "A", "E-7")),
                        of("M1", iam(AMOXICILLIN, "U", "E-7")),
                        merge("M4", "M1")),
                life(
                        "a number that each patient has is deleted",
                        "Penicillin",
                        of("M4", iam(PENICILLIN, "A", "E-7")),
                        of("M1", iam(LATEX, "A", "E-7")),
                        merge("M4", "M1"),
                        of("M1", iam("|", "D", "E-7"))),
                life(
                        "or corrected",
                        "Dust, Penicillin",
                        of("M4", iam(PENICILLIN, "A", "E-7")),
                        of("M1", iam(LATEX, "A", "E-7")),
                        merge("M4", "M1"),
                        of("M1", iam(DUST, "U", "E-7"))),
                life(
                        "or deleted of something else",
                        "Penicillin",
                        of("M4", iam(PENICILLIN, "A", "E-7")),
                        of("M1", iam(LATEX, "A", "E-7")),
                        merge("M4", "M1"),
                        of("M1", iam(DUST, "D", "E-7"))),
                life(
                        "but what is named is deleted, as what the number is of",
                        "",
                        of("M4", iam(PENICILLIN, "A", "E-7")),
                        of("M1", iam(LATEX, "A", "E-7")),
                        merge("M4", "M1"),
                        of("M1", iam(PENICILLIN, "D", "E-7"))),
                life(
                        "one allergy under two numbers is deleted under one",
                        "Penicillin",
                        of("M4", iam(PENICILLIN, "A", "E-7")),
                        of("M1", iam(PENICILLIN, "A", "E-8")),
                        merge("M4", "M1"),
                        of("M1", iam(PENICILLIN, "D", "E-8"))),
                life(
                        "and under both",
                        "",
                        of("M4", iam(PENICILLIN, "A", "E-7")),
                        of("M1", iam(PENICILLIN, "A", "E-8")),
                        merge("M4", "M1"),
                        of("M1", iam(PENICILLIN, "D", "E-8")),
                        of("M1", iam(PENICILLIN, "D", "E-7"))),
                life(
                        "a whole list leaves out what has a number",
                        "Latex",
                        of("M4", iam(PENICILLIN, "A", "E-7")),
                        merge("M4", "M1"),
                        of("M1", al1(LATEX))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"lives", "changes"})
    void whatStandsFollowsFromWhatWasSaidInAnyOrder(List<One> said, String allergies) {
        var order = new ArrayList<String>();
        var from = new ArrayList<Partner>();
        for (var one : said) {
            order.add(message(one, order.size() + 1));
            from.add(one.from());
        }
        var turns = new ArrayList<Integer>();
        for (int i = 0; i < said.size(); i++) turns.add(i);
        var seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < SHUFFLES; i++) {
            ENGINE.forget();
            for (int turn : turns) ENGINE.send(from.get(turn), order.get(turn));

            assertThat(allergies("M1"))
                    .as("seed %s, %s", seed, ENGINE.order())
                    .isEqualTo(allergies);
            if (i == 0) Collections.reverse(turns);
            else Collections.shuffle(turns, random);
        }
        assertThat(ENGINE.rebuilt().isEqual()).isTrue();
    }

    // ------------------------------------------------------------ undone

    @Test
    void anUndoneMergeHasTakenNothing() {
        send(of("M4", al1(PENICILLIN)), merge("M4", "M1"), of("M1", al1(LATEX)));
        assertThat(allergies("M1")).isEqualTo("Latex");

        ENGINE.decisions.undo(ENGINE.entry("C2"), ANN);

        assertThat(allergies("M1")).isEqualTo("Latex");
        assertThat(allergies("M4")).isEqualTo("Penicillin");
    }

    @Test
    void aNumberThatWasSplitOffHasItsList() {
        send(of("M4", al1(PENICILLIN)), merge("M4", "M1"), of("M1", al1(LATEX)));
        var person = person("M1");
        var records = Set.of(ENGINE.record("M1"), ENGINE.record("M4"));

        long split = ENGINE.decisions.split(person, records, Set.of(ENGINE.record("M4")), ANN);

        assertThat(allergies("M4")).isEqualTo("Penicillin");
        assertThat(allergies("M1")).isEqualTo("Latex");
        ENGINE.decisions.undo(split, ANN);
        assertThat(allergies("M1")).isEqualTo("Latex");
    }

    /** What a person merges is one from that moment. */
    @Test
    void afterAPersonsMergeTheNextListCounts() {
        send(of("M4", al1(PENICILLIN)), of("M1", al1(LATEX)));
        ENGINE.decisions.merge(ENGINE.record("M4"), ENGINE.record("M1"), ANN);
        assertThat(allergies("M1")).isEqualTo("Latex, Penicillin");

        ENGINE.send(EMR, ahead(Duration.ofMinutes(1), of("M1", al1(DUST)), 3));

        assertThat(allergies("M1")).isEqualTo("Dust");
    }

    /** ⚠ What came before a person's merge was said before it, also by a clock that is fast. */
    @Test
    void whatCameBeforeAPersonsMergeTakesNothing() {
        send(of("M4", al1(PENICILLIN)));
        ENGINE.send(EMR, ahead(Duration.ofHours(5), of("M1", al1(LATEX)), 2));
        ENGINE.decisions.merge(ENGINE.record("M4"), ENGINE.record("M1"), ANN);
        assertThat(allergies("M1")).isEqualTo("Latex, Penicillin");

        ENGINE.send(EMR, ahead(Duration.ofHours(5).plusMinutes(1), of("M1", al1(DUST)), 3));

        assertThat(allergies("M1")).isEqualTo("Dust");
    }

    private static String ahead(Duration by, One one, int at) {
        var time =
                DateTimeFormatter.ofPattern("yyyyMMddHHmmss'+0000'")
                        .withZone(ZoneOffset.UTC)
                        .format(Instant.now().plus(by));
        return message(one, at).replaceAll("20261122\\d{4}(00)?", time);
    }

    // ------------------------------------------------------------ the other lists

    @Test
    void aDiagnosisACoverageAndAGuarantorAreTakenBackAlike() {
        send(
                of(
                        "M4",
                        """
                        DG1|1||J18.9^Pneumonia^I10||20261122|W
                        IN1|1|PPO^Gold plan|I1|Acme Health
                        GT1|1|G-1^^^CLINIC|ADAMS^Ida\
                        """),
                merge("M4", "M1"));
        assertThat(others()).isEqualTo("Pneumonia, Gold plan, ADAMS, Ida");

        send(3, of("M1", "DG1|1||I10^Hypertension^I10||20261122|W\nIN1|\"\"\nGT1|\"\""));

        assertThat(others()).isEqualTo("Hypertension");
    }

    @Test
    void aDoseThatIsDeletedAfterTheMergeIsGone() {
        ENGINE.send(EMR, vxu(1, "M4", "A"));
        send(2, merge("M4", "M1"));
        assertThat(items((chart, whose) -> chart.immunizations(whose, 0, 10))).hasSize(1);

        ENGINE.send(EMR, vxu(3, "M1", "D"));

        assertThat(items((chart, whose) -> chart.immunizations(whose, 0, 10))).isEmpty();
    }

    @Test
    void anAppointmentIsOneUnderEitherNumber() {
        ENGINE.send(EMR, siu(1, "M4", "S12"));
        send(2, merge("M4", "M1"));

        ENGINE.send(EMR, siu(3, "M1", "S15"));

        assertThat(items((chart, whose) -> chart.appointments(whose, 0, 10)))
                .singleElement()
                .satisfies(one -> assertThat(one.state()).isEqualTo("cancelled"));
    }

    /** ⚠ A document that was cancelled has no content any more. */
    @Test
    void aDocumentThatIsCancelledAfterTheMergeHasNoContent() {
        ENGINE.send(EMR, mdm(1, "M4", "T02"));
        send(2, merge("M4", "M1"));
        var care = CareStatements.of(ENGINE.jdbc);
        long id = care.documents(Search.of(person("M1")), 0, 10).items().getFirst().id();
        assertThat(care.content(id, 1)).isPresent();

        ENGINE.send(EMR, mdm(3, "M1", "T11"));

        assertThat(care.documents(Search.of(person("M1")), 0, 10).items()).isEmpty();
        assertThat(care.content(id, 1)).isEmpty();
        assertThat(care.documents(Search.of(id), 0, 1).items())
                .singleElement()
                .satisfies(
                        one -> {
                            assertThat(one.active()).isFalse();
                            assertThat(one.parts()).isEmpty();
                        });
    }

    @Test
    void noneKnownOfTheOldNumberEndsWithTheNextList() {
        send(of("M4", al1("DA|NKDA")), merge("M4", "M1"));
        assertThat(noneKnown()).isEqualTo(1);

        send(3, of("M1", al1(LATEX)));

        assertThat(noneKnown()).isZero();
    }

    @Test
    void noneKnownOfTheOldNumberStaysWhenTheListCameBeforeTheMerge() {
        send(of("M4", al1("DA|NKDA")), of("M1", al1(LATEX)), merge("M4", "M1"));

        assertThat(noneKnown()).isEqualTo(1);
    }

    /** Who holds an id of before sees the same as who asks for the list. */
    @Test
    void byItsIdItIsNoLongerActive() {
        send(of("M4", al1(PENICILLIN)), merge("M4", "M1"));
        long id = items((chart, whose) -> chart.allergies(whose, 0, 10)).getFirst().id();

        send(3, of("M1", al1(LATEX)));

        assertThat(items((chart, _) -> chart.allergies(Search.of(id), 0, 1)))
                .singleElement()
                .satisfies(one -> assertThat(one.active()).isFalse());
        var total = read("M1", (chart, whose) -> chart.allergies(whose, 0, 1).total());
        assertThat(total).isEqualTo(1L);
    }

    // ------------------------------------------------------------ messages and pages

    private static Arguments life(String name, String allergies, One... said) {
        return arguments(named(name, List.of(said)), allergies);
    }

    private static One of(String number, String segments) {
        return new One(EMR, "A31", number, segments);
    }

    private static One merge(String from, String into) {
        return new One(EMR, "A40", into, "MRG|" + from + "^^^CLINIC^MR");
    }

    private static String al1(String what) {
        return "AL1|1|" + what;
    }

    private static String iam(String what, String action, String number) {
        return "IAM|1|" + what + "|||" + action + "|" + number;
    }

    private static String pid(String number) {
        return "PID|1||" + number + "^^^CLINIC^MR||DOE^Jane||19710203|F";
    }

    private static String message(One one, int at) {
        return adt(one.trigger(), "C" + at, pid(one.number()), one.segments());
    }

    private static void send(One... all) {
        send(1, all);
    }

    private static void send(int at, One... all) {
        for (int i = 0; i < all.length; i++) ENGINE.send(all[i].from(), message(all[i], at + i));
    }

    private static String header(int at, String type) {
        return "MSH|^~\\&|EMR|CLINIC|CB|CLINIC|2026112208%02d00||%s|C%d|P|2.5.1\n"
                .formatted(at, type, at);
    }

    private static String vxu(int at, String number, String action) {
        return header(at, "VXU^V04^VXU_V04")
                + pid(number)
                + "\nORC|RE||I-1\nRXA|0|1|20261101||03^MMR^CVX|999||||||||||||||CP|"
                + action;
    }

    private static String siu(int at, String number, String trigger) {
        return header(at, "SIU^" + trigger)
                + "SCH|A-1|A-9||||R^Routine|||30|min|^^30^20261201090000^20261201093000"
                + "|||||||||||||||O-5\n"
                + pid(number);
    }

    private static String mdm(int at, String number, String trigger) {
        return header(at, "MDM^" + trigger)
                + pid(number)
                + "\nTXA|1|CN^Consultation|TX|20261122070000||||||||D-1|||||"
                + (trigger.equals("T11") ? "CA" : "DO\nOBX|1|TX|N^Note||All is well.||||||F");
    }

    private static UUID person(String number) {
        return UUID.fromString(
                ENGINE.one(
                        "select person_id from patient_record where id_value = '" + number + "'"));
    }

    private static <T> List<T> items(BiFunction<Registrations, Search, Page<T>> reading) {
        return read("M1", reading).items();
    }

    private static <T> T read(String number, BiFunction<Registrations, Search, T> reading) {
        try (var connection = ENGINE.dataSource().getConnection()) {
            return reading.apply(Registrations.of(connection), Search.of(person(number)));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String allergies(String number) {
        return read(number, (chart, whose) -> chart.allergies(whose, 0, 10).items()).stream()
                .filter(AllergyView::active)
                .map(one -> one.substance().text())
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static String others() {
        var all = new ArrayList<String>();
        items((chart, whose) -> chart.conditions(whose, 0, 10))
                .forEach(one -> all.add(one.code().text()));
        items((chart, whose) -> chart.coverages(whose, 0, 10))
                .forEach(one -> all.add(one.planText()));
        items((chart, whose) -> chart.guarantors(whose, 0, 10)).forEach(one -> all.add(one.name()));
        return String.join(", ", all);
    }

    private static int noneKnown() {
        return read("M1", (chart, _) -> chart.noneKnown(person("M1")).size());
    }
}
