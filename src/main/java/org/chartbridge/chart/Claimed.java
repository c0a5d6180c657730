package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * Which message the name and the like of a record are from, as long as nobody but laboratories
 * spoke of the patient: the one that was sent first by its own clock (MSH-7), whenever it arrived;
 * of two sent at once the one with the smaller hash. So any order of arrival gives the same record.
 *
 * @param at MSH-7 in microseconds since 1970; {@link #LAST} of a mere number, {@link #FIRST} of
 *     what is never replaced
 * @param hash of all that the claim says
 * @param open whether an earlier claim may still take its place: false as soon as somebody stated
 *     demographics
 */
record Claimed(long at, long hash, boolean open) {

    /** Before every message: a person's decision, and records of before claims were compared. */
    static final long FIRST = Long.MIN_VALUE;

    /** After every message: a number of which nothing else is known. */
    static final long LAST = Long.MAX_VALUE;

    static Claimed of(PatientClaim claim, @Nullable Instant message) {
        return new Claimed(claim.saysNothing() ? LAST : micros(message), hashOf(claim), true);
    }

    /** The same, where demographics were stated. */
    Claimed closed() {
        return open ? new Claimed(at, hash, false) : this;
    }

    /** Cheap, and true of hardly any message: whether it is worth asking {@link #givesWayTo}. */
    boolean mayGiveWayTo(@Nullable Instant message) {
        return open && micros(message) <= at;
    }

    boolean givesWayTo(Claimed other) {
        return open && (other.at < at || (other.at == at && other.hash < hash));
    }

    private static long micros(@Nullable Instant time) {
        if (time == null) return FIRST + 1;
        if (time.equals(Instant.MAX)) return LAST;
        return time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000;
    }

    private static long hashOf(PatientClaim claim) {
        var name = claim.name();
        var hash =
                new ContentHash()
                        .add(name.family())
                        .add(name.given())
                        .add(name.middle())
                        .add(name.suffix())
                        .add(claim.birthDate())
                        .add(claim.sex())
                        .add(claim.address())
                        .add(claim.phone());
        for (var key : claim.identifiers())
            hash.add(key.authority()).add(key.type()).add(key.value());
        return hash.value();
    }
}
