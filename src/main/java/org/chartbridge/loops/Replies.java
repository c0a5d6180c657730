package org.chartbridge.loops;

import org.chartbridge.chart.NamingOrders;
import org.chartbridge.chart.OrderedReport;
import org.chartbridge.chart.ReportWord;
import org.chartbridge.chart.WatchedCare;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Reports, documents and appointments of a patient as replies to orders and referrals: the steps
 * that they are, and what of them counts.
 */
final class Replies {
    static final String OF_THE_FIRST = ", from before it was ordered again";

    static final String NOT_ASKED = ", not by whom it was sent to";

    private final WatchedCare care;

    Replies(WatchedCare care) {
        this.care = care;
    }

    /**
     * When something was sent once more under its number, as a person decided ⚠: what had come
     * before answers the first one. Null where it was sent once.
     *
     * @param placings deliveries of what orders or refers
     */
    static @Nullable Instant orderedAgain(List<Sending> placings) {
        var sent =
                placings.stream()
                        .filter(one -> !one.isToPlace())
                        .sorted(Comparator.comparingLong(Sending::entryId))
                        .toList();
        if (sent.isEmpty()) return null;
        var last = sent.getLast();
        return sent.getFirst().entryId() == last.entryId() ? null : last.stagedAt();
    }

    /** Whether a report was said after that; null for whenever. */
    boolean isSince(OrderedReport report, @Nullable Instant since) {
        return since == null
                || care.reportWords().getOrDefault(report.series(), List.of()).stream()
                        .anyMatch(word -> word.recordedAt().isAfter(since));
    }

    /** The same of what names it; an appointment counts whenever it was booked. */
    static List<NamingOrders> since(@Nullable Instant since, List<NamingOrders> naming) {
        return since == null
                ? naming
                : naming.stream()
                        .filter(one -> one.appointment() || one.recordedAt().isAfter(since))
                        .toList();
    }

    /**
     * @param not why it is no answer, but shown; empty when it is one
     */
    void reportSteps(OrderedReport report, String not, List<Step> steps) {
        boolean counts = not.isEmpty();
        for (var word : care.reportWords().getOrDefault(report.series(), List.of())) {
            if (word.repeated()) continue;
            steps.add(
                    Step.of(
                            word.saidAt() == null ? word.recordedAt() : word.saidAt(),
                            word.recordedAt(),
                            counts ? state(word, report) : null,
                            words(word, report) + not,
                            word.partner(),
                            word.entryId(),
                            word.path()));
        }
    }

    private static State state(ReportWord word, OrderedReport report) {
        var far = far(word, report);
        if (far != null) return far;
        if (!word.isFinal()) return State.PARTIAL;
        return report.performed() ? State.FINAL : State.RECOLLECT;
    }

    /** How far the order is by a word that brings nothing; null of a result. */
    private static @Nullable State far(ReportWord word, OrderedReport report) {
        boolean brings = report.valued() && word.status().equals(report.status());
        return brings ? null : OrderWords.reported(word.status());
    }

    private static String words(ReportWord word, OrderedReport report) {
        var far = far(word, report);
        var name =
                far != null
                        ? far.word()
                        : !word.isFinal()
                                ? "Preliminary result"
                                : word.correcting()
                                        ? "Corrected result"
                                        : report.performed()
                                                ? "Final result"
                                                : "Report without a result";
        return name
                + ": "
                + report.name()
                + (word.status().isEmpty() ? "" : " (OBR-25 " + word.status() + ")")
                + (report.performed() || report.why().isEmpty() ? "" : ": " + report.why());
    }

    /**
     * What names these numbers, all of it among the steps.
     *
     * @param deciding whose documents answer it: those of others are shown and change nothing ⚠
     * @param said of it: what says why it is not taken answers nothing either
     * @return what counts
     */
    List<NamingOrders> naming(
            List<String> numbers, Predicate<String> deciding, List<Said> said, List<Step> steps) {
        var all =
                care.naming().stream()
                        .filter(one -> one.names(numbers.toArray(String[]::new)))
                        .toList();
        var deciders =
                all.stream()
                        .filter(one -> one.appointment() || deciding.test(one.partner()))
                        .toList();
        var counting = withoutLetters(deciders, said);
        for (var one : all)
            steps.add(
                    Step.of(
                            one.saidAt() == null ? one.recordedAt() : one.saidAt(),
                            one.recordedAt(),
                            one.appointment()
                                    ? ofAppointment(one)
                                    : !counting.contains(one)
                                            ? null
                                            : one.isUnfinished() ? State.PARTIAL : State.FINAL,
                            one.appointment()
                                    ? ofAppointment(one).word()
                                            + (one.when().isEmpty() ? "" : " for " + one.when())
                                            + (one.title().isEmpty() ? "" : ", " + one.title())
                                    : (one.isUnfinished() ? "Unfinished document: " : "Document: ")
                                            + one.title()
                                            + (counting.contains(one)
                                                    ? ""
                                                    : deciders.contains(one)
                                                            ? ", from before it was taken up again"
                                                            : NOT_ASKED),
                            one.partner(),
                            one.entryId(),
                            one.path()));
        return counting;
    }

    /**
     * Without the documents by which somebody said why it is not taken ⚠, where it was taken up
     * again after that: a letter is no answer to what is accepted later.
     */
    private static List<NamingOrders> withoutLetters(List<NamingOrders> naming, List<Said> said) {
        Instant again = null;
        boolean refused = false;
        for (var one : said.stream().sorted(Said.ORDER).toList()) {
            boolean refuses = one.state().equals("refused") || one.state().equals("rejected");
            if (refused && !refuses) again = one.at();
            refused = refuses;
        }
        var since = again;
        return since == null
                ? naming
                : naming.stream()
                        .filter(one -> one.appointment() || saidAt(one).isAfter(since))
                        .toList();
    }

    private static Instant saidAt(NamingOrders one) {
        return one.saidAt() == null ? one.recordedAt() : one.saidAt();
    }

    /** Whether a finished document names it. */
    static boolean isDocumented(List<NamingOrders> naming) {
        return naming.stream().anyMatch(one -> !one.appointment() && !one.isUnfinished());
    }

    /** How the last said appointment stands; one that is booked goes before those that are not. */
    static @Nullable State appointment(List<NamingOrders> naming) {
        var all =
                naming.stream()
                        .filter(NamingOrders::appointment)
                        .filter(one -> !one.state().equals("waitlist"))
                        .toList();
        if (all.isEmpty()) return null;
        if (all.stream().anyMatch(one -> one.state().equals("booked"))) return State.SCHEDULED;
        return all.stream()
                .max(Comparator.comparing(NamingOrders::saidAt, Step.EARLIEST))
                .map(Replies::ofAppointment)
                .orElse(null);
    }

    private static State ofAppointment(NamingOrders one) {
        return switch (one.state()) {
            case "cancelled" -> State.UNBOOKED;
            case "no-show" -> State.NO_SHOW;
            default -> State.SCHEDULED;
        };
    }
}
