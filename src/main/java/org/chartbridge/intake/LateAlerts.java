package org.chartbridge.intake;

import org.chartbridge.chart.RecordKey;
import org.chartbridge.database.Columns;
import org.chartbridge.database.Script;
import org.chartbridge.delivery.AlertWatch;
import org.chartbridge.delivery.HeldBack;
import org.chartbridge.journal.Overrides;
import org.chartbridge.partner.RoutesOverview;
import org.chartbridge.partner.ScreeningPolicy;
import org.chartbridge.partner.ScreeningPolicy.Act;
import org.chartbridge.screening.Alert;
import org.chartbridge.screening.OrderScreening;
import org.chartbridge.screening.OrderScreening.Ordered;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Repository;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

import javax.sql.DataSource;

/**
 * Holds back what was ordered before an alert was opened about it and has not left yet (decision
 * 0055); long because what locks, what looks and what is asked for stand together: in the
 * transaction that charts what opens it, under the lock of its patient. What no message opens (a
 * changed table or policy, a person's decision) is found by looking at everybody whose orders wait.
 */
@Repository
public class LateAlerts implements AlertWatch {

    /** Patients that are looked at in one transaction when everybody is. */
    static final int AT_ONCE = 100;

    private static final Logger log = LoggerFactory.getLogger(LateAlerts.class);

    private final OrderScreening screening;
    private final ObjectProvider<RoutesOverview> overview;
    private final DataSource dataSource;
    private final AtomicBoolean asked = new AtomicBoolean();
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("late-alerts").factory());

    /** By what everybody was looked at last; empty before the first time. */
    private volatile String lookedBy = "";

    LateAlerts(
            OrderScreening screening,
            ObjectProvider<RoutesOverview> overview,
            DataSource dataSource) {
        this.screening = screening;
        this.overview = overview;
        this.dataSource = dataSource;
    }

    /** What the partners say who want anything held back, by their folders. */
    private Map<String, ScreeningPolicy> policies() {
        var holding = new TreeMap<String, ScreeningPolicy>();
        for (var routes : overview.stream().toList())
            for (var one : routes.partners())
                if (one.partner().screening().holds())
                    holding.put(one.partner().folder(), one.partner().screening());
        return holding;
    }

    /** Whether anybody wants anything held back. */
    boolean isWanted() {
        return !policies().isEmpty();
    }

    // ------------------------------------------------------------ in the transaction that charts

    /**
     * Locks the patients of messages that may open an alert; before their own orders are screened,
     * so that of two transactions about one patient one sees what the other wrote ⚠.
     *
     * @param entries charted messages, whose rows are written
     * @return the patients
     */
    Set<UUID> lock(Connection connection, Collection<Long> entries) throws SQLException {
        return locked(
                connection,
                """
                select distinct p.person_id
                from statement s
                join patient_record p on p.id = s.record_id
                where s.entry_id = any(?)
                """,
                Columns.longs(List.copyOf(entries), Long::longValue));
    }

    /** The same of who has just become one patient with others, by their numbers. */
    Set<UUID> lockJoined(Connection connection, Collection<RecordKey> joined) throws SQLException {
        var keys = List.copyOf(joined);
        return locked(
                connection,
                """
                select distinct p.person_id
                from unnest(?, ?, ?) k(authority, id_type, id_value)
                join patient_record p
                  on p.id_value = k.id_value and p.authority = k.authority and p.id_type = k.id_type
                """,
                Columns.texts(keys, RecordKey::authority),
                Columns.texts(keys, RecordKey::type),
                Columns.texts(keys, RecordKey::value));
    }

    private static Set<UUID> locked(Connection connection, String sql, Object... values)
            throws SQLException {
        var persons = new LinkedHashSet<UUID>();
        new Script()
                .read(sql, row -> persons.add(row.getObject(1, UUID.class)), values)
                .send(connection);
        if (!persons.isEmpty()) HeldBack.lock(connection, persons);
        return persons;
    }

    @Override
    public void look(Connection connection, long entryId) throws SQLException {
        if (isWanted()) hold(connection, lock(connection, List.of(entryId)));
    }

    /**
     * A delivery that waits, and an order that its message states.
     *
     * @param partner who ordered
     * @param number as in {@link Ordered}
     * @param released whether a person let go what this message sends on, after it was held back
     */
    private record Waiting(
            long id,
            long entryId,
            String destination,
            UUID person,
            String partner,
            String number,
            boolean released) {

        /** Whether it is the message itself, or an earlier or later word about the same order. */
        boolean isOf(Ordered order) {
            if (!partner.equals(order.partner())) return false;
            if (entryId == order.entryId()) return true;
            return !released && !number.isEmpty() && number.equals(order.number());
        }

        /** The ids only. */
        @Override
        public String toString() {
            return "Waiting[" + id + "]";
        }
    }

    /** An answer of ours is no order, whoever waits for it; nor is what ends one. */
    private static final String WAITING =
            """
            select distinct d.id, d.entry_id, d.destination, p.person_id, s.partner,
                   coalesce(nullif(item #>> '{fields,placer_number,text}', ''),
                            item #>> '{fields,filler_number,text}', '') as number,
                   exists (select
                           from delivery o
                           join delivery_decision x on x.delivery_id = o.id
                           where o.entry_id = d.entry_id and x.decision = 'release'
                             and x.account <> 'engine') as released
            from patient_record p
            join statement s on s.record_id = p.id and s.kind in ('medication_order', 'placed_order')
            join delivery d on d.entry_id = s.entry_id
            cross join lateral jsonb_array_elements(s.said -> 'items') items(item)
            where p.person_id = any(?::uuid[]) and s.partner = any(?)
              and d.state = 'waiting' and d.destination not like '%~held'
              and d.control_id <> 'CB' || d.entry_id || 'A'
              and item -> 'removed' is null
              and coalesce(item #>> '{fields,state,text}', '') not in ('cancelled', 'completed', 'refused')
            """;

    /**
     * Holds back what waits of these patients and has an open alert for which its sender wants
     * that.
     *
     * @param persons whose locks the transaction has
     */
    void hold(Connection connection, Collection<UUID> persons) throws SQLException {
        if (persons.isEmpty() || screening.isOff()) return;
        var policies = policies();
        var waiting = new HashMap<UUID, List<Waiting>>();
        new Script()
                .read(
                        WAITING,
                        row -> {
                            var one =
                                    new Waiting(
                                            row.getLong(1),
                                            row.getLong(2),
                                            row.getString(3),
                                            row.getObject(4, UUID.class),
                                            row.getString(5),
                                            row.getString(6),
                                            row.getBoolean(7));
                            waiting.computeIfAbsent(one.person(), _ -> new ArrayList<>()).add(one);
                        },
                        persons.stream().map(UUID::toString).toArray(String[]::new),
                        policies.keySet().toArray(String[]::new))
                .send(connection);
        var ids = new HashSet<Long>();
        var destinations = new HashSet<String>();
        for (var patient : waiting.entrySet())
            for (var order : toHold(connection, patient.getKey(), patient.getValue(), policies))
                for (var one : patient.getValue())
                    if (one.isOf(order)) {
                        ids.add(one.id());
                        destinations.add(one.destination());
                    }
        if (!ids.isEmpty()) HeldBack.hold(connection, ids, destinations);
    }

    /** The orders of a patient that are not to leave. */
    private List<Ordered> toHold(
            Connection connection,
            UUID person,
            List<Waiting> waiting,
            Map<String, ScreeningPolicy> policies) {
        try {
            var alerts = screening.alerts(connection, person);
            if (alerts.isEmpty()) return List.of();
            var overridden =
                    Overrides.of(connection).of(alerts.stream().map(Alert::key).toList()).keySet();
            var found = new ArrayList<Ordered>();
            boolean unchecked = false;
            for (var alert : alerts) {
                if (overridden.contains(alert.key())) continue;
                if (alert.isUncheckedAllergy()) unchecked = true;
                else if (holds(policies, alert.order().partner(), alert))
                    found.add(
                            new Ordered(
                                    alert.order().partner(),
                                    alert.order().entryId(),
                                    alert.number()));
            }
            // No order was checked against it, as when one is charted.
            if (unchecked) found.addAll(unchecked(connection, person, waiting, policies));
            return found;
        } catch (IllegalArgumentException | IllegalStateException e) {
            // A bug of ours, which must not look as if nothing was found.
            log.atError()
                    .addKeyValue("exception", e.getClass().getName())
                    .log("screening of what waits failed");
            return waiting.stream()
                    .filter(one -> !one.released() && asks(policies, one.partner()))
                    .map(one -> new Ordered(one.partner(), one.entryId(), one.number()))
                    .toList();
        }
    }

    private List<Ordered> unchecked(
            Connection connection,
            UUID person,
            List<Waiting> waiting,
            Map<String, ScreeningPolicy> policies) {
        var released = new HashSet<Long>();
        for (var one : waiting) if (one.released()) released.add(one.entryId());
        return screening.ordered(connection, person).stream()
                .filter(one -> asks(policies, one.partner()) && !released.contains(one.entryId()))
                .toList();
    }

    private static boolean holds(
            Map<String, ScreeningPolicy> policies, String partner, Alert alert) {
        var policy = policies.get(partner);
        return policy != null && Screened.act(policy, alert) == Act.HOLD;
    }

    /** Whether what nobody could check is to wait. */
    private static boolean asks(Map<String, ScreeningPolicy> policies, String partner) {
        var policy = policies.get(partner);
        return policy != null && policy.notScreened() == Act.HOLD;
    }

    // ------------------------------------------------------------ everybody

    /** Asked with each sweep: looks at everybody when tables or policies have changed. */
    public void swept() {
        if (!by().equals(lookedBy)) soon();
    }

    private String by() {
        return screening.version() + " " + policies();
    }

    /** A person's decision may have opened an alert: looks at everybody. Returns at once. */
    public void soon() {
        if (!asked.compareAndSet(false, true)) return;
        thread.execute(
                () -> {
                    asked.set(false);
                    try {
                        again();
                    } catch (RuntimeException | SQLException e) {
                        log.atWarn()
                                .addKeyValue("exception", e.getClass().getName())
                                .log("orders that wait could not be screened, trying again");
                    }
                });
    }

    private static final String EVERYBODY =
            """
            select distinct p.person_id
            from delivery d
            join statement s on s.entry_id = d.entry_id and s.kind in ('medication_order', 'placed_order')
            join patient_record p on p.id = s.record_id
            where d.state = 'waiting' and d.destination not like '%~held' and s.partner = any(?)
              and p.person_id > ?::uuid
            order by p.person_id limit ?
            """;

    /** Looks at everybody whose orders wait, in slices. */
    void again() throws SQLException {
        again(AT_ONCE);
    }

    synchronized void again(int atOnce) throws SQLException {
        var by = by();
        var folders = policies().keySet().toArray(String[]::new);
        var after = new UUID(0, 0);
        while (folders.length > 0) {
            try (var connection = dataSource.getConnection()) {
                connection.setAutoCommit(false);
                try {
                    var persons = locked(connection, EVERYBODY, folders, after.toString(), atOnce);
                    hold(connection, persons);
                    connection.commit();
                    if (persons.size() < atOnce) break;
                    for (var one : persons) after = one; // ⚠ The last as PostgreSQL sorts them.
                } finally {
                    connection.rollback();
                    connection.setAutoCommit(true);
                }
            }
        }
        lookedBy = by;
    }
}
