package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Results that name no patient but an order, as analyzers send them (HL7-RULES §4): they are the
 * patient's of the order, where every one of them has an open order and all of these are of one
 * patient; else they are held ⚠.
 *
 * <p>What was found is put down here before the group is locked, so that the patient's own lock is
 * taken with the others. Not for several threads.
 */
public final class ByOrder {

    /** The type of a number that names an order instead of a patient; no table has it. */
    static final String TYPE = "@order";

    /**
     * An order further away from its result than this is of another specimen under a number that
     * was used again ⚠.
     */
    static final Duration MAX_APART = Duration.ofDays(30);

    /**
     * What one report says of its order.
     *
     * @param numbers OBR-2, OBR-3, ORC-2, ORC-3, SPM-2, as far as sent; at least one
     * @param test OBR-4
     * @param at OBR-7, else MSH-7; null when neither was sent
     */
    public record Wanted(List<String> numbers, Concept test, @Nullable Instant at) {
        public Wanted {
            numbers = List.copyOf(numbers);
            if (numbers.isEmpty()) throw new IllegalArgumentException("an order without a number");
        }
    }

    /**
     * An order that has one of the numbers.
     *
     * @param partner who stated it
     * @param open whether nobody took it back or stopped it
     * @param bare whether it is what an ORC alone said of all orders of the number
     * @param said when that was last said; null when not known
     * @param at when it was ordered, else stated; null when not known
     */
    record Known(
            RecordKey patient,
            UUID personId,
            String partner,
            String placerNumber,
            String fillerNumber,
            CodingView test,
            boolean open,
            boolean bare,
            @Nullable Instant said,
            @Nullable Instant at) {

        /** Whether this, said of the number alone, is the later word that an order is no more ⚠. */
        boolean stops(Known order) {
            return bare
                    && !open
                    && personId.equals(order.personId())
                    && OneNumber.isOne(placerNumber, order.placerNumber())
                    && (said == null || order.said() == null || !said.isBefore(order.said()));
        }

        /** Nothing of the patient. */
        @Override
        public String toString() {
            return "Known[…]";
        }
    }

    private final String partner;
    private final List<Wanted> reports;
    private @Nullable RecordKey patient;
    private @Nullable HoldReason why = HoldReason.ORDER_NOT_KNOWN;

    /**
     * @param partner whose numbers of the filler are meant
     */
    public ByOrder(String partner, List<Wanted> reports) {
        this.partner = partner;
        this.reports = List.copyOf(reports);
    }

    /** What stands for the patient's number as long as the patient is not known. */
    public static RecordKey key(String orderNumber) {
        return new RecordKey("", TYPE, entity(orderNumber));
    }

    /** The number without its namespace. */
    static String entity(String number) {
        int end = number.indexOf('^');
        return end < 0 ? number : number.substring(0, end);
    }

    /** Every number that may lead to the patient. */
    List<String> numbers() {
        return reports.stream().flatMap(report -> report.numbers().stream()).toList();
    }

    /** Decides whose these are, by all orders that have one of the numbers. */
    void find(List<Known> orders) {
        var found = new ArrayList<Known>();
        patient = null;
        for (var report : reports) {
            var own =
                    orders.stream()
                            .filter(order -> isFor(report, order))
                            .filter(order -> orders.stream().noneMatch(one -> one.stops(order)))
                            .toList();
            if (own.isEmpty()) {
                why = HoldReason.ORDER_NOT_KNOWN;
                return;
            }
            found.addAll(own);
        }
        if (found.stream().map(Known::personId).distinct().count() > 1) {
            why = HoldReason.ORDERS_OF_SEVERAL;
            return;
        }
        why = null;
        patient = found.stream().map(Known::patient).min(RecordKey::compareTo).orElseThrow();
    }

    private boolean isFor(Wanted report, Known order) {
        if (order.bare() || !order.open() || tooFar(report.at(), order.at())) return false;
        boolean numbered =
                report.numbers().stream()
                        .anyMatch(
                                number ->
                                        OneNumber.isOne(number, order.placerNumber())
                                                || isOfFiller(number, order));
        return numbered && isSameTest(report.test(), order.test());
    }

    /** A filler counts its own numbers; those of another one are the same only by name. */
    private boolean isOfFiller(String number, Known order) {
        return order.partner().equals(partner)
                ? OneNumber.isOne(number, order.fillerNumber())
                : OneNumber.isNamedAlike(number, order.fillerNumber());
    }

    private static boolean isSameTest(Concept test, CodingView ordered) {
        if (view(test).isOfTest(ordered)) return true;
        var alternate = test.alternate();
        return alternate != null && view(alternate).isOfTest(ordered);
    }

    private static CodingView view(Concept concept) {
        return new CodingView(concept.code(), concept.text(), concept.system());
    }

    private static boolean tooFar(@Nullable Instant one, @Nullable Instant other) {
        return one == null
                || other == null
                || Duration.between(one, other).abs().compareTo(MAX_APART) > 0;
    }

    /** The number of the patient that was found; null when none was. */
    @Nullable RecordKey patient() {
        return patient;
    }

    /** Why they are held; empty when the patient was found. */
    List<Doubt> doubts(String path) {
        if (why == null) return List.of();
        return List.of(
                new Doubt(
                        path,
                        why,
                        why == HoldReason.ORDERS_OF_SEVERAL
                                ? "the message names no patient, and its numbers are those of"
                                        + " orders of several"
                                : "the message names no patient, and no open order has this number,"
                                        + " this test and a time near it; it goes on by itself when"
                                        + " one comes"));
    }

    /** The order's patient is not there any more. */
    static List<Doubt> gone(String path) {
        return List.of(
                new Doubt(
                        path,
                        HoldReason.ORDER_NOT_KNOWN,
                        "the message names no patient, and that of its order is gone"));
    }

    /** Nothing of what it is about. */
    @Override
    public String toString() {
        return "";
    }
}
