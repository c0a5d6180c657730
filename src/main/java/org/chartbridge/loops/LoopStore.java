package org.chartbridge.loops;

import org.chartbridge.delivery.Reached;
import org.chartbridge.mapping.OrderAnswer;
import org.chartbridge.ordering.OrdersToPlace;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
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

/**
 * Reads what the chart does not hold of orders and referrals: deliveries, and who looked; long
 * because of its statements.
 */
@Repository
class LoopStore {
    /** People and times that one order's page lists. */
    static final int MAX_LOOKS = 20;

    /** What is read of what a partner's application said of one delivery, the newest. */
    private static final int MAX_SAID = 50;

    private static final JsonMapper MAPPER = JsonMapper.shared();

    private final JdbcClient jdbc;
    private final ObjectProvider<OrdersToPlace> toPlace;

    LoopStore(JdbcClient jdbc, ObjectProvider<OrdersToPlace> toPlace) {
        this.jdbc = jdbc;
        this.toPlace = toPlace;
    }

    /**
     * Deliveries of orders and referrals that these entries caused, by entry.
     *
     * @param reported those of which also the codes are wanted in which each test left
     */
    Map<Long, List<Sending>> sendings(Collection<Long> entries, Collection<Long> reported) {
        var all = new HashMap<Long, List<Sending>>();
        if (entries.isEmpty()) return all;
        jdbc.sql(
                        """
                        select d.id, d.entry_id, d.destination, d.state, d.staged_at, d.settled_at, f.sent_at,
                               coalesce(l.outcome, '') as outcome, coalesce(l.words, '') as words,
                               case when h.entry_id is null then l.answer end as answer,
                               l.endpoint,
                               t.state as queue_state, nullif(t.problem, '') as queue_problem, t.why as queue_why,
                               case t.state when 'paused' then t.paused_at else t.accepted_at end as queue_since,
                               t.name is not null
                               and exists (select
                                           from delivery e
                                           where e.destination = d.destination and e.state = 'waiting'
                                             and (e.turn, e.place) < (d.turn, d.place)) as queue_behind,
                               d.chosen,
                               case when d.entry_id = any(:reported) then coalesce(l.content, d.body) end as left_as,
                               case when d.entry_id = any(:reported) and d.chosen = ''
                                    then (select r.content
                                          from raw_message r
                                          where r.entry_id = d.entry_id) end as came_as,
                               exists (select
                                       from delivery w
                                       where w.entry_id = d.entry_id
                                         and w.destination like '%/orders-to-place%') as beside,
                               case when d.destination like '%/orders-to-place%' then d.body end as to_place,
                               case when d.destination like '%/orders-to-place%' or d.state = 'confirmed'
                                    then (select case c.decision
                                                 when 'has-it'
                                                 then split_part(d.destination, '/', 1) || ' has it, said by '
                                                      || c.account || ': ' || c.reason
                                                 else c.reason end
                                          from delivery_decision c
                                          where c.delivery_id = d.id
                                          order by c.id desc
                                          limit 1) end as reason
                        from delivery d
                        left join destination t
                          on t.name = d.destination and d.state = 'waiting'
                         and (t.state = 'paused' or t.problem <> '')
                        left join lateral (select min(a.started_at) as sent_at
                                           from attempt a
                                           where a.delivery_id = d.id) f on true
                        left join lateral (select a.outcome, a.words, a.answer, a.endpoint, a.content
                                           from attempt a
                                           where a.delivery_id = d.id
                                           order by a.number desc
                                           limit 1) l on true
                        left join lateral (select o.entry_id
                                           from answer_onward o
                                           join journal j on j.id = o.entry_id
                                           where o.delivery_id = d.id
                                             and (j.state = 'charted'
                                                  or exists (select from application_answer s
                                                             where s.entry_id = j.id))
                                           limit 1) h on true
                        where d.entry_id = any(:entries)
                          and d.state <> 'replaced'
                          and split_part(d.message_type, '^', 1) in ('ORM', 'OML', 'OMG', 'REF')
                        order by d.entry_id, d.place, d.id
                        """)
                .param("entries", entries.toArray(Long[]::new))
                .param("reported", reported.toArray(Long[]::new))
                .query(
                        row -> {
                            var one = sending(row);
                            all.computeIfAbsent(one.entryId(), _ -> new ArrayList<>()).add(one);
                        });
        hear(all);
        explain(all);
        return all;
    }

    /** Adds what the partners' applications said of them later. */
    private void hear(Map<Long, List<Sending>> all) {
        var ids = all.values().stream().flatMap(List::stream).map(Sending::id).toList();
        var said = new HashMap<Long, List<Sending.Later>>();
        jdbc.sql(
                        """
                        select c.delivery_id, c.entry_id, c.received_at, c.code, c.words, r.content
                        from unnest(:ids::bigint[]) k(id)
                        cross join lateral (select *
                                            from application_answer a
                                            where a.delivery_id = k.id
                                            order by a.entry_id desc
                                            limit :most) c
                        left join raw_message r on r.entry_id = c.entry_id
                        order by c.entry_id
                        """)
                .param("ids", ids.toArray(Long[]::new))
                .param("most", MAX_SAID)
                .query(
                        row -> {
                            said.computeIfAbsent(row.getLong("delivery_id"), _ -> new ArrayList<>())
                                    .add(later(row));
                        });
        if (said.isEmpty()) return;
        for (var own : all.values())
            own.replaceAll(one -> one.heard(said.getOrDefault(one.id(), List.of())));
    }

    /** Says of those that wait to be placed why, as the folders are now. */
    private void explain(Map<Long, List<Sending>> all) {
        var waiting =
                all.values().stream()
                        .flatMap(List::stream)
                        .filter(Sending::waitsToBePlaced)
                        .map(Sending::id)
                        .toList();
        var orders = waiting.isEmpty() ? null : toPlace.getIfAvailable();
        if (orders == null) return;
        var causes = orders.causes(waiting);
        for (var own : all.values())
            own.replaceAll(
                    one -> {
                        var why = causes.get(one.id());
                        return why == null ? one : one.because(why);
                    });
    }

    private static Sending sending(ResultSet row) throws SQLException {
        var answer = row.getBytes("answer");
        var reason = row.getString("reason");
        var toPlace = row.getBytes("to_place");
        var holds = toPlace == null ? held(row.getString("chosen")) : Sending.Held.of(toPlace);
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
                List.of(),
                holds,
                left(holds, row.getBytes("came_as"), row.getBytes("left_as")),
                row.getBoolean("beside"),
                arrived(Reached.of(row.getString("endpoint"), row.getString("words"))),
                blocked(row));
    }

    private static Sending.@Nullable Blocked blocked(ResultSet row) throws SQLException {
        var paused = "paused".equals(row.getString("queue_state"));
        var problem = row.getString("queue_problem");
        if (!row.getString("state").equals("waiting") || (!paused && problem == null)) return null;
        return new Sending.Blocked(
                row.getString("destination"),
                paused,
                paused ? row.getString("queue_why") : problem,
                instant(row, "queue_since"),
                row.getBoolean("queue_behind"));
    }

    /**
     * The orders as they left.
     *
     * @param cameAs their message, where nothing was chosen; null where that does not matter
     * @param leftAs null where they left as they were chosen, or came
     */
    private static List<Sending.Held> left(
            List<Sending.Held> holds, byte @Nullable [] cameAs, byte @Nullable [] leftAs) {
        if (leftAs == null) return holds;
        var ordered = holds.isEmpty() && cameAs != null ? Sending.Held.of(cameAs) : holds;
        return Sending.Held.leaving(ordered, leftAs);
    }

    private static State arrived(Reached reached) {
        return switch (reached) {
            case ANSWERED -> State.ACKNOWLEDGED;
            case UNASKED -> State.UNASKED;
            case FILED -> State.FILED;
            case UPLOADED -> State.UPLOADED;
        };
    }

    private static Sending.Later later(ResultSet row) throws SQLException {
        var content = row.getBytes("content");
        return new Sending.Later(
                row.getLong("entry_id"),
                row.getTimestamp("received_at").toInstant(),
                row.getString("code"),
                row.getString("words"),
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
