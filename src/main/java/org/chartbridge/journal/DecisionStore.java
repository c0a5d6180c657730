package org.chartbridge.journal;

import org.chartbridge.database.Script;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Decisions about identity: written as entries of the journal, read for pages and for undoing. */
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

    public Optional<View> find(long entryId) {
        return jdbc.sql("select * from decision where entry_id = ?")
                .param(entryId)
                .query(DecisionStore::view)
                .optional();
    }

    /** The last ones, newest first. */
    public List<View> newest(int limit) {
        return jdbc.sql("select * from decision order by entry_id desc limit ?")
                .param(limit)
                .query(DecisionStore::view)
                .list();
    }

    /** What was decided about a message, or about what it says. */
    public List<View> about(long entryId) {
        return jdbc.sql(
                        """
                        select d.* from decision d
                        where d.about_entry = :entry
                           or d.withdraws = :entry
                           or d.entry_id = (select released_by from journal where id = :entry)
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
