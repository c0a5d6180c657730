package org.chartbridge.database;

/**
 * Why the database or its folder can't be used, and what a person can do about it.
 *
 * <p>Both sentences are shown to whoever starts Chartbridge, without a stack trace.
 */
public final class DatabaseUnusable extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String remedy;

    public DatabaseUnusable(String problem, String remedy) {
        super(problem);
        this.remedy = remedy;
    }

    DatabaseUnusable(String problem, String remedy, Throwable cause) {
        super(problem, cause);
        this.remedy = remedy;
    }

    /** What to do, as one or more sentences. */
    public String remedy() {
        return remedy;
    }
}
