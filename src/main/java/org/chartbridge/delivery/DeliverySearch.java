package org.chartbridge.delivery;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads deliveries for people; long because of its statements. */
@Component
public class DeliverySearch {
    private static final String DESTINATION =
            """
            select d.name, d.state, d.why, d.problem, d.failures, d.paused_at, d.tried_at, d.next_try_at,
                   d.accepted_at, d.asks_since, w.waiting, w.oldest, b.behind
            from destination d
            left join lateral (select count(*) waiting, min(staged_at) oldest from delivery
                               where destination = d.name and state = 'waiting') w on true
            left join lateral (select entry_id from delivery
                               where destination = d.name and state = 'waiting'
                               order by turn, place limit 1) head on true
            left join lateral (select min(earlier.id) behind
                               from journal its
                               join journal earlier on earlier.partner = its.partner
                                 and earlier.state = 'received' and earlier.id < its.id
                               where its.id = head.entry_id) b on true
            """;

    private static final String ROW =
            """
            select d.id, d.entry_id, d.destination, d.state, d.control_id, d.message_type, d.size_bytes,
                   d.replaces, d.staged_at, d.settled_at, coalesce(a.number, 0) attempts, a.outcome, a.words,
                   a.number is not null and a.outcome is null underway, a.endpoint
            from delivery d
            left join lateral (select * from attempt where delivery_id = d.id
                               order by number desc limit 1) a on true
            """;

    /** A queue that no route takes, beside a destination or a sender: its worklist lists it. */
    static final String BESIDE = "(%1$s like '%%~%%' or %1$s like '%%/orders-to-place')";

    private final JdbcClient jdbc;

    public DeliverySearch(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * One destination and how it fares.
     *
     * @param paused until a person decides
     * @param why it is paused, for people
     * @param problem why the head is still there; empty when all is well
     * @param failures in a row
     * @param asksSince since when the problem is one that only a person can mend, though it is
     *     tried again; null when it is none
     * @param oldest when the longest waiting delivery was staged; null when none waits
     * @param behind the message, stored and not yet charted, whose deliveries leave before the
     *     head; null when there is none
     */
    public record DestinationView(
            String name,
            boolean paused,
            String why,
            String problem,
            int failures,
            @Nullable Instant pausedAt,
            @Nullable Instant triedAt,
            @Nullable Instant nextTryAt,
            @Nullable Instant acceptedAt,
            @Nullable Instant asksSince,
            long waiting,
            @Nullable Instant oldest,
            @Nullable Long behind) {

        /** Whether somebody has to do something for what waits here. */
        public boolean asksPerson() {
            return waiting > 0 && (paused || asksSince != null);
        }

        /** The first part of the name. */
        public String partner() {
            return name.substring(0, Math.max(0, name.indexOf('/')));
        }

        /** The second part of the name. */
        public String queue() {
            return name.substring(name.indexOf('/') + 1);
        }
    }

    /**
     * One delivery in a list.
     *
     * @param state waiting, accepted, confirmed, skipped or replaced
     * @param replaces the delivery it is an edited form of
     * @param outcome of the last attempt; null when there was none, or it is under way
     * @param words the same for people
     * @param underway whether the last attempt has no outcome yet
     * @param reached what is known of it when it is done
     */
    public record DeliveryRow(
            long id,
            long entryId,
            String destination,
            String state,
            String controlId,
            String type,
            int sizeBytes,
            @Nullable Long replaces,
            Instant stagedAt,
            @Nullable Instant settledAt,
            int attempts,
            @Nullable String outcome,
            @Nullable String words,
            boolean underway,
            Reached reached) {}

    /**
     * One attempt.
     *
     * @param content what was sent; null when it is the delivery's body
     * @param answer as it came; null when there was none
     */
    public record AttemptView(
            int number,
            String endpoint,
            byte @Nullable [] content,
            Instant startedAt,
            @Nullable Instant endedAt,
            @Nullable String outcome,
            byte @Nullable [] answer,
            @Nullable String words) {

        /** Prints the number only: it is about a patient. */
        @Override
        public String toString() {
            return "AttemptView[" + number + "]";
        }
    }

    /** What a person decided, and why. */
    public record DecisionView(
            Instant at,
            String account,
            @Nullable Long deliveryId,
            String decision,
            String reason) {}

    /** How many wait aside because they can't be made, by destination; those that have any. */
    public Map<String, Long> unmade() {
        var all = new HashMap<String, Long>();
        jdbc.sql(
                        """
                        select left(destination, -7) as name, count(*) as waiting from delivery
                        where state = 'waiting'
                          and destination in (select name || '~unmade' from destination)
                        group by 1
                        """)
                .query(
                        row -> {
                            all.put(row.getString("name"), row.getLong("waiting"));
                        });
        return all;
    }

    /** All that a route may take, those first that need somebody. */
    public List<DestinationView> destinations() {
        return jdbc.sql(
                        DESTINATION
                                + " where not "
                                + BESIDE.formatted("d.name")
                                + " order by d.state = 'paused' or (d.asks_since is not null and"
                                + " w.waiting > 0) desc, d.name")
                .query(DeliverySearch::destination)
                .list();
    }

    public Optional<DestinationView> destination(String name) {
        return jdbc.sql(DESTINATION + " where d.name = :name")
                .param("name", name)
                .query(DeliverySearch::destination)
                .optional();
    }

    /** The waiting deliveries of a destination, in the order they will leave. */
    public List<DeliveryRow> waiting(String destination, int limit) {
        return jdbc.sql(
                        ROW
                                + """
                                where d.destination = :destination and d.state = 'waiting'
                                order by d.turn, d.place limit :limit
                                """)
                .param("destination", destination)
                .param("limit", limit)
                .query(DeliverySearch::row)
                .list();
    }

    /**
     * The deliveries of a destination that are settled, newest first.
     *
     * @param below an id to begin under
     */
    public List<DeliveryRow> settled(String destination, long below, int limit) {
        return jdbc.sql(
                        ROW
                                + """
                                where d.destination = :destination and d.state <> 'waiting' and d.id < :below
                                order by d.id desc limit :limit
                                """)
                .param("destination", destination)
                .param("below", below)
                .param("limit", limit)
                .query(DeliverySearch::row)
                .list();
    }

    /** What became of an entry's deliveries, in order. */
    public List<DeliveryRow> ofEntry(long entryId) {
        return jdbc.sql(ROW + " where d.entry_id = :entry order by d.place, d.id")
                .param("entry", entryId)
                .query(DeliverySearch::row)
                .list();
    }

    /**
     * Why an order or a referral went where it went.
     *
     * @param decision of whoever sent on what waited for a person; null where nothing did
     */
    public record ChosenView(
            long deliveryId, String destination, Chosen chosen, @Nullable DecisionView decision) {}

    /** Why the orders of an entry went where they went. */
    public List<ChosenView> chosenOf(long entryId) {
        return chosen("entry_id = :id", entryId);
    }

    /** The same of one delivery. */
    public List<ChosenView> chosen(long deliveryId) {
        return chosen("id = :id", deliveryId);
    }

    private List<ChosenView> chosen(String which, long id) {
        var all = new ArrayList<ChosenView>();
        jdbc.sql(
                        "select id, destination, chosen from delivery where chosen <> '' and "
                                + which
                                + " order by place, id")
                .param("id", id)
                .query(
                        row -> {
                            for (var one : Chosen.of(row.getString("chosen")))
                                all.add(
                                        new ChosenView(
                                                row.getLong("id"),
                                                row.getString("destination"),
                                                one,
                                                decision(one.waited())));
                        });
        return all;
    }

    /** What sent on a delivery that waited; null of none. */
    private @Nullable DecisionView decision(long deliveryId) {
        return deliveryId == 0
                ? null
                : jdbc.sql(
                                """
                                select * from delivery_decision where delivery_id = :id
                                order by id desc limit 1
                                """)
                        .param("id", deliveryId)
                        .query((row, _) -> decision(row))
                        .optional()
                        .orElse(null);
    }

    public Optional<DeliveryRow> delivery(long id) {
        return jdbc.sql(ROW + " where d.id = :id")
                .param("id", id)
                .query(DeliverySearch::row)
                .optional();
    }

    /** A delivery's body as it was staged; empty when the bytes have expired. */
    public Optional<byte[]> body(long id) {
        return jdbc.sql(
                        """
                        select coalesce(d.body, r.content) from delivery d
                        left join raw_message r on r.entry_id = d.entry_id and d.body is null
                        where d.id = :id
                        """)
                .param("id", id)
                .query((row, n) -> Optional.ofNullable(row.getBytes(1)))
                .optional()
                .flatMap(found -> found);
    }

    /** Whether a delivery is the message as it came; not when there is none of this number. */
    boolean isAsReceived(long id) {
        return jdbc.sql("select exists (select 1 from delivery where id = :id and body is null)")
                .param("id", id)
                .query(Boolean.class)
                .single();
    }

    /** The partner whose message caused a delivery; empty when there is none of this number. */
    public String sender(long id) {
        return jdbc.sql(
                        """
                        select j.partner from delivery d join journal j on j.id = d.entry_id
                        where d.id = :id
                        """)
                .param("id", id)
                .query(String.class)
                .optional()
                .orElse("");
    }

    /** The message that caused a delivery; 0 when there is none of this number. */
    public long entryOf(long id) {
        return jdbc.sql("select entry_id from delivery where id = :id")
                .param("id", id)
                .query(Long.class)
                .optional()
                .orElse(0L);
    }

    /** A delivery's attempts, first to last. */
    public List<AttemptView> attempts(long id) {
        return jdbc.sql("select * from attempt where delivery_id = :id order by number limit 500")
                .param("id", id)
                .query(
                        (row, n) ->
                                new AttemptView(
                                        row.getInt("number"),
                                        row.getString("endpoint"),
                                        row.getBytes("content"),
                                        row.getTimestamp("started_at").toInstant(),
                                        instant(row, "ended_at"),
                                        row.getString("outcome"),
                                        row.getBytes("answer"),
                                        row.getString("words")))
                .list();
    }

    /** What people decided about a destination and its deliveries, newest first. */
    public List<DecisionView> decisions(String destination, int limit) {
        return jdbc.sql(
                        """
                        select * from delivery_decision where destination = :destination
                        order by id desc limit :limit
                        """)
                .param("destination", destination)
                .param("limit", limit)
                .query((row, _) -> decision(row))
                .list();
    }

    /** What people decided about one delivery, first to last. */
    public List<DecisionView> decided(long deliveryId) {
        return jdbc.sql(
                        """
                        select * from delivery_decision where delivery_id = :id
                        order by id limit 100
                        """)
                .param("id", deliveryId)
                .query((row, _) -> decision(row))
                .list();
    }

    private static DecisionView decision(ResultSet row) throws SQLException {
        return new DecisionView(
                row.getTimestamp("at").toInstant(),
                row.getString("account"),
                row.getObject("delivery_id", Long.class),
                row.getString("decision"),
                row.getString("reason"));
    }

    private static DestinationView destination(ResultSet row, int number) throws SQLException {
        return new DestinationView(
                row.getString("name"),
                row.getString("state").equals("paused"),
                row.getString("why"),
                row.getString("problem"),
                row.getInt("failures"),
                instant(row, "paused_at"),
                instant(row, "tried_at"),
                instant(row, "next_try_at"),
                instant(row, "accepted_at"),
                instant(row, "asks_since"),
                row.getLong("waiting"),
                instant(row, "oldest"),
                row.getObject("behind", Long.class));
    }

    private static DeliveryRow row(ResultSet row, int number) throws SQLException {
        return new DeliveryRow(
                row.getLong("id"),
                row.getLong("entry_id"),
                row.getString("destination"),
                row.getString("state"),
                row.getString("control_id"),
                row.getString("message_type"),
                row.getInt("size_bytes"),
                row.getObject("replaces", Long.class),
                row.getTimestamp("staged_at").toInstant(),
                instant(row, "settled_at"),
                row.getInt("attempts"),
                row.getString("outcome"),
                row.getString("words"),
                row.getBoolean("underway"),
                Reached.of(row.getString("endpoint"), row.getString("words")));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }
}
