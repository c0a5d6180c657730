package org.chartbridge.delivery;

import static org.chartbridge.database.Columns.longs;

import org.chartbridge.database.Script;
import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import javax.sql.DataSource;

/**
 * What one drain takes out of the way: a delivery that can't be made of its message, and whatever
 * is behind it about the same patient ⚠, whose order must not change. All else leaves.
 */
final class Aside {
    /** Behind the name of a destination; no queue of a route can be called so. */
    static final String SUFFIX = "~unmade";

    /** As many are taken before they are written. */
    static final int AT_ONCE = 50;

    /** The patients of two messages, as their records belong now. */
    static final String SAME_PATIENT =
            """
            exists (select
                    from journal one
                    join patient_record mine on mine.id = one.record_id
                    join patient_record its on its.person_id = mine.person_id
                    join journal other on other.record_id = its.id
                    where one.id = %s and other.id = %s)
            """;

    private static final String FOLLOWS =
            "select exists (select from delivery u where u.state = 'waiting'"
                    + " and (u.destination = ? or u.id = any(?))"
                    + " and (u.turn, u.place) < (select turn, place from delivery where id = ?)"
                    + " and "
                    + SAME_PATIENT.formatted("u.entry_id", "?")
                    + ")";

    private final String destination;
    private final DataSource dataSource;
    private final List<Long> ids = new ArrayList<>();
    private @Nullable Boolean any;

    Aside(String destination, DataSource dataSource) {
        this.destination = destination;
        this.dataSource = dataSource;
    }

    boolean isEmpty() {
        return ids.isEmpty();
    }

    boolean hasRoom() {
        return ids.size() < AT_ONCE;
    }

    List<Long> ids() {
        return List.copyOf(ids);
    }

    /** They are in the database now, or somebody else has the destination. */
    void written() {
        ids.clear();
    }

    /**
     * Takes one that can't be made; false where it must stay: it may have arrived, or nobody knows
     * which others are about its patient.
     */
    boolean take(Letter letter) {
        if (letter.attempts() > 0
                || !ask(
                        "select exists (select from journal where id = ? and record_id is not"
                                + " null)",
                        letter.entryId())) return false;
        ids.add(letter.id());
        any = true;
        return true;
    }

    /** Takes one that is behind another of its patient which waits aside; mostly there is none. */
    boolean follows(Letter letter) {
        if (letter.attempts() > 0 || !any()) return false;
        boolean follows =
                ask(
                        FOLLOWS,
                        destination + SUFFIX,
                        longs(ids, Long::longValue),
                        letter.id(),
                        letter.entryId());
        if (follows) ids.add(letter.id());
        return follows;
    }

    private boolean any() {
        var known = any;
        if (known == null) {
            known =
                    ask(
                            "select exists (select from delivery where destination = ? and state ="
                                    + " 'waiting')",
                            destination + SUFFIX);
            any = known;
        }
        return known;
    }

    private boolean ask(String sql, Object... values) {
        var answer = new AtomicBoolean();
        try (var connection = dataSource.getConnection()) {
            new Script().read(sql, row -> answer.set(row.getBoolean(1)), values).send(connection);
        } catch (SQLException e) {
            throw new IllegalStateException("waiting deliveries can't be read", e);
        }
        return answer.get();
    }

    /** Moves them, as long as the claim holds. */
    static void write(Script script, Step step) {
        script.run(
                """
                update delivery d set destination = d.destination || '~unmade'
                from destination s
                where d.id = any(?) and d.state = 'waiting' and d.destination = s.name
                  and s.name = ? and s.epoch = ?
                """,
                longs(step.aside(), Long::longValue),
                step.destination(),
                step.epoch());
    }
}
