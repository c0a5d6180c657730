package org.chartbridge.intake;

import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Fault;
import org.chartbridge.hl7.Fragment;
import org.chartbridge.hl7.Location;
import org.chartbridge.intake.WholeMessages.Found;
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
import java.util.List;

/**
 * Joins messages that came in parts (HL7 v2.5.1 §2.10.2) when the last of them is there, in
 * whatever order they came. What is joined is an entry of its own, charted by the {@link Backlog}
 * like any message that was stored first.
 *
 * <p>Which belong together {@link WholeMessages} says. Everything else waits for a person.
 */
@Component
public class Joining {
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

    /** Joins what is whole by now; costs one look at a short list where nothing is. */
    void join() {
        for (var found :
                WholeMessages.of(parts.waiting(clock.instant().minus(MAX_AGE), MAX_WAITING)))
            switch (found) {
                case Found.Whole(var chain) -> join(chain);
                case Found.NotJoined(var which, var why) -> note(which, why);
            }
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
}
