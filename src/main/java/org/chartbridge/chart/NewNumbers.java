package org.chartbridge.chart;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

import javax.sql.DataSource;

/**
 * Gives out patients' numbers (decision 0069). What is given is on disk before anybody learns of
 * it, in a transaction of its own: whatever becomes of the answer, nobody else gets the number, and
 * one that nobody got to know is left out for ever. ⚠ Never one that the chart has.
 */
@Repository
public class NewNumbers {
    /** Numbers looked at in one statement; those that the chart has are passed over. */
    private static final int AT_ONCE = 1_000;

    /** Statements of one query: so many numbers in a row may be in the chart already. */
    private static final int MAX_STATEMENTS = 1_000;

    /** After so many seconds the query is given up. */
    private static final int MAX_SECONDS = 10;

    private final JdbcClient jdbc;
    private final TransactionTemplate giving;

    NewNumbers(JdbcClient jdbc, DataSource dataSource) {
        this.jdbc = jdbc;
        this.giving = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        giving.setTimeout(MAX_SECONDS);
    }

    /** Those of a database that no engine of ours runs on. */
    public static NewNumbers in(JdbcClient jdbc, DataSource dataSource) {
        return new NewNumbers(jdbc, dataSource);
    }

    /**
     * The numbers that may be given.
     *
     * @param authority whose they are, in any case of its letters
     * @param digits they are written with leading zeros to so many
     */
    public record Range(String authority, long from, long to, int digits) {
        String text(long number) {
            return String.format(Locale.ROOT, "%0" + digits + "d", number);
        }
    }

    /**
     * Who asks.
     *
     * @param controlId MSH-10
     * @param content the bytes of the query
     */
    public record Asker(String partner, String controlId, byte[] content) {
        UUID hash() {
            var bytes = ByteBuffer.wrap(ContentHash.sha256(content));
            return new UUID(bytes.getLong(), bytes.getLong());
        }

        @Override
        public String toString() {
            return "Asker[" + partner + "]";
        }
    }

    /**
     * One number of each range, in their order; empty for a range that is used up, and then none is
     * given at all. The same query gets the same numbers again, unless the chart has them since.
     */
    public List<Optional<String>> give(Asker asker, List<Range> ranges) {
        return Objects.requireNonNull(
                giving.execute(
                        status -> {
                            // In one order, whoever asks: nobody waits for two others.
                            ranges.stream()
                                    .map(NewNumbers::authority)
                                    .distinct()
                                    .sorted(Comparator.naturalOrder())
                                    .forEach(this::lock);
                            var given = new ArrayList<Optional<String>>();
                            for (var range : ranges) given.add(one(asker, range));
                            if (given.stream().anyMatch(Optional::isEmpty))
                                status.setRollbackOnly();
                            return List.copyOf(given);
                        }));
    }

    private void lock(String authority) {
        jdbc.sql("select pg_advisory_xact_lock(?)")
                .param(Locks.of("new-number", authority))
                .query(_ -> {});
    }

    private Optional<String> one(Asker asker, Range range) {
        var before =
                jdbc.sql(
                                """
                                select number
                                from new_number
                                where partner = ? and control_id = ? and content_hash = ?
                                  and authority = ? and number between ? and ?
                                order by number desc
                                """)
                        .params(asker.partner(), asker.controlId(), asker.hash())
                        .params(authority(range), range.from(), range.to())
                        .query(Long.class)
                        .list();
        if (!before.isEmpty() && free(range, before.getFirst(), before.getFirst()).isPresent())
            return Optional.of(range.text(before.getFirst()));
        long next =
                jdbc.sql(
                                """
                                select coalesce(max(number) + 1, ?)
                                from new_number
                                where authority = ? and number between ? and ?
                                """)
                        .params(range.from(), authority(range), range.from(), range.to())
                        .query(Long.class)
                        .single();
        for (int i = 0; i < MAX_STATEMENTS && next <= range.to(); i++, next += AT_ONCE) {
            var free = free(range, next, Math.min(range.to(), next + AT_ONCE - 1));
            if (free.isEmpty()) continue;
            keep(asker, range, free.get());
            return Optional.of(range.text(free.get()));
        }
        return Optional.empty();
    }

    /** The first number that no record has, neither as its own nor beside it, zeros or not. */
    private Optional<Long> free(Range range, long from, long to) {
        return jdbc.sql(
                        """
                        select n.number
                        from (select number, number::text as short, lpad(number::text, greatest(:digits, length(number::text)), '0') as long
                              from generate_series(:from::bigint, :to::bigint) number) n
                        where not exists (
                                select from patient_record p
                                where p.id_value in (n.short, n.long) and lower(p.authority) = :authority)
                          and not exists (
                                select from patient_record p
                                cross join jsonb_array_elements(p.identifiers) i
                                where (p.identifiers @> jsonb_build_array(jsonb_build_object('value', n.short))
                                       or p.identifiers @> jsonb_build_array(jsonb_build_object('value', n.long)))
                                  and i ->> 'value' in (n.short, n.long) and lower(i ->> 'authority') = :authority)
                        order by n.number
                        limit 1
                        """)
                .param("digits", range.digits())
                .param("from", from)
                .param("to", to)
                .param("authority", authority(range))
                .query(Long.class)
                .optional();
    }

    private void keep(Asker asker, Range range, long number) {
        jdbc.sql(
                        """
                        insert into new_number (authority, number, partner, control_id, content_hash)
                        values (?, ?, ?, ?, ?)
                        """)
                .params(authority(range), number)
                .params(asker.partner(), asker.controlId(), asker.hash())
                .update();
    }

    private static String authority(Range range) {
        return range.authority().toLowerCase(Locale.ROOT);
    }
}
