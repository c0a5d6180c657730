package org.chartbridge.loops;

import org.chartbridge.chart.ItemWord;
import org.chartbridge.chart.WatchedCare;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What the words of table 0119 (ORC-1) and 0038 (ORC-5) say of an order, of whoever placed it and
 * of whoever does it, and the step that each is; the words of table 0283 (RF1-1) are in {@link
 * StatusOfReferral}.
 */
final class OrderWords {
    /** ORC-1 by which a placer asks for something (table 0119). */
    private static final Set<String> ASKS =
            Set.of("NW", "CA", "DC", "HD", "RL", "XO", "RP", "RO", "PA", "CH");

    /** Events of answers: whoever sends one is the filler. */
    private static final Set<String> ANSWERS = Set.of("O02", "O20", "O22", "O34", "O36", "O51");

    /** A filler can't do what was asked; the order goes on as it was. */
    static final Map<String, String> UNABLE =
            Map.of(
                    "UC", "Can't be cancelled any more",
                    "UD", "Can't be discontinued",
                    "UH", "Can't be put on hold",
                    "UR", "Can't be released",
                    "UX", "Can't be changed",
                    "UM", "Can't be replaced");

    private final Set<Long> replacing = new HashSet<>(); // Messages in which a filler does.

    OrderWords(WatchedCare care) {
        for (var words : care.orderWords().values())
            for (var word : words) if (word.control().equals("RU")) replacing.add(word.entryId());
    }

    /** What tells one word from all others. */
    static String name(ItemWord word) {
        return word.entryId() + " " + word.path();
    }

    /** Whether whoever placed it can have said it. */
    static boolean asks(ItemWord word) {
        return ASKS.contains(word.control());
    }

    /** What a word says, by its ORC-1 and ORC-5. */
    Step step(ItemWord word) {
        var at = word.saidAt() == null ? word.recordedAt() : word.saidAt();
        boolean filler = isFiller(word);
        var said = filler ? ofFiller(word) : ofPlacer(word);
        var text =
                word.hindranceText().isEmpty()
                        ? said.words
                        : said.words + ": " + word.hindranceText();
        return Step.of(
                at,
                word.recordedAt(),
                said.state,
                codes(text, word),
                word.partner(),
                word.entryId(),
                word.path());
    }

    /**
     * What orders or refers a second time under one number, or another test, and changes nothing.
     */
    Step again(ItemWord word) {
        var step = word.control().isEmpty() && word.state().equals("requested") ? null : step(word);
        var words = step == null ? codes("Referred", word) : step.words();
        return Step.of(
                word.saidAt() == null ? word.recordedAt() : word.saidAt(),
                word.recordedAt(),
                State.ORDERED,
                words
                        + (word.control().equals("XO")
                                ? ", to another test: " + word.service().name()
                                : ", once more under this number"),
                word.partner(),
                word.entryId(),
                word.path());
    }

    /** The same of whoever it was not sent to: it says nothing of how the order stands. */
    Step foreign(ItemWord word) {
        var step = step(word);
        return Step.of(
                step.at(),
                step.chartedAt(),
                null,
                step.words() + ", by whom it was not sent to",
                step.who(),
                step.entryId(),
                step.path());
    }

    /**
     * Whether a filler says it. A filler that replaces an order of its own accord says RU, and RO
     * of what stands in its place (HL7 v2.5.1 §4.5.1.1): RO beside RU is no placer's word ⚠.
     */
    boolean isFiller(ItemWord word) {
        if (word.control().equals("RO") && replacing.contains(word.entryId())) return true;
        return ANSWERS.contains(word.trigger())
                || !(word.control().isEmpty() || ASKS.contains(word.control()));
    }

    /**
     * @param onlyPlaced whether nothing but the order itself was said: then every filler's word
     *     comes after it, whatever the clocks say ⚠
     */
    Said said(ItemWord word, boolean onlyPlaced) {
        return new Said(
                isFiller(word),
                onlyPlaced ? null : word.saidAt(),
                word.entryId(),
                word.partner(),
                word.control(),
                word.status(),
                word.state(),
                word.hindrance(),
                word.hindranceText());
    }

    /** What a filler's word says of an order that goes on; null for nothing. */
    static @Nullable State accepted(String control, String status) {
        if (UNABLE.containsKey(control)) return null;
        return switch (status) {
            case "IP" -> State.IN_PROCESS;
            case "SC" -> State.SCHEDULED;
            case "A" -> State.PARTIAL;
            default ->
                    switch (control) {
                        case "DE", "SR", "" -> null;
                        default -> State.ACCEPTED;
                    };
        };
    }

    /**
     * How far an order is by a report that has nothing yet; null where it may have something.
     *
     * @param status OBR-25, table 0123
     */
    static @Nullable State reported(String status) {
        return switch (status) {
            case "O" -> State.ACCEPTED;
            case "S" -> State.SCHEDULED;
            case "I" -> State.IN_PROCESS;
            default -> null;
        };
    }

    /** With the codes behind it. */
    static String codes(String text, ItemWord word) {
        var codes = new ArrayList<String>();
        if (!word.control().isEmpty()) codes.add("ORC-1 " + word.control());
        if (!word.status().isEmpty())
            codes.add((word.control().isEmpty() ? "RF1-1 " : "ORC-5 ") + word.status());
        return codes.isEmpty() ? text : text + " (" + String.join(", ", codes) + ")";
    }

    private record Words(@Nullable State state, String words) {}

    private static Words ofPlacer(ItemWord word) {
        return switch (word.control()) {
            case "CA" -> new Words(State.CANCELLED, "Cancellation asked for");
            case "DC" -> new Words(State.CANCELLED, "Discontinued");
            case "HD" -> new Words(State.HELD_BY_ASKER, "Put on hold by who ordered");
            case "RL" -> new Words(State.ORDERED, "Released by who ordered");
            case "XO" -> new Words(State.ORDERED, "Order changed");
            case "RP" -> new Words(State.CANCELLED, "Replaced by who ordered");
            default -> new Words(State.ORDERED, "Ordered");
        };
    }

    private static Words ofFiller(ItemWord word) {
        var unable = UNABLE.get(word.control());
        if (unable != null) return new Words(State.CHANGE_REFUSED, unable);
        return switch (word.state()) {
            case "cancelled" ->
                    Standing.AS_ASKED.contains(word.control())
                            ? new Words(State.CANCELLED, "Cancelled as asked for")
                            : named(State.ofHindrance(word.hindrance(), State.STOPPED));
            case "refused" -> named(State.ofHindrance(word.hindrance(), State.REJECTED));
            case "on-hold" -> named(State.ofHindrance(word.hindrance(), State.ON_HOLD));
            case "completed" -> new Words(State.RESULT_MISSING, "Completed by the filler");
            default -> {
                if (word.control().equals("RO"))
                    yield new Words(State.ACCEPTED, "Placed by the filler in the place of another");
                if (!word.hindrance().isEmpty())
                    yield named(State.ofHindrance(word.hindrance(), State.ON_HOLD));
                var far = accepted(word.control(), word.status());
                yield far == null ? new Words(null, "Status told") : named(far);
            }
        };
    }

    private static Words named(State state) {
        return new Words(state, state.word());
    }
}
