package org.chartbridge.delivery;

import static org.chartbridge.database.Columns.contents;
import static org.chartbridge.database.Columns.flags;
import static org.chartbridge.database.Columns.ids;
import static org.chartbridge.database.Columns.ints;
import static org.chartbridge.database.Columns.longs;
import static org.chartbridge.database.Columns.texts;

import org.chartbridge.database.BlockIds;
import org.chartbridge.database.Script;
import org.chartbridge.delivery.Outboxes.Made;
import org.chartbridge.delivery.Step.Begun;
import org.chartbridge.delivery.Step.Ended;
import org.chartbridge.delivery.Step.Standing;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes deliveries in the commit that causes them, and each step of sending; reads what waits;
 * long because of its statements.
 */
@Component
public class DeliveryStore {

    /** Ids drawn at once; the increment of sequence {@code delivery_id}. */
    private static final int ID_BLOCK = 1_000;

    private final JdbcClient jdbc;
    private final BlockIds ids;

    public DeliveryStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
        this.ids = new BlockIds(jdbc, "delivery_id", ID_BLOCK);
    }

    /** Who may send, in the same database. */
    Claims claims() {
        return new Claims(jdbc);
    }

    /** The next delivery id; ids grow in the order of staging. */
    public long nextId() {
        return ids.getAsLong();
    }

    /** Adds deliveries, waiting. */
    public void stage(Script script, List<NewDelivery> deliveries) {
        if (deliveries.isEmpty()) return;
        script.run(
                """
                insert into delivery (id, entry_id, place, destination, state, control_id, message_type,
                    size_bytes, body, staged_at, chosen, behind)
                select id, entry, place, destination, 'waiting', control, type, size, body, staged::timestamptz, chosen,
                       nullif(behind, 0)
                from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                     k(id, entry, place, destination, control, type, size, body, staged, chosen, behind)
                """,
                longs(deliveries, NewDelivery::id),
                longs(deliveries, NewDelivery::entryId),
                longs(deliveries, NewDelivery::place),
                texts(deliveries, NewDelivery::destination),
                texts(deliveries, NewDelivery::controlId),
                texts(deliveries, NewDelivery::type),
                ints(deliveries, NewDelivery::sizeBytes),
                contents(deliveries, NewDelivery::body),
                texts(deliveries, d -> d.stagedAt().toString()),
                texts(deliveries, d -> Chosen.toJson(d.chosen())),
                longs(deliveries, NewDelivery::behind));
        NotedOrders.write(script, deliveries);
    }

    /** Notes that destinations exist. */
    public void know(Collection<String> destinations) {
        for (var name : destinations)
            jdbc.sql("insert into destination (name) values (:name) on conflict do nothing")
                    .param("name", name)
                    .update();
    }

    // ------------------------------------------------------------ what waits

    /** Whether anything waits for a destination. */
    boolean anyWaits(String destination) {
        return jdbc.sql(
                        """
                        select exists (select 1 from delivery where destination = :name and state = 'waiting')
                        """)
                .param("name", destination)
                .query(Boolean.class)
                .single();
    }

    /** How many deliveries wait for a destination. */
    public long waiting(String destination) {
        return jdbc.sql(
                        "select count(*) from delivery where destination = :name and state ="
                                + " 'waiting'")
                .param("name", destination)
                .query(Long.class)
                .single();
    }

    /**
     * What waits for a destination.
     *
     * @param ageSeconds how long the oldest has been waiting; 0 when a clock was set back
     */
    record Backlog(long waiting, long ageSeconds) {}

    /** Where something waits though a person has to act: paused, or hindered for good. */
    Set<String> asking() {
        return new HashSet<>(
                jdbc.sql(
                                """
                                select name from destination d
                                where (state = 'paused' or asks_since is not null)
                                  and exists (select from delivery
                                              where destination = d.name and state = 'waiting')
                                """)
                        .query(String.class)
                        .list());
    }

    /** All destinations that something waits for. */
    Map<String, Backlog> backlogs() {
        var found = new HashMap<String, Backlog>();
        jdbc.sql(
                        """
                        select destination, count(*),
                               greatest(0, extract(epoch from now() - min(staged_at)))::bigint
                        from delivery where state = 'waiting' group by destination
                        """)
                .query(
                        row -> {
                            found.put(
                                    row.getString(1), new Backlog(row.getLong(2), row.getLong(3)));
                        });
        return found;
    }

    /**
     * How often in a row a delivery was put off by its partner, since its destination was last
     * resumed by a person; attempts that never reached the partner neither count nor end the row.
     */
    int deferrals(String destination, long id) {
        return jdbc.sql(
                        """
                        select count(*) from attempt a
                        where a.delivery_id = :id and a.outcome = 'deferred'
                          and a.number > coalesce((select max(number) from attempt
                                                   where delivery_id = a.delivery_id
                                                     and outcome not in ('deferred', 'unsent')), 0)
                          and a.started_at > coalesce((select max(at) from delivery_decision
                                                       where destination = :name
                                                         and decision = 'resume'), '-infinity')
                        """)
                .param("id", id)
                .param("name", destination)
                .query(Integer.class)
                .single();
    }

    /** Whether a delivery was held back by an alert; a person decides about it there. */
    boolean isHeldBack(long id) {
        return jdbc.sql("select destination like '%~held' from delivery where id = :id")
                .param("id", id)
                .query(Boolean.class)
                .optional()
                .orElse(false);
    }

    // ------------------------------------------------------------ sending

    /**
     * The next waiting deliveries of a destination, in order: at most so many, and at most so many
     * bytes, but one at least. Always read from the head, because one that is committed late may
     * stand before others. A delivery is left where it is while an earlier message of the same
     * partner is stored and not yet charted: what that one causes has to leave before.
     *
     * @param underway ids of those that are to be left out
     */
    List<Letter> next(
            Connection connection,
            String destination,
            Collection<Long> underway,
            int limit,
            long maxBytes)
            throws SQLException {
        var letters = new ArrayList<Letter>();
        new Script()
                // A plan that was made while the tables were small is kept while they grow to
                // millions of rows: always by index.
                .run(
                        """
                        select set_config('enable_seqscan', 'off', true),
                               set_config('enable_hashjoin', 'off', true),
                               set_config('enable_mergejoin', 'off', true),
                               set_config('plan_cache_mode', 'force_generic_plan', true)
                        """)
                .read(
                        """
                        select d.id, d.entry_id, d.place, coalesce(j.partner, '') partner, coalesce(d.body, r.content) body,
                               d.body is null as_received,
                               a.number, a.endpoint, a.content, a.outcome, d.anew,
                               d.endpoint edited_to
                        from (select *, sum(size_bytes) over (order by turn, place) - size_bytes before
                              from (select id, entry_id, turn, place, size_bytes, body, anew, endpoint from delivery
                                    where destination = ? and state = 'waiting'
                                      and id <> all(?)
                                      and (not exists (select 1 from journal where state = 'received')
                                           or not exists (select 1 from journal its
                                                          join journal earlier on earlier.partner = its.partner
                                                            and earlier.state = 'received'
                                                            and earlier.id < its.id
                                                          where its.id = delivery.entry_id))
                                    order by turn, place limit ?) head) d
                        left join journal j on j.id = d.entry_id
                        left join raw_message r on r.entry_id = d.entry_id and d.body is null
                        left join lateral (select * from attempt where delivery_id = d.id
                                           order by number desc limit 1) a on true
                        where d.before < ?
                        order by d.turn, d.place
                        """,
                        row -> letters.add(letter(row)),
                        destination,
                        longs(underway, Long::longValue),
                        limit,
                        maxBytes)
                .send(connection);
        return letters;
    }

    private static Letter letter(ResultSet row) throws SQLException {
        var body = row.getBytes("body");
        var endpoint = row.getString("endpoint");
        var content = row.getBytes("content");
        var to = endpoint == null || row.getBoolean("anew") ? row.getString("edited_to") : endpoint;
        var frozen =
                to == null
                        ? null
                        : new Made.Ready(Endpoint.parse(to), content == null ? body : content);
        return new Letter(
                row.getLong("id"),
                row.getLong("entry_id"),
                row.getLong("place"),
                row.getString("partner"),
                body,
                row.getBoolean("as_received"),
                row.getInt("number"),
                frozen,
                endpoint != null && row.getString("outcome") == null);
    }

    /**
     * Where some of these deliveries waited that an alert holds back by now; by their ids, so that
     * it is never read by another index.
     */
    private static final String HELD_MEANWHILE =
            "array(select left(destination, -5) from delivery where id = any(?)"
                    + " and destination || '' like '%~held')";

    /**
     * Adds the steps of several destinations to a script.
     *
     * @param holding is filled with the destinations whose claim still holds, and where nothing
     *     that begins is held back meanwhile; the attempts of the others do not begin
     */
    void write(Script script, List<Step> steps, Set<String> holding) {
        var names = steps.stream().map(Step::destination).toArray(String[]::new);
        var epochs = longs(steps, Step::epoch);
        var beginning =
                steps.stream()
                        .flatMap(step -> step.begun().stream())
                        .mapToLong(one -> one.letter().id())
                        .toArray();
        // Locked, so that nobody claims one, or holds back what begins ({@link HeldBack#hold}),
        // between this look and the commit. Looked at by the next statement, which sees what was
        // committed while this one waited.
        script.run(
                "select name from destination where name = any(?) order by name for share",
                (Object) names);
        script.read(
                """
                select d.name from destination d
                join unnest(?, ?) k(name, epoch) on d.name = k.name and d.epoch = k.epoch
                where d.name <> all(%s)
                """
                        .formatted(HELD_MEANWHILE),
                row -> holding.add(row.getString(1)),
                names,
                epochs,
                beginning);
        var ended = new ArrayList<Ended>();
        var begun = new ArrayList<Begun>();
        var begunIn = new ArrayList<Step>();
        for (var step : steps) {
            ended.addAll(step.ended());
            for (var one : step.begun()) {
                begun.add(one);
                begunIn.add(step);
            }
        }
        if (!ended.isEmpty()) end(script, ended);
        if (!begun.isEmpty())
            script.run(
                    """
                    insert into attempt (delivery_id, number, epoch, endpoint, content, started_at)
                    select k.id, k.number, k.epoch, k.endpoint, k.content, now()
                    from unnest(?, ?, ?, ?, ?, ?) k(id, number, epoch, endpoint, content, destination)
                    join destination d on d.name = k.destination and d.epoch = k.epoch
                    where k.destination <> all(%s)
                    on conflict do nothing
                    """
                            .formatted(HELD_MEANWHILE),
                    longs(begun, b -> b.letter().id()),
                    ints(begun, Begun::number),
                    longs(begunIn, Step::epoch),
                    texts(begun, b -> b.made().endpoint().toString()),
                    contents(begun, Begun::content),
                    texts(begunIn, Step::destination),
                    beginning);
        remade(script, begun, begunIn);
        ControlIds.write(script, begun);
        for (var step : steps) if (!step.aside().isEmpty()) Aside.write(script, step);
        stand(script, steps.stream().filter(s -> s.standing() != null).toList());
    }

    /**
     * What a person had made anew is frozen again with the attempt that sends it ⚠: else each later
     * attempt would be made anew as well, and none would ask whether the one before arrived.
     */
    private static void remade(Script script, List<Begun> begun, List<Step> begunIn) {
        var some = new ArrayList<Begun>();
        var epochs = new ArrayList<Long>();
        for (int i = 0; i < begun.size(); i++) {
            var letter = begun.get(i).letter();
            if (letter.attempts() == 0 || letter.frozen() != null) continue;
            some.add(begun.get(i));
            epochs.add(begunIn.get(i).epoch());
        }
        if (some.isEmpty()) return;
        script.run(
                """
                update delivery d set anew = false
                from unnest(?, ?, ?) k(id, number, epoch)
                join attempt a on a.delivery_id = k.id and a.number = k.number and a.epoch = k.epoch
                where d.id = k.id
                """,
                longs(some, b -> b.letter().id()),
                ints(some, Begun::number),
                longs(epochs, Long::longValue));
    }

    /** An outcome is a fact: it counts whoever has the claim by now. */
    private static void end(Script script, List<Ended> ended) {
        script.run(
                """
                update attempt a set ended_at = now(), outcome = k.outcome, answer = k.answer, words = k.words
                from unnest(?, ?, ?, ?, ?) k(id, number, outcome, answer, words)
                where a.delivery_id = k.id and a.number = k.number and a.outcome is null
                """,
                longs(ended, e -> e.letter().id()),
                ints(ended, Ended::number),
                texts(ended, e -> e.outcome().word()),
                contents(ended, Ended::answer),
                texts(ended, e -> e.outcome().words()));
        NotedAnswers.write(script, ended);
        var settled =
                ended.stream().filter(Ended::settles).mapToLong(e -> e.letter().id()).toArray();
        if (settled.length == 0) return;
        // By id. With "state = 'waiting'" the server takes the index of all that waits, which looks
        // small to it whenever next to nothing waited when it last counted.
        // What was on its way when an alert was opened about it has left.
        script.run(
                """
                update delivery set state = 'accepted', settled_at = now(),
                    destination = case when destination like '%~held' then left(destination, -5)
                                       else destination end
                where id = any(?) and state || '' = 'waiting'
                """,
                (Object) settled);
    }

    /**
     * ⚠ Whoever lost the claim meanwhile pauses all the same because of what it sent: the next one
     * would take a pause that is missing for a person's word to send it again.
     */
    private static void stand(Script script, List<Step> steps) {
        if (steps.isEmpty()) return;
        script.run(
                """
                update destination d set state = k.state, why = k.why, problem = k.problem,
                    paused_at = case when k.state = 'paused' then now() else d.paused_at end,
                    failures = k.failures, tried_at = now(),
                    asks_since = case when k.asks then coalesce(d.asks_since, now()) end,
                    next_try_at = now() + k.wait * interval '1 millisecond'
                from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    k(name, epoch, state, why, problem, failures, asks, wait, cause, attempt)
                where d.name = k.name and d.state = 'running'
                  and (d.epoch = k.epoch
                       or k.state = 'paused'
                          and exists (select from attempt a
                                      join delivery v on v.id = a.delivery_id and v.state = 'waiting'
                                      where a.delivery_id = k.cause and a.number = k.attempt
                                        and a.epoch = k.epoch
                                        and not exists (select from attempt later
                                                        where later.delivery_id = a.delivery_id
                                                          and later.number > a.number)))
                """,
                texts(steps, Step::destination),
                longs(steps, Step::epoch),
                texts(steps, s -> s.standing() instanceof Standing.Paused ? "paused" : "running"),
                texts(
                        steps,
                        s -> s.standing() instanceof Standing.Paused(var why, _, _) ? why : ""),
                texts(steps, s -> s.standing() instanceof Standing.Waits(var p, _, _, _) ? p : ""),
                ints(steps, s -> s.standing() instanceof Standing.Waits(_, var n, _, _) ? n : 0),
                flags(
                        steps,
                        s -> s.standing() instanceof Standing.Waits(_, _, _, var asks) && asks),
                ids(
                        steps,
                        s ->
                                s.standing() instanceof Standing.Waits(_, _, var wait, _)
                                        ? wait
                                        : null),
                longs(steps, s -> s.standing() instanceof Standing.Paused(_, var id, _) ? id : 0),
                ints(steps, s -> s.standing() instanceof Standing.Paused(_, _, var n) ? n : 0));
    }
}
