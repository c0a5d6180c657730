package org.chartbridge.chart;

import static org.chartbridge.database.Columns.longs;
import static org.chartbridge.database.Columns.texts;

import org.chartbridge.chart.PersonGraph.Node;
import org.chartbridge.database.Script;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Records, and which of them are one person, for whoever decides; long because of its statements.
 * Every call works in the caller's transaction, under {@link Locks#IDENTITY}.
 */
@Component
public class IdentityStore {

    /** How many records one person may consist of; beyond that something joins strangers. */
    static final int MAX_RECORDS = 1_000;

    /**
     * A record, as far as a decision needs it.
     *
     * @param edition 0, or the decision that told it from another record of the same number
     */
    public record PatientRecord(long id, UUID personId, RecordKey key, long edition) {}

    /**
     * How much of a chart there is.
     *
     * @param numbers of the patient, joined by commas
     */
    public record InChart(
            List<Long> records, String numbers, long reports, long orders, long visits) {
        public InChart {
            records = List.copyOf(records);
        }

        /** The counts only. */
        @Override
        public String toString() {
            return "InChart[" + reports + ", " + orders + ", " + visits + "]";
        }
    }

    /** Takes the locks of these records, and that of identity itself. */
    public void lock(Connection connection, Collection<RecordKey> keys) throws SQLException {
        var locks = new LinkedHashSet<Long>();
        locks.add(Locks.IDENTITY);
        for (var key : keys) {
            locks.add(key.lock());
            locks.add(key.numberLock());
        }
        new Script()
                .run(
                        "select pg_advisory_xact_lock(k) from unnest(?) k",
                        (Object) locks.stream().sorted().mapToLong(Long::longValue).toArray())
                .send(connection);
    }

    /** The record that a number names. */
    public Optional<PatientRecord> named(Connection connection, RecordKey key) throws SQLException {
        var found = new ArrayList<PatientRecord>();
        new Script()
                .read(
                        """
                        select id, person_id, authority, id_type, id_value, edition
                        from patient_record
                        where authority = ? and id_type = ? and id_value = ? and edition = 0
                        """,
                        row -> found.add(record(row)),
                        key.authority(),
                        key.type(),
                        key.value())
                .send(connection);
        return found.stream().findFirst();
    }

    public Optional<PatientRecord> record(Connection connection, long id) throws SQLException {
        var found = new ArrayList<PatientRecord>();
        new Script()
                .read(
                        """
                        select id, person_id, authority, id_type, id_value, edition
                        from patient_record
                        where id = ?
                        """,
                        row -> found.add(record(row)),
                        id)
                .send(connection);
        return found.stream().findFirst();
    }

    /** All records that are this person now, by their keys. */
    public List<PatientRecord> records(Connection connection, UUID person) throws SQLException {
        var found = new ArrayList<PatientRecord>();
        new Script()
                .read(
                        """
                        select id, person_id, authority, id_type, id_value, edition
                        from patient_record
                        where person_id = ?::uuid
                        order by id_value, authority, id_type, edition
                        """,
                        row -> found.add(record(row)),
                        person.toString())
                .send(connection);
        return found;
    }

    /** The record of a number in one of its editions. */
    public Optional<PatientRecord> record(Connection connection, RecordKey key, long edition)
            throws SQLException {
        var found = new ArrayList<PatientRecord>();
        new Script()
                .read(
                        """
                        select id, person_id, authority, id_type, id_value, edition
                        from patient_record
                        where authority = ? and id_type = ? and id_value = ? and edition = ?
                        """,
                        row -> found.add(record(row)),
                        key.authority(),
                        key.type(),
                        key.value(),
                        edition)
                .send(connection);
        return found.stream().findFirst();
    }

    private static PatientRecord record(ResultSet row) throws SQLException {
        return new PatientRecord(
                row.getLong("id"),
                row.getObject("person_id", UUID.class),
                new RecordKey(
                        row.getString("authority"),
                        row.getString("id_type"),
                        row.getString("id_value")),
                row.getLong("edition"));
    }

    /** Adds a record by decision, as the message claims it. */
    public void bring(
            Script script, PatientRecord record, PatientClaim claim, long entryId, Instant at) {
        script.run(
                "insert into person (id, entry_id, recorded_at) values (?::uuid, ?, ?::timestamptz)"
                        + " on conflict (id) do nothing",
                record.personId().toString(),
                entryId,
                at.toString());
        var name = claim.name();
        script.run(
                """
                insert into patient_record (id, person_id, entry_id, recorded_at, path, authority, id_type,
                    id_value, edition, family_name, given_name, middle_name, name_suffix, birth_date, sex,
                    address, phone, identifiers)
                values (?, ?::uuid, ?, ?::timestamptz, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb)
                """,
                record.id(),
                record.personId().toString(),
                entryId,
                at.toString(),
                claim.path(),
                record.key().authority(),
                record.key().type(),
                record.key().value(),
                record.edition(),
                name.family(),
                name.given(),
                name.middle(),
                name.suffix(),
                claim.birthDate(),
                claim.sex(),
                claim.address(),
                claim.phone(),
                Json.identifiers(claim.identifiers()));
    }

    /** A person says that two records are one patient, both numbers staying in use. */
    public void link(Script script, long id, long entryId, Instant at, long record, long other) {
        assertion(script, id, entryId, at, Assertion.Kind.LINKED, record, other);
    }

    /** A person says that a record is to go into another. */
    public void merge(Script script, long id, long entryId, Instant at, long record, long other) {
        assertion(script, id, entryId, at, Assertion.Kind.MERGED, record, other);
    }

    /** A person says that two records are not one patient, whatever joins them. */
    public void split(Script script, long id, long entryId, Instant at, long off, long stays) {
        assertion(script, id, entryId, at, Assertion.Kind.APART, off, stays);
    }

    /**
     * A person says that what a partner reports under a number for one patient is another's.
     *
     * @param from the number, and who it was reported for
     */
    public void file(Script script, long id, long entryId, Instant at, Reported from, long home) {
        script.run(
                """
                insert into assertion (id, entry_id, recorded_at, path, kind, record_id, other_id,
                    entered_at, message_at, authority, number)
                values (?, ?, ?::timestamptz, '', 'filed', ?, ?, ?::timestamptz, ?::timestamptz, ?, ?)
                """,
                id,
                entryId,
                at.toString(),
                from.record(),
                home,
                at.toString(),
                at.toString(),
                from.partner(),
                from.number());
    }

    /**
     * What a partner reports under one order number, and whose it is.
     *
     * @param number OBR-3, else OBR-2
     * @param record the record it hangs on
     */
    public record Reported(String partner, String number, long record) {

        /** Whether the laboratory gave it a number; without one it is known by its time only. */
        public boolean hasNumber() {
            return !number.isEmpty() && !number.startsWith("@");
        }

        /** The partner only. */
        @Override
        public String toString() {
            return "Reported[" + partner + "]";
        }
    }

    /** Whether a number was not merged away; one that was stands for the one that stays. */
    public boolean isInUse(Connection connection, long record) throws SQLException {
        var merges = new ArrayList<Long>();
        new Script()
                .read(
                        """
                        select id from assertion
                        where record_id = ? and kind = 'merged' and withdrawn_by is null
                          and overruled_by is null
                        """,
                        row -> merges.add(row.getLong(1)),
                        record)
                .send(connection);
        return merges.isEmpty();
    }

    /** What a report is part of; empty when there is no such report. */
    public Optional<Reported> reported(Connection connection, long series) throws SQLException {
        var found = new ArrayList<Reported>();
        new Script()
                .read(
                        "select partner, number, record_id from report where series = ? limit 1",
                        row ->
                                found.add(
                                        new Reported(
                                                row.getString(1),
                                                row.getString(2),
                                                row.getLong(3))),
                        series)
                .send(connection);
        return found.stream().findFirst();
    }

    /** A report whose order was placed for another patient than its message names. */
    public record OfAnother(ReportStatement report, List<UUID> ordered) {
        public OfAnother {
            ordered = List.copyOf(ordered);
        }

        /** Nothing of the patient. */
        @Override
        public String toString() {
            return "OfAnother[…]";
        }
    }

    /**
     * Of these results, the reports that name an open order of another patient, with the patients
     * for whom it is.
     *
     * @param named whom the message names; null for somebody who is not in the chart
     */
    public List<OfAnother> ofAnothersOrder(
            Connection connection, Results results, @Nullable UUID named) throws SQLException {
        var orders = new NamedOrders();
        var numbers = new ArrayList<String>();
        for (var report : results.reports())
            if (!report.placerNumber().isEmpty()) numbers.add(report.placerNumber());
        if (numbers.isEmpty()) return List.of();
        var script = new Script();
        orders.readOrders(script, numbers);
        script.send(connection);
        var found = new ArrayList<OfAnother>();
        for (var report : results.reports())
            if (orders.isOfAnother(report, named))
                found.add(new OfAnother(report, orders.persons(report)));
        return found;
    }

    /** A number, and the others of the same report: it may have one of its placer, too. */
    public Set<Reported> together(Connection connection, Reported number) throws SQLException {
        var all = new LinkedHashSet<>(Set.of(number));
        new Script()
                .read(
                        """
                        select o.number
                        from report r
                        join report o on o.series = r.series and (o.says & %1$d) <> 0
                        where r.partner = ? and r.number = ? and r.record_id = ? and (r.says & %1$d) <> 0
                        order by o.number
                        """
                                .formatted(ReportWords.TWO_NUMBERS),
                        row ->
                                all.add(
                                        new Reported(
                                                number.partner(),
                                                row.getString(1),
                                                number.record())),
                        number.partner(),
                        number.number(),
                        number.record())
                .send(connection);
        return all;
    }

    /** What a decision filed elsewhere; empty when it was about something else. */
    public Optional<Reported> filed(Connection connection, long entryId) throws SQLException {
        var found = new ArrayList<Reported>();
        new Script()
                .read(
                        """
                        select authority, number, record_id
                        from assertion
                        where entry_id = ? and kind = 'filed'
                        """,
                        row ->
                                found.add(
                                        new Reported(
                                                row.getString(1),
                                                row.getString(2),
                                                row.getLong(3))),
                        entryId)
                .send(connection);
        return found.stream().findFirst();
    }

    /** Nothing is charted under this number until the transaction ends. */
    public void lock(Connection connection, Reported number) throws SQLException {
        new Script()
                .run(
                        "select pg_advisory_xact_lock(?)",
                        Locks.ofNumber(number.partner(), number.number()))
                .send(connection);
    }

    private static void assertion(
            Script script,
            long id,
            long entryId,
            Instant at,
            Assertion.Kind kind,
            long record,
            long other) {
        script.run(
                """
                insert into assertion (id, entry_id, recorded_at, path, kind, record_id, other_id,
                    entered_at, message_at)
                values (?, ?, ?::timestamptz, '', ?, ?, ?, ?::timestamptz, ?::timestamptz)
                """,
                id,
                entryId,
                at.toString(),
                kind.word(),
                record,
                other,
                at.toString(),
                at.toString());
    }

    /** What an entry said of identity holds no longer. */
    public void withdraw(Script script, long entryId, long decision) {
        script.run(
                "update assertion set withdrawn_by = ? where entry_id = ? and withdrawn_by is null",
                decision,
                entryId);
    }

    /** The records that an entry's assertions are about. */
    public Set<Long> joinedBy(Connection connection, long entryId) throws SQLException {
        var records = new LinkedHashSet<Long>();
        new Script()
                .read(
                        """
                        select record_id, other_id
                        from assertion
                        where entry_id = ? and withdrawn_by is null
                        """,
                        row -> {
                            records.add(row.getLong(1));
                            records.add(row.getLong(2));
                        },
                        entryId)
                .send(connection);
        return records;
    }

    /** The first entry whose merge or link a split keeps from joining; empty when there is none. */
    public Optional<Long> firstOverruled(Connection connection, long split) throws SQLException {
        var found = new ArrayList<Long>();
        new Script()
                .read(
                        """
                        select min(entry_id) from assertion
                        where overruled_by = ? and withdrawn_by is null
                        having count(*) > 0
                        """,
                        row -> found.add(row.getLong(1)),
                        split)
                .send(connection);
        return found.stream().findFirst();
    }

    /** Visits that an entry moved are where they are without it, once it was withdrawn. */
    public void putBack(Connection connection, long entryId) throws SQLException {
        var moves = new ArrayList<Assertion>();
        new Script()
                .read(
                        "select * from assertion where entry_id = ? and kind = 'moved'",
                        row -> moves.add(assertion(row)),
                        entryId)
                .send(connection);
        var _ = VisitHomes.settle(connection, moves);
    }

    /** These records, and all that anything joins or joined to them. */
    public Set<Long> together(Connection connection, Collection<Long> records) throws SQLException {
        return around(connection, records).nodes().keySet();
    }

    /** Who these records are. */
    public Set<UUID> persons(Connection connection, Collection<Long> records) throws SQLException {
        var found = new LinkedHashSet<UUID>();
        if (records.isEmpty()) return found;
        new Script()
                .read(
                        "select distinct person_id from patient_record where id = any(?) order by"
                                + " 1",
                        row -> found.add(row.getObject(1, UUID.class)),
                        (Object) longs(records, Long::longValue))
                .send(connection);
        return found;
    }

    /** The records of these numbers, of every edition. */
    public Set<Long> ids(Connection connection, Collection<RecordKey> keys) throws SQLException {
        var found = new LinkedHashSet<Long>();
        if (keys.isEmpty()) return found;
        new Script()
                .read(
                        """
                        select r.id
                        from unnest(?, ?, ?) k(authority, id_type, id_value)
                        join patient_record r using (authority, id_type, id_value)
                        """,
                        row -> found.add(row.getLong(1)),
                        texts(keys, RecordKey::authority),
                        texts(keys, RecordKey::type),
                        texts(keys, RecordKey::value))
                .send(connection);
        return found;
    }

    /** Whether a merge would close a ring: the one that stays has gone into the other before. */
    public boolean wouldRing(Connection connection, long gone, long stays) throws SQLException {
        var around = around(connection, List.of(gone, stays));
        return PersonGraph.wentInto(stays, gone, around.assertions());
    }

    /** Whether a person keeps two records apart, or any that they are one patient with. */
    public boolean areApart(Connection connection, long one, long other) throws SQLException {
        return PersonGraph.areApart(
                one, other, around(connection, List.of(one, other)).assertions());
    }

    /**
     * What merges around these records say that can't all be: a number went to two patients, or
     * round in a ring. Such merges are held; a split may let both in.
     *
     * @return why, for people; empty when there is nothing
     */
    public Optional<String> doubtMerges(Connection connection, Collection<Long> records)
            throws SQLException {
        var around = around(connection, records);
        var into = new HashMap<Long, Assertion>();
        for (var assertion : around.assertions()) {
            if (assertion.kind() != Assertion.Kind.MERGED || !assertion.joins()) continue;
            long gone = assertion.record();
            long stays = assertion.other();
            var before = into.putIfAbsent(gone, assertion);
            if ((before != null && before.other() != stays)
                    || PersonGraph.wentInto(stays, gone, around.assertions()))
                return Optional.of(
                        "a number of this patient was merged into another one while it was split;"
                                + " take that merge back first (entry "
                                + Math.max(
                                        assertion.entryId(), before == null ? 0 : before.entryId())
                                + ")");
        }
        return Optional.empty();
    }

    /** What stands in the charts of these records' patients, as in this transaction. */
    public List<InChart> inChart(Connection connection, Collection<Long> records)
            throws SQLException {
        var found = new ArrayList<InChart>();
        new Script()
                .read(
                        """
                        select string_agg(p.id_value, ', ' order by p.id_value) as numbers,
                               array_agg(p.id) as records,
                               sum((select count(*) from report r
                                    where r.record_id = p.id and r.standing = 'current')) as reports,
                               sum((select count(*) from placed_order o where o.record_id = p.id)) as orders,
                               sum((select count(*) from encounter e where e.record_id = p.id)) as visits
                        from patient_record p
                        where p.id = any(?)
                        group by p.person_id
                        order by 1
                        """,
                        row ->
                                found.add(
                                        new InChart(
                                                List.of(
                                                        (Long[])
                                                                row.getArray("records").getArray()),
                                                row.getString("numbers"),
                                                row.getLong("reports"),
                                                row.getLong("orders"),
                                                row.getLong("visits"))),
                        (Object) longs(records, Long::longValue))
                .send(connection);
        return found;
    }

    /**
     * Works out anew which records around these are one person, and where visits are that went from
     * one to another, and says so in the chart.
     *
     * @return the keys of all of them
     */
    public Set<RecordKey> arrange(Connection connection, Collection<Long> records)
            throws SQLException {
        if (records.isEmpty()) return Set.of();
        var around = around(connection, records);
        var arranged = PersonGraph.arrange(around.nodes().values(), around.assertions());
        var persons = arranged.persons();
        overrule(connection, around.assertions(), arranged.overruled());
        var moved = new ArrayList<Node>();
        for (var node : around.nodes().values())
            if (!persons.getOrDefault(node.id(), node.ownPerson())
                    .equals(around.persons().get(node.id()))) moved.add(node);
        if (!moved.isEmpty())
            new Script()
                    .run(
                            """
                            update patient_record r
                            set own_person = coalesce(r.own_person, r.person_id), person_id = k.person::uuid
                            from unnest(?, ?) k(id, person)
                            where r.id = k.id
                            """,
                            longs(moved, Node::id),
                            texts(
                                    moved,
                                    node ->
                                            persons.getOrDefault(node.id(), node.ownPerson())
                                                    .toString()))
                    .send(connection);
        var keys = new LinkedHashSet<RecordKey>();
        around.nodes().values().forEach(node -> keys.add(node.key()));
        var moves =
                around.assertions().stream()
                        .filter(assertion -> assertion.kind() == Assertion.Kind.MOVED)
                        .toList();
        // Whoever else had one of these visits may go on with it, too.
        var had = VisitHomes.settle(connection, moves);
        had.removeAll(around.nodes().keySet());
        if (!had.isEmpty())
            around(connection, had).nodes().values().forEach(node -> keys.add(node.key()));
        return keys;
    }

    private static void overrule(
            Connection connection, List<Assertion> all, Map<Long, Long> overruled)
            throws SQLException {
        var changed =
                all.stream()
                        .filter(one -> !Objects.equals(one.overruledBy(), overruled.get(one.id())))
                        .toList();
        if (changed.isEmpty()) return;
        new Script()
                .run(
                        """
                        update assertion a
                        set overruled_by = nullif(k.decision, 0)
                        from unnest(?, ?) k(id, decision)
                        where a.id = k.id
                        """,
                        longs(changed, Assertion::id),
                        longs(changed, one -> overruled.getOrDefault(one.id(), 0L)))
                .send(connection);
    }

    /** Records, the persons they are now, and what was said of them. */
    private record Around(
            Map<Long, Node> nodes, Map<Long, UUID> persons, List<Assertion> assertions) {}

    /**
     * Everything that these records are connected with: by what holds now, and by the persons that
     * they were so far.
     */
    private static Around around(Connection connection, Collection<Long> records)
            throws SQLException {
        var nodes = new HashMap<Long, Node>();
        var persons = new HashMap<Long, UUID>();
        var assertions = new HashMap<Long, Assertion>();
        var asked = new HashSet<Long>();
        var next = new LinkedHashSet<>(records);
        while (!next.isEmpty()) {
            var ids = longs(next, Long::longValue);
            var found = new LinkedHashSet<Long>();
            new Script()
                    .read(
                            """
                            select m.id, m.authority, m.id_type, m.id_value, m.edition, m.person_id,
                                   coalesce(m.own_person, m.person_id) as own_person
                            from patient_record r
                            join patient_record m on m.person_id = r.person_id or m.id = r.id
                            where r.id = any(?)
                            """,
                            row -> {
                                var node = node(row);
                                nodes.put(node.id(), node);
                                persons.put(node.id(), row.getObject("person_id", UUID.class));
                                found.add(node.id());
                            },
                            (Object) ids)
                    .read(
                            """
                            select a.*
                            from unnest(?) k(id)
                            cross join lateral (
                                select * from assertion where record_id = k.id and withdrawn_by is null
                                union all
                                select * from assertion where other_id = k.id and withdrawn_by is null
                            ) a
                            """,
                            row -> {
                                var assertion = assertion(row);
                                assertions.put(assertion.id(), assertion);
                                if (assertion.kind() == Assertion.Kind.MOVED
                                        || assertion.kind() == Assertion.Kind.FILED) return;
                                found.add(assertion.record());
                                found.add(assertion.other());
                            },
                            (Object) ids)
                    .send(connection);
            if (nodes.size() > MAX_RECORDS)
                throw new IllegalStateException(
                        "a person of more than " + MAX_RECORDS + " records");
            asked.addAll(next);
            found.removeAll(asked);
            next = found;
        }
        return new Around(nodes, persons, List.copyOf(assertions.values()));
    }

    private static Node node(ResultSet row) throws SQLException {
        return new Node(
                row.getLong("id"),
                new RecordKey(
                        row.getString("authority"),
                        row.getString("id_type"),
                        row.getString("id_value")),
                row.getLong("edition"),
                row.getObject("own_person", UUID.class));
    }

    static Assertion assertion(ResultSet row) throws SQLException {
        var number = row.getString("number_kind");
        return new Assertion(
                row.getLong("id"),
                row.getLong("entry_id"),
                row.getString("path"),
                Assertion.Kind.of(row.getString("kind")),
                row.getLong("record_id"),
                row.getLong("other_id"),
                instant(row, "entered_at"),
                instant(row, "message_at"),
                number.isEmpty()
                        ? null
                        : new VisitKey(
                                VisitKey.Kind.of(number),
                                row.getString("authority"),
                                row.getString("number")),
                row.getObject("overruled_by", Long.class));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
