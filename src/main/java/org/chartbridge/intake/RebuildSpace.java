package org.chartbridge.intake;

import static org.chartbridge.database.Columns.longs;
import static org.chartbridge.database.Columns.texts;

import org.chartbridge.chart.ChartHash;
import org.chartbridge.chart.ChartStore;
import org.chartbridge.database.Script;
import org.chartbridge.database.SecondSchema;
import org.chartbridge.delivery.DeliveryStore;
import org.chartbridge.journal.DecisionStore;
import org.chartbridge.journal.JournalStore;
import org.chartbridge.journal.RebuildReport;
import org.chartbridge.journal.Rebuilds;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The database of a rebuild: what the live engine had at one moment, and the chart that is made
 * anew beside it; long because of its statements. The moment is one short transaction that copies
 * the list of entries and the sums of the chart; afterwards the live engine is only asked for
 * bytes, which never change, and is not held up.
 */
final class RebuildSpace {
    private static final String ENTRY = SecondSchema.NAME + ".live_entry";
    private static final String SUM = SecondSchema.NAME + ".sum";

    private final SecondSchema schema;

    RebuildSpace(SecondSchema schema) {
        this.schema = schema;
    }

    /**
     * An entry as it was at that moment.
     *
     * @param version of the partner's folder
     */
    record Row(
            long id,
            boolean isDecision,
            String partner,
            String route,
            String version,
            String state,
            String peer,
            Instant receivedAt,
            long bytes) {

        /** What its sender was promised, and neither waits nor was refused. */
        boolean isReadAgain() {
            return isDecision
                    || (!state.equals("received") && !state.equals("refused") && !route.isEmpty());
        }
    }

    /** What somebody decided, as the journal has it. */
    record Said(long entry, Instant at, byte[] json) {}

    private Connection second() throws SQLException {
        return schema.second().getConnection();
    }

    /** A connection to write the new chart with; looks up by index, as the engine's writers do. */
    Connection writer() throws SQLException {
        var connection = second();
        connection.setAutoCommit(false);
        new Script()
                .run("set enable_seqscan = off")
                .run("set enable_hashjoin = off")
                .run("set enable_mergejoin = off")
                .send(connection);
        connection.commit();
        return connection;
    }

    JournalStore newJournal() {
        return new JournalStore(JdbcClient.create(schema.second()));
    }

    ChartStore newChart() {
        return new ChartStore(JdbcClient.create(schema.second()));
    }

    /** Nothing is ever put into it. */
    DeliveryStore noDeliveries() {
        return new DeliveryStore(JdbcClient.create(schema.second()));
    }

    DecisionStore newDecisions() {
        return new DecisionStore(JdbcClient.create(schema.second()));
    }

    /** Keeps what was found, beside the live chart. */
    void keep(RebuildReport report) {
        new Rebuilds(JdbcClient.create(schema.live())).keep(report);
    }

    /** Keeps what there is now: the entries, and the sums of the chart. */
    void photograph() throws SQLException {
        try (var connection = schema.live().getConnection()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            new Script()
                    .run(
                            """
                            create unlogged table %s as
                            select id, kind, partner, route, folder_version, state, peer, received_at, size_bytes,
                                   message_type,
                                   settled_at,
                                   coalesce(reasons #>> '{0,reason}', '') as reason
                            from journal
                            """
                                    .formatted(ENTRY))
                    .run(
                            "create unlogged table %s (side text, kind text, patient text, facts bigint, hash numeric)"
                                    .formatted(SUM))
                    .send(connection);
            ChartHash.sumInto(connection, SUM, "live");
            connection.commit();
            new Script()
                    .run("create unique index on " + ENTRY + " (id)")
                    .run("analyze " + ENTRY)
                    .send(connection);
            connection.commit();
        }
    }

    /** How many entries are to be read again. */
    long count() throws SQLException {
        var found = new ArrayList<Long>();
        ask(
                """
                select count(*) from %s
                where kind = 'decision' or state not in ('received', 'refused') and route <> ''
                """
                        .formatted(ENTRY),
                row -> found.add(row.getLong(1)));
        return found.getFirst();
    }

    /** Entries in their order, those after one. */
    List<Row> after(long id, int limit) throws SQLException {
        var rows = new ArrayList<Row>();
        ask(
                "select * from %s where id > ? order by id limit ?".formatted(ENTRY),
                row -> rows.add(row(row)),
                id,
                limit);
        return rows;
    }

    List<Row> rows(Collection<Long> ids) throws SQLException {
        var rows = new ArrayList<Row>();
        ask(
                "select * from %s where id = any(?) order by id".formatted(ENTRY),
                row -> rows.add(row(row)),
                (Object) longs(ids, Long::longValue));
        return rows;
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getLong("id"),
                row.getString("kind").equals("decision"),
                row.getString("partner"),
                row.getString("route"),
                row.getString("folder_version"),
                row.getString("state"),
                row.getString("peer"),
                row.getTimestamp("received_at").toInstant(),
                row.getLong("size_bytes"));
    }

    /** The bytes of entries. */
    Map<Long, byte[]> contents(Collection<Long> ids) throws SQLException {
        var contents = new HashMap<Long, byte[]>();
        ask(
                "select entry_id, content from raw_message where entry_id = any(?)",
                row -> contents.put(row.getLong(1), row.getBytes(2)),
                (Object) longs(ids, Long::longValue));
        return contents;
    }

    /** All decisions, in their order. */
    List<Said> decisions() throws SQLException {
        var found = new ArrayList<Said>();
        ask(
                """
                select e.id, e.received_at, r.content
                from %s e
                join raw_message r on r.entry_id = e.id
                where e.kind = 'decision'
                order by e.id
                """
                        .formatted(ENTRY),
                row ->
                        found.add(
                                new Said(
                                        row.getLong(1),
                                        row.getTimestamp(2).toInstant(),
                                        row.getBytes(3))));
        return found;
    }

    /** Sums of the chart that was made anew. */
    void sum() throws SQLException {
        try (var connection = second()) {
            new Script().run("analyze").send(connection);
            ChartHash.sumInto(connection, SUM, "rebuilt");
        }
    }

    ChartHash.Whole whole(String side) throws SQLException {
        try (var connection = second()) {
            return ChartHash.of(connection, SUM, side);
        }
    }

    /** A patient of whom facts of a kind differ; what the sum was in the live chart. */
    record Differing(String kind, String patient, BigInteger live) {
        @Override
        public String toString() {
            return "Differing[" + kind + "]";
        }
    }

    List<Differing> differing(int limit) throws SQLException {
        var found = new ArrayList<Differing>();
        ask(
                """
                select kind, patient, coalesce(l.hash, 0)
                from (select * from %1$s where side = 'live') l
                full join (select * from %1$s where side = 'rebuilt') r using (kind, patient)
                where l.hash is distinct from r.hash or l.facts is distinct from r.facts
                order by kind, patient
                limit ?
                """
                        .formatted(SUM),
                row ->
                        found.add(
                                new Differing(
                                        row.getString(1),
                                        row.getString(2),
                                        row.getBigDecimal(3).toBigInteger())),
                limit);
        return found;
    }

    /** Facts of the live chart as it is now, or of the one made anew. */
    List<ChartHash.Fact> facts(boolean live, String kind, Collection<String> patients)
            throws SQLException {
        try (var connection = live ? schema.live().getConnection() : second()) {
            return ChartHash.facts(connection, kind, patients);
        }
    }

    /**
     * Messages of which something else became.
     *
     * @param rebuilt empty when it was not read again
     * @param reason the first that one of the two journals names
     */
    record Became(String live, String rebuilt, String reason, long messages, long[] examples) {}

    List<Became> became(int examples) throws SQLException {
        var found = new ArrayList<Became>();
        try (var connection = second()) {
            new Script()
                    .read(
                            """
                            select e.state, coalesce(j.state, ''),
                                   coalesce(nullif(coalesce(j.reasons #>> '{0,reason}', ''), ''), e.reason),
                                   count(*), (array_agg(e.id order by e.id))[1:%d]
                            from %s e
                            left join journal j on j.id = e.id
                            where e.kind = 'message' and e.state not in ('received', 'refused') and e.route <> ''
                              and j.state is distinct from e.state
                            group by 1, 2, 3
                            order by 4 desc
                            """
                                    .formatted(examples, ENTRY),
                            row -> {
                                var ids = (Long[]) row.getArray(5).getArray();
                                found.add(
                                        new Became(
                                                row.getString(1),
                                                row.getString(2),
                                                row.getString(3),
                                                row.getLong(4),
                                                longs(List.of(ids), Long::longValue)));
                            })
                    .send(connection);
        }
        return found;
    }

    /** The persons of records as {@link ChartHash} names them. */
    Map<String, UUID> persons(Collection<String> records) throws SQLException {
        var persons = new HashMap<String, UUID>();
        ask(
                """
                select k.record, p.person_id
                from unnest(?) k(record)
                join patient_record p
                  on p.id_value = split_part(k.record, '^^^', 1)
                 and p.authority = split_part(split_part(k.record, '^^^', 2), '^', 1)
                """,
                row -> persons.putIfAbsent(row.getString(1), row.getObject(2, UUID.class)),
                (Object) texts(records, record -> record));
        return persons;
    }

    /** Entries of the new journal that were let go on, as its writer sees it before its commit. */
    List<Long> released(Connection writer, int limit) throws SQLException {
        var found = new ArrayList<Long>();
        new Script()
                .read(
                        "select id from journal where state = 'received' order by id limit ?",
                        row -> found.add(row.getLong(1)),
                        limit)
                .send(writer);
        return found;
    }

    /** When entries were settled in the live journal, for the last time. */
    List<Instant> settledLive(Collection<Long> ids) throws SQLException {
        var found = new ArrayList<Instant>();
        if (ids.isEmpty()) return found;
        ask(
                "select settled_at from %s where id = any(?) and settled_at is not null"
                        .formatted(ENTRY),
                row -> found.add(row.getTimestamp(1).toInstant()),
                (Object) longs(ids, Long::longValue));
        return found;
    }

    /** Entries of the new journal that may go on now; of those with one claim the first. */
    List<Long> goingOn(int limit) throws SQLException {
        var found = new ArrayList<Long>();
        try (var connection = second()) {
            new Script()
                    .read(
                            """
                            select j.id
                            from journal j
                            where j.state = 'received'
                              and not exists (
                                  select
                                  from held_claim h
                                  join held_claim e
                                    on e.claim = h.claim and e.waits and e.entry_id < h.entry_id
                                  join journal before
                                    on before.id = e.entry_id and before.state = 'received'
                                  where h.entry_id = j.id
                              )
                            order by j.id
                            limit ?
                            """,
                            row -> found.add(row.getLong(1)),
                            limit)
                    .send(connection);
        }
        return found;
    }

    private void ask(String sql, Script.RowReader reader, Object... arguments) throws SQLException {
        try (var connection = schema.live().getConnection()) {
            new Script().read(sql, reader, arguments).send(connection);
        }
    }
}
