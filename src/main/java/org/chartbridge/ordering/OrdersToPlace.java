package org.chartbridge.ordering;

import org.chartbridge.database.Script;
import org.chartbridge.delivery.AlertWatch;
import org.chartbridge.delivery.Bells;
import org.chartbridge.delivery.Chosen;
import org.chartbridge.delivery.DeliveryStore;
import org.chartbridge.delivery.Desk.By;
import org.chartbridge.delivery.HeldBack;
import org.chartbridge.delivery.Leaving;
import org.chartbridge.delivery.NewDelivery;
import org.chartbridge.delivery.SentOrders;
import org.chartbridge.delivery.SentOrders.Claim;
import org.chartbridge.delivery.StagedDelivery;
import org.chartbridge.hl7.Header;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.RoutesOverview;
import org.chartbridge.partner.RoutesOverview.PartnerState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import javax.sql.DataSource;

/**
 * Orders and referrals that wait because nobody was found for them: what people decide about them,
 * and what the folders decide once they are mended; long because of its statements. Nothing behind
 * them waits with them.
 */
@Service
public class OrdersToPlace {
    private static final Logger log = LoggerFactory.getLogger(OrdersToPlace.class);

    /** How many are read together when a folder has changed, oldest first. */
    static final int AT_ONCE = 1_000;

    /** Others of one number that a row names. */
    static final int MAX_BESIDE = 20;

    private final ObjectProvider<RoutesOverview> overview;
    private final ObjectProvider<Bells> bells;
    private final ObjectProvider<AlertWatch> watches;
    private final DeliveryStore store;
    private final DataSource dataSource;
    private final JdbcClient jdbc;
    private final Clock clock;
    private final Ordering ordering;
    private final Map<Long, Boolean> urgency = new ConcurrentHashMap<>();
    private final AtomicBoolean looking = new AtomicBoolean();
    private final AtomicBoolean following = new AtomicBoolean();
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("orders-to-place").factory());

    OrdersToPlace(
            ObjectProvider<RoutesOverview> overview,
            ObjectProvider<Bells> bells,
            ObjectProvider<AlertWatch> watches,
            DeliveryStore store,
            SentOrders sent,
            DataSource dataSource,
            Clock clock) {
        this.overview = overview;
        this.bells = bells;
        this.watches = watches;
        this.store = store;
        this.dataSource = dataSource;
        this.jdbc = JdbcClient.create(dataSource);
        this.clock = clock;
        this.ordering = new Ordering(this::partners, sent);
    }

    /** It can't be done; the text says why, for people. */
    public static final class NotPossible extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotPossible(String why) {
            super(why);
        }
    }

    /**
     * One that waits.
     *
     * @param id of the delivery
     * @param entryId the message that ordered
     * @param sender the folder of whoever ordered
     * @param beside what else waits of the same number, such as its cancel
     */
    public record Item(
            long id,
            long entryId,
            String sender,
            Instant since,
            Ordering.Waiting waiting,
            List<Beside> beside) {
        public Item {
            beside = List.copyOf(beside);
        }
    }

    /** Another one that waits, by its delivery, its message and its ORC-1 or trigger. */
    public record Beside(long id, long entryId, String control) {}

    private List<Partner> partners() {
        return overview.getObject().partners().stream().map(PartnerState::partner).toList();
    }

    /** What would become now of each order of a message. */
    public List<Choice> foreseen(byte[] body, Partner sender) {
        return ordering.foreseen(body, sender);
    }

    /** All tests that can be ordered now. */
    public Compendia compendia() {
        return Compendia.of(ordering.labs());
    }

    /** How many wait. */
    public long count() {
        return jdbc.sql(
                        "select count(*) from delivery where state = 'waiting' and destination ="
                                + " any(:queues)")
                .param("queues", queues())
                .query(Long.class)
                .single();
    }

    /**
     * How many wait, for every page.
     *
     * @param urgent of them, asked for at once, among the {@link #AT_ONCE} that wait longest
     */
    public record Count(long all, long urgent) {}

    /** How many wait, and how many of them can't. */
    public Count counted() {
        var ids = ids();
        return new Count(ids.size() < AT_ONCE ? ids.size() : count(), urgent(ids).size());
    }

    private List<Long> ids() {
        return jdbc.sql(
                        """
                        select id from delivery
                        where state = 'waiting' and destination = any(:queues)
                        order by entry_id, place limit :limit
                        """)
                .param("queues", queues())
                .param("limit", AT_ONCE)
                .query(Long.class)
                .list();
    }

    /** Of these; what was looked at once stays so. */
    private Set<Long> urgent(List<Long> ids) {
        urgency.keySet().retainAll(Set.copyOf(ids));
        var unknown = ids.stream().filter(id -> !urgency.containsKey(id)).toArray(Long[]::new);
        if (unknown.length > 0) {
            var partners = partners();
            jdbc.sql("select id, destination, body from delivery where id = any(:ids)")
                    .param("ids", unknown)
                    .query(
                            row -> {
                                var body = row.getBytes("body");
                                var folder = row.getString("destination").replaceFirst("/.*", "");
                                urgency.put(
                                        row.getLong("id"),
                                        body != null
                                                && sender(partners, folder)
                                                        .filter(its -> ordering.isUrgent(body, its))
                                                        .isPresent());
                            });
        }
        return ids.stream()
                .filter(id -> urgency.getOrDefault(id, false))
                .collect(Collectors.toSet());
    }

    private String[] queues() {
        return partners().stream()
                .map(partner -> Ordering.toPlace(partner.folder()))
                .toArray(String[]::new);
    }

    /** Those that wait, what is urgent first, then the longest. */
    public List<Item> waiting(int limit) {
        var items = new ArrayList<Item>();
        var _ = read(START, limit, "", items::add);
        if (items.size() >= limit) { // ⚠ What is urgent may have come after all of these.
            var known = items.stream().map(Item::id).collect(Collectors.toSet());
            var ids = urgent(ids()).stream().map(String::valueOf).collect(Collectors.joining(","));
            if (!ids.isEmpty()) {
                var _ =
                        read(
                                START,
                                limit,
                                "and id in (" + ids + ")",
                                item -> {
                                    if (known.add(item.id())) items.add(item);
                                });
            }
        }
        items.sort(Comparator.comparing(item -> !item.waiting().urgent()));
        return besideEachOther(items.subList(0, Math.min(items.size(), limit)));
    }

    /** Of how many it is said together why they wait. */
    public static final int MAX_CAUSES = 200;

    /**
     * Why these wait, and what to do, for people.
     *
     * @param ids deliveries, of whatever kind; of more than {@link #MAX_CAUSES} those that wait
     *     longest are told
     * @return by delivery; nothing of what does not wait here
     */
    public Map<Long, String> causes(Collection<Long> ids) {
        var causes = new HashMap<Long, String>();
        if (ids.isEmpty()) return causes;
        var which = ids.stream().map(String::valueOf).collect(Collectors.joining(","));
        var _ =
                read(
                        START,
                        MAX_CAUSES,
                        "and id in (" + which + ")",
                        item -> causes.put(item.id(), why(item.waiting().choice())));
        return causes;
    }

    private static String why(Choice choice) {
        return switch (choice) {
            case Choice.Nobody nobody -> nobody.cause() + "; " + nobody.remedy();
            case Choice.To to ->
                    to.lab().folder()
                            + " does it; it leaves when it is looked at again, unless a cancel or a"
                            + " double of it waits beside it";
        };
    }

    /** A place among those that wait. */
    private record At(long entryId, long place) {}

    private static final At START = new At(Long.MIN_VALUE, Long.MIN_VALUE);

    /** Those that wait behind a place, so many; gives the place of the last, empty at the end. */
    private Optional<At> read(At after, int limit, String which, Consumer<Item> items) {
        var partners = partners();
        var places = new ArrayList<At>();
        jdbc.sql(
                        """
                        select id, entry_id, place, destination, staged_at, body,
                               (select string_agg(split_part(o.destination, '/', 1) || ' ' || o.chosen, E'\\n')
                                from delivery o
                                where o.entry_id = delivery.entry_id and o.chosen <> '') as others
                        from delivery
                        where state = 'waiting' and destination = any(:queues)
                          and (entry_id, place) > (:entry, :place) %s
                        order by entry_id, place limit :limit
                        """
                                .formatted(which))
                .param("queues", queues())
                .param("entry", after.entryId())
                .param("place", after.place())
                .param("limit", limit)
                .query(
                        row -> {
                            places.add(new At(row.getLong("entry_id"), row.getLong("place")));
                            var folder = row.getString("destination").replaceFirst("/.*", "");
                            var sender = sender(partners, folder);
                            var body = row.getBytes("body");
                            var others = row.getString("others");
                            if (sender.isEmpty() || body == null) return;
                            items.accept(
                                    new Item(
                                            row.getLong("id"),
                                            row.getLong("entry_id"),
                                            folder,
                                            row.getTimestamp("staged_at").toInstant(),
                                            ordering.waiting(body, sender.get(), left(others))
                                                    .orElse(GONE),
                                            List.of()));
                        });
        return places.size() < limit ? Optional.empty() : Optional.of(places.getLast());
    }

    /**
     * Who got what of a message.
     *
     * @param others a line for each delivery: who got it, and what was chosen for them; null when
     *     nothing left
     */
    private static Map<String, List<Chosen>> left(@Nullable String others) {
        var left = new TreeMap<String, List<Chosen>>();
        if (others == null) return left;
        for (var line : others.lines().toList()) {
            var parts = line.split(" ", 2);
            left.computeIfAbsent(parts[0], _ -> new ArrayList<>()).addAll(Chosen.of(parts[1]));
        }
        return left;
    }

    /** The same, each with the others of its number: whoever decides one sees them all. */
    static List<Item> besideEachOther(List<Item> items) {
        var numbered = new HashMap<String, List<Item>>();
        for (var item : items)
            if (!item.waiting().number().isEmpty())
                numbered.computeIfAbsent(number(item), _ -> new ArrayList<>()).add(item);
        return items.stream()
                .map(
                        item ->
                                new Item(
                                        item.id(),
                                        item.entryId(),
                                        item.sender(),
                                        item.since(),
                                        item.waiting(),
                                        numbered.getOrDefault(number(item), List.of()).stream()
                                                .filter(other -> other.id() != item.id())
                                                .limit(MAX_BESIDE)
                                                .map(OrdersToPlace::beside)
                                                .toList()))
                .toList();
    }

    private static String number(Item item) {
        return String.join("|", item.sender(), item.waiting().kind(), item.waiting().number());
    }

    private static Beside beside(Item item) {
        return new Beside(item.id(), item.entryId(), item.waiting().control());
    }

    private static final Ordering.Waiting GONE =
            new Ordering.Waiting(
                    "order",
                    "",
                    "",
                    "",
                    new Choice.Nobody("no order is in it any more", "look at its message"),
                    List.of(),
                    List.of(),
                    "",
                    "",
                    false);

    private static Optional<Partner> sender(List<Partner> partners, String folder) {
        return partners.stream().filter(partner -> partner.folder().equals(folder)).findFirst();
    }

    // ------------------------------------------------------------ what people decide

    /**
     * Sends a waiting order to a laboratory, or a referral to one who takes referrals.
     *
     * @throws NotPossible when it does not wait any more, or that folder takes no such
     */
    public void place(long id, String folder, By by) {
        place(id, folder, by, Chosen.person(id), false);
    }

    /**
     * @param byTables whether the folders decide: they send no number a second time, a person may
     */
    private void place(long id, String folder, By by, Chosen chosen, boolean byTables) {
        var found = body(id);
        var made =
                ordering.made(found.body(), found.sender(), folder, "-" + id % 1_000_000, chosen)
                        .orElseThrow(() -> new NotPossible(folder + " takes no such"));
        inTransaction(
                found,
                "replaced",
                "place " + made.destination(),
                by,
                new Replacement(made, byTables));
        bells.ifAvailable(its -> its.ring(Set.of(made.destination())));
        orderLeft();
    }

    /**
     * Ends it: it will not be sent.
     *
     * @throws NotPossible when it does not wait any more
     */
    public void drop(long id, By by) {
        var found = body(id);
        inTransaction(found, "skipped", "not-sent", by, null);
    }

    /** What leaves in its place. */
    private record Replacement(StagedDelivery made, boolean byTables) {

        /** The numbers that must be free. */
        List<Claim> claims(long entryId) {
            return !byTables
                    ? List.of()
                    : made.orders().stream()
                            .filter(Leaving::first)
                            .map(
                                    order ->
                                            new Claim(
                                                    order.key(),
                                                    made.destination(),
                                                    entryId,
                                                    order.patient()))
                            .toList();
        }

        /** What it changes or cancels. */
        List<String> followed() {
            return made.orders().stream()
                    .filter(order -> !order.first())
                    .map(Leaving::key)
                    .toList();
        }

        List<String> toNote() {
            return made.orders().stream()
                    .filter(order -> !byTables || !order.first())
                    .map(Leaving::key)
                    .toList();
        }
    }

    private record Found(long id, long entryId, String destination, byte[] body, Partner sender) {
        @Override
        public String toString() {
            return "Found[" + id + "]";
        }
    }

    private Found body(long id) {
        var partners = partners();
        return jdbc.sql(
                        """
                        select id, entry_id, destination, body from delivery
                        where id = :id and state = 'waiting' and destination = any(:queues)
                        """)
                .param("id", id)
                .param("queues", queues())
                .query(
                        (row, n) -> {
                            var destination = row.getString("destination");
                            return new Found(
                                    row.getLong("id"),
                                    row.getLong("entry_id"),
                                    destination,
                                    row.getBytes("body"),
                                    sender(partners, destination.replaceFirst("/.*", ""))
                                            .orElseThrow());
                        })
                .optional()
                .orElseThrow(
                        () ->
                                new NotPossible(
                                        "it does not wait any more: somebody has decided, or the"
                                                + " tables have"));
    }

    private void inTransaction(
            Found found, String state, String decision, By by, @Nullable Replacement replacement) {
        try (var connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                long behind = 0;
                // Whoever opens an alert about it meanwhile waits, or it waits and finds it held.
                HeldBack.lockPatientOf(connection, found.entryId());
                if (replacement != null) {
                    // Asked before it claims a number itself.
                    long last = SentOrders.lastSent(connection, replacement.followed());
                    if (last > found.entryId()) behind = last;
                    claim(connection, replacement.claims(found.entryId()));
                }
                var changed = new AtomicLong();
                var script =
                        new Script()
                                .read(
                                        """
                                        update delivery set state = ?, settled_at = now()
                                        where id = ? and state = 'waiting' and destination = ?
                                        returning 1
                                        """,
                                        row -> changed.incrementAndGet(),
                                        state,
                                        found.id(),
                                        found.destination())
                                .run(
                                        """
                                        insert into delivery_decision
                                            (at, account, destination, delivery_id, decision, reason)
                                        values (now(), ?, ?, ?::bigint, ?, ?)
                                        """,
                                        by.account(),
                                        found.destination(),
                                        found.id(),
                                        decision,
                                        by.reason())
                                .run("delete from order_waiting where delivery_id = ?", found.id());
                if (replacement != null)
                    store.stage(script, List.of(delivery(found, replacement, behind)));
                script.send(connection);
                if (changed.get() == 0)
                    throw new NotPossible(
                            "it does not wait here any more: somebody has decided, or an alert was"
                                    + " opened about it (see Alerts)");
                if (replacement != null) {
                    var watch = watches.getIfAvailable();
                    if (watch != null) watch.look(connection, found.entryId());
                }
                connection.commit();
            } finally {
                end(connection);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("decision not written (" + e.getSQLState() + ")");
        }
    }

    private static void claim(Connection connection, List<Claim> claims) throws SQLException {
        if (!claims.isEmpty() && !SentOrders.claim(connection, claims).isEmpty())
            throw new NotPossible("an order of this number was sent meanwhile");
    }

    private static void end(Connection connection) throws SQLException {
        connection.rollback();
        connection.setAutoCommit(true);
    }

    private NewDelivery delivery(Found found, Replacement replacement, long behind) {
        var made = replacement.made();
        var body = made.body() == null ? found.body() : made.body();
        var header = Header.read(body);
        return new NewDelivery(
                store.nextId(),
                found.entryId(),
                made.destination(),
                header.map(Header::controlId).orElse(""),
                header.map(its -> its.messageCode() + "^" + its.triggerEvent()).orElse(""),
                body.length,
                body,
                clock.instant(),
                replacement.toNote(),
                made.chosen(),
                behind);
    }

    // ------------------------------------------------------------ what the tables decide

    /** A folder has changed: what it decides now goes on by itself. Returns at once. */
    public void loaded() {
        soon(looking, this::again);
    }

    /**
     * An order or a referral was sent or waits: what follows one that was sent leaves behind it.
     * Returns at once. Also what an engine that was killed had no time for.
     */
    public void orderLeft() {
        soon(following, this::follow);
    }

    private void soon(AtomicBoolean asked, Runnable look) {
        if (!asked.compareAndSet(false, true)) return;
        thread.execute(
                () -> {
                    asked.set(false);
                    try {
                        look.run();
                    } catch (RuntimeException e) {
                        log.atWarn()
                                .addKeyValue("exception", e.getClass().getName())
                                .log("orders that wait could not be looked at");
                    }
                });
    }

    private static final String ITS_ORDER_WAS_SENT =
            """
            and id in (select w.delivery_id from order_waiting w join order_sent s on s.entity = w.entity)
            """;

    /** Sends what follows an order that was sent, in the order it came; gives how many. */
    public synchronized int follow() {
        var found = new ArrayList<Item>();
        for (var at = Optional.of(START); at.isPresent(); )
            at = read(at.get(), AT_ONCE, ITS_ORDER_WAS_SENT, found::add);
        int placed = 0;
        for (var item : found) {
            // What is placed here names a parent, and goes with that, unless its cancel waits too.
            if (places(item) && isFollowed(item)) continue;
            if (place(item)) placed++;
        }
        return placed;
    }

    /** Whether what follows an order waits with it, such as its cancel ⚠: a person decides both. */
    private boolean isFollowed(Item item) {
        return jdbc.sql(
                        "select exists (select from order_waiting where entity = :entity and"
                                + " delivery_id <> :id)")
                .param("entity", item.sender() + "|" + item.waiting().number() + "|")
                .param("id", item.id())
                .query(Boolean.class)
                .single();
    }

    /** Whether it is an order of its own, which is sent once. */
    private static boolean places(Item item) {
        return Set.of("NW", "RO", "CH").contains(item.waiting().control());
    }

    /** Sends what the folders find a laboratory for now; gives how many. */
    public synchronized int again() {
        int all = 0;
        // What is placed lets what follows it be placed, such as a cancel that came meanwhile.
        for (int placed = once(); placed > 0; placed = once()) all += placed;
        if (all > 0) log.atInfo().addKeyValue("orders", all).log("a recipient was found");
        return all;
    }

    private int once() {
        var waits = new HashMap<String, Integer>();
        var found = new ArrayList<Item>();
        for (var at = Optional.of(START); at.isPresent(); )
            at =
                    read(
                            at.get(),
                            AT_ONCE,
                            "",
                            item -> {
                                waits.merge(number(item), 1, Integer::sum);
                                if (item.waiting().choice() instanceof Choice.To) found.add(item);
                            });
        int placed = 0;
        for (var item : found) {
            // Its cancel or its double waits as well, however far behind ⚠: a person decides both.
            if (places(item) && waits.getOrDefault(number(item), 0) > 1) continue;
            if (place(item)) placed++;
        }
        return placed;
    }

    private boolean place(Item item) {
        if (!(item.waiting().choice() instanceof Choice.To to)) return false;
        try {
            place(
                    item.id(),
                    to.lab().folder(),
                    new By("engine", to.chosen().shown()),
                    to.chosen().after(item.id()),
                    true);
            return true;
        } catch (NotPossible _) {
            return false; // Somebody was faster.
        }
    }
}
