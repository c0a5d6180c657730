package org.chartbridge.loops;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;

/**
 * Learns how long partners take: the median time from an order to its first final report, of orders
 * that were answered, by partner and test as ordered.
 */
@Repository
public class Turnarounds {
    /** With fewer answers than this nothing is expected. */
    static final int MIN_ANSWERED = 20;

    /** So many times the median may pass before an order is overdue. */
    static final int FACTOR = 3;

    /** Nobody is told sooner, however fast a partner is. */
    static final Duration AT_LEAST = Duration.ofHours(1);

    /** What is older teaches nothing. */
    static final Duration LEARN_FROM = Duration.ofDays(180);

    private final JdbcClient jdbc;

    Turnarounds(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** How long it usually takes. */
    public record Usual(int answered, Duration median) {
        /** Beyond which it is overdue. */
        public Duration atMost() {
            var most = median.multipliedBy(FACTOR);
            return most.compareTo(AT_LEAST) < 0 ? AT_LEAST : most;
        }
    }

    /** What is known, by {@code partner|code}. */
    public Map<String, Usual> usual() {
        var all = new HashMap<String, Usual>();
        jdbc.sql("select partner, code, answered, median_seconds from turnaround")
                .query(
                        row -> {
                            all.put(
                                    key(row.getString("partner"), row.getString("code")),
                                    new Usual(
                                            row.getInt("answered"),
                                            Duration.ofSeconds(row.getLong("median_seconds"))));
                        });
        return all;
    }

    static String key(String partner, String code) {
        return partner + "|" + code;
    }

    /** Learns anew from what was ordered lately. */
    void learn(Instant now) {
        jdbc.sql(
                        """
                        with answered as (
                            select r.partner, o.code,
                                   extract(epoch from min(r.recorded_at)
                                       - min(greatest(coalesce(o.ordered_at, o.listed_message, o.recorded_at), o.due_at))) as seconds
                            from placed_order o
                            join patient_record p on p.id = o.record_id
                            join patient_record q on q.person_id = p.person_id
                            join report r on r.record_id = q.id
                                         and r.placer_number = o.placer_number
                                         and r.status in ('F', 'C', 'M', '')
                                         and r.standing in ('current', 'replaced')
                                         and (lower(r.code) = lower(o.code)
                                              or lower(r.code_text) = lower(o.code_text))
                            where o.status = 'active' and o.code <> '' and o.placer_number <> ''
                              and coalesce(o.ordered_at, o.listed_message, o.recorded_at) >= :since
                            group by o.id, r.partner, o.code
                        ), learned as (
                            select partner, code, count(*) as answered,
                                   percentile_cont(0.5) within group (order by seconds) as median
                            from answered
                            where seconds > 0
                            group by partner, code
                            having count(*) >= :enough
                        ), gone as (
                            delete from turnaround t
                            where not exists (select from learned l
                                              where l.partner = t.partner and l.code = t.code)
                        )
                        insert into turnaround (partner, code, answered, median_seconds)
                        select partner, code, answered, median from learned
                        on conflict (partner, code) do update
                        set answered = excluded.answered, median_seconds = excluded.median_seconds
                        """)
                .param("since", OffsetDateTime.ofInstant(now.minus(LEARN_FROM), ZoneOffset.UTC))
                .param("enough", MIN_ANSWERED)
                .update();
    }
}
