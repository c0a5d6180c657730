package org.chartbridge.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.chartbridge.database.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

class JournalSearchTests {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    @AutoClose private final TestDatabase fresh = TestDatabase.fresh();
    private final JournalSearch journal = new JournalSearch(fresh.dataSource());

    @BeforeEach
    void threeHundredEntries() {
        fresh.jdbc()
                .sql(
                        """
                        insert into journal (id, received_at, partner, route, folder_version, state, peer, sender,
                                             control_id, message_type, version, processing_id, size_bytes, answer_code)
                        select id, :noon + id * interval '1 second',
                               case when id % 3 = 0 then 'southlab' else 'northlab' end, '', '',
                               case when id % 100 = 0 then 'held' when id % 50 = 0 then 'refused' else 'charted' end,
                               '', '', 'C' || id,
                               case when id % 2 = 0 then 'ORU^R01' else 'ADT^A08' end, '2.5.1', 'P', 1300, 'AA'
                        from generate_series(1, 300) id
                        """)
                .param("noon", NOON.atOffset(ZoneOffset.UTC))
                .update();
    }

    @Test
    void pagesGoDownAndUpAgainWithoutGapOrRepeat() {
        var first = journal.page(JournalFilter.ALL, new Place.Newest(), 100);
        var second = journal.page(JournalFilter.ALL, new Place.Below(201), 100);
        var back = journal.page(JournalFilter.ALL, new Place.Above(200), 100);

        assertThat(ids(first)).startsWith(300L, 299L).endsWith(201L).hasSize(100);
        assertThat(first.newer()).isFalse();
        assertThat(first.older()).isTrue();
        assertThat(ids(second)).startsWith(200L).endsWith(101L);
        assertThat(second.newer() && second.older()).isTrue();
        assertThat(ids(back)).isEqualTo(ids(first));
        assertThat(back.newer()).isFalse();
    }

    @Test
    void theLastPageSaysThatThereIsNoMore() {
        var last = journal.page(JournalFilter.ALL, new Place.Below(51), 50);

        assertThat(ids(last)).startsWith(50L).endsWith(1L);
        assertThat(last.older()).isFalse();
    }

    @Test
    void everyFilterAloneAndAllTogetherFindTheirEntries() {
        var from = NOON.plusSeconds(100);
        var until = NOON.plusSeconds(201);

        assertThat(count(new JournalFilter(from, until, "", "", null, "", null))).isEqualTo(101);
        assertThat(count(new JournalFilter(null, null, "southlab", "", null, "", null)))
                .isEqualTo(100);
        assertThat(count(new JournalFilter(null, null, "", "ADT^A08", null, "", null)))
                .isEqualTo(150);
        assertThat(count(JournalFilter.ALL.state(EntryState.HELD))).isEqualTo(3);
        assertThat(count(new JournalFilter(null, null, "", "", null, "C7", null))).isEqualTo(1);
        assertThat(
                        count(
                                new JournalFilter(
                                        from,
                                        until,
                                        "northlab",
                                        "ORU^R01",
                                        EntryState.HELD,
                                        "C200",
                                        null)))
                .isEqualTo(1);
    }

    @Test
    void entriesAreFoundByHowOneOfTheirReasonsBegins() {
        fresh.jdbc()
                .sql(
                        """
                        update journal
                        set reasons = '[{"reason": "test-message"}, {"reason": "quality-control-left-out"}]'
                        where id in (7, 9)
                        """)
                .update();
        fresh.jdbc()
                .sql(
                        "update journal set reasons = '[{\"reason\": \"quality-control\"}]' where"
                                + " id = 8")
                .update();

        assertThat(withReason("quality-control")).containsExactly(9L, 8L, 7L);
        assertThat(withReason("quality-control-left")).containsExactly(9L, 7L);
        assertThat(withReason("control")).isEmpty();
        assertThat(withReason("\"'$ || \\")).isEmpty();
    }

    private List<Long> withReason(String begin) {
        var filter = new JournalFilter(null, null, "", "", null, "", begin, null);
        return ids(journal.page(filter, new Place.Newest(), 50));
    }

    @Test
    void aPatientIsShownMaskedAndFoundByRecord() {
        record(77, "Ó Briain-Featherstonehaugh", "Åsa", "1971-02-03");
        fresh.jdbc().sql("update journal set record_id = 77 where id in (5, 6)").update();

        var found =
                journal.page(
                        new JournalFilter(null, null, "", "", null, "", List.of(77L)),
                        new Place.Newest(),
                        50);

        assertThat(found.rows()).extracting(JournalRow::patient).containsOnly("Å. Ó. 1971");
        assertThat(ids(found)).containsExactly(6L, 5L);
        assertThat(count(new JournalFilter(null, null, "", "", null, "", List.of()))).isZero();
    }

    @Test
    void aPatientWithoutNameOrBirthDateLeavesNoStrayDots() {
        record(78, "", "", "");
        fresh.jdbc().sql("update journal set record_id = 78 where id = 9").update();

        assertThat(
                        journal.page(JournalFilter.ALL, new Place.Below(10), 1)
                                .rows()
                                .getFirst()
                                .patient())
                .isEmpty();
    }

    @Test
    void countsLeaveTheFiltersOwnStateOut() {
        var counts = journal.counts(JournalFilter.ALL.state(EntryState.HELD));

        assertThat(counts.of(EntryState.HELD)).isEqualTo(3);
        assertThat(counts.of(EntryState.REFUSED)).isEqualTo(3);
        assertThat(counts.of(EntryState.CHARTED)).isEqualTo(294);
        assertThat(counts.of(EntryState.RECEIVED)).isZero();
        assertThat(counts.total()).isEqualTo(300);
        assertThat(counts.capped()).isFalse();
    }

    @Test
    void countingStopsAtItsLimitAndSaysSo() {
        fresh.jdbc()
                .sql(
                        """
                        insert into journal
                        select g, now(), 'bulk', '', '', 'charted', '', '', '', '', '', '', 0, '', null, '[]', null, 0, null
                        from generate_series(1000, 1000 + ?) g
                        """)
                .param(JournalSearch.MAX_COUNTED + 10)
                .update();

        var counts = journal.counts(JournalFilter.ALL);

        assertThat(counts.capped()).isTrue();
        assertThat(counts.total()).isEqualTo(JournalSearch.MAX_COUNTED + 1);
    }

    @Test
    void attentionHoldsWhatIsHeldAndRefused() {
        var page = journal.needingAttention(new Place.Newest(), 4);

        assertThat(ids(page)).containsExactly(300L, 250L, 200L, 150L);
        assertThat(page.older()).isTrue();
        assertThat(ids(journal.needingAttention(new Place.Below(150), 4)))
                .containsExactly(100L, 50L);
        assertThat(journal.count(EntryState.HELD)).isEqualTo(3);
        assertThat(journal.count(EntryState.RECEIVED)).isZero();
    }

    @Test
    void oneEntryComesWithBytesAnswerAndReasons() {
        fresh.jdbc()
                .sql(
                        """
                        update journal
                        set reasons = '[{"location":"PID-3","code":204,"severity":"W","reason":"patient-not-known","text":"not in the chart"}, {"text":"second"}]',
                            answer = ?, answer_code = 'AA'
                        where id = 100
                        """)
                .param("MSA|AA".getBytes(StandardCharsets.US_ASCII))
                .update();
        fresh.jdbc()
                .sql("insert into raw_message values (100, ?)")
                .param(new byte[] {'M', 'S', 'H', 0, (byte) 0xFF})
                .update();

        var entry = journal.entry(100).orElseThrow();

        assertThat(entry.raw()).containsExactly('M', 'S', 'H', 0, 0xFF);
        assertThat(entry.answer()).asString(StandardCharsets.US_ASCII).isEqualTo("MSA|AA");
        assertThat(entry.reasons())
                .containsExactly(
                        new Reason("PID-3", 204, "W", "patient-not-known", "not in the chart"),
                        new Reason("", 0, "", "", "second"));
        assertThat(
                        journal.page(JournalFilter.ALL, new Place.Below(101), 1)
                                .rows()
                                .getFirst()
                                .reason())
                .isEqualTo("not in the chart");
    }

    @Test
    void anEntryWithoutBytesOrThatDoesNotExistIsNoFault() {
        assertThat(journal.entry(100).orElseThrow().raw()).isNull();
        assertThat(journal.entry(-1)).isEmpty();
        assertThat(journal.raw(100)).isEmpty();
    }

    @Test
    void partnersAndTypesAreFoundByTheirIndex() {
        fresh.jdbc()
                .sql("update journal set partner = '', message_type = '' where id = 9")
                .update();

        assertThat(journal.partners()).containsExactly("northlab", "southlab");
        assertThat(journal.types()).containsExactly("ADT^A08", "ORU^R01");
    }

    @Test
    void whatLooksLikeSqlFindsNothing() {
        var odd = "' or 1=1 -- \\ %";

        assertThat(count(new JournalFilter(null, null, odd, odd, null, odd, null))).isZero();
    }

    @Test
    void morePerPageThanTheLimitIsRefused() {
        assertThatThrownBy(
                        () ->
                                journal.page(
                                        JournalFilter.ALL,
                                        new Place.Newest(),
                                        JournalSearch.MAX_ROWS + 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void strayBytesComeNewestFirst() {
        for (var id = 1; id <= 3; id++)
            fresh.jdbc()
                    .sql(
                            "insert into stray_bytes values (?, now(), '127.0.0.1:2575', 'p',"
                                    + " 'HTTP', 9, 'GET /')")
                    .param(id)
                    .update();

        assertThat(journal.stray(new Place.Below(Long.MAX_VALUE), 2))
                .extracting(StrayView::id)
                .containsExactly(3L, 2L);
    }

    private int count(JournalFilter filter) {
        var found = journal.export(filter).size();
        assertThat(journal.page(filter, new Place.Newest(), 200).rows())
                .hasSize(Math.min(found, 200));
        return found;
    }

    private static List<Long> ids(JournalPage page) {
        return page.rows().stream().map(JournalRow::id).toList();
    }

    private void record(long id, String family, String given, String born) {
        var person = UUID.randomUUID();
        fresh.jdbc().sql("insert into person values (?, 1, now())").param(person).update();
        fresh.jdbc()
                .sql(
                        """
                        insert into patient_record
                        values (?, ?, 1, now(), 'PID-3', 'CLINIC', 'MR', ?, ?, ?, '', '', ?, 'F', '', '', '[]')
                        """)
                .params(id, person, "M" + id, family, given, born)
                .update();
    }
}
