package org.chartbridge.bench;

import org.chartbridge.fakes.PartnerLedger.Book;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What is not as the partners' ledgers say, once nothing is left to be said. Pure. */
final class LoopCheck {
    /** How the chart calls what a lab's ledger says. */
    private static final Map<String, String> CHARTED =
            Map.ofEntries(
                    Map.entry("", "active"),
                    Map.entry("accepted", "active"),
                    Map.entry("refused", "refused"),
                    Map.entry("cancelled", "cancelled"),
                    Map.entry("final", "resulted"),
                    Map.entry("corrected", "resulted"),
                    Map.entry("not-performed", "recollect"),
                    Map.entry("specimen-rejected", "recollect"));

    /** What the lab still owes an answer to. */
    private static final Set<String> OWED = Set.of("", "accepted");

    /** What nobody waits for any more. What the lab refused or cancelled is for a person to act. */
    private static final Set<String> SETTLED = Set.of("final", "corrected");

    /** What each of them knows. */
    record Books(Book emr, Book lab, Book specialist) {}

    private final Books books;
    private final int orders;
    private final int referrals;

    /**
     * @param orders how many the EMR was to send
     */
    LoopCheck(Books books, int orders, int referrals) {
        this.books = books;
        this.orders = orders;
        this.referrals = referrals;
    }

    /** How many orders stand how in the lab's eyes; "lost" those it forgot. */
    Map<String, Integer> states() {
        var states = new TreeMap<String, Integer>();
        books.emr()
                .asked()
                .forEach(
                        (id, number) -> {
                            if (isOrder(number))
                                states.merge(
                                        isLost(id, number) ? "lost" : books.lab().state(number),
                                        1,
                                        Integer::sum);
                        });
        return states;
    }

    /**
     * Each order and referral has to stand, for the EMR and in the chart, as its partner says, and
     * is taken once.
     *
     * @param charted how each order stands in the chart, as often as it stands there
     */
    List<String> standings(Map<String, List<String>> charted) {
        var problems = new ArrayList<String>();
        if (books.emr().asked().size() != orders + referrals)
            problems.add("the EMR sent only " + books.emr().asked().size());
        books.emr()
                .asked()
                .forEach(
                        (id, number) -> {
                            var state = partner(number).state(number);
                            var wanted = isLost(id, number) ? "ordered" : state;
                            var known = books.emr().state(number);
                            if (!known.equals(wanted))
                                problems.add(
                                        "%s: \"%s\" for its partner, \"%s\" for the EMR"
                                                .formatted(number, state, known));
                            if (isOrder(number)) charted(number, state, charted, problems);
                        });
        for (var book : List.of(books.lab(), books.specialist()))
            book.standings()
                    .forEach(
                            (number, standing) -> {
                                if (standing.times() != 1)
                                    problems.add(number + ": taken " + standing.times() + "x");
                            });
        return problems;
    }

    private static void charted(
            String number, String state, Map<String, List<String>> charted, List<String> problems) {
        var found = charted.getOrDefault(number, List.of());
        var wanted = CHARTED.get(state);
        if (found.size() != 1 || (wanted != null && !found.getFirst().equals(wanted)))
            problems.add(number + ": \"" + state + "\" for the lab, charted " + found);
    }

    /**
     * What the lab owes an answer to has to be alerted when its time is over, and nothing that it
     * has answered.
     *
     * @param alerted the orders of which an alert is open
     */
    List<String> alerts(Set<String> alerted) {
        var problems = new ArrayList<String>();
        books.emr()
                .asked()
                .forEach(
                        (id, number) -> {
                            if (!isOrder(number)) return;
                            var state = books.lab().state(number);
                            boolean owed = isLost(id, number) || OWED.contains(state);
                            if (owed && !alerted.contains(number))
                                problems.add(
                                        "%s: \"%s\" for the lab, and nobody is told that it is overdue"
                                                .formatted(number, state));
                            if (!owed && SETTLED.contains(state) && alerted.contains(number))
                                problems.add(
                                        "%s: \"%s\" for the lab, and told of as overdue"
                                                .formatted(number, state));
                        });
        return problems;
    }

    private static boolean isOrder(String number) {
        return !number.contains("-R");
    }

    private Book partner(String number) {
        return isOrder(number) ? books.lab() : books.specialist();
    }

    /** Whether its partner forgot it, and told nobody. */
    private boolean isLost(String id, String number) {
        return partner(number).lost().contains(id);
    }
}
