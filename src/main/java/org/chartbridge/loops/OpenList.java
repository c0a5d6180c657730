package org.chartbridge.loops;

import org.chartbridge.chart.CodingView;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Lists what is not answered. Of few patients it is read when somebody asks; of many, whoever
 * watches for overdue orders leaves the list of its last look here, and only the rows that are
 * shown are read anew.
 */
@Service
public class OpenList {
    /** Patients whose orders are read for one list. */
    static final int MAX_READ = 2_000;

    /**
     * Orders and referrals that the list of the last look holds, the worst; about 300 bytes each.
     */
    static final int MAX_KEPT = 100_000;

    /** What was ordered before is in no look, and nobody is told of it again. */
    public static final Duration BACK = Duration.ofDays(400);

    private final OpenLoops loops;
    private volatile @Nullable Found last;

    OpenList(OpenLoops loops) {
        this.loops = loops;
    }

    /**
     * What is open.
     *
     * @param loops the worst first, each without its steps
     * @param asOf when it was read
     * @param cut whether more is open than is listed: what is left out is not overdue, as far as
     *     that was known
     */
    public record Found(List<Loop> loops, Instant asOf, boolean cut) {
        public Found {
            loops = List.copyOf(loops);
        }

        private Found since(Instant since) {
            return new Found(
                    loops.stream().filter(loop -> !loop.ordered().isBefore(since)).toList(),
                    asOf,
                    cut);
        }
    }

    /**
     * What is open.
     *
     * @param since leaves out what was ordered before
     */
    public Found open(Instant since, Instant now) {
        return open(since, now, MAX_READ);
    }

    /** The same with another limit. */
    public Found open(Instant since, Instant now, int most) {
        var looked = last;
        // Where the last look found many, they need not be counted to know that.
        if (looked != null) {
            var known = looked.since(since);
            if (known.loops().stream().map(Loop::person).distinct().count() > most) return known;
        }
        var patients = loops.patients(since, most + 1);
        boolean many = patients.size() > most;
        if (many && looked != null) return looked.since(since);
        var open = new ArrayList<Loop>();
        loops.each(many ? patients.subList(0, most) : patients, since, open::add);
        open.sort(Loop.worstFirst(now));
        return new Found(open, now, many);
    }

    /** These as they stand now, in this order; without what is not open any more. */
    public List<Loop> now(Collection<Loop> some) {
        var persons = some.stream().map(Loop::person).distinct().toList();
        var current = new ArrayList<Loop>();
        loops.each(persons, Instant.MIN, current::add);
        var byName =
                current.stream()
                        .collect(
                                Collectors.toMap(OpenList::name, Function.identity(), (a, _) -> a));
        return some.stream()
                .filter(loop -> byName.containsKey(name(loop)))
                .map(loop -> byName.get(name(loop)))
                .toList();
    }

    private record Name(boolean referral, long id) {}

    private static Name name(Loop loop) {
        return new Name(loop.referral(), loop.id());
    }

    /**
     * Reads all that is open, of however many patients, and keeps the list.
     *
     * @return what is overdue
     */
    List<Loop> look(Instant now) {
        var since = now.minus(BACK);
        var open = new ArrayList<Loop>();
        var late = new ArrayList<Loop>();
        var shared = new Shared();
        boolean[] cut = {false};
        loops.each(
                loops.patients(since, Integer.MAX_VALUE),
                since,
                one -> {
                    var loop = shared.of(one);
                    open.add(loop);
                    if (loop.isOverdue(now)) late.add(loop);
                    if (open.size() >= 2 * MAX_KEPT) cut[0] |= keep(open, now);
                });
        cut[0] |= keep(open, now);
        last = new Found(open, now, cut[0]);
        return late;
    }

    /** Sorts them and leaves out what is too much; whether there was. */
    private static boolean keep(List<Loop> open, Instant now) {
        open.sort(Loop.worstFirst(now));
        if (open.size() <= MAX_KEPT) return false;
        open.subList(MAX_KEPT, open.size()).clear();
        return true;
    }

    /** Keeps one of what many orders say alike: partners, tests, clinicians. */
    private static final class Shared {
        private final Map<String, String> words = new HashMap<>();
        private final Map<CodingView, CodingView> services = new HashMap<>();
        private final Map<UUID, UUID> persons = new HashMap<>();

        Loop of(Loop loop) {
            return new Loop(
                    loop.referral(),
                    loop.id(),
                    one(persons, loop.person()),
                    one(words, loop.asker()),
                    one(words, loop.performer()),
                    loop.number(),
                    one(services, loop.service()),
                    one(words, loop.priority()),
                    one(words, loop.clinician()),
                    loop.ordered(),
                    loop.due(),
                    loop.state(),
                    loop.since(),
                    loop.why().isEmpty() ? "" : loop.why(),
                    loop.expected(),
                    loop.blocked(),
                    loop.closed(),
                    List.of());
        }

        private static <T> T one(Map<T, T> known, T value) {
            var first = known.putIfAbsent(value, value);
            return first == null ? value : first;
        }
    }
}
