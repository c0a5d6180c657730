package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.access.Sightings;
import org.chartbridge.access.Sightings.Sighting;
import org.chartbridge.chart.ChangedResults;
import org.chartbridge.chart.ChangedResults.Change;
import org.chartbridge.chart.ChangedResults.Kind;
import org.chartbridge.chart.Kinship;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells people that a result which they saw was withdrawn or corrected since (HL7-RULES §4).
 * Computed when read, from the chart's versions and the audit trail, so that any order of arrival
 * and an undo give what is right; kept is only that somebody took note (decision 0025).
 */
@Component
class Notices {
    /** Changes before that are told to nobody any more. */
    static final Duration TOLD_FOR = Duration.ofDays(90);

    /**
     * The trail is written before a page is read, and a message's time is taken before it is
     * committed: within this of either end somebody may have seen the value.
     */
    static final Duration READING = Duration.ofSeconds(15);

    /** Every page shows the count; one this young is not counted anew. */
    private static final Duration COUNTED_FOR = Duration.ofSeconds(10);

    /** However long counting takes, a count is kept for so many times as long. */
    private static final int SHARE = 50;

    private static final int MAX_COUNTED = 1_000;

    private final ChangedResults changed;
    private final Sightings sightings;
    private final AuditTrail audit;
    private final Clock clock;
    private final Map<String, Counted> counts = new ConcurrentHashMap<>();

    Notices(ChangedResults changed, Sightings sightings, AuditTrail audit, Clock clock) {
        this.changed = changed;
        this.sightings = sightings;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * @param until when it is counted anew; the longer counting took, the later
     */
    private record Counted(int open, Instant until) {}

    /**
     * One message that changed results of a patient which the account saw.
     *
     * @param person who the patient is now
     * @param seen when the account saw a value before the last time
     * @param changes what the message changed, at least one
     * @param noted whether the account took note
     */
    record Notice(long entryId, UUID person, Instant seen, List<Change> changes, boolean noted) {
        Notice {
            changes = List.copyOf(changes);
        }

        /** The worst of what happened. */
        public Kind kind() {
            var worst = Kind.CORRECTED;
            for (var change : changes)
                if (change.kind().compareTo(worst) < 0) worst = change.kind();
            return worst;
        }

        public Instant changedAt() {
            return changes.getFirst().shownUntil();
        }

        public List<String> tests() {
            return changes.stream().map(Change::test).distinct().toList();
        }

        @Override
        public String toString() {
            return "Notice[" + entryId + "]";
        }
    }

    /** Everything that this account is told, the newest first. */
    List<Notice> of(String account) {
        var since = clock.instant().minus(TOLD_FOR);
        var changes = changed.since(since);
        if (changes.isEmpty()) return List.of();
        var kinship = changed.kinship(changes.stream().map(Change::record).toList());
        var persons = new HashSet<UUID>();
        var from = clock.instant();
        for (var change : changes) {
            persons.addAll(shownAs(change, kinship));
            if (change.shownFrom().isBefore(from)) from = change.shownFrom();
        }
        return told(
                changes,
                kinship,
                sightings.of(account, persons, from.minus(READING)),
                sightings.noted(account, since));
    }

    /** How many of them nobody took note of; the page that lists them is never older. */
    int open(String account) {
        var known = counts.get(account);
        var now = clock.instant();
        if (known != null && now.isBefore(known.until())) return known.open();
        int open = count(account, of(account));
        var took = Duration.between(now, clock.instant());
        counts.put(account, new Counted(open, clock.instant().plus(restFor(took))));
        return open;
    }

    /** So that no more than a small share of the time is spent in counting. */
    static Duration restFor(Duration took) {
        var share = took.multipliedBy(SHARE);
        return share.compareTo(COUNTED_FOR) > 0 ? share : COUNTED_FOR;
    }

    /** The same, as somebody just read them. */
    int count(String account, List<Notice> notices) {
        var open = (int) notices.stream().filter(notice -> !notice.noted()).count();
        if (counts.size() >= MAX_COUNTED) counts.clear();
        counts.put(account, new Counted(open, clock.instant().plus(COUNTED_FOR)));
        return open;
    }

    /** The account takes note of what a message changed; a second time changes nothing. */
    void note(String account, UUID person, long entryId) {
        for (var notice : of(account))
            if (notice.entryId() == entryId && notice.person().equals(person) && !notice.noted())
                audit.takesNote(person, entryId);
        counts.remove(account);
    }

    /** Who is told of what: pure. */
    static List<Notice> told(
            List<Change> changes,
            Kinship kinship,
            List<Sighting> sightings,
            Map<Long, Set<UUID>> noted) {
        var byPerson = new LinkedHashMap<UUID, List<Instant>>();
        for (var sighting : sightings)
            byPerson.computeIfAbsent(sighting.person(), _ -> new ArrayList<>()).add(sighting.at());
        var notices = new LinkedHashMap<String, Notice>();
        for (var change : changes) {
            var person = kinship.person(change.record());
            var seen = lastSeen(change, kinship, byPerson);
            if (person == null || seen == null) continue;
            var as = kinship.persons(change.record(), Instant.MIN, Instant.MAX);
            var done =
                    noted.getOrDefault(change.entryId(), Set.of()).stream().anyMatch(as::contains);
            notices.merge(
                    change.entryId() + "/" + person,
                    new Notice(change.entryId(), person, seen, List.of(change), done),
                    Notices::both);
        }
        return List.copyOf(notices.values());
    }

    private static Notice both(Notice one, Notice other) {
        var changes = new ArrayList<>(one.changes());
        changes.addAll(other.changes());
        return new Notice(
                one.entryId(),
                one.person(),
                one.seen().isAfter(other.seen()) ? one.seen() : other.seen(),
                changes,
                one.noted() || other.noted());
    }

    private static Set<UUID> shownAs(Change change, Kinship kinship) {
        return kinship.persons(
                change.record(),
                change.shownFrom().minus(READING),
                change.shownUntil().plus(READING));
    }

    private static @Nullable Instant lastSeen(
            Change change, Kinship kinship, Map<UUID, List<Instant>> sightings) {
        Instant last = null;
        for (var person : shownAs(change, kinship))
            for (var at : sightings.getOrDefault(person, List.of()))
                if (!at.isBefore(change.shownFrom().minus(READING))
                        && !at.isAfter(change.shownUntil().plus(READING))
                        && (last == null || at.isAfter(last))
                        && kinship.persons(change.record(), at.minus(READING), at.plus(READING))
                                .contains(person)) last = at;
        return last;
    }
}
