package org.chartbridge.intake;

import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Fault;
import org.chartbridge.hl7.Fragment;
import org.chartbridge.hl7.Location;
import org.chartbridge.journal.JournalStore;
import org.chartbridge.journal.MessageParts;
import org.chartbridge.journal.MessageParts.Place;
import org.chartbridge.journal.MessageParts.Waiting;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Joins messages that came in parts (HL7 v2.5.1 §2.10.2) when the last of them is there, in
 * whatever order they came. What is joined is an entry of its own, charted by the {@link Backlog}
 * like any message that was stored first.
 *
 * <p>A wrong join would put one patient's text under another's name. So parts are joined only where
 * nothing else is possible: same partner, same MSH-3 to 6, 9, 11, 12 and 18, written within an hour
 * of the first, and each pointer said once and taken up once. Everything else waits for a person.
 */
@Component
public class Joining {
    /** A message in more parts is not joined. */
    static final int MAX_PARTS = 100;

    /** Bytes of all parts of one message together. */
    static final int MAX_BYTES = 32 << 20;

    /** Parts of one message were written so shortly after the first (MSH-7). */
    static final Duration MAX_APART = Duration.ofHours(1);

    /** How long a part is joined after it came. */
    static final Duration MAX_AGE = Duration.ofDays(7);

    /** The newest parts that wait are looked at, so many. */
    private static final int MAX_WAITING = 2_000;

    private static final Logger log = LoggerFactory.getLogger(Joining.class);

    private final MessageParts parts;
    private final JournalStore journal;
    private final Clock clock;

    Joining(MessageParts parts, JournalStore journal, Clock clock) {
        this.parts = parts;
        this.journal = journal;
        this.clock = clock;
    }

    /** What may be of one message. */
    private record Kind(String partner, UUID alike) {}

    /** Parts that say the same; the first that came counts. */
    private record Said(String takesUp, String goesOn, UUID content) {}

    /** Joins what is whole by now; costs one look at a short list where nothing is. */
    void join() {
        var kinds = new LinkedHashMap<Kind, List<Waiting>>();
        for (var one : parts.waiting(clock.instant().minus(MAX_AGE), MAX_WAITING))
            kinds.computeIfAbsent(
                            new Kind(one.part().partner(), one.part().fragment().alike()),
                            _ -> new ArrayList<>())
                    .add(one);
        for (var alike : kinds.values())
            for (var said : said(alike).values()) {
                var first = said.getFirst();
                if (first.part().fragment().takesUp().isEmpty()) join(first, alike);
            }
    }

    private void join(Waiting first, Collection<Waiting> alike) {
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
                note(
                        says,
                        "Several parts have the same continuation pointer (DSC-1, MSH-14): which"
                                + " belong together can't be told. Each message needs pointers of"
                                + " its own.");
                return;
            }
            if (takes.isEmpty()) return;
            if (chain.size() == MAX_PARTS) {
                note(chain, "The message has more than " + MAX_PARTS + " parts.");
                return;
            }
            next = takes.getFirst();
        }
        if (chain.size() < 2) return;
        if (bytes > MAX_BYTES) {
            note(chain, "The parts are larger than " + (MAX_BYTES >> 20) + " MB together.");
            return;
        }
        join(chain);
    }

    private void join(List<List<Waiting>> chain) {
        var ids = chain.stream().map(one -> one.getFirst().part().entryId()).toList();
        var repeated = new ArrayList<Long>();
        for (var one : chain)
            for (var again : one.subList(1, one.size())) repeated.add(again.part().entryId());
        var contents = parts.contents(ids);
        if (contents.size() < ids.size()) return; // Bytes have expired.
        var joined = Fragment.join(ids.stream().map(contents::get).toList());
        var places = new ArrayList<Place>();
        for (int i = 0; i < ids.size(); i++) {
            var range = joined.ranges().get(i);
            places.add(new Place(ids.get(i), range.takenFrom(), range.joinedAt(), range.bytes()));
        }
        long entry = journal.nextId();
        var why =
                Fault.information(
                        null,
                        ErrorCode.ACCEPTED,
                        "fragment-joined",
                        "A part of a message that came in "
                                + ids.size()
                                + " parts. They were joined; what they say is in message "
                                + entry
                                + ".");
        if (parts.join(entry, joined.raw(), places, repeated, why))
            log.atInfo()
                    .addKeyValue("entryId", entry)
                    .addKeyValue("messages", ids.size())
                    .log("parts of a message joined");
    }

    private void note(List<List<Waiting>> which, String why) {
        parts.note(
                which.stream().flatMap(List::stream).map(one -> one.part().entryId()).toList(),
                Fault.warning(
                        Location.of("MSH", 1).field(14),
                        ErrorCode.DUPLICATE_KEY,
                        "fragment-not-joined",
                        why));
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
