package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/**
 * Reports of which nobody of the clinic is known who ordered them, neither by the report (OBR-16,
 * ORC-12) nor by an order with their number: they are for a pool, so that somebody looks (HL7-RULES
 * §4). Where the clinic has a list of its providers, whoever is not on it is nobody of the clinic.
 * Computed when read.
 */
@Repository
public class WithoutOrderer {
    /** Reports that are listed at most, the newest. */
    public static final int MAX_ROWS = 200;

    /** Of those, some may name somebody for a copy, which only their bytes say. */
    static final int MAX_LOOKED_AT = 1_000;

    private final JdbcClient jdbc;

    WithoutOrderer(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * One of them.
     *
     * @param key the same for all versions of the report, also when it is charted anew
     * @param entryId the message of its current version
     * @param number OBR-3, else OBR-2
     * @param name of the test as sent, else its code
     * @param path its OBR in that message
     * @param named who is named as orderer and is not on the list; null when nobody is
     * @param critical whether one of its values is flagged critical
     * @param since when its current version was charted
     */
    public record Row(
            String key,
            long entryId,
            String path,
            UUID person,
            String partner,
            String number,
            String name,
            @Nullable ProviderName named,
            boolean critical,
            Instant since) {
        @Override
        public String toString() {
            return "Row[" + entryId + "]";
        }
    }

    /**
     * A number of one of the clinic's own.
     *
     * @param authority empty for what is sent without one, by whomever
     * @param from null for always
     * @param until not any more; null for still
     */
    public record Listed(
            String number, String authority, @Nullable Instant from, @Nullable Instant until) {

        /** Whether a number that was charted then is theirs. */
        public boolean isMeant(ProviderName named, String partner, Instant charted) {
            return number.equals(named.number())
                    && (authority.equals(named.authority())
                            || (authority.isEmpty() && named.authority().equals(partner)))
                    && (from == null || !charted.isBefore(from))
                    && (until == null || charted.isBefore(until));
        }

        /** No number. */
        @Override
        public String toString() {
            return "Listed[" + from + " to " + until + "]";
        }
    }

    /**
     * Those charted since then: critical ones first, of these the newest.
     *
     * @param list of the clinic's own; empty when it has none, and then whoever is named is known
     */
    public List<Row> since(Instant since, List<Listed> list) {
        return jdbc
                .sql(
                        """
                        with unknown as (
                            select r.*, null as authority, null as provider, null as family_name, null as given_name
                            from report r
                            where r.ordering_provider is null
                              and r.recorded_at >= :since
                            union all
                            select r.*, o.authority, o.number, o.family_name, o.given_name
                            from report r
                            join provider o on o.id = r.ordering_provider
                            where cardinality(:numbers) > 0
                              and r.recorded_at >= :since
                              and not exists (
                                  select
                                  from unnest(:numbers, :authorities, cast(:froms as timestamptz[]),
                                              cast(:untils as timestamptz[])) k(number, authority, begins, ends)
                                  where k.number = o.number
                                    and (k.authority = o.authority or (k.authority = '' and o.authority = r.partner))
                                    and coalesce(r.recorded_at >= k.begins, true)
                                    and coalesce(r.recorded_at < k.ends, true))
                        )
                        select r.entry_id, r.path, r.partner, r.number, r.recorded_at, p.person_id, v.flags,
                               coalesce(nullif(r.code_text, ''), r.code) as name,
                               r.authority, r.provider, r.family_name, r.given_name,
                               concat_ws('|', r.partner, r.number, r.code, r.code_text, r.code_system,
                                              p.authority, p.id_type, p.id_value, p.edition) as key
                        from unknown r
                        join patient_record p on p.id = r.record_id
                        cross join lateral (
                            select string_agg(o.flags, '~') as flags
                            from observation o
                            where o.report_series = r.series
                              and o.standing = 'current'
                            having count(*) > 0) v
                        where r.standing = 'current'
                          and coalesce(r.collected_at >= r.message_at - interval '30 days', true)
                          and r.parent_number = ''
                          and not (r.number like '@%' and r.code = '')
                          and not exists (
                              select
                              from placed_order o
                              join patient_record q on q.id = o.record_id and q.person_id = p.person_id
                              where split_part(o.placer_number, '^', 1) = split_part(r.placer_number, '^', 1)
                                and o.placer_number <> ''
                                and o.clinician <> '')
                        order by r.recorded_at desc, r.id desc
                        limit :most
                        """)
                .param("since", OffsetDateTime.ofInstant(since, ZoneOffset.UTC))
                .param("numbers", list.stream().map(Listed::number).toArray(String[]::new))
                .param("authorities", list.stream().map(Listed::authority).toArray(String[]::new))
                .param("froms", times(list, Listed::from))
                .param("untils", times(list, Listed::until))
                .param("most", list.isEmpty() ? MAX_ROWS : MAX_LOOKED_AT)
                .query(
                        (row, _) ->
                                new Row(
                                        hashed(row.getString("key")),
                                        row.getLong("entry_id"),
                                        row.getString("path"),
                                        row.getObject("person_id", UUID.class),
                                        row.getString("partner"),
                                        row.getString("number"),
                                        row.getString("name"),
                                        named(row),
                                        Results.hasCritical(row.getString("flags")),
                                        ChartRows.instant(row, "recorded_at")))
                .list()
                .stream()
                .sorted(Comparator.comparing((Row row) -> !row.critical()))
                .toList();
    }

    private static String[] times(List<Listed> list, Function<Listed, @Nullable Instant> time) {
        return list.stream()
                .map(time)
                .map(one -> one == null ? null : one.toString())
                .toArray(String[]::new);
    }

    private static @Nullable ProviderName named(ResultSet row) throws SQLException {
        var authority = row.getString("authority");
        return authority == null
                ? null
                : new ProviderName(
                        authority,
                        row.getString("provider"),
                        row.getString("family_name"),
                        row.getString("given_name"));
    }

    /** Holds no identifier, as keys stand in addresses and in the journal. */
    private static String hashed(String key) {
        return UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
