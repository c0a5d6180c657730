package org.chartbridge.loops;

import org.chartbridge.mapping.OrderAnswer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import tools.jackson.databind.json.JsonMapper;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Reads what the chart does not hold of orders and referrals: deliveries, and who looked. */
@Repository
class LoopStore {
    /** People and times that one order's page lists. */
    static final int MAX_LOOKS = 20;

    private static final JsonMapper MAPPER = JsonMapper.shared();

    private final JdbcClient jdbc;

    LoopStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Deliveries of orders and referrals that these entries caused, by entry. */
    Map<Long, List<Sending>> sendings(Collection<Long> entries) {
        var all = new HashMap<Long, List<Sending>>();
        if (entries.isEmpty()) return all;
        jdbc.sql(
                        """
                        select d.id, d.entry_id, d.destination, d.state, d.staged_at, d.settled_at, f.sent_at,
                               coalesce(l.outcome, '') as outcome, coalesce(l.words, '') as words, l.answer,
                               l.endpoint,
                               d.chosen, s.entry_id as later_entry, s.received_at as later_at, s.code as later_code,
                               s.words as later_words, s.content as later_content,
                               exists (select
                                       from delivery w
                                       where w.entry_id = d.entry_id
                                         and w.destination like '%/orders-to-place%') as beside,
                               case when d.destination like '%/orders-to-place%' then d.body end as to_place,
                               case when d.destination like '%/orders-to-place%'
                                    then (select c.reason
                                          from delivery_decision c
                                          where c.delivery_id = d.id
                                          order by c.id desc
                                          limit 1) end as reason
                        from delivery d
                        left join lateral (select min(a.started_at) as sent_at
                                           from attempt a
                                           where a.delivery_id = d.id) f on true
                        left join lateral (select a.outcome, a.words, a.answer, a.endpoint
                                           from attempt a
                                           where a.delivery_id = d.id
                                           order by a.number desc
                                           limit 1) l on true
                        left join lateral (select c.entry_id, c.received_at, c.code, c.words, r.content
                                           from application_answer c
                                           left join raw_message r on r.entry_id = c.entry_id
                                           where c.delivery_id = d.id
                                           order by c.entry_id desc
                                           limit 1) s on true
                        where d.entry_id = any(:entries)
                          and d.state <> 'replaced'
                          and split_part(d.message_type, '^', 1) in ('ORM', 'OML', 'OMG', 'REF')
                        order by d.entry_id, d.place, d.id
                        """)
                .param("entries", entries.toArray(Long[]::new))
                .query(
                        row -> {
                            var one = sending(row);
                            all.computeIfAbsent(one.entryId(), _ -> new ArrayList<>()).add(one);
                        });
        return all;
    }

    private static Sending sending(ResultSet row) throws SQLException {
        var answer = row.getBytes("answer");
        var reason = row.getString("reason");
        var toPlace = row.getBytes("to_place");
        return new Sending(
                row.getLong("id"),
                row.getLong("entry_id"),
                row.getString("destination"),
                row.getString("state"),
                row.getTimestamp("staged_at").toInstant(),
                instant(row, "sent_at"),
                row.getString("outcome"),
                reason == null ? row.getString("words") : reason,
                instant(row, "settled_at"),
                answer == null ? List.of() : OrderAnswer.read(answer),
                later(row),
                toPlace == null ? held(row.getString("chosen")) : Sending.Held.of(toPlace),
                row.getBoolean("beside"),
                arrived(row.getString("endpoint")));
    }

    /**
     * @param endpoint of the last attempt, as the attempt keeps it; null of none
     */
    private static State arrived(@Nullable String endpoint) {
        if (endpoint != null && endpoint.startsWith("file:")) return State.FILED;
        return endpoint != null && endpoint.startsWith("sftp:")
                ? State.UPLOADED
                : State.ACKNOWLEDGED;
    }

    private static Sending.@Nullable Later later(ResultSet row) throws SQLException {
        var at = instant(row, "later_at");
        if (at == null) return null;
        var content = row.getBytes("later_content");
        return new Sending.Later(
                row.getLong("later_entry"),
                at,
                row.getString("later_code"),
                row.getString("later_words"),
                content == null ? List.of() : OrderAnswer.read(content));
    }

    /** What was chosen, as it is kept with a delivery. */
    private static List<Sending.Held> held(String chosen) {
        var all = new ArrayList<Sending.Held>();
        if (chosen.isEmpty()) return all;
        for (var one : MAPPER.readTree(chosen))
            all.add(
                    new Sending.Held(
                            one.path("number").asString(""),
                            one.path("what").asString(""),
                            one.path("sent").asString("")));
        return all;
    }

    /** What people closed and did not take back, by a message of the loop. */
    Map<Long, List<ByHand>> closings(Collection<Loop> loops) {
        var all = new HashMap<Long, List<ByHand>>();
        var entries =
                loops.stream().flatMap(loop -> ByHand.known(loop).stream()).toArray(Long[]::new);
        if (entries.length == 0) return all;
        jdbc.sql(
                        """
                        select alert, entry_id, about_entry, known, decided_at, account, closed_as, reason
                        from decision
                        where about_entry = any(:entries) and kind = 'close' and withdrawn_by is null
                        """)
                .param("entries", entries)
                .query(
                        row -> {
                            all.computeIfAbsent(row.getLong("about_entry"), _ -> new ArrayList<>())
                                    .add(byHand(row));
                        });
        return all;
    }

    private static ByHand byHand(ResultSet row) throws SQLException {
        return new ByHand(
                row.getLong("entry_id"),
                row.getString("alert"),
                Set.of((Long[]) row.getArray("known").getArray()),
                row.getTimestamp("decided_at").toInstant(),
                row.getString("account"),
                ByHand.Why.of(row.getString("closed_as")).orElse(ByHand.Why.OTHER),
                row.getString("reason"),
                true);
    }

    /** Patients of whom people closed something, the last first. */
    List<UUID> closedLately(int most) {
        return jdbc.sql(
                        """
                        select p.person_id
                        from decision d
                        join statement s on s.entry_id = any(d.known) and s.kind in ('placed_order', 'referral')
                        join patient_record p on p.id = s.record_id
                        where d.kind = 'close' and d.withdrawn_by is null
                        group by p.person_id
                        order by max(d.entry_id) desc
                        limit :most
                        """)
                .param("most", most)
                .query(UUID.class)
                .list();
    }

    /** Somebody who had the patient's chart or one of the messages open. */
    record Look(Instant at, String account, long entryId) {}

    /**
     * Who looked since a result was there, the first first.
     *
     * @param entries messages that brought the result
     */
    List<Look> looks(UUID person, Collection<Long> entries, Instant since) {
        return jdbc.sql(
                        """
                        select at, account, coalesce(entry_id, 0) as entry_id
                        from audit
                        where (person_id = :person and action = 'SAW_PATIENT'
                               or entry_id = any(:entries) and action = 'SAW_MESSAGE')
                          and at >= :since
                        order by at
                        limit :limit
                        """)
                .param("person", person)
                .param("entries", entries.toArray(Long[]::new))
                .param("since", OffsetDateTime.ofInstant(since, ZoneOffset.UTC))
                .param("limit", MAX_LOOKS)
                .query(
                        (row, _) ->
                                new Look(
                                        row.getTimestamp("at").toInstant(),
                                        row.getString("account"),
                                        row.getLong("entry_id")))
                .list();
    }

    /** A report that somebody signed: the OBR of a message. */
    record Signature(Instant at, String account, long entryId, String path) {}

    /**
     * Who signed reports that these messages state, the first first.
     *
     * @param entries messages that brought the result
     */
    List<Signature> signatures(UUID person, Collection<Long> entries) {
        return jdbc.sql(
                        """
                        select at, account, entry_id, coalesce(path, '') as path
                        from audit
                        where person_id = :person and entry_id = any(:entries) and action = 'SIGNED'
                        order by at
                        limit :limit
                        """)
                .param("person", person)
                .param("entries", entries.toArray(Long[]::new))
                .param("limit", MAX_LOOKS)
                .query(
                        (row, _) ->
                                new Signature(
                                        row.getTimestamp("at").toInstant(),
                                        row.getString("account"),
                                        row.getLong("entry_id"),
                                        row.getString("path")))
                .list();
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }
}
