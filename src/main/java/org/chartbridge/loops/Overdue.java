package org.chartbridge.loops;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Alerts about overdue orders and referrals: each is raised once and closes by itself when its loop
 * is not overdue any more. What a filler holds is overdue by a clock of its own, with an alert of
 * its own, which closes when the hold ends, however long the answer takes then. Any node may write
 * them; a second one changes nothing.
 */
@Repository
public class Overdue {
    private final JdbcClient jdbc;

    Overdue(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** How many are open. */
    public long count() {
        return jdbc.sql("select count(*) from overdue where closed_at is null")
                .query(Long.class)
                .single();
    }

    /** When the alert of a loop was raised; empty while there is none. */
    public Optional<Instant> raised(Loop loop) {
        return jdbc.sql(
                        """
                        select raised_at
                        from overdue
                        where loop_key = :key and person_id = :person and clock = :clock and closed_at is null
                        """)
                .param("key", loop.key())
                .param("person", loop.person())
                .param("clock", clock(loop))
                .query((row, _) -> row.getTimestamp(1).toInstant())
                .optional();
    }

    /**
     * Raises what is new and closes what is over.
     *
     * @param overdue all that is overdue now
     * @return how many were raised, by the clock: what is waited for, empty for the answer
     */
    Map<String, Integer> settle(Collection<Loop> overdue, Instant now) {
        var loops = List.copyOf(overdue);
        var keys = loops.stream().map(Loop::key).toArray(String[]::new);
        var persons = loops.stream().map(Loop::person).toArray(UUID[]::new);
        var clocks = loops.stream().map(Overdue::clock).toArray(String[]::new);
        jdbc.sql(
                        """
                        update overdue o
                        set closed_at = :now
                        where o.closed_at is null
                          and not exists (select from unnest(:keys::text[], :persons::uuid[], :clocks::text[])
                                               k(loop_key, person_id, clock)
                                          where k.loop_key = o.loop_key and k.person_id = o.person_id
                                            and k.clock = o.clock)
                        """)
                .param("now", at(now))
                .param("keys", keys)
                .param("persons", persons)
                .param("clocks", clocks)
                .update();
        var raised = new TreeMap<String, Integer>();
        if (loops.isEmpty()) return raised;
        jdbc.sql(
                        """
                        insert into overdue (loop_key, person_id, clock, item_id, referral, performer, expected_at, raised_at)
                        select loop_key, person_id, clock, item_id, referral, performer, expected_at, :now
                        from unnest(:keys::text[], :persons::uuid[], :clocks::text[], :items::bigint[], :referrals::boolean[],
                                    :performers::text[], :expected::timestamptz[])
                             k(loop_key, person_id, clock, item_id, referral, performer, expected_at)
                        on conflict do nothing
                        returning clock
                        """)
                .param("keys", keys)
                .param("persons", persons)
                .param("clocks", clocks)
                .param("items", loops.stream().map(Loop::id).toArray(Long[]::new))
                .param("referrals", loops.stream().map(Loop::referral).toArray(Boolean[]::new))
                .param("performers", loops.stream().map(Loop::performer).toArray(String[]::new))
                .param(
                        "expected",
                        loops.stream()
                                .map(loop -> expected(loop, now).toString())
                                .toArray(String[]::new))
                .param("now", at(now))
                .query(String.class)
                .list()
                .forEach(clock -> raised.merge(clock, 1, Integer::sum));
        return raised;
    }

    private static String clock(Loop loop) {
        var expected = loop.expected();
        return expected == null ? "" : expected.clock();
    }

    private static Instant expected(Loop loop, Instant otherwise) {
        var expected = loop.expected();
        return expected == null ? otherwise : expected.until();
    }

    private static OffsetDateTime at(Instant instant) {
        return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
    }
}
