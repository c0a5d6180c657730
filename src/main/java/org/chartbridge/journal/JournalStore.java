package org.chartbridge.journal;

import static org.chartbridge.database.Columns.contents;
import static org.chartbridge.database.Columns.ids;
import static org.chartbridge.database.Columns.ints;
import static org.chartbridge.database.Columns.longs;
import static org.chartbridge.database.Columns.texts;
import static org.chartbridge.database.Columns.times;

import org.chartbridge.database.BlockIds;
import org.chartbridge.database.Script;
import org.chartbridge.hl7.Fault;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Writes the journal, a group of entries at a time, and reads what intake needs of it; long because
 * of its statements.
 */
@Component
public class JournalStore {

    /** Entry ids drawn at once; the increment of sequence {@code entry_id}. */
    private static final int ENTRY_ID_BLOCK = 1_000;

    /**
     * Entries with their bytes; whether they were held, and whether their deliveries were staged.
     */
    private static final String STORED =
            """
            select j.*, r.content,
                   j.released_by is not null
                   or exists (select from held_claim h where h.entry_id = j.id)
                   or exists (select from message_part p where p.joined_into = j.id) as released,
                   exists (select from delivery d where d.entry_id = j.id) as sent
            from journal j
            join raw_message r on r.entry_id = j.id
            """;

    private final JdbcClient jdbc;
    private final BlockIds ids;

    public JournalStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
        this.ids = new BlockIds(jdbc, "entry_id", ENTRY_ID_BLOCK);
    }

    /** The next entry id; ids grow in the order of arrival. */
    public long nextId() {
        return ids.getAsLong();
    }

    /**
     * A sender has connected, perhaps because another engine on this database is gone: what it
     * sends here comes after what it has sent there. Returns at once.
     */
    public void connected() {
        ids.renew();
    }

    /** Reads the receipts that these messages could be repeats of. */
    public Receipts readReceipts(Script script, Collection<ReceiptKey> keys) {
        var receipts = new Receipts();
        if (keys.isEmpty()) return receipts;
        script.read(
                """
                select r.partner, r.control_id, r.content_hash, r.entry_id, j.answer
                from unnest(?, ?) k(partner, control_id)
                join receipt r using (partner, control_id)
                join journal j on j.id = r.entry_id
                """,
                row ->
                        receipts.know(
                                new ReceiptKey(
                                        row.getString(1),
                                        row.getString(2),
                                        row.getObject(3, UUID.class)),
                                new Receipts.Receipt(row.getLong(4), row.getBytes(5))),
                texts(keys, ReceiptKey::partner),
                texts(keys, ReceiptKey::controlId));
        return receipts;
    }

    /** Adds entries, with their bytes and the receipts of those that were promised. */
    public void write(Script script, List<Entry> entries) {
        if (entries.isEmpty()) return;
        script.run(
                """
                insert into journal (id, received_at, partner, route, folder_version, state, peer, sender,
                    control_id, message_type, version, processing_id, size_bytes, answer_code, answer,
                    reasons, record_id, settled_at)
                select id, to_timestamp(received / 1e6::float8), partner, route, folder, state, peer, sender, control, type,
                       version, processing, size, code, answer, reasons::jsonb, record,
                       to_timestamp(settled / 1e6::float8)
                from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                     k(id, received, partner, route, folder, state, peer, sender, control, type, version,
                       processing, size, code, answer, reasons, record, settled)
                """,
                longs(entries, Entry::id),
                times(entries, Entry::receivedAt),
                texts(entries, Entry::partner),
                texts(entries, Entry::route),
                texts(entries, Entry::folderVersion),
                texts(entries, e -> e.state().word()),
                texts(entries, Entry::peer),
                texts(entries, Entry::sender),
                texts(entries, Entry::controlId),
                texts(entries, Entry::type),
                texts(entries, Entry::version),
                texts(entries, Entry::processingId),
                ints(entries, e -> e.raw().length),
                texts(entries, Entry::answerCode),
                contents(entries, Entry::answer),
                texts(entries, e -> Reasons.toJson(e.reasons())),
                ids(entries, Entry::recordId),
                times(entries, Entry::settledAt));
        script.run(
                "insert into raw_message (entry_id, content) select id, content from unnest(?, ?)"
                        + " k(id, content)",
                longs(entries, Entry::id),
                contents(entries, Entry::raw));
        var promised = new ArrayList<Entry>(entries.size());
        var receipts = new ArrayList<ReceiptKey>(entries.size());
        for (var entry : entries) {
            if (!entry.isPromised() || entry.receipt() == null) continue;
            promised.add(entry);
            receipts.add(entry.receipt());
        }
        if (promised.isEmpty()) return;
        script.run(
                """
                insert into receipt (partner, control_id, content_hash, entry_id)
                select partner, control, hash::uuid, id from unnest(?, ?, ?, ?) k(partner, control, hash, id)
                """,
                texts(receipts, ReceiptKey::partner),
                texts(receipts, ReceiptKey::controlId),
                texts(receipts, r -> r.contentHash().toString()),
                longs(promised, Entry::id));
    }

    /** Says what became of entries that had been received, and by which version of the folder. */
    public void settle(Script script, List<Entry> entries) {
        if (entries.isEmpty()) return;
        script.run(
                """
                update journal set state = k.state, reasons = k.reasons::jsonb, record_id = k.record,
                    folder_version = k.folder, settled_at = to_timestamp(k.settled / 1e6::float8)
                from unnest(?, ?, ?, ?, ?, ?) k(id, folder, state, reasons, record, settled)
                where journal.id = k.id
                """,
                longs(entries, Entry::id),
                texts(entries, Entry::folderVersion),
                texts(entries, e -> e.state().word()),
                texts(entries, e -> Reasons.toJson(e.reasons())),
                ids(entries, Entry::recordId),
                times(entries, Entry::settledAt));
    }

    /** Locks those of the entries that are still received, and reads which they are. */
    public Set<Long> claimReceived(Script script, long[] entryIds) {
        var claimed = new HashSet<Long>();
        if (entryIds.length == 0) return claimed;
        script.read(
                "select id from journal where id = any(?) and state = 'received' order by id for"
                        + " update",
                row -> claimed.add(row.getLong(1)),
                (Object) entryIds);
        return claimed;
    }

    /** Counts that the same bytes came again. */
    public void countRepeats(Script script, Collection<Long> entryIds) {
        if (entryIds.isEmpty()) return;
        script.run(
                """
                update journal set repeats = repeats + k.n
                from (select id, count(*)::integer n from unnest(?) id group by id order by id) k
                where journal.id = k.id
                """,
                (Object) entryIds.stream().mapToLong(Long::longValue).sorted().toArray());
    }

    /**
     * Which of these entries were committed, with what was answered. Asked after a connection was
     * lost in the middle of a commit.
     */
    public Map<Long, Receipts.Receipt> committed(Connection connection, long[] entryIds)
            throws SQLException {
        var found = new HashMap<Long, Receipts.Receipt>();
        new Script()
                .read(
                        "select id, answer from journal where id = any(?)",
                        row ->
                                found.put(
                                        row.getLong(1),
                                        new Receipts.Receipt(row.getLong(1), row.getBytes(2))),
                        (Object) entryIds)
                .send(connection);
        return found;
    }

    /**
     * The oldest received entries, at most this many. Of messages that were held for the same
     * patient only the first: the next follows when it is settled.
     */
    public List<Stored> received(int limit) {
        return jdbc.sql(
                        STORED
                                + """
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
                                  and not exists (
                                      select
                                      from held_claim h
                                      join held_claim e
                                        on e.had_value = h.had_value and e.had_authority = h.had_authority
                                       and e.had_type = h.had_type and e.waits and e.had_value <> ''
                                       and e.entry_id < h.entry_id
                                      join journal before
                                        on before.id = e.entry_id and before.state = 'received'
                                      where h.entry_id = j.id and h.waits and h.had_value <> ''
                                  )
                                order by j.partner, j.id
                                limit :limit
                                """)
                .param("limit", limit)
                .query((row, number) -> stored(row))
                .list();
    }

    /** An entry that is in this state, with its bytes. */
    public Optional<Stored> stored(long entryId, EntryState state) {
        return jdbc.sql(STORED + " where j.id = :id and j.state = :state")
                .param("id", entryId)
                .param("state", state.word())
                .query((row, number) -> stored(row))
                .optional();
    }

    /** What a decision on a held entry is about; empty when it names no patient. */
    public Optional<UUID> heldClaim(long entryId) {
        return jdbc.sql("select claim from held_claim where entry_id = ?")
                .param(entryId)
                .query(UUID.class)
                .optional();
    }

    /** Locks an entry if it is still held. */
    public boolean claimHeld(Connection connection, long entryId) throws SQLException {
        var held = new ArrayList<Long>();
        new Script()
                .read(
                        "select id from journal where id = ? and state = 'held' for update",
                        row -> held.add(row.getLong(1)),
                        entryId)
                .send(connection);
        return !held.isEmpty();
    }

    /** The messages whose charting followed a decision. */
    public Set<Long> followers(Connection connection, long decision) throws SQLException {
        var found = new HashSet<Long>();
        new Script()
                .read(
                        """
                        select id from journal
                        where released_by = ? and state = 'charted' and kind = 'message'
                        """,
                        row -> found.add(row.getLong(1)),
                        decision)
                .send(connection);
        return found;
    }

    /**
     * Puts charted entries back to where they are to be charted, and reads them in order. When they
     * were charted first stays known: since then people could see what they say.
     */
    public List<Stored> chartAnew(Connection connection, Collection<Long> entryIds)
            throws SQLException {
        var found = new ArrayList<Stored>();
        if (entryIds.isEmpty()) return found;
        var ids = longs(entryIds, Long::longValue);
        new Script()
                .run(
                        """
                        update journal
                        set charted_at = case when state = 'charted' then coalesce(charted_at, settled_at)
                                              else charted_at end,
                            state = 'received', record_id = null, released_by = null
                        where id = any(?)
                        """,
                        (Object) ids)
                .read(
                        STORED + " where j.id = any(?) order by j.id",
                        row -> {
                            var stored = stored(row);
                            found.add(new Stored(stored.entry(), true, stored.sent()));
                        },
                        (Object) ids)
                .send(connection);
        return found;
    }

    private static Stored stored(ResultSet row) throws SQLException {
        return new Stored(
                new Entry(
                        row.getLong("id"),
                        row.getTimestamp("received_at").toInstant(),
                        row.getString("partner"),
                        row.getString("route"),
                        row.getString("folder_version"),
                        row.getString("peer"),
                        row.getString("sender"),
                        row.getString("control_id"),
                        row.getString("message_type"),
                        row.getString("version"),
                        row.getString("processing_id"),
                        row.getBytes("content"),
                        EntryState.RECEIVED,
                        row.getString("answer_code"),
                        row.getBytes("answer"),
                        List.<Fault>of(),
                        null,
                        null,
                        null),
                row.getBoolean("released"),
                row.getBoolean("sent"));
    }

    /** Keeps bytes that were no message. */
    public void keepStray(
            String listener,
            String peer,
            Instant receivedAt,
            String cause,
            long total,
            byte[] excerpt) {
        jdbc.sql(
                        """
                        insert into stray_bytes (id, received_at, listener, peer, cause, total_bytes, excerpt)
                        values (:id, :at::timestamptz, :listener, :peer, :cause, :total, :excerpt)
                        """)
                .param("id", nextId())
                .param("at", receivedAt.toString())
                .param("listener", listener)
                .param("peer", peer)
                .param("cause", cause)
                .param("total", total)
                .param("excerpt", excerpt)
                .update();
    }
}
