package org.chartbridge.delivery;

import org.chartbridge.database.BlockIds;
import org.chartbridge.database.Script;
import org.chartbridge.delivery.Outboxes.Made;
import org.chartbridge.delivery.Step.Begun;
import org.chartbridge.delivery.Step.Ended;
import org.chartbridge.delivery.Step.Standing;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Writes deliveries in the commit that causes them, and everything that sending them needs.
 *
 * <p>A node is alive while it holds the advisory lock of its number ({@link #holdPresence}); a
 * claim of a node that is not may be taken over at once, whatever the clocks say.
 */
@Component
public class DeliveryStore {

    /** Ids drawn at once; the increment of sequence {@code delivery_id}. */
    private static final int ID_BLOCK = 1_000;

    /** The first key of the advisory locks of nodes; the second is the node's number. */
    private static final int NODES = 0x43420001;

    private final JdbcClient jdbc;
    private final BlockIds ids;

    public DeliveryStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
        this.ids = new BlockIds(jdbc, "delivery_id", ID_BLOCK);
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
                    size_bytes, body, staged_at)
                select id, entry, id, destination, 'waiting', control, type, size, body, staged::timestamptz
                from unnest(?, ?, ?, ?, ?, ?, ?, ?)
                     k(id, entry, destination, control, type, size, body, staged)
                """,
                deliveries.stream().mapToLong(NewDelivery::id).toArray(),
                deliveries.stream().mapToLong(NewDelivery::entryId).toArray(),
                texts(deliveries, NewDelivery::destination),
                texts(deliveries, NewDelivery::controlId),
                texts(deliveries, NewDelivery::type),
                deliveries.stream().mapToInt(NewDelivery::sizeBytes).toArray(),
                bytes(deliveries, NewDelivery::body),
                texts(deliveries, d -> d.stagedAt().toString()));
    }

    /** Notes that destinations exist. */
    public void know(Collection<String> destinations) {
        for (var name : destinations)
            jdbc.sql("insert into destination (name) values (:name) on conflict do nothing")
                    .param("name", name)
                    .update();
    }

    // ------------------------------------------------------------ nodes and claims

    /** A number that no living node has. */
    int newNode() {
        return jdbc.sql("select (random() * 2000000000)::integer + 1")
                .query(Integer.class)
                .single();
    }

    /** Makes a node alive as long as this connection lives. Its transaction ends with it. */
    void holdPresence(Connection connection, int node) throws SQLException {
        new Script().read("select pg_advisory_lock(?, ?)", row -> {}, NODES, node).send(connection);
    }

    /** Gives a node's number up, so that the connection may be used for something else. */
    void leavePresence(Connection connection, int node) throws SQLException {
        new Script()
                .read("select pg_advisory_unlock(?, ?)", row -> {}, NODES, node)
                .send(connection);
    }

    /** Whether a connection still works. */
    void check(Connection connection) throws SQLException {
        new Script().read("select 1", row -> {}).send(connection);
    }

    /**
     * The right to send.
     *
     * @param epoch under which attempts are written
     * @param failures in a row, before this
     */
    record Claim(long epoch, int failures) {}

    /**
     * Claims a destination, if it runs, is due, and nobody alive has it.
     *
     * @param now whether to try although it is to wait for its next try
     */
    Optional<Claim> claim(String destination, int node, boolean now, Duration longestWait) {
        // A clock that was set back must not make a destination wait longer than it ever would.
        return jdbc.sql(
                        """
                        update destination set owner = :node, epoch = epoch + 1
                        where name = :name and state = 'running'
                          and (:now or next_try_at is null or next_try_at <= now()
                               or next_try_at > now() + :longest * interval '1 millisecond')
                          and (owner is null or owner = :node or pg_try_advisory_xact_lock(:nodes, owner))
                        returning epoch, failures
                        """)
                .param("node", node)
                .param("name", destination)
                .param("now", now)
                .param("longest", longestWait.toMillis())
                .param("nodes", NODES)
                .query((row, n) -> new Claim(row.getLong(1), row.getInt(2)))
                .optional();
    }

    /** Gives a claim up; nothing happens when somebody has taken it over. */
    void release(String destination, long epoch, boolean accepted) {
        jdbc.sql(
                        """
                        update destination set owner = null,
                            accepted_at = case when :accepted then now() else accepted_at end
                        where name = :name and epoch = :epoch
                        """)
                .param("name", destination)
                .param("epoch", epoch)
                .param("accepted", accepted)
                .update();
    }

    /** Whether somebody who is alive has the claim. */
    boolean isClaimedElsewhere(String destination, int node) {
        return jdbc.sql(
                                """
                                select count(*) from destination
                                where name = :name and state = 'running' and owner is not null and owner <> :node
                                  and (next_try_at is null or next_try_at <= now())
                                """)
                        .param("name", destination)
                        .param("node", node)
                        .query(Long.class)
                        .single()
                > 0;
    }

    /** Destinations that run and have something to send now. */
    List<String> due(Duration longestWait) {
        return jdbc.sql(
                        """
                        select name from destination d
                        where state = 'running'
                          and (next_try_at is null or next_try_at <= now()
                               or next_try_at > now() + :longest * interval '1 millisecond')
                          and exists (select 1 from delivery where destination = d.name and state = 'waiting')
                        order by name
                        """)
                .param("longest", longestWait.toMillis())
                .query(String.class)
                .list();
    }

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
     * @param ageSeconds how long the head has been waiting
     */
    record Backlog(long waiting, long ageSeconds) {}

    /** All destinations that something waits for. */
    Map<String, Backlog> backlogs() {
        var found = new HashMap<String, Backlog>();
        jdbc.sql(
                        """
                        select destination, count(*), extract(epoch from now() - min(staged_at))::bigint
                        from delivery where state = 'waiting' group by destination
                        """)
                .query(
                        row -> {
                            found.put(
                                    row.getString(1), new Backlog(row.getLong(2), row.getLong(3)));
                        });
        return found;
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
    List<Letter> next(String destination, Collection<Long> underway, int limit, long maxBytes) {
        return jdbc.sql(
                        """
                        select d.id, d.entry_id, d.place, coalesce(d.body, r.content) body,
                               a.number, a.endpoint, a.content, a.outcome, d.anew,
                               d.endpoint edited_to
                        from (select *, sum(size_bytes) over (order by entry_id, place) - size_bytes before
                              from (select id, entry_id, place, size_bytes, body, anew, endpoint from delivery
                                    where destination = :destination and state = 'waiting'
                                      and id <> all(:underway::bigint[])
                                      and (not exists (select 1 from journal where state = 'received')
                                           or not exists (select 1 from journal its
                                                          join journal earlier on earlier.partner = its.partner
                                                            and earlier.state = 'received'
                                                            and earlier.id < its.id
                                                          where its.id = delivery.entry_id))
                                    order by entry_id, place limit :limit) head) d
                        left join raw_message r on r.entry_id = d.entry_id and d.body is null
                        left join lateral (select * from attempt where delivery_id = d.id
                                           order by number desc limit 1) a on true
                        where d.before < :bytes
                        order by d.entry_id, d.place
                        """)
                .param("destination", destination)
                .param(
                        "underway",
                        underway.stream()
                                .map(String::valueOf)
                                .collect(Collectors.joining(",", "{", "}")))
                .param("limit", limit)
                .param("bytes", maxBytes)
                .query(
                        (row, n) -> {
                            var body = row.getBytes("body");
                            var endpoint = row.getString("endpoint");
                            var content = row.getBytes("content");
                            var to =
                                    endpoint == null || row.getBoolean("anew")
                                            ? row.getString("edited_to")
                                            : endpoint;
                            var frozen =
                                    to == null
                                            ? null
                                            : new Made.Ready(
                                                    Endpoint.parse(to),
                                                    content == null ? body : content);
                            return new Letter(
                                    row.getLong("id"),
                                    row.getLong("entry_id"),
                                    row.getLong("place"),
                                    body,
                                    row.getInt("number"),
                                    frozen,
                                    endpoint != null && row.getString("outcome") == null);
                        })
                .list();
    }

    /**
     * Adds the steps of several destinations to a script.
     *
     * @param holding is filled with the destinations whose claim still holds; the attempts of the
     *     others do not begin
     */
    void write(Script script, List<Step> steps, Set<String> holding) {
        var names = steps.stream().map(Step::destination).toArray(String[]::new);
        var epochs = steps.stream().mapToLong(Step::epoch).toArray();
        // Locked, so that nobody claims one between this look and the commit.
        script.read(
                """
                select d.name from destination d
                join unnest(?, ?) k(name, epoch) on d.name = k.name and d.epoch = k.epoch
                order by d.name for share of d
                """,
                row -> holding.add(row.getString(1)),
                names,
                epochs);
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
                    on conflict do nothing
                    """,
                    begun.stream().mapToLong(b -> b.letter().id()).toArray(),
                    begun.stream().mapToInt(Begun::number).toArray(),
                    begunIn.stream().mapToLong(Step::epoch).toArray(),
                    texts(begun, b -> b.made().endpoint().toString()),
                    bytes(begun, Begun::content),
                    texts(begunIn, Step::destination));
        stand(script, steps.stream().filter(s -> s.standing() != null).toList());
    }

    /** An outcome is a fact: it counts whoever has the claim by now. */
    private static void end(Script script, List<Ended> ended) {
        script.run(
                """
                update attempt a set ended_at = now(), outcome = k.outcome, answer = k.answer, words = k.words
                from unnest(?, ?, ?, ?, ?) k(id, number, outcome, answer, words)
                where a.delivery_id = k.id and a.number = k.number and a.outcome is null
                """,
                ended.stream().mapToLong(e -> e.letter().id()).toArray(),
                ended.stream().mapToInt(Ended::number).toArray(),
                texts(ended, e -> e.outcome().word()),
                bytes(ended, Ended::answer),
                texts(ended, e -> e.outcome().words()));
        var settled =
                ended.stream().filter(Ended::settles).mapToLong(e -> e.letter().id()).toArray();
        if (settled.length == 0) return;
        script.run(
                """
                update delivery set state = 'accepted', settled_at = now()
                where id = any(?) and state = 'waiting'
                """,
                (Object) settled);
    }

    private static void stand(Script script, List<Step> steps) {
        if (steps.isEmpty()) return;
        script.run(
                """
                update destination d set state = k.state, why = k.why, problem = k.problem,
                    paused_at = case when k.state = 'paused' then now() else d.paused_at end,
                    failures = k.failures, tried_at = now(),
                    next_try_at = now() + k.wait * interval '1 millisecond'
                from unnest(?, ?, ?, ?, ?, ?, ?) k(name, epoch, state, why, problem, failures, wait)
                where d.name = k.name and d.epoch = k.epoch and d.state = 'running'
                """,
                texts(steps, Step::destination),
                steps.stream().mapToLong(Step::epoch).toArray(),
                texts(steps, s -> s.standing() instanceof Standing.Paused ? "paused" : "running"),
                texts(steps, s -> s.standing() instanceof Standing.Paused(var why) ? why : ""),
                texts(steps, s -> s.standing() instanceof Standing.Waits(var p, _, _) ? p : ""),
                steps.stream()
                        .mapToInt(s -> s.standing() instanceof Standing.Waits(_, var n, _) ? n : 0)
                        .toArray(),
                waits(steps));
    }

    private static @Nullable Long[] waits(List<Step> steps) {
        var all = new @Nullable Long[steps.size()];
        for (int i = 0; i < all.length; i++)
            all[i] =
                    steps.get(i).standing() instanceof Standing.Waits(_, _, var wait) ? wait : null;
        return all;
    }

    private static <T> String[] texts(List<T> rows, Function<T, String> column) {
        return rows.stream().map(column).toArray(String[]::new);
    }

    private static <T> byte @Nullable [][] bytes(
            List<T> rows, Function<T, byte @Nullable []> column) {
        var all = new ArrayList<byte @Nullable []>(rows.size());
        for (var row : rows) all.add(column.apply(row));
        return all.toArray(byte[][]::new);
    }
}
