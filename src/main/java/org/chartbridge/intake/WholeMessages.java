package org.chartbridge.intake;

import org.chartbridge.journal.MessageParts.Waiting;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Which parts that wait are one message, in whatever order they came. Pure.
 *
 * <p>A wrong join would put one patient's text under another's name. So parts are joined only where
 * nothing else is possible: same partner, same MSH-3 to 6, 9, 11, 12 and 18, written within an hour
 * of the first, and each pointer said once and taken up once.
 */
final class WholeMessages {
    /** A message in more parts is not joined. */
    static final int MAX_PARTS = 100;

    /** Bytes of all parts of one message together. */
    static final int MAX_BYTES = 32 << 20;

    /** Parts of one message were written so shortly after the first (MSH-7). */
    static final Duration MAX_APART = Duration.ofHours(1);

    private WholeMessages() {}

    /** What was found out of some parts. */
    sealed interface Found {

        /**
         * They are one message.
         *
         * @param chain in their order; of each those that say the same, the first that came first
         */
        record Whole(List<List<Waiting>> chain) implements Found {}

        /** They wait for a person. */
        record NotJoined(List<List<Waiting>> which, String why) implements Found {}
    }

    /** What may be of one message. */
    private record Kind(String partner, UUID alike) {}

    /** Parts that say the same; the first that came counts. */
    private record Said(String takesUp, String goesOn, UUID content) {}

    /** Of parts that wait, in order of arrival; of what is not whole yet, nothing. */
    static List<Found> of(Collection<Waiting> waiting) {
        var found = new ArrayList<Found>();
        var kinds = new LinkedHashMap<Kind, List<Waiting>>();
        for (var one : waiting)
            kinds.computeIfAbsent(
                            new Kind(one.part().partner(), one.part().fragment().alike()),
                            _ -> new ArrayList<>())
                    .add(one);
        for (var alike : kinds.values())
            for (var said : said(alike).values()) {
                var first = said.getFirst();
                if (first.part().fragment().takesUp().isEmpty()) find(first, alike, found);
            }
        return found;
    }

    private static void find(Waiting first, Collection<Waiting> alike, List<Found> found) {
        var near =
                said(
                        alike.stream()
                                .filter(
                                        one ->
                                                Duration.between(
                                                                        first.part().saidAt(),
                                                                        one.part().saidAt())
                                                                .abs()
                                                                .compareTo(MAX_APART)
                                                        <= 0)
                                .toList());
        var chain = new ArrayList<List<Waiting>>();
        var next = one(near, first);
        long bytes = 0;
        while (true) {
            chain.add(next);
            bytes += next.getFirst().bytes();
            var pointer = next.getFirst().part().fragment().goesOn();
            if (pointer.isEmpty()) break;
            var says = saying(near, pointer, true);
            var takes = saying(near, pointer, false);
            if (says.size() > 1 || takes.size() > 1) {
                says.addAll(takes);
                found.add(
                        new Found.NotJoined(
                                says,
                                "Several parts have the same continuation pointer (DSC-1, MSH-14):"
                                        + " which belong together can't be told. Each message needs"
                                        + " pointers of its own."));
                return;
            }
            if (takes.isEmpty()) return;
            if (chain.size() == MAX_PARTS) {
                found.add(
                        new Found.NotJoined(
                                chain, "The message has more than " + MAX_PARTS + " parts."));
                return;
            }
            next = takes.getFirst();
        }
        if (chain.size() < 2) return;
        found.add(
                bytes > MAX_BYTES
                        ? new Found.NotJoined(
                                chain,
                                "The parts are larger than " + (MAX_BYTES >> 20) + " MB together.")
                        : new Found.Whole(chain));
    }

    private static Map<Said, List<Waiting>> said(Collection<Waiting> parts) {
        var said = new LinkedHashMap<Said, List<Waiting>>();
        for (var one : parts) {
            var fragment = one.part().fragment();
            said.computeIfAbsent(
                            new Said(fragment.takesUp(), fragment.goesOn(), fragment.content()),
                            _ -> new ArrayList<>())
                    .add(one);
        }
        return said;
    }

    private static List<Waiting> one(Map<Said, List<Waiting>> said, Waiting part) {
        for (var one : said.values()) if (one.contains(part)) return one;
        throw new IllegalStateException("a part is near itself");
    }

    /** Those that go on by a pointer, or take it up. */
    private static List<List<Waiting>> saying(
            Map<Said, List<Waiting>> said, String pointer, boolean goOn) {
        var found = new ArrayList<List<Waiting>>();
        said.forEach(
                (what, who) -> {
                    if ((goOn ? what.goesOn() : what.takesUp()).equals(pointer)) found.add(who);
                });
        return found;
    }
}
