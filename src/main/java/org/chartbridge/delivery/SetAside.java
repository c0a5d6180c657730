package org.chartbridge.delivery;

import org.chartbridge.database.Script;
import org.chartbridge.delivery.Desk.By;
import org.chartbridge.delivery.Desk.NotPossible;
import org.chartbridge.delivery.Outboxes.Made;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

import javax.sql.DataSource;

/**
 * Deliveries that wait beside their destination because their route can't make them of their
 * message, such as an edit that would break it, and those of the same patient behind them. Why is
 * asked of the route when somebody looks; when the folder is mended they go on by themselves, in
 * their old order.
 */
@Service
public class SetAside {
    private static final Logger log = LoggerFactory.getLogger(SetAside.class);

    /** How many are looked at together when a folder has changed, oldest first. */
    static final int AT_ONCE = 1_000;

    private static final By ENGINE = new By("engine", "it can be made now");

    private final AtomicBoolean looking = new AtomicBoolean();
    private final DataSource dataSource;
    private final JdbcClient jdbc;
    private final DeliverySearch search;
    private final ObjectProvider<Outboxes> outboxes;
    private final ObjectProvider<Bells> bells;

    SetAside(
            DataSource dataSource,
            DeliverySearch search,
            ObjectProvider<Outboxes> outboxes,
            ObjectProvider<Bells> bells) {
        this.dataSource = dataSource;
        this.jdbc = JdbcClient.create(dataSource);
        this.search = search;
        this.outboxes = outboxes;
        this.bells = bells;
    }

    /**
     * One that waits.
     *
     * @param entryId the message that caused it
     * @param destination where it is to go
     * @param why it can't be made now; empty when it can
     * @param behind whether it waits for an earlier one of the same patient
     * @param tried whether it may have arrived: it was sent before it was to be made anew
     */
    public record Item(
            long id,
            long entryId,
            String destination,
            String type,
            Instant since,
            String why,
            boolean behind,
            boolean tried) {}

    private static final String WAITING =
            """
            select u.id, u.entry_id, left(u.destination, -7) as destination, u.message_type, u.staged_at,
                   exists (select from delivery e
                           where e.destination = u.destination and e.state = 'waiting'
                             and (e.turn, e.place) < (u.turn, u.place) and %s) as behind,
                   exists (select from attempt a
                           where a.delivery_id = u.id and coalesce(a.outcome, 'unknown') <> 'unsent') as tried
            from delivery u
            where u.state = 'waiting'
              and u.destination in (select name || '~unmade' from destination)
            """
                    .formatted(Aside.SAME_PATIENT.formatted("e.entry_id", "u.entry_id"));

    /** Those that wait, the longest first. */
    public List<Item> waiting(int limit) {
        return jdbc
                .sql(WAITING + "order by u.turn, u.place limit :limit")
                .param("limit", limit)
                .query(
                        (row, _) ->
                                new Item(
                                        row.getLong("id"),
                                        row.getLong("entry_id"),
                                        row.getString("destination"),
                                        row.getString("message_type"),
                                        row.getTimestamp("staged_at").toInstant(),
                                        "",
                                        row.getBoolean("behind"),
                                        row.getBoolean("tried")))
                .list()
                .stream()
                .map(this::explained)
                .toList();
    }

    private Item explained(Item item) {
        return item.behind()
                ? item
                : new Item(
                        item.id(),
                        item.entryId(),
                        item.destination(),
                        item.type(),
                        item.since(),
                        why(item),
                        false,
                        item.tried());
    }

    private String why(Item item) {
        var outbox =
                outboxes.stream().flatMap(all -> all.find(item.destination()).stream()).findFirst();
        if (outbox.isEmpty()) return "no route takes deliveries of " + item.destination();
        var body = search.body(item.id());
        if (body.isEmpty()) return "its bytes have expired";
        return outbox.get().make(body.get(), search.sender(item.id()), item.entryId())
                        instanceof Made.Failed(var why, _)
                ? why
                : "";
    }

    /** How many wait. */
    public long count() {
        return jdbc.sql(
                        """
                        select count(*) from delivery
                        where state = 'waiting'
                          and destination in (select name || '~unmade' from destination)
                        """)
                .query(Long.class)
                .single();
    }

    // ------------------------------------------------------------ what people decide

    /**
     * It goes to its place among those that wait for its destination, and is made once more.
     *
     * @throws NotPossible when it does not wait any more, or an earlier one of its patient does
     */
    public void release(long id, By by) {
        if (isBehind(id))
            throw new NotPossible(
                    "an earlier one of the same patient waits; decide on that one first");
        go(id, by);
        again();
    }

    /**
     * It will not be sent; what waited behind it goes on.
     *
     * @throws NotPossible when it does not wait any more
     */
    public void drop(long id, By by) {
        decide(
                id,
                "not-sent",
                by,
                """
                update delivery set state = 'skipped', settled_at = now()
                where id = ? and state = 'waiting' and destination like '%~unmade'
                returning left(destination, -7)
                """);
        again();
    }

    /**
     * It was sent before, and its partner has it, as a person says; what waited behind it goes on.
     *
     * @throws NotPossible when it does not wait any more, or nothing of it was ever sent
     */
    public void confirm(long id, By by) {
        decide(
                id,
                "has-it",
                by,
                """
                update delivery d
                set state = 'confirmed', settled_at = now(), destination = left(destination, -7)
                where id = ? and state = 'waiting' and destination like '%~unmade' and
                """
                        + Desk.MAY_HAVE_ARRIVED
                        + " returning destination",
                Desk.NOT_THERE);
        again();
    }

    /**
     * Whoever drains the destination has read ahead, and must not send what is behind it first: its
     * claim ends. ⚠ It stays the only one who may claim again while it lives, because another node
     * would take what is on its way for what was left by a crash.
     */
    private void go(long id, By by) {
        var destination =
                decide(
                        id,
                        "release",
                        by,
                        """
                        with back as (
                            update delivery set destination = left(destination, -7)
                            where id = ? and state = 'waiting' and destination like '%~unmade'
                            returning destination)
                        update destination d set epoch = epoch + 1
                        from back
                        where d.name = back.destination
                        returning d.name
                        """);
        bells.ifAvailable(its -> its.ring(Set.of(destination)));
    }

    private boolean isBehind(long id) {
        return jdbc.sql(
                        "select coalesce(bool_or(behind), false) from ("
                                + WAITING
                                + ") w where id = :id")
                .param("id", id)
                .query(Boolean.class)
                .single();
    }

    // ------------------------------------------------------------ when a folder is mended

    /** A folder has changed: what can be made now goes on by itself. Returns at once. */
    public void loaded() {
        var _ =
                Thread.ofPlatform()
                        .daemon()
                        .name("deliveries-aside")
                        .start(
                                () -> {
                                    try {
                                        var _ = again();
                                    } catch (RuntimeException e) {
                                        log.atWarn()
                                                .addKeyValue("exception", e.getClass().getName())
                                                .log("deliveries aside could not be looked at");
                                    } finally {
                                        looking.set(false);
                                    }
                                });
    }

    /**
     * What waits for something that has come since, such as a patient's number, goes on: asked with
     * each sweep, where anything waits. Returns at once.
     */
    public void swept() {
        if (looking.get() || count() == 0 || !looking.compareAndSet(false, true)) return;
        loaded();
    }

    /** Lets go on what can be made now, the oldest first; gives how many. */
    public synchronized int again() {
        int released = 0;
        // The first of a patient that can go lets the next one go.
        for (var item : waiting(AT_ONCE)) {
            if (item.behind() && isBehind(item.id())) continue;
            if (!(item.behind() ? why(item) : item.why()).isEmpty()) continue;
            try {
                go(item.id(), ENGINE);
                released++;
            } catch (NotPossible _) {
                // Somebody was faster.
            }
        }
        if (released > 0)
            log.atInfo().addKeyValue("deliveries", released).log("deliveries can be made now");
        return released;
    }

    private String decide(long id, String decision, By by, String update) {
        return decide(id, decision, by, update, "it does not wait any more: somebody has decided");
    }

    /** Gives the destination. */
    private String decide(long id, String decision, By by, String update, String otherwise) {
        var destinations = new ArrayList<String>();
        try (var connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                new Script()
                        .read(update, row -> destinations.add(row.getString(1)), id)
                        .send(connection);
                if (destinations.isEmpty()) throw new NotPossible(otherwise);
                new Script()
                        .run(
                                """
                                insert into delivery_decision
                                    (at, account, destination, delivery_id, decision, reason)
                                values (now(), ?, ?, ?::bigint, ?, ?)
                                """,
                                by.account(),
                                destinations.getFirst(),
                                id,
                                decision,
                                by.reason())
                        .send(connection);
                connection.commit();
            } finally {
                end(connection);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("decision not written (" + e.getSQLState() + ")");
        }
        return destinations.getFirst();
    }

    private static void end(Connection connection) throws SQLException {
        connection.rollback();
        connection.setAutoCommit(true);
    }
}
