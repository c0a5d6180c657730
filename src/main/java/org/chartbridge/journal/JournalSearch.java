package org.chartbridge.journal;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;

import javax.sql.DataSource;

/**
 * Reads the journal for people: newest first, by keyset, never without a limit. A search that takes
 * longer than {@link #MAX_SECONDS} is ended by the database and throws {@code
 * QueryTimeoutException}: narrow the time.
 */
@Repository
public class JournalSearch {
    /** Rows of a page at most. */
    public static final int MAX_ROWS = 200;

    /** Rows of an exported file at most. */
    public static final int MAX_EXPORTED = 10_000;

    /** The newest entries that the filter bar counts. */
    public static final int MAX_COUNTED = 20_000;

    /** Seconds a search may take. */
    public static final int MAX_SECONDS = 8;

    private final JdbcClient database;

    JournalSearch(DataSource source) {
        var template = new JdbcTemplate(source);
        template.setQueryTimeout(MAX_SECONDS);
        this.database = JdbcClient.create(template);
    }

    /**
     * One page of what the filter finds.
     *
     * @param size rows wanted, at most {@link #MAX_ROWS}
     */
    public JournalPage page(JournalFilter filter, Place place, int size) {
        if (size < 1 || size > MAX_ROWS)
            throw new IllegalArgumentException("wanted 1 to " + MAX_ROWS + " rows, got " + size);
        return page(filter, "", place, size);
    }

    private JournalPage page(JournalFilter filter, String where, Place place, int size) {
        return switch (place) {
            case Place.Newest() -> {
                var rows = rows(filter, where, 0, "desc", size + 1);
                yield new JournalPage(first(rows, size), false, rows.size() > size);
            }
            case Place.Below(var id) -> {
                var rows = rows(filter, where + " and j.id < :place", id, "desc", size + 1);
                yield new JournalPage(first(rows, size), true, rows.size() > size);
            }
            case Place.Above(var id) -> {
                var rows = rows(filter, where + " and j.id > :place", id, "asc", size + 1);
                yield new JournalPage(first(rows, size).reversed(), rows.size() > size, true);
            }
        };
    }

    /** The newest {@link #MAX_EXPORTED} entries that the filter finds. */
    public List<JournalRow> export(JournalFilter filter) {
        return rows(filter, "", 0, "desc", MAX_EXPORTED);
    }

    /** Counts by state; the filter's own state is left out of it. */
    public StateCounts counts(JournalFilter filter) {
        var found = new EnumMap<EntryState, Integer>(EntryState.class);
        var where = new FilterConditions(filter.state(null));
        database.sql(
                        """
                        select state, count(*) as entries
                        from (select j.state
                              from journal j
                              where %s
                              order by j.id desc
                              limit :most) newest
                        group by state
                        """
                                .formatted(where.sql()))
                .params(where.values())
                .param("most", MAX_COUNTED + 1)
                .query(
                        row -> {
                            found.put(EntryState.of(row.getString("state")), row.getInt("entries"));
                        });
        var total = found.values().stream().mapToInt(Integer::intValue).sum();
        return new StateCounts(found, total > MAX_COUNTED);
    }

    /** Held and refused entries, newest first, by their own small index. */
    public JournalPage needingAttention(Place place, int size) {
        return page(JournalFilter.ALL, "and j.state in ('held', 'refused')", place, size);
    }

    /** How many entries wait or have stopped in this state, counted up to {@link #MAX_COUNTED}. */
    public int count(EntryState state) {
        return database.sql(
                        """
                        select count(*)
                        from (select 1
                              from journal
                              where state = '%s'
                                and state in (%s)
                              limit :most) counted
                        """
                                .formatted(
                                        state.word(),
                                        state == EntryState.RECEIVED
                                                ? "'received'"
                                                : "'held', 'refused'"))
                .param("most", MAX_COUNTED)
                .query(Integer.class)
                .single();
    }

    /** One entry, with its bytes. */
    public Optional<EntryView> entry(long id) {
        return database.sql(
                        """
                        select j.*, r.content
                        from journal j
                        left join raw_message r on r.entry_id = j.id
                        where j.id = ?
                        """)
                .param(id)
                .query((row, n) -> entry(row))
                .optional();
    }

    /** Only the raw bytes, for a download. */
    public Optional<byte[]> raw(long id) {
        return database.sql("select content from raw_message where entry_id = ?")
                .param(id)
                .query(byte[].class)
                .optional();
    }

    /** Bytes that were no message, newest first. */
    public List<StrayView> stray(Place.Below below, int size) {
        return database.sql(
                        """
                        select id, received_at, listener, peer, cause, total_bytes, excerpt
                        from stray_bytes
                        where id < :below
                        order by id desc
                        limit :size
                        """)
                .param("below", below.id())
                .param("size", Math.min(size, MAX_ROWS))
                .query(
                        (row, n) ->
                                new StrayView(
                                        row.getLong("id"),
                                        instant(row, "received_at"),
                                        row.getString("listener"),
                                        row.getString("peer"),
                                        row.getString("cause"),
                                        row.getLong("total_bytes"),
                                        row.getBytes("excerpt")))
                .list();
    }

    /**
     * Partners that occur in the journal, by hops over the index instead of reading every entry (a
     * "loose index scan").
     */
    public List<String> partners() {
        return distinct("partner");
    }

    /** Message types that occur, by hops over their index. */
    public List<String> types() {
        return distinct("message_type");
    }

    /** Names of columns come from the two methods above only. */
    private List<String> distinct(String column) {
        return database.sql(
                        """
                        with recursive hop as (
                            (select min(%1$s) as value from journal)
                            union all
                            select (select min(%1$s) from journal where %1$s > hop.value)
                            from hop
                            where hop.value is not null)
                        select value
                        from hop
                        where value <> ''
                        limit :most
                        """
                                .formatted(column))
                .param("most", MAX_ROWS)
                .query(String.class)
                .list();
    }

    private List<JournalRow> rows(
            JournalFilter filter, String more, long place, String direction, int limit) {
        var where = new FilterConditions(filter);
        return database.sql(
                        """
                        select j.id, j.received_at, j.partner, j.route, j.state, j.sender, j.control_id,
                               j.message_type, j.size_bytes, j.answer_code, j.repeats, j.settled_at,
                               coalesce(j.reasons -> 0 ->> 'text', '') as reason,
                               concat_ws(' ',
                                         nullif(left(p.given_name, 1), '') || '.',
                                         nullif(left(p.family_name, 1), '') || '.',
                                         nullif(left(p.birth_date, 4), '')) as patient
                        from journal j
                        left join patient_record p on p.id = j.record_id
                        where %s %s
                        order by j.id %s
                        limit :limit
                        """
                                .formatted(where.sql(), more, direction))
                .params(where.values())
                .param("place", place)
                .param("limit", limit)
                .query((row, n) -> row(row))
                .list();
    }

    private static JournalRow row(ResultSet row) throws SQLException {
        return new JournalRow(
                row.getLong("id"),
                instant(row, "received_at"),
                row.getString("partner"),
                row.getString("route"),
                EntryState.of(row.getString("state")),
                row.getString("sender"),
                row.getString("control_id"),
                row.getString("message_type"),
                row.getInt("size_bytes"),
                row.getString("answer_code"),
                row.getString("patient"),
                row.getString("reason"),
                row.getInt("repeats"),
                nullableInstant(row, "settled_at"));
    }

    private static EntryView entry(ResultSet row) throws SQLException {
        return new EntryView(
                row.getLong("id"),
                instant(row, "received_at"),
                row.getString("partner"),
                row.getString("route"),
                row.getString("folder_version"),
                EntryState.of(row.getString("state")),
                row.getString("peer"),
                row.getString("sender"),
                row.getString("control_id"),
                row.getString("message_type"),
                row.getString("version"),
                row.getString("processing_id"),
                row.getInt("size_bytes"),
                row.getString("answer_code"),
                row.getBytes("answer"),
                Reasons.of(row.getString("reasons")),
                row.getObject("record_id", Long.class),
                row.getInt("repeats"),
                nullableInstant(row, "settled_at"),
                row.getBytes("content"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant nullableInstant(ResultSet row, String column)
            throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static List<JournalRow> first(List<JournalRow> rows, int size) {
        return rows.size() > size ? rows.subList(0, size) : rows;
    }
}
