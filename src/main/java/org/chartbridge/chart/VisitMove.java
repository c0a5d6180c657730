package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * That a visit (A45), or every visit of an account (A44), went from one patient to another
 * (HL7-RULES §6). Pure: where a visit is follows from the set of moves that hold, never from the
 * order in which they came; of several the later word stands.
 *
 * @param what the visit, or the account
 * @param said EVN-2, MSH-7, arrival
 */
record VisitMove(VisitKey what, Whom from, Whom to, Moment said) {

    /** A patient's number, and the person it is now. */
    record Whom(long recordId, UUID personId) {}

    /**
     * The moves that hold for a visit: its own, and those of every account it was ever named under,
     * if they are about the patient who has it. An account number that two patients use moves the
     * visits of none but those it names ⚠.
     *
     * @param person who has the visit; null when nobody is known
     */
    static List<VisitMove> about(
            VisitKey visit,
            Collection<VisitKey> accounts,
            @Nullable UUID person,
            Map<VisitKey, List<VisitMove>> all) {
        if (all.isEmpty()) return List.of();
        var moves = new ArrayList<>(all.getOrDefault(visit, List.of()));
        var whose = persons(moves);
        if (person != null) whose.add(person);
        for (var account : accounts) {
            if (account.equals(visit)) continue;
            var ofAccount = all.getOrDefault(account, List.of());
            if (persons(ofAccount).stream().anyMatch(whose::contains)) moves.addAll(ofAccount);
        }
        return moves;
    }

    /** Everybody who has or had what these moves are about. */
    static Set<UUID> persons(Collection<VisitMove> moves) {
        var persons = new HashSet<UUID>();
        for (var move : moves) {
            persons.add(move.from().personId());
            persons.add(move.to().personId());
        }
        return persons;
    }

    /** Where they leave it: where the last word says. Null when there are none. */
    static @Nullable Whom home(Collection<VisitMove> moves) {
        return moves.stream()
                .max(Comparator.comparing(VisitMove::said))
                .map(VisitMove::to)
                .orElse(null);
    }

    /** No number. */
    @Override
    public String toString() {
        return "VisitMove[" + from.recordId() + " to " + to.recordId() + "]";
    }
}
