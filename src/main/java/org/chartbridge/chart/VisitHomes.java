package org.chartbridge.chart;

import static org.chartbridge.database.Columns.longs;
import static org.chartbridge.database.Columns.texts;

import org.chartbridge.chart.VisitMove.Whom;
import org.chartbridge.database.Script;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Puts visits where moves leave them ({@link VisitMove}), when a move came after the visit or when
 * patients were joined. What belongs to a visit, its lists, goes with it; results and orders never
 * do ⚠: they hang on the number they were sent under.
 */
final class VisitHomes {

    /** The moves that hold of some visits and accounts. */
    private static final String MOVES =
            """
            select a.number_kind, a.authority, a.number, a.record_id, f.person_id as from_person, a.other_id,
                   t.person_id as to_person, a.entered_at, a.message_at, a.entry_id
            from (%s) n
            join assertion a
              on a.kind = 'moved' and a.withdrawn_by is null and a.number_kind = n.number_kind
             and a.authority = n.authority and a.number = n.number
            join patient_record f on f.id = a.record_id
            join patient_record t on t.id = a.other_id
            """;

    /**
     * Those of what a group of messages names. Most clinics have none, and then nothing is looked
     * for.
     */
    static final String MOVES_OF_NAMED =
            MOVES.formatted(
                    """
                    select k.number_kind, k.authority, k.number
                    from unnest(?, ?, ?) k(number_kind, authority, number)
                    where exists (select from assertion where kind = 'moved')
                    union
                    select 'account', s.said #>> '{account,system}', s.said #>> '{account,text}'
                    from unnest(?, ?, ?) k(number_kind, authority, number)
                    join encounter e using (number_kind, authority, number)
                    join statement s on s.visit_id = e.id and s.kind = 'encounter'
                    where exists (select from assertion where kind = 'moved')
                    """);

    private static final String MOVES_OF_VISITS =
            MOVES.formatted(
                    """
                    select number_kind, authority, number from encounter where id = any(?)
                    union
                    select 'account', said #>> '{account,system}', said #>> '{account,text}'
                    from statement
                    where visit_id = any(?) and kind = 'encounter'
                    """);

    /** Visits that some moves are about, with every account they were named under. */
    private static final String VISITS =
            """
            with moved as (
                select distinct a.number_kind, a.authority, a.number, p.id as record_id
                from unnest(?) k(id)
                join assertion a on a.id = k.id
                join patient_record r on r.id in (a.record_id, a.other_id)
                join patient_record p on p.person_id = r.person_id
            ),
            visit as (
                select e.id from moved join encounter e using (number_kind, authority, number)
                union
                select s.visit_id
                from moved m
                join statement s
                  on s.record_id = m.record_id and s.kind = 'encounter'
                 and s.said #>> '{account,text}' = m.number and s.said #>> '{account,system}' = m.authority
                where m.number_kind = 'account'
            )
            select e.id, e.number_kind, e.authority, e.number, e.record_id, p.person_id,
                   s.id as statement_id, s.record_id as said_of,
                   s.said #>> '{account,system}' as account_authority, s.said #>> '{account,text}' as account
            from visit
            join encounter e using (id)
            join patient_record p on p.id = e.record_id
            join statement s on s.visit_id = e.id and s.kind = 'encounter'
            """;

    private VisitHomes() {}

    /**
     * @param statements the number that each was said under, by the id of the statement
     */
    private record Visit(
            long id,
            VisitKey key,
            Whom home,
            Set<VisitKey> accounts,
            SortedMap<Long, Long> statements) {

        /** Where it is by all moves that hold: without any with the number it was first said of. */
        long placeBy(List<VisitMove> about) {
            var home = VisitMove.home(about);
            if (home != null) return home.recordId();
            return statements.firstEntry().getValue();
        }
    }

    /** A visit that is with another number from now on. */
    record Moved(long visitId, long from, long to) {}

    /**
     * Works out anew where the visits are that these moves are about.
     *
     * @param moves assertions of that kind, withdrawn ones too; none is usual
     * @return all numbers that any move of these visits and accounts names
     */
    static Set<Long> settle(Connection connection, Collection<Assertion> moves)
            throws SQLException {
        var named = new TreeSet<Long>();
        if (moves.isEmpty()) return named;
        var visits = new LinkedHashMap<Long, Visit>();
        new Script()
                .read(VISITS, row -> add(row, visits), (Object) longs(moves, Assertion::id))
                .send(connection);
        if (visits.isEmpty()) return named;
        var ids = longs(visits.keySet(), Long::longValue);
        var said = new HashMap<VisitKey, List<VisitMove>>();
        new Script().read(MOVES_OF_VISITS, row -> add(move(row), said), ids, ids).send(connection);
        var moved = new ArrayList<Moved>();
        for (var visit : visits.values()) {
            var about =
                    VisitMove.about(visit.key(), visit.accounts(), visit.home().personId(), said);
            long place = visit.placeBy(about);
            if (place != visit.home().recordId())
                moved.add(new Moved(visit.id(), visit.home().recordId(), place));
            for (var move : about) {
                named.add(move.from().recordId());
                named.add(move.to().recordId());
            }
        }
        if (moved.isEmpty()) return named;
        var script = new Script();
        script.run(
                """
                update encounter e
                set record_id = k.home
                from unnest(?, ?) k(id, home)
                where e.id = k.id
                """,
                longs(moved, Moved::visitId),
                longs(moved, Moved::to));
        bringLists(script, moved);
        script.send(connection);
        return named;
    }

    /** The lists of a visit are where it is. */
    static void bringLists(Script script, Collection<Moved> moved) {
        if (moved.isEmpty()) return;
        bring(script, "patient_list", "kind", moved);
        for (var kind : ListKind.values()) bring(script, kind.text(), "item_key", moved);
    }

    /** In older charts a visit of a merged patient may have a list under each number: one stays. */
    private static void bring(Script script, String table, String key, Collection<Moved> moved) {
        script.run(
                """
                update %1$s l
                set record_id = k.home
                from unnest(?, ?, ?) k(visit, was, home)
                where l.record_id = k.was and l.visit_id = k.visit
                  and not exists (select from %1$s o
                                  where o.record_id = k.home and o.partner = l.partner
                                    and o.visit_id = k.visit and o.%2$s = l.%2$s)
                """
                        .formatted(table, key),
                longs(moved, Moved::visitId),
                longs(moved, Moved::from),
                longs(moved, Moved::to));
    }

    /** Reads the moves of what a group names. */
    static void read(
            Script script, Collection<VisitKey> named, Map<VisitKey, List<VisitMove>> into) {
        var kinds = texts(named, key -> key.kind().text());
        var givers = texts(named, VisitKey::authority);
        var numbers = texts(named, VisitKey::number);
        script.read(
                MOVES_OF_NAMED,
                row -> add(move(row), into),
                kinds,
                givers,
                numbers,
                kinds,
                givers,
                numbers);
    }

    private static void add(VisitMove move, Map<VisitKey, List<VisitMove>> into) {
        into.computeIfAbsent(move.what(), _ -> new ArrayList<>()).add(move);
    }

    private static VisitMove move(ResultSet row) throws SQLException {
        var times = RegistrationReading.moved(row);
        return new VisitMove(
                key(row),
                new Whom(row.getLong("record_id"), row.getObject("from_person", UUID.class)),
                new Whom(row.getLong("other_id"), row.getObject("to_person", UUID.class)),
                Moment.of(Moment.MASTER, times, row.getLong("entry_id")));
    }

    private static void add(ResultSet row, Map<Long, Visit> visits) throws SQLException {
        long id = row.getLong("id");
        var visit = visits.get(id);
        if (visit == null) {
            visit =
                    new Visit(
                            id,
                            key(row),
                            new Whom(
                                    row.getLong("record_id"),
                                    row.getObject("person_id", UUID.class)),
                            new LinkedHashSet<>(),
                            new TreeMap<>());
            visits.put(id, visit);
        }
        visit.statements().put(row.getLong("statement_id"), row.getLong("said_of"));
        var account = row.getString("account");
        var authority = row.getString("account_authority");
        if (account != null && authority != null && !account.isEmpty())
            visit.accounts().add(new VisitKey(VisitKey.Kind.ACCOUNT, authority, account));
    }

    private static VisitKey key(ResultSet row) throws SQLException {
        return new VisitKey(
                VisitKey.Kind.of(row.getString("number_kind")),
                row.getString("authority"),
                row.getString("number"));
    }
}
