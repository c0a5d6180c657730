package org.chartbridge.chart;

import java.nio.charset.StandardCharsets;

/**
 * Keys of PostgreSQL's advisory locks: 64 bits of a hash. Two things that collide only wait for
 * each other (decision 0001).
 */
public final class Locks {

    /** Held by whoever changes which records are one person; taken with the others, in order. */
    public static final long IDENTITY = of("identity");

    private Locks() {}

    /** Of whatever is reported under a number, with its namespace or without. */
    static long ofNumber(String partner, String number) {
        return of("number", partner, PatientState.KnownReport.entity(number));
    }

    static long of(String... parts) {
        long hash = 1125899906842597L;
        for (String part : parts) {
            for (byte b : part.getBytes(StandardCharsets.UTF_8)) hash = 31 * hash + b;
            hash = 31 * hash + 0x1F;
        }
        return hash;
    }
}
