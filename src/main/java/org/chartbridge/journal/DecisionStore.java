package org.chartbridge.journal;

import static org.chartbridge.database.Columns.longs;

import org.chartbridge.database.Script;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Decisions about identity: written as entries of the journal, read for pages and for undoing; long
 * because of its statements.
 */
@Repository
public class DecisionStore {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final JdbcClient jdbc;

    public DecisionStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A decision as it stands.
     *
     * @param withdrawnBy the decision that took it back; null while it holds
     */
    public record View(Decision decision, @Nullable Long withdrawnBy) {}

    /**
     * Writes a decision with its entry.
     *
     * @param details what it is about in words that outlive surrogate ids, for a rebuild from the
     *     journal alone; kept beside the message bytes, as JSON
     */
    public void write(Script script, Decision decision, Map<String, Object> details) {
        var said = new LinkedHashMap<String, Object>();
        said.put("decision", decision.kind().word());
        said.put("by", decision.account());
        said.put("why", decision.reason());
        if (decision.aboutEntry() != null) said.put("about", decision.aboutEntry());
        if (decision.claim() != null) said.put("claim", decision.claim().toString());
        if (decision.withdraws() != null) said.put("withdraws", decision.withdraws());
        said.putAll(details);
        var content = JSON.writeValueAsString(said).getBytes(StandardCharsets.UTF_8);
        script.run(
                """
                insert into journal (id, received_at, partner, route, folder_version, state, peer, sender,
                    control_id, message_type, version, processing_id, size_bytes, answer_code, record_id,
                    settled_at, kind)
                values (?, ?::timestamptz, '', '', '', 'charted', '', '', '', '', '', '', ?, '', ?,
                    ?::timestamptz, 'decision')
                """,
                decision.entryId(),
                decision.at().toString(),
                content.length,
                decision.recordId(),
                decision.at().toString());
        script.run(
                "insert into raw_message (entry_id, content) values (?, ?)",
                decision.entryId(),
                content);
        script.run(
                """
                insert into decision (entry_id, decided_at, account, reason, kind, about_entry, claim,
                    record_id, record_lock, brought, withdraws)
                values (?, ?::timestamptz, ?, ?, ?, ?, ?::uuid, ?, ?, ?, ?)
                """,
                decision.entryId(),
                decision.at().toString(),
                decision.account(),
                decision.reason(),
                decision.kind().word(),
                decision.aboutEntry(),
                decision.claim() == null ? null : decision.claim().toString(),
                decision.recordId(),
                decision.recordLock(),
                decision.brought(),
                decision.withdraws());
        if (decision.withdraws() != null)
            script.run(
                    "update decision set withdrawn_by = ? where entry_id = ?",
                    decision.entryId(),
                    decision.withdraws());
    }

    /**
     * Writes a decision about an alert with its entry.
     *
     * @param alert the alert's key; of its overrides one at most holds
     * @param details the alert in words, for a reader of the journal alone
     */
    public void writeAboutAlert(
            Script script, Decision decision, String alert, Map<String, Object> details) {
        var said = new LinkedHashMap<String, Object>();
        said.put("alert", alert);
        said.putAll(details);
        write(script, decision, said);
        script.run("update decision set alert = ? where entry_id = ?", alert, decision.entryId());
    }

    /**
     * Writes with its entry that an order or a referral is closed.
     *
     * @param loop what it is told apart by; of its closings one at most holds
     * @param as the word for why
     * @param known the messages of the loop that whoever closes it has seen
     * @param details the order in words, for a reader of the journal alone
     */
    public void writeClosing(
            Script script,
            Decision decision,
            String loop,
            String as,
            Collection<Long> known,
            Map<String, Object> details) {
        var said = new LinkedHashMap<String, Object>();
        said.put("closedAs", as);
        said.put("known", known);
        said.putAll(details);
        writeAboutAlert(script, decision, loop, said);
        script.run(
                "update decision set closed_as = ?, known = ? where entry_id = ?",
                as,
                longs(known, Long::longValue),
                decision.entryId());
    }

    /**
     * Whether a decision about this alert or loop holds; until the end of the transaction nobody
     * decides.
     */
    public boolean isDecided(Connection connection, String alert) throws SQLException {
        var found = new boolean[1];
        var script = new Script();
        script.run("select pg_advisory_xact_lock(hashtextextended(?, 35))", alert);
        script.read(
                """
                select 1 from decision
                where alert = ? and kind in ('override', 'close') and withdrawn_by is null
                """,
                _ -> found[0] = true,
                alert);
        script.send(connection);
        return found[0];
    }

    /** The alert or loop that a decision is about; empty when it is none, or taken back. */
    public Optional<String> decided(long entryId) {
        return jdbc.sql(
                        """
                        select alert from decision
                        where entry_id = ? and kind in ('override', 'close') and withdrawn_by is null
                        """)
                .param(entryId)
                .query(String.class)
                .optional();
    }

    /**
     * What people and partners did while something held that is taken back now: it stays, and a
     * person has to place it.
     *
     * @param decisions made about the same patients since then, that still hold
     * @param left messages that are charted anew and have left for partners since then
     * @param persons the patients under whom what was one was shown; what people did with these
     *     charts stands in the audit trail
     * @param since when that began; null when nothing was shown
     */
    public record Meanwhile(
            List<Long> decisions, List<Long> left, List<UUID> persons, @Nullable Instant since) {
        public static final Meanwhile NOTHING =
                new Meanwhile(List.of(), List.of(), List.of(), null);

        public Meanwhile {
            decisions = List.copyOf(decisions);
            left = List.copyOf(left);
            persons = List.copyOf(persons);
        }

        /** For the decision's entry. */
        public Map<String, Object> described() {
            var said = new LinkedHashMap<String, Object>();
            said.put("meanwhile", decisions);
            said.put("left", left);
            if (since != null) {
                said.put("persons", persons.stream().map(UUID::toString).toList());
                said.put("since", since.toString());
            }
            return said;
        }

        /** Leaves out what the audit trail has. */
        public boolean isEmpty() {
            return decisions.isEmpty() && left.isEmpty();
        }
    }

    /** How much of either is listed. */
    static final int MAX_MEANWHILE = 100;

    /**
     * Finds what was done meanwhile; call before anything is charted anew.
     *
     * @param withdraws the decision or message that is taken back
     * @param records of the patients that it was about
     * @param entries the messages that are charted anew
     * @param persons who they were until now
     */
    public Meanwhile meanwhile(
            Connection connection,
            long withdraws,
            Collection<Long> records,
            Collection<Long> entries,
            Collection<UUID> persons)
            throws SQLException {
        var since = new ArrayList<Instant>();
        var made = new ArrayList<Long>();
        var left = new ArrayList<Long>();
        var patients = longs(records, Long::longValue);
        new Script()
                .read(
                        """
                        select d.entry_id
                        from decision d
                        where d.entry_id > ? and d.withdrawn_by is null
                          and d.kind in ('link', 'create', 'merge', 'split', 'file')
                          and (d.record_id = any(?)
                               or exists (select from assertion a
                                          where a.entry_id = d.entry_id
                                            and (a.record_id = any(?) or a.other_id = any(?))))
                        order by d.entry_id
                        limit ?
                        """,
                        row -> made.add(row.getLong(1)),
                        withdraws,
                        patients,
                        patients,
                        patients,
                        MAX_MEANWHILE)
                .read(
                        """
                        select distinct d.entry_id
                        from journal w
                        join delivery d
                          on d.entry_id = any(?) and d.state in ('accepted', 'confirmed')
                         and d.staged_at >= coalesce(w.settled_at, w.received_at)
                        where w.id = ?
                        order by d.entry_id
                        limit ?
                        """,
                        row -> left.add(row.getLong(1)),
                        longs(entries, Long::longValue),
                        withdraws,
                        MAX_MEANWHILE)
                .read(
                        """
                        select coalesce(charted_at, settled_at, received_at) from journal where id = ?
                        """,
                        row -> since.add(row.getTimestamp(1).toInstant()),
                        withdraws)
                .send(connection);
        return new Meanwhile(
                made, left, List.copyOf(persons), since.isEmpty() ? null : since.getFirst());
    }

    /** What an undo or a split found that was done meanwhile; empty for every other entry. */
    public Meanwhile meanwhile(long decision) {
        return jdbc.sql(
                        """
                        select r.content
                        from decision d
                        join raw_message r on r.entry_id = d.entry_id
                        where d.entry_id = ? and d.kind in ('undo', 'split', 'file')
                        """)
                .param(decision)
                .query((row, _) -> row.getBytes(1))
                .optional()
                .map(
                        content -> {
                            var said = JSON.readTree(content);
                            return new Meanwhile(
                                    numbers(said.path("meanwhile")),
                                    numbers(said.path("left")),
                                    persons(said.path("persons")),
                                    said.path("since").isString()
                                            ? Instant.parse(said.path("since").asString())
                                            : null);
                        })
                .orElse(Meanwhile.NOTHING);
    }

    private static List<Long> numbers(JsonNode array) {
        var numbers = new ArrayList<Long>();
        for (var one : array) numbers.add(one.longValue());
        return numbers;
    }

    private static List<UUID> persons(JsonNode array) {
        var persons = new ArrayList<UUID>();
        for (var one : array) persons.add(UUID.fromString(one.asString()));
        return persons;
    }

    /** The record that a person said a claim means; empty when nobody did. */
    public Optional<Long> decidedRecord(Connection connection, UUID claim) throws SQLException {
        var found = new ArrayList<Long>();
        new Script()
                .read(
                        """
                        select record_id from decision
                        where claim = ?::uuid and withdrawn_by is null and record_id is not null
                        order by entry_id desc limit 1
                        """,
                        row -> found.add(row.getLong(1)),
                        claim.toString())
                .send(connection);
        return found.stream().findFirst();
    }

    public Optional<View> find(long entryId) {
        return jdbc.sql("select * from decision where entry_id = ?")
                .param(entryId)
                .query(DecisionStore::view)
                .optional();
    }

    /** The last ones, newest first. */
    public List<View> newest(int limit) {
        return jdbc.sql("select * from decision where alert is null order by entry_id desc limit ?")
                .param(limit)
                .query(DecisionStore::view)
                .list();
    }

    /** What was decided about a message, or about what it says. */
    public List<View> about(long entryId) {
        return jdbc.sql(
                        """
                        select d.* from decision d
                        where (d.about_entry = :entry
                           or d.withdraws = :entry
                           or d.entry_id = (select released_by from journal where id = :entry))
                          and d.alert is null
                        order by d.entry_id
                        """)
                .param("entry", entryId)
                .query(DecisionStore::view)
                .list();
    }

    private static View view(ResultSet row, int number) throws SQLException {
        return new View(
                new Decision(
                        row.getLong("entry_id"),
                        row.getTimestamp("decided_at").toInstant(),
                        row.getString("account"),
                        row.getString("reason"),
                        Decision.Kind.of(row.getString("kind")),
                        row.getObject("about_entry", Long.class),
                        row.getObject("claim", UUID.class),
                        row.getObject("record_id", Long.class),
                        row.getObject("record_lock", Long.class),
                        row.getBoolean("brought"),
                        row.getObject("withdraws", Long.class)),
                row.getObject("withdrawn_by", Long.class));
    }
}
