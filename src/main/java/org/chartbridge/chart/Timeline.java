package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Decides what each version of one value counts for; long because all moves stand here. Pure, and a
 * function of the set alone: the versions are put into a total order (OBR-22 else MSH-7, then
 * MSH-7, rank of status, MSH-10, content) and then walked from the oldest to the newest by the
 * moves that HL7 table 0085 allows. The order in which messages arrived plays no part.
 *
 * <p>A version that confirms without a value (B, U, V) has the value that is current where it
 * stands in that order ⚠: what it confirms can change when something older arrives later.
 *
 * <p>That order takes a time that is less exact for its first moment, and MSH-7 where OBR-22 was
 * not sent. Where it puts a value behind a correction or withdrawal, or behind another final value,
 * that was said after it ({@link Said#against}), the value stays behind ⚠.
 */
final class Timeline {

    /**
     * One version, as far as its place matters.
     *
     * @param valueKey value (of a number what it is, whatever its digits) and unit: what makes two
     *     versions say the same; of an inherited one it is not looked at
     * @param inherited whether it confirms the value before it (B, U, V without OBX-5)
     * @param contentHash everything that was said but the status, not only the value
     * @param words whether the value is text and nothing else, to which text can be appended
     * @param noted whether it says what notes there are; else those of the same value stay
     * @param beside what is said beside the value and is not in {@code contentHash}
     */
    record Version(
            long id,
            long entryId,
            ObservationStatus status,
            String valueKey,
            boolean inherited,
            long contentHash,
            Said said,
            boolean words,
            boolean noted,
            Beside beside) {

        Version(
                long id,
                long entryId,
                ObservationStatus status,
                String valueKey,
                boolean inherited,
                long contentHash,
                Said said) {
            this(
                    id,
                    entryId,
                    status,
                    valueKey,
                    inherited,
                    contentHash,
                    said,
                    false,
                    false,
                    Beside.NOTHING);
        }

        /** B with words goes behind the words that stand (table 0085). */
        boolean appends() {
            return status == ObservationStatus.APPENDED && words && !inherited;
        }

        /** Whether it has neither a value nor a reason why there is none, and confirms none. */
        boolean isSilent() {
            return !inherited && (valueKey.isEmpty() || valueKey.startsWith(Fold.NO_VALUE));
        }

        /** What it says itself, without the unit. */
        String text() {
            return valueKey.substring(0, Math.max(0, valueKey.indexOf('\u0000')));
        }
    }

    /**
     * When and how a value was measured; what is empty says nothing (HL7 v2.5.1 §2.5.3.2).
     *
     * @param observed OBX-14, else OBR-7: the moment, else the characters sent
     * @param analyzed OBX-19
     * @param method OBX-17
     * @param performer OBX-23, else OBX-15
     */
    record Beside(String observed, String analyzed, String method, String performer) {
        static final Beside NOTHING = new Beside("", "", "", "");

        private static final Comparator<Beside> ORDER =
                Comparator.comparing(Beside::observed)
                        .thenComparing(Beside::analyzed)
                        .thenComparing(Beside::method)
                        .thenComparing(Beside::performer);

        static Beside of(ObservationStatement statement) {
            return new Beside(
                    time(statement.observed()),
                    time(new ClinicalTime(statement.analyzed().instant(), "")),
                    statement.method(),
                    statement.performer());
        }

        /** One time, however it was written. */
        static String time(ClinicalTime time) {
            return time.instant() == null ? time.asSent() : time.instant().toString();
        }

        /** Whether all that it says is what another one says. */
        private boolean isIn(Beside other) {
            return isIn(observed, other.observed)
                    && isIn(analyzed, other.analyzed)
                    && isIn(method, other.method)
                    && isIn(performer, other.performer);
        }

        private static boolean isIn(String said, String known) {
            return said.isEmpty() || said.equals(known);
        }
    }

    /**
     * Where a version stands.
     *
     * @param corrected whether it changed a value that had been final
     * @param replacedBy entry of the version that took its place, or of the correction that it is
     *     kept behind; 0 when none did
     */
    record Place(Standing standing, boolean corrected, long replacedBy) {

        private Place replacedBy(long entryId) {
            return new Place(Standing.REPLACED, corrected, entryId);
        }

        private Place asCorrection() {
            return new Place(standing, true, replacedBy);
        }

        private Place withdrawnBy(long entryId) {
            return new Place(Standing.WITHDRAWN, corrected, entryId);
        }
    }

    /** Older statements first; total, so that ties can't depend on arrival. */
    static final Comparator<Said> BY_TIME =
            Comparator.comparing((Said said) -> orEarliest(said.possiblyIssued(), said.message()))
                    .thenComparing(said -> orEarliest(said.message(), null))
                    .thenComparing(said -> orEarliest(said.claimed(), null));

    /** The order in which versions are walked; their values play no part. */
    static final Comparator<Version> OLDEST_FIRST =
            Comparator.comparing(Version::said, BY_TIME)
                    .thenComparingInt(version -> rank(version.status()))
                    .thenComparing(version -> version.said().controlId(), ControlIds.IN_SEQUENCE)
                    .thenComparing(Version::status)
                    .thenComparingLong(Version::contentHash)
                    .thenComparing(Version::beside, Beside.ORDER)
                    .thenComparingLong(Version::entryId);

    /**
     * Where all versions stand.
     *
     * @param confirmed of each inherited version that applies, the version that it stands on, in
     *     the order of versions; that may itself be an inherited one
     * @param joined of each version that appends words, the whole that they make with those before
     * @param notesOf of each version that keeps the notes of another one, that one
     */
    record Arranged(
            Map<Long, Place> places,
            Map<Long, Long> confirmed,
            Map<Long, String> joined,
            Map<Long, Long> notesOf) {}

    private final Map<Long, Place> places = new LinkedHashMap<>();
    private final Map<Long, Long> confirmed = new LinkedHashMap<>(0);
    private final Map<Long, String> confirmedKeys = new HashMap<>(0);
    private final Map<Long, String> joined = new HashMap<>(0);

    /** Of versions that say no words of their own, those that they stand for. */
    private final Map<Long, String> words = new HashMap<>(0);

    private final Map<Long, Long> notesOf = new HashMap<>(0);
    private final Set<String> earlierValues = new HashSet<>();

    /** What everything that once was current said, by its hash. */
    private final Map<Long, Set<Beside>> saidBefore = new HashMap<>();

    private @Nullable Version current;

    /** Which version first said, or corrected to, the value that is current. */
    private @Nullable Version valueOf;

    private @Nullable Version withdrawal;
    private boolean withdrawn;
    private boolean relabelled;
    private boolean lostFinal;

    Timeline() {}

    /** The place of every version, by its id. */
    static Map<Long, Place> arrange(Collection<Version> versions) {
        return arranged(versions).places();
    }

    static Arranged arranged(Collection<Version> versions) {
        var sorted = new ArrayList<>(versions);
        sorted.sort(OLDEST_FIRST);
        var timeline = new Timeline();
        sorted.forEach(timeline::add);
        return timeline.arranged();
    }

    /** The version that is current, if any. */
    static @Nullable Version current(Collection<Version> versions) {
        var places = arrange(versions);
        for (var version : versions) {
            var place = places.get(version.id());
            if (place != null && place.standing() == Standing.CURRENT) return version;
        }
        return null;
    }

    Map<Long, Place> places() {
        return places;
    }

    Arranged arranged() {
        return new Arranged(places, confirmed, joined, notesOf);
    }

    /** What is current so far. */
    @Nullable Version current() {
        return current;
    }

    /** The value that is current so far, with its unit; null when there is none. */
    @Nullable String currentKey() {
        return current != null && hasValue(current) ? key(current) : null;
    }

    /** A later report goes without this value; see {@link WholeReport}. */
    void leaveOut(long entryId) {
        if (current == null) return;
        places.computeIfPresent(current.id(), (_, place) -> place.replacedBy(entryId));
        current = null;
    }

    /** The value is an isolate's, or of an isolate, whose number another one has now. */
    void relabel(long entryId) {
        if (current == null) return;
        lostFinal = !current.status().isPreliminary();
        earlierValues.add(key(current));
        relabelled = true;
        leaveOut(entryId);
    }

    /** Whether this only says again, without correcting, what once was current and is no more. */
    boolean isOld(Version version) {
        return (version.status() == ObservationStatus.FINAL || version.status().isPreliminary())
                && earlierValues.contains(key(version));
    }

    /** Adds the next version in the order of {@link #OLDEST_FIRST}. */
    void add(Version version) {
        if (current == null && relabelled && isOld(version)) {
            stand(version, Standing.LATE);
            return;
        }
        var status = version.status();
        if (status.isNoResult()) {
            stand(version, Standing.NOT_SHOWN);
        } else if (status.isWithdrawal()) {
            withdraw(version);
        } else if (withdrawal != null && version.said().against(withdrawal.said()) <= 0) {
            addBefore(withdrawal, version);
        } else if (status == ObservationStatus.CANNOT_BE_OBTAINED) {
            addNotPerformed(version);
        } else if (status.isPreliminary()) {
            addPreliminary(version);
        } else {
            addFinal(version);
        }
    }

    /** D and W take back everything that was said before, history included. */
    private void withdraw(Version withdrawal) {
        places.replaceAll(
                (id, place) ->
                        switch (place.standing()) {
                            case CURRENT, REPLACED, LATE, REPEAT, NOT_APPLIED, WITHDRAWN ->
                                    place.withdrawnBy(withdrawal.entryId());
                            case WITHDRAWAL, NOT_SHOWN -> place;
                        });
        stand(withdrawal, Standing.WITHDRAWAL);
        current = null;
        withdrawn = true;
        this.withdrawal = withdrawal;
        earlierValues.clear();
        saidBefore.clear();
        relabelled = false;
    }

    /** ⚠ What was said before a withdrawal went with it, also where the order puts it behind. */
    private void addBefore(Version later, Version version) {
        if (version.said().against(later.said()) < 0 || version.said().isMistimed())
            places.put(version.id(), new Place(Standing.WITHDRAWN, false, later.entryId()));
        else stand(version, Standing.NOT_APPLIED); // Nothing says that it starts anew.
    }

    private void addNotPerformed(Version version) {
        var before = current;
        if (before == null || before.status().isPreliminary()) {
            become(version, withdrawn);
        } else if (before.status() == version.status()) {
            if (isSame(before, version)) stand(version, Standing.REPEAT);
            else become(version, false);
        } else {
            stand(version, Standing.NOT_APPLIED); // Table 0085 knows no way from a final to X.
        }
    }

    private void addPreliminary(Version version) {
        var before = current;
        if (before == null) {
            // After a withdrawal only a final may start anew.
            if (withdrawn) stand(version, Standing.NOT_APPLIED);
            else become(version, false);
        } else if (before.status().isPreliminary()) {
            if (isSame(before, version)) stand(version, Standing.REPEAT);
            else become(version, false);
        } else if (before.status() == ObservationStatus.CANNOT_BE_OBTAINED) {
            stand(version, Standing.NOT_APPLIED);
        } else {
            stand(version, Standing.LATE);
        }
    }

    private void addFinal(Version version) {
        var before = current;
        if (version.inherited()) {
            if (before == null || !hasValue(before)) {
                stand(version, Standing.NOT_APPLIED); // There is no value that it could confirm.
                return;
            }
            confirmed.put(version.id(), before.id());
            confirmedKeys.put(version.id(), key(before));
            var confirmedWords = words(before);
            if (confirmedWords != null) words.put(version.id(), confirmedWords);
        }
        if (before != null && version.appends() && hasValue(before)) append(before, version);
        if (before != null && version.isSilent() && !isEmpty(before)) {
            stand(version, Standing.NOT_APPLIED); // ⚠ Nothing says that the value is void.
            return;
        }
        if (before == null) {
            become(version, withdrawn || lostFinal);
        } else if (before.status().isPreliminary()) {
            become(version, withdrawn);
        } else if (before.status() == ObservationStatus.CANNOT_BE_OBTAINED) {
            boolean mayComeFirst =
                    version.said().isMistimed() && version.said().against(before.said()) == 0;
            if (mayComeFirst) { // Then X came to a final value, and somebody has to ask ⚠.
                stand(before, Standing.NOT_APPLIED);
                current = null;
            }
            become(version, !mayComeFirst);
        } else if (isOvertaken(before, version)) {
            standBehind(version);
        } else if (version.status() == ObservationStatus.FINAL) {
            addPlainFinalTo(before, version);
        } else if (isSame(before, version)) {
            stand(version, Standing.REPEAT);
        } else {
            become(version, wasCorrected(before) || !sameValue(before, version));
        }
    }

    /** ⚠ The words that stand stay in front, unless one of the two holds the other already. */
    private void append(Version before, Version version) {
        var whole = words(before);
        if (whole == null || version.text().contains(whole)) return;
        if (!whole.contains(version.text())) whole = whole + "\n" + version.text();
        joined.put(version.id(), whole);
        words.put(version.id(), whole);
        confirmedKeys.put(
                version.id(),
                whole + version.valueKey().substring(version.valueKey().indexOf('\u0000')));
    }

    /** The text of a value that is text and nothing else; null of any other. */
    private @Nullable String words(Version version) {
        var known = words.get(version.id());
        if (known != null) return known;
        return version.words() ? version.text() : null;
    }

    /**
     * Whether another final value than the current one was said before that was ⚠. Where the times
     * don't tell, a correction stays unless it is corrected again.
     */
    private boolean isOvertaken(Version before, Version version) {
        var since = valueOf;
        if (since == null || sameValue(before, version)) return false;
        int order = version.said().against(since.said());
        return order < 0 || (order == 0 && corrects(since) && !corrects(version));
    }

    static boolean corrects(Version version) {
        return version.status() == ObservationStatus.CORRECTED
                || version.status() == ObservationStatus.AMENDED;
    }

    /** Behind the current value, which took the place of this one and therefore is a correction. */
    private void standBehind(Version version) {
        var by = valueOf;
        var now = current;
        if (by == null || now == null) throw new IllegalStateException("nothing stands before it");
        boolean surely = version.said().against(by.said()) < 0;
        places.put(
                version.id(),
                new Place(surely ? Standing.REPLACED : Standing.LATE, false, by.entryId()));
        earlierValues.add(key(version));
        places.computeIfPresent(by.id(), (_, place) -> place.asCorrection());
        places.computeIfPresent(now.id(), (_, place) -> place.asCorrection());
    }

    /**
     * F on top of a final: a repeat, an old value come back late, or a correction by another name.
     */
    private void addPlainFinalTo(Version before, Version version) {
        boolean beforeIsCorrection =
                before.status() != ObservationStatus.FINAL || wasCorrected(before);
        if (sameValue(before, version)) {
            if (saysAgain(before, version) || (beforeIsCorrection && wasSaidBefore(version)))
                stand(version, Standing.REPEAT);
            else // Same value, other flag, range or comment.
            become(version, wasCorrected(before) || before.status() == ObservationStatus.CORRECTED);
        } else if (beforeIsCorrection && earlierValues.contains(key(version))) {
            stand(version, Standing.LATE); // An old final, sent again, never undoes a correction.
        } else {
            become(version, true);
        }
    }

    private void become(Version version, boolean corrected) {
        var before = current;
        if (before != null) {
            places.computeIfPresent(
                    before.id(), (id, place) -> place.replacedBy(version.entryId()));
            earlierValues.add(key(before));
            if (!version.noted()
                    && (sameValue(before, version) || joined.containsKey(version.id())))
                keepNotes(before, version);
        }
        places.put(version.id(), new Place(Standing.CURRENT, corrected, 0));
        if (before == null
                || valueOf == null
                || before.status().isPreliminary()
                || before.status() == ObservationStatus.CANNOT_BE_OBTAINED
                || corrects(version)
                || !sameValue(before, version)) valueOf = version;
        saidBefore
                .computeIfAbsent(version.contentHash(), _ -> new HashSet<>(1))
                .add(version.beside());
        current = version;
    }

    /** What says a value again, without notes, says nothing of them. */
    private void keepNotes(Version before, Version version) {
        var source = before.noted() ? Long.valueOf(before.id()) : notesOf.get(before.id());
        if (source != null) notesOf.put(version.id(), source);
    }

    private void stand(Version version, Standing standing) {
        places.put(version.id(), new Place(standing, false, 0));
    }

    private boolean wasCorrected(Version version) {
        var place = places.get(version.id());
        return place != null && place.corrected();
    }

    private static boolean isSame(Version one, Version other) {
        return one.status() == other.status() && saysAgain(one, other);
    }

    /** Whether a version says nothing that another one doesn't say. */
    private static boolean saysAgain(Version one, Version again) {
        return one.contentHash() == again.contentHash() && again.beside().isIn(one.beside());
    }

    private boolean wasSaidBefore(Version version) {
        return saidBefore.getOrDefault(version.contentHash(), Set.of()).stream()
                .anyMatch(version.beside()::isIn);
    }

    private boolean sameValue(Version one, Version other) {
        return key(one).equals(key(other));
    }

    private String key(Version version) {
        var own = confirmedKeys.get(version.id());
        return own == null ? version.valueKey() : own;
    }

    /** A reason why something was not done is no value. */
    private boolean hasValue(Version version) {
        return version.status() != ObservationStatus.CANNOT_BE_OBTAINED && !isEmpty(version);
    }

    /** Whether there is neither a value nor a reason why there is none. */
    private boolean isEmpty(Version version) {
        var key = key(version);
        return key.isEmpty() || key.startsWith(Fold.NO_VALUE);
    }

    private static int rank(ObservationStatus status) {
        return switch (status) {
            case NOT_ASKED, ORDER_DETAIL -> 0;
            case SPECIMEN_IN_LAB -> 1;
            case NOT_VERIFIED -> 2;
            case PRELIMINARY -> 3;
            case PARTIAL -> 4;
            case CANNOT_BE_OBTAINED -> 5;
            case FINAL -> 6;
            case VERIFIED, FINAL_UNCHANGED -> 7;
            case APPENDED -> 8;
            case AMENDED -> 9;
            case CORRECTED -> 10;
            case DELETED -> 11;
            case WRONG_PATIENT -> 12;
        };
    }

    private static Instant orEarliest(@Nullable Instant first, @Nullable Instant second) {
        if (first != null) return first;
        return second != null ? second : Instant.MIN;
    }
}
