package org.chartbridge.chart;

import java.time.Instant;

/** Why a value that stands is not valid as it stands ⚠, though nobody withdrew or corrected it. */
public sealed interface ValueDoubt
        permits IsolateDoubt, LeftOutDoubt, OutdatedDocument, TakenBackDoubt {

    /** The message that casts the doubt. */
    long entryId();

    /** When that was charted. */
    Instant since();

    /** For people, without a value. */
    String words();
}
