package org.chartbridge.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import org.chartbridge.chart.PersonSearch.IdentifierMatch;
import org.chartbridge.database.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/** Every statement runs against PostgreSQL; what is seeded is what the fold may leave behind. */
class ChartReadsTests {
    @AutoClose final TestDatabase database = TestDatabase.fresh();
    final Persons persons = new Persons(database.jdbc());
    final Reports reports = new Reports(database.jdbc());
    final Observations observations = new Observations(database.jdbc());
    final ValuesOverTime overTime = new ValuesOverTime(database.jdbc());
    final Documents documents = new Documents(database.jdbc());
    final ChartedEntries charted = new ChartedEntries(database.jdbc());
    final ChartSeed seed = new ChartSeed(database.dataSource());
    UUID ada = new UUID(0, 0);
    long adaRecord;

    @BeforeEach
    void onePatient() {
        ada = seed.person();
        adaRecord =
                seed.record(
                        ada,
                        "CLINIC|MR|4711",
                        "EXAMPLE^Ada",
                        "1970-02-03",
                        ",{\"authority\":\"\",\"type\":\"SS\",\"value\":\"000-00-4711\"}");
    }

    @Test
    void aPersonIsFoundByAnyIdentifierWithOrWithoutItsAuthority() {
        assertThat(find(PersonSearch.byIdentifier("4711"))).containsExactly(ada);
        assertThat(find(PersonSearch.byIdentifier("000-00-4711"))).containsExactly(ada);
        assertThat(find(identifier("4711", "CLINIC"))).containsExactly(ada);
        assertThat(find(identifier("000-00-4711", ""))).containsExactly(ada);
        assertThat(find(identifier("4711", "OTHER"))).isEmpty();
        assertThat(find(identifier("4711", ""))).isEmpty();
        assertThat(find(identifier("000-00-4711", "CLINIC"))).isEmpty();
        assertThat(find(PersonSearch.byIdentifier("471"))).isEmpty();
        assertThat(find(PersonSearch.byIdentifier("' or '1'='1"))).isEmpty();
    }

    @Test
    void aPersonIsFoundByHowTheNameBeginsInAnyCase() {
        assertThat(find(PersonSearch.all().withName("exam", null))).containsExactly(ada);
        assertThat(find(PersonSearch.all().withName("EXAM", "ad"))).containsExactly(ada);
        assertThat(find(PersonSearch.all().withName("ample", null))).isEmpty();
        assertThat(find(PersonSearch.all().withName("%", null))).isEmpty();
        assertThat(find(PersonSearch.all().withName("EX_M", null))).isEmpty();
        assertThat(find(PersonSearch.all().withName("\\", null))).isEmpty();
    }

    @Test
    void aPersonIsFoundByBirthDateOfAnyPrecision() {
        var yearOnly = seed.person();
        seed.record(yearOnly, "CLINIC|MR|2", "SAMPLE^Bo", "1970");
        seed.record(seed.person(), "CLINIC|MR|3", "UNKNOWN^Cy", "");

        assertThat(find(PersonSearch.all().withBirthDate("1970-02-03"))).containsExactly(ada);
        assertThat(find(PersonSearch.all().withBirthDate("1970"))).containsExactly(ada, yearOnly);
        assertThat(find(PersonSearch.all().withBirthDate("1970-03"))).isEmpty();
    }

    @Test
    void aPersonOfTwoRecordsIsOnePersonOnAPage() {
        seed.record(ada, "NORTHLAB|PI|N-1", "EXAMPLE^A.", "1970-02-03");
        IntStream.range(0, 4)
                .forEach(n -> seed.record(seed.person(), "CLINIC|MR|X" + n, "EXAMPLE^P" + n, ""));

        var first = persons.find(PersonSearch.all().withName("EXAMPLE", null), 0, 2);
        var last = persons.find(PersonSearch.all().withName("EXAMPLE", null), 4, 2);
        var beyond = persons.find(PersonSearch.all(), 50, 2);

        assertThat(first.total()).isEqualTo(5);
        assertThat(first.hasNext()).isTrue();
        assertThat(first.items().getFirst().id()).isEqualTo(ada);
        assertThat(first.items().getFirst().records()).hasSize(2);
        assertThat(first.items().getFirst().main().identifiers())
                .extracting(IdentifierView::value)
                .containsExactly("4711", "000-00-4711");
        assertThat(last.items()).hasSize(1);
        assertThat(last.hasNext()).isFalse();
        assertThat(beyond.items()).isEmpty();
        assertThat(beyond.total()).isEqualTo(5);
    }

    @Test
    void reportsComeLastCollectedFirstWithAllTheyHold() {
        var older = seed.report(adaRecord, "A-1", "202603010800").write();
        var undated = seed.report(adaRecord, "A-0", "").write();
        var provider = seed.provider("NPI", "1234567893", "HEALER", "Hana");
        var newer =
                seed.report(adaRecord, "A-2", "202603050800").set("ordering_provider", provider);
        newer.write();
        var sodium = seed.observation(newer, "202603050800").write();
        var pdf = seed.observation(newer, "202603050800").set("code", "PDF").write();
        seed.note(newer, "about the report");
        seed.note(sodium, "about the value");
        var document = seed.document(pdf, "%PDF-1.4 invented");
        seed.report(seed.record(seed.person(), "CLINIC|MR|9", "OTHER^P", ""), "A-3", "20260306")
                .write();

        var page = reports.reports(ada, 0, 10);

        assertThat(page.total()).isEqualTo(3);
        assertThat(page.items())
                .extracting(ReportView::series)
                .containsExactly(newer.series(), older.series(), undated.series());
        var report = page.items().getFirst();
        assertThat(report.orderingProvider()).isNotNull();
        assertThat(report.observations())
                .extracting(ObservationView::series)
                .containsExactly(sodium.series(), pdf.series());
        assertThat(report.notes()).extracting(NoteView::text).containsExactly("about the report");
        assertThat(report.observations().getFirst().notes())
                .extracting(NoteView::text)
                .containsExactly("about the value");
        assertThat(report.documents()).extracting(DocumentView::id).containsExactly(document);
        assertThat(report.leftOut()).isZero();
        assertThat(reports.report(newer.series())).contains(report);
        assertThat(reports.report(4)).isEmpty();
    }

    @Test
    void aCorrectedValueShowsAloneAndItsHistoryTellsWhatItReplaced() {
        var report = seed.report(adaRecord, "A-1", "202603010800").write();
        var first = seed.observation(report, "202603010800").write();
        var corrected = seed.again(first).set("value_text", "130").set("corrected", true);
        corrected.set("value_number", new BigDecimal("130")).set("status", "C").write();
        first.becomes("replaced", corrected);
        seed.again(corrected).set("standing", "late").set("value_text", "140").write();

        var shown = reports.report(report.series()).orElseThrow().observations();
        var history = observations.history(first.series());

        assertThat(shown).extracting(ObservationView::valueText).containsExactly("130");
        assertThat(history)
                .extracting(
                        ObservationView::version,
                        ObservationView::standing,
                        ObservationView::valueText,
                        ObservationView::replacedByEntry)
                .containsExactly(
                        tuple(3, Standing.LATE, "140", null),
                        tuple(2, Standing.CURRENT, "130", null),
                        tuple(1, Standing.REPLACED, "140", corrected.get("entry_id")));
        assertThat(observations.observation(first.series()).orElseThrow().corrected()).isTrue();
    }

    @Test
    void aHistoryAsSaidFollowsTheLabsTimesAndNotTheOrderOfArrival() {
        var report = seed.report(adaRecord, "A-1", "202603010800").write();
        var correction = seed.observation(report, "202603010800").set("value_text", "130");
        correction.set("status", "C").set("corrected", true);
        correction.set("issued_at", ChartSeed.at("2026-03-01T13:00:00Z")).write();
        var first = seed.again(correction).set("standing", "replaced").set("corrected", false);
        first.set("value_text", "140").set("status", "F");
        first.set("issued_at", ChartSeed.at("2026-03-01T11:30:00Z")).write();
        var sentAgain = seed.again(first).set("standing", "late");
        sentAgain.set("issued_at", ChartSeed.at("2026-03-01T14:00:00Z")).write();

        assertThat(observations.historyAsSaid(correction.series()))
                .extracting(ObservationView::standing, ObservationView::saidAt)
                .containsExactly(
                        tuple(Standing.LATE, Instant.parse("2026-03-01T14:00:00Z")),
                        tuple(Standing.CURRENT, Instant.parse("2026-03-01T13:00:00Z")),
                        tuple(Standing.REPLACED, Instant.parse("2026-03-01T11:30:00Z")));
        assertThat(observations.history(correction.series()))
                .extracting(ObservationView::version)
                .containsExactly(3, 2, 1);
    }

    @Test
    void whatWasWithdrawnIsInNoClinicalReadNotEvenAsHistory() {
        var report = seed.report(adaRecord, "A-1", "202603010800").write();
        var first = seed.observation(report, "202603010800").write();
        var second = seed.again(first).set("value_text", "150").write();
        var deletion = seed.again(second).set("status", "D").set("standing", "withdrawal").write();
        first.becomes("withdrawn", deletion);
        second.becomes("withdrawn", deletion);
        var document = seed.document(second, "%PDF-1.4 gone");
        seed.note(second, "gone");

        assertThat(reports.report(report.series())).isEmpty();
        assertThat(reports.existed(report.series())).isTrue();
        assertThat(reports.reports(ada, 0, 10).total()).isZero();
        assertThat(observations.observation(first.series())).isEmpty();
        assertThat(observations.existed(first.series())).isTrue();
        assertThat(observations.history(first.series())).isEmpty();
        assertThat(observations.find(ResultSearch.of(ada), 0, 10).items()).isEmpty();
        assertThat(overTime.tests(ada, 10).items()).isEmpty();
        assertThat(documents.document(document)).isEmpty();
        assertThat(observations.everyVersion(first.series())).hasSize(3);
        assertThat(charted.facts((long) second.get("entry_id")).reports()).isEmpty();
    }

    @Test
    void aReportKeepsTheValuesBesideAWithdrawnOne() {
        var report = seed.report(adaRecord, "A-1", "202603010800").write();
        var gone = seed.observation(report, "202603010800").write();
        var deletion = seed.again(gone).set("status", "D").set("standing", "withdrawal").write();
        gone.becomes("withdrawn", deletion);
        var kept = seed.observation(report, "202603010800").write();

        assertThat(reports.report(report.series()).orElseThrow().observations())
                .extracting(ObservationView::series)
                .containsExactly(kept.series());
    }

    @Test
    void aValuePostedAnewAfterAWithdrawalDoesNotBringTheWithdrawnOneBack() {
        var report = seed.report(adaRecord, "A-1", "202603010800").write();
        var first = seed.observation(report, "202603010800").write();
        var deletion = seed.again(first).set("status", "W").set("standing", "withdrawal").write();
        first.becomes("withdrawn", deletion);
        var late = seed.again(deletion).set("status", "F").set("standing", "late").write();
        var third = seed.again(late).set("standing", "replaced").set("value_text", "141").write();
        seed.again(third).set("standing", "current").set("value_text", "142").write();

        assertThat(observations.history(first.series()))
                .extracting(ObservationView::valueText)
                .containsExactly("142", "141");
    }

    @Test
    void whatNeverCountedNeverShows() {
        var report = seed.report(adaRecord, "A-1", "202603010800").write();
        for (var standing : List.of("late", "repeat", "not-shown", "not-applied", "replaced")) {
            seed.observation(report, "202603010800").set("standing", standing).write();
        }
        seed.report(adaRecord, "A-2", "202603010800").set("standing", "withdrawn").write();

        assertThat(reports.reports(ada, 0, 10).items()).hasSize(1);
        assertThat(reports.reports(ada, 0, 10).items().getFirst().observations()).isEmpty();
        assertThat(observations.find(ResultSearch.of(ada), 0, 10).total()).isZero();
        assertThat(overTime.tests(ada, 10).items()).isEmpty();
    }

    @Test
    void aWithdrawnReportTakesItsValuesAlong() {
        var report = seed.report(adaRecord, "A-1", "202603010800").set("standing", "withdrawn");
        report.write();
        var value = seed.observation(report, "202603010800").write();
        var document = seed.document(value, "%PDF-1.4 gone");

        assertThat(observations.observation(value.series())).isEmpty();
        assertThat(observations.history(value.series())).isEmpty();
        assertThat(documents.document(document)).isEmpty();
        assertThat(reports.report(report.series())).isEmpty();
        assertThat(reports.existed(report.series())).isTrue();
        assertThat(reports.existed(5)).isFalse();
    }

    @Test
    void theLatestValueIsTheLastCollectedNotTheLastReceived() {
        var march = seed.report(adaRecord, "A-2", "202603050800").write();
        var latest = seed.observation(march, "202603050800").set("value_text", "133").write();
        var february = seed.report(adaRecord, "A-1", "202602050800").write();
        var before = seed.observation(february, "202602050800").write();
        var corrected = seed.again(before).set("value_text", "129").set("corrected", true).write();
        before.becomes("replaced", corrected);

        var tests = overTime.tests(ada, 1);
        var test = overTime.test(ada, tests.items().getFirst().key(), 10).orElseThrow();

        assertThat(tests.items()).hasSize(1);
        assertThat(tests.items().getFirst().latest().series()).isEqualTo(latest.series());
        assertThat(tests.items().getFirst().total()).isEqualTo(2);
        assertThat(test.values())
                .extracting(ObservationView::valueText)
                .containsExactly("133", "129");
        assertThat(test.latest()).isEqualTo(tests.items().getFirst().latest());
    }

    @Test
    void localCodesOfTwoLabsAndTwoSubIdsAreTestsOfTheirOwn() {
        var north = seed.report(adaRecord, "A-1", "202603010800").write();
        var south = seed.report(adaRecord, "B-1", "202603020800").set("partner", "southlab");
        south.write();
        seed.observation(north, "202603010800").set("code_system", "L").write();
        seed.observation(south, "202603020800").set("code_system", "L").write();
        seed.observation(north, "202603010800").write();
        seed.observation(south, "202603020800").write();
        seed.observation(south, "202603020800").set("sub_id", "2").write();
        // Without a code the text tells tests apart.
        for (var text : List.of("Left", "Right")) {
            seed.observation(south, "202603020800")
                    .set("code", "")
                    .set("code_text", text)
                    .set("code_system", "")
                    .write();
        }

        var tests = overTime.tests(ada, 5).items();

        assertThat(tests)
                .extracting(test -> test.key().partner(), TestView::total)
                .containsExactlyInAnyOrder(
                        tuple("northlab", 1L),
                        tuple("southlab", 1L),
                        tuple("", 2L),
                        tuple("", 1L),
                        tuple("southlab", 1L),
                        tuple("southlab", 1L));
    }

    @Test
    void thePreviousValueIsTheOneCollectedBeforeAndIsAValue() {
        var january = seed.report(adaRecord, "A-1", "202601050800").write();
        var value = seed.observation(january, "202601050800").set("value_text", "137").write();
        var february = seed.report(adaRecord, "A-2", "202602050800").write();
        seed.observation(february, "202602050800").set("status", "X").write();
        var march = seed.report(adaRecord, "A-3", "202603050800").write();
        var now = seed.observation(march, "202603050800").write();
        var other = seed.observation(march, "202603050800").set("code", "2823-3").write();
        var april = seed.report(adaRecord, "A-4", "202604050800").write();
        seed.observation(april, "202604050800").write();

        var previous = overTime.previousValues(march.series());

        assertThat(previous).containsOnlyKeys(now.series()).doesNotContainKey(other.series());
        assertThat(previous.get(now.series()))
                .extracting(ObservationView::series)
                .isEqualTo(value.series());
        assertThat(overTime.previousValues(january.series())).isEmpty();
        assertThat(overTime.previousValues(7)).isEmpty();
    }

    @Test
    void aDocumentIsReadWithTheTypeItsBytesHave() {
        var report = seed.report(adaRecord, "A-1", "202603010800").write();
        var carrier = seed.observation(report, "202603010800").write();
        var id = seed.document(carrier, "%PDF-1.4 invented");

        var file = documents.document(id).orElseThrow();

        assertThat(file.document().mediaType()).isEqualTo("application/pdf");
        assertThat(file.document().personId()).isEqualTo(ada);
        assertThat(file.document().hash()).hasSize(64);
        assertThat(new String(file.content(), StandardCharsets.US_ASCII))
                .isEqualTo("%PDF-1.4 invented");
        assertThat(documents.document(3)).isEmpty();
    }

    @Test
    void theFactsOfAnEntryAreThoseItSaidWhateverBecameOfThem() {
        var report = seed.report(adaRecord, "A-1", "202603010800").write();
        var first = seed.observation(report, "202603010800").set("path", "OBX[1]").write();
        var entry = (long) report.get("entry_id");
        var deletedReport = seed.again(report).set("standing", "replaced").write();
        var deletion =
                seed.again(first)
                        .set("status", "D")
                        .set("standing", "withdrawal")
                        .set("entry_id", deletedReport.get("entry_id"))
                        .write();
        first.becomes("withdrawn", deletion);

        var facts = charted.facts(entry);
        var ofDeletion = charted.facts((long) deletedReport.get("entry_id"));

        assertThat(facts.reports()).hasSize(1);
        assertThat(facts.reports().getFirst().personId()).isEqualTo(ada);
        assertThat(facts.reports().getFirst().observations())
                .extracting(EntryFacts.ObservationFact::path, f -> f.standing(), f -> f.valueText())
                .containsExactly(tuple("OBX[1]", Standing.WITHDRAWN, ""));
        assertThat(ofDeletion.reports().getFirst().observations())
                .extracting(EntryFacts.ObservationFact::standing)
                .containsExactly(Standing.WITHDRAWAL);
        assertThat(charted.facts(2).reports()).isEmpty();
    }

    @Test
    void resultsAreSearchedByEitherCodingByDayAsWrittenAndByStatus() {
        var report = seed.report(adaRecord, "A-1", "202603012330").write();
        var value =
                seed.observation(report, "202603012330")
                        .set("code", "NA")
                        .set("code_system", "99LAB")
                        .set(
                                "alternate",
                                "{\"code\":\"2951-2\",\"text\":\"Sodium\",\"system\":\"LN\"}")
                        .write();
        var dateOnly = seed.observation(report, "20260301").set("corrected", true).write();

        assertThat(codes(new ResultSearch.CodeMatch("2951-2", List.of("LN", "LOINC"), null)))
                .containsExactlyInAnyOrder(value.series(), dateOnly.series());
        assertThat(codes(new ResultSearch.CodeMatch("NA", List.of("99LAB"), "northlab")))
                .containsExactly(value.series());
        assertThat(codes(new ResultSearch.CodeMatch("NA", List.of(), "southlab"))).isEmpty();
        // 23:30 at the lab is the next day in UTC; the lab's day counts.
        assertThat(days(DayMatch.Comparison.EQ, "2026-03-01")).hasSize(2);
        assertThat(days(DayMatch.Comparison.EQ, "2026-03-02")).isEmpty();
        assertThat(days(DayMatch.Comparison.GE, "2026-03-01")).hasSize(2);
        assertThat(days(DayMatch.Comparison.GT, "2026-03-01")).isEmpty();
        assertThat(days(DayMatch.Comparison.LT, "2026-03")).isEmpty();
        assertThat(days(DayMatch.Comparison.LE, "2026-03")).hasSize(2);
        assertThat(days(DayMatch.Comparison.SA, "2025")).hasSize(2);
        assertThat(days(DayMatch.Comparison.EB, "2027")).hasSize(2);
        assertThat(days(DayMatch.Comparison.NE, "2026")).isEmpty();
        var search = ResultSearch.of(ada);
        assertThat(
                        found(
                                new ResultSearch(
                                        search.persons(),
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        List.of("F"),
                                        List.of(),
                                        false)))
                .containsExactly(value.series());
    }

    @Test
    void everyReadHasALimit() {
        var report = seed.report(adaRecord, "A-1", "202603010800").write();
        for (var n = 0; n <= Reports.MAX_DOCUMENTS_PER_REPORT; n++) {
            var carrier = seed.observation(report, "202603010800").set("code", "PDF" + n).write();
            seed.document(carrier, "%PDF-1.4 " + n);
        }

        var read = reports.report(report.series()).orElseThrow();

        assertThat(read.documents()).hasSize(Reports.MAX_DOCUMENTS_PER_REPORT);
        assertThat(read.leftOut()).isOne();
        assertThatIllegalArgumentException().isThrownBy(() -> reports.reports(ada, 0, 51));
        assertThatIllegalArgumentException().isThrownBy(() -> reports.reports(ada, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> reports.reports(ada, -1, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> persons.find(PersonSearch.all(), Page.MAX_OFFSET + 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> overTime.tests(ada, 201));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> observations.find(ResultSearch.of(ada), 0, 501));
    }

    @Test
    void viewsPrintNoPatientData() {
        var report = seed.report(adaRecord, "A-1", "202603010800").write();
        var value = seed.observation(report, "202603010800").write();
        seed.note(value, "a note");

        var printed =
                persons.person(ada)
                        + " "
                        + persons.person(ada).orElseThrow().main()
                        + reports.report(report.series())
                        + observations.history(value.series())
                        + observations.history(value.series()).getFirst().notes()
                        + PersonSearch.byIdentifier("4711").identifiers();

        assertThat(printed).doesNotContain("EXAMPLE", "4711", "140", "a note", "1970");
    }

    private List<UUID> find(PersonSearch search) {
        return persons.find(search, 0, 10).items().stream().map(PersonView::id).toList();
    }

    private static PersonSearch identifier(String value, String authority) {
        return PersonSearch.all().with(new IdentifierMatch(value, authority));
    }

    private List<Long> codes(ResultSearch.CodeMatch code) {
        return found(
                new ResultSearch(List.of(ada), List.of(), List.of(code), List.of(), List.of()));
    }

    private List<Long> days(DayMatch.Comparison comparison, String day) {
        return found(
                new ResultSearch(
                        List.of(ada),
                        List.of(),
                        List.of(),
                        List.of(new DayMatch(comparison, day)),
                        List.of()));
    }

    private List<Long> found(ResultSearch search) {
        return observations.find(search, 0, 10).items().stream()
                .map(ObservationView::series)
                .toList();
    }
}
