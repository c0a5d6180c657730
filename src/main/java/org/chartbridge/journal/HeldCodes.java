package org.chartbridge.journal;

import static org.chartbridge.database.Columns.ints;
import static org.chartbridge.database.Columns.longs;
import static org.chartbridge.database.Columns.texts;
import static org.chartbridge.database.Columns.times;

import org.chartbridge.database.Script;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.UUID;

/**
 * Messages that wait until somebody has said what a test is ({@code codes: hold}), which tests, and
 * which orders they hold up. Like all that is held they go on by being received again.
 */
@Repository
public class HeldCodes {
    /** Tests on the list, those that wait longest first. */
    public static final int MAX_TASKS = 200;

    /** Waiting messages that are looked at in one go. */
    public static final int PAGE = 500;

    private final JdbcClient jdbc;

    public HeldCodes(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A test that somebody has to look up.
     *
     * @param code OBX-3.1
     * @param text OBX-3.2
     * @param unit OBX-6
     * @param saidAt when; null when that was not sent
     */
    public record Test(String code, String text, String unit, @Nullable Instant saidAt) {}

    /**
     * What a message waits for.
     *
     * @param orders that it holds up
     * @param tests empty when it only follows another message
     */
    public record Waits(long entryId, String partner, Set<String> orders, List<Test> tests) {}

    // ------------------------------------------------------------ in a group's transaction

    private record OrderRow(long entryId, String partner, String number) {}

    private record TestRow(long entryId, int n, String partner, Test test) {}

    /** Keeps what held messages wait for. */
    public static void write(Script script, List<Waits> all) {
        if (all.isEmpty()) return;
        var orders = new LinkedHashSet<OrderRow>();
        var tests = new ArrayList<TestRow>();
        for (var waits : all) {
            for (var number : waits.orders())
                orders.add(new OrderRow(waits.entryId(), waits.partner(), number));
            for (var test : waits.tests())
                tests.add(new TestRow(waits.entryId(), tests.size(), waits.partner(), test));
        }
        script.run(
                """
                insert into held_order (entry_id, partner, number)
                select entry_id, partner, number from unnest(?, ?, ?) k(entry_id, partner, number)
                on conflict do nothing
                """,
                longs(orders, OrderRow::entryId),
                texts(orders, OrderRow::partner),
                texts(orders, OrderRow::number));
        script.run(
                """
                insert into held_code (entry_id, n, partner, code, code_text, unit, said_at)
                select entry_id, n, partner, code, text, unit, to_timestamp(said / 1e6::float8)
                from unnest(?, ?, ?, ?, ?, ?, ?) k(entry_id, n, partner, code, text, unit, said)
                on conflict do nothing
                """,
                longs(tests, TestRow::entryId),
                ints(tests, TestRow::n),
                texts(tests, TestRow::partner),
                texts(tests, row -> row.test().code()),
                texts(tests, row -> row.test().text()),
                texts(tests, row -> row.test().unit()),
                times(tests, row -> row.test().saidAt()));
    }

    /**
     * These were read again. What follows them in their orders goes on; those that wait still are
     * written after it.
     */
    public static void resumed(Script script, Collection<Long> entryIds) {
        if (entryIds.isEmpty()) return;
        var ids = longs(entryIds, Long::longValue);
        script.run(
                """
                update journal
                set state = 'received'
                from (select min(n.entry_id) as id
                      from held_order s
                      join held_order n
                        on n.partner = s.partner and n.number = s.number and n.entry_id > s.entry_id
                      join journal j on j.id = n.entry_id and j.state = 'held'
                      where s.entry_id = any(?)
                      group by s.partner, s.number) next
                where journal.id = next.id and journal.state = 'held'
                """,
                (Object) ids);
        script.run("delete from held_order where entry_id = any(?)", (Object) ids);
        script.run("delete from held_code where entry_id = any(?)", (Object) ids);
    }

    /** What waits behind messages of this claim, which are nobody's, goes on. */
    public static void releaseBehindIgnored(Script script, UUID claim) {
        script.run(
                """
                update journal
                set state = 'received'
                from (select distinct n.entry_id as id
                      from held_claim h
                      join journal gone on gone.id = h.entry_id and gone.state = 'ignored'
                      join held_order s on s.entry_id = h.entry_id
                      join held_order n
                        on n.partner = s.partner and n.number = s.number and n.entry_id > s.entry_id
                      where h.claim = ?::uuid) next
                where journal.id = next.id and journal.state = 'held'
                """,
                claim.toString());
    }

    // ------------------------------------------------------------ when codes are known

    /** Tests of a partner's waiting messages behind an entry, a page of them, the oldest first. */
    public SequencedMap<Long, List<Test>> waiting(String partner, long after) {
        var found = new LinkedHashMap<Long, List<Test>>();
        jdbc.sql(
                        """
                        select h.entry_id, h.code, h.code_text, h.unit, h.said_at
                        from (
                            select distinct c.entry_id
                            from held_code c
                            join journal j on j.id = c.entry_id and j.state = 'held'
                            where c.partner = ? and c.entry_id > ?
                            order by c.entry_id
                            limit ?
                        ) page
                        join held_code h using (entry_id)
                        order by h.entry_id, h.n
                        """)
                .params(partner, after, PAGE)
                .query(
                        row -> {
                            var at = row.getObject(5, OffsetDateTime.class);
                            found.computeIfAbsent(row.getLong(1), _ -> new ArrayList<>())
                                    .add(
                                            new Test(
                                                    row.getString(2),
                                                    row.getString(3),
                                                    row.getString(4),
                                                    at == null ? null : at.toInstant()));
                        });
        return found;
    }

    /** Lets messages go on. */
    public void release(Collection<Long> entryIds) {
        jdbc.sql("update journal set state = 'received' where id = any(?) and state = 'held'")
                .param(entryIds.toArray(Long[]::new))
                .update();
    }

    /**
     * Lets every message of a partner go on that a step of its route could not do, because the
     * folder has changed, and that a fault of ours held, because this may be a version without it;
     * those that still can't be done are held again.
     *
     * @return how many
     */
    public int releaseOfSteps(String partner) {
        return jdbc.sql(
                        """
                        update journal
                        set state = 'received'
                        where state in ('held', 'refused') and state = 'held' and partner = :partner
                          and (reasons @> '[{"reason": "route-step-not-possible"}]'
                               or reasons @> '[{"reason": "not-storable"}]')
                        """)
                .param("partner", partner)
                .update();
    }

    /**
     * Lets every message of a partner go on that waits for a code, because it holds none any more.
     *
     * @return how many
     */
    public int releaseAll(String partner) {
        return jdbc.sql(
                        """
                        with tests as (
                            delete from held_code where partner = :partner returning entry_id
                        ), orders as (
                            delete from held_order where partner = :partner returning entry_id
                        )
                        update journal
                        set state = 'received'
                        where id in (select entry_id from tests union select entry_id from orders)
                          and state = 'held'
                        """)
                .param("partner", partner)
                .update();
    }

    // ------------------------------------------------------------ what people are shown

    /**
     * A test that messages wait for.
     *
     * @param text OBX-3.2 of the last of them
     * @param messages how many wait for it
     * @param firstEntry the one that waits longest
     */
    public record Task(
            String partner,
            String code,
            String text,
            String unit,
            long messages,
            Instant since,
            long firstEntry) {}

    /** What messages wait for, the longest first. */
    public List<Task> tasks() {
        return jdbc.sql(
                        """
                        select h.partner, h.code, h.unit,
                               case when h.code = '' then h.code_text else '' end as named,
                               (array_agg(h.code_text order by h.entry_id desc))[1] as code_text,
                               count(distinct h.entry_id) as messages,
                               min(j.received_at) as since, min(h.entry_id) as first_entry
                        from held_code h
                        join journal j on j.id = h.entry_id and j.state = 'held'
                        group by h.partner, h.code, h.unit, named
                        order by first_entry, h.code, h.unit
                        limit ?
                        """)
                .param(MAX_TASKS)
                .query(
                        (row, _) ->
                                new Task(
                                        row.getString("partner"),
                                        row.getString("code"),
                                        row.getString("code_text"),
                                        row.getString("unit"),
                                        row.getLong("messages"),
                                        row.getObject("since", OffsetDateTime.class).toInstant(),
                                        row.getLong("first_entry")))
                .list();
    }
}
