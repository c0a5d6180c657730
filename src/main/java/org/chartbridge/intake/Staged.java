package org.chartbridge.intake;

/**
 * What a route wants done with its message, committed once at its end together with the raw bytes.
 */
public sealed interface Staged {

    /**
     * The steps ran to their end.
     *
     * @param chart whether a {@code chart} step was reached; without one the message is ignored on
     *     purpose
     */
    record Work(boolean chart) implements Staged {}

    /**
     * A step failed, which voids whatever was staged before it.
     *
     * @param step the step's id and file, for example {@code northlab/results.yaml: choice1}
     * @param cause the exception's class and a word on the remedy; never content of the message
     */
    record Failed(String step, String cause) implements Staged {}
}
