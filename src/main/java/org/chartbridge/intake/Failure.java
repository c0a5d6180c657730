package org.chartbridge.intake;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;

/** What a failed group permits, by the SQLSTATE of the failure (PostgreSQL manual, appendix A). */
enum Failure {
    /**
     * The connection is gone; whether the commit took place is unknown until the database is asked.
     */
    CONNECTION,
    /** The database can't store now: disk full, out of memory. Nothing was committed. */
    STORAGE,
    /** Another transaction was in the way; the same again will do. */
    CONTENTION,
    /** Something in the group can't be stored. */
    DATA;

    static Failure of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause())
            if (cause instanceof SQLException sql) return ofState(sql.getSQLState());
        return DATA;
    }

    private static Failure ofState(@Nullable String state) {
        // Without a state it didn't come from the server: the pool had no connection to give.
        if (state == null) return CONNECTION;
        if (state.startsWith("08") || state.startsWith("57P")) return CONNECTION;
        if (state.startsWith("53") || state.startsWith("58")) return STORAGE;
        return switch (state) {
            case "40001", "40P01", "55P03", "23505" -> CONTENTION;
            default -> DATA;
        };
    }
}
