package org.chartbridge.ordering;

import jakarta.annotation.PreDestroy;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Forgets once a day where orders went that are answered and old, so that what is kept of them does
 * not grow for ever. A number that comes again afterwards is a new order; a change of a forgotten
 * one waits for a person.
 */
@Component
public class Forgetting {

    /** After its last word left, where the order is not open any more. */
    static final Duration CLOSED = Duration.ofDays(400);

    /** Whatever has become of it; also of referrals, and of what was asked for here. */
    static final Duration ANY = Duration.ofDays(5 * 366);

    /** Rows of one statement, so that nobody waits for it. */
    static final int AT_ONCE = 1_000;

    /** Statements of one day. */
    static final int BATCHES = 500;

    private static final Duration EVERY = Duration.ofDays(1);
    private static final Duration FIRST = Duration.ofMinutes(10);
    private static final Logger log = LoggerFactory.getLogger(Forgetting.class);

    private final JdbcClient jdbc;
    private final Clock clock = Clock.systemUTC();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("orders-forgotten").factory());

    public Forgetting(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @EventListener(ApplicationReadyEvent.class)
    void begin() {
        var _ =
                thread.scheduleWithFixedDelay(
                        this::safely, FIRST.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    @PreDestroy
    void end() {
        thread.shutdownNow();
    }

    private void safely() {
        try {
            long gone = forget(clock.instant());
            if (gone > 0) log.atInfo().addKeyValue("orders", gone).log("old orders are forgotten");
        } catch (DataAccessException e) {
            log.atWarn().log("old orders could not be forgotten; tried again tomorrow");
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("old orders could not be forgotten");
        }
    }

    /** Forgets what is old enough by now; gives how many rows. */
    public long forget(Instant now) {
        return repeated(SENT, now) + repeated(ASKED, now);
    }

    private long repeated(String sql, Instant now) {
        long all = 0;
        for (int i = 0; i < BATCHES; i++) {
            int gone =
                    jdbc.sql(sql)
                            .param("closed", before(now, CLOSED))
                            .param("any", before(now, ANY))
                            .param("limit", AT_ONCE)
                            .update();
            all += gone;
            if (gone < AT_ONCE) break;
        }
        return all;
    }

    private static OffsetDateTime before(Instant now, Duration age) {
        return OffsetDateTime.ofInstant(now.minus(age), ZoneOffset.UTC);
    }

    /**
     * ⚠ An order is open as long as any of its number is: of another namespace, too. What answers
     * it may write the number in another form.
     */
    private static final String SENT =
            """
            delete from order_sent where key in (
                select s.key
                from order_sent s
                where s.at < :closed
                  and not exists (select from delivery d
                                  where d.entry_id = s.entry_id and d.state = 'waiting')
                  and (s.at < :any
                       or split_part(s.key, '|', 2) <> 'RF1'
                          and not exists (
                              select
                              from placed_order o
                              where split_part(o.placer_number, '^', 1) = split_part(s.key, '|', 2)
                                and o.placer_number <> ''
                                and o.partner = split_part(s.key, '|', 1)
                                and o.status = 'active' and o.state in ('active', 'on-hold')
                                and not exists (select from report r
                                                where r.record_id = o.record_id
                                                  and same_number(r.placer_number, o.placer_number)
                                                  and r.status in ('F', 'C', 'M', '')
                                                  and r.standing in ('current', 'replaced'))))
                order by s.at
                limit :limit
                for update skip locked)
            """;

    private static final String ASKED =
            """
            delete from order_request where (partner, control_id) in (
                select partner, control_id
                from order_request
                where at < least(:any, :closed)
                order by at
                limit :limit
                for update skip locked)
            """;
}
