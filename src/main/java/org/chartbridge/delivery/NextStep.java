package org.chartbridge.delivery;

import java.time.Duration;

/** What an outcome permits. */
public sealed interface NextStep {

    /** The next delivery may leave. */
    record Done() implements NextStep {}

    /** The same bytes again after a while; what is behind waits. */
    record Retry(Duration after) implements NextStep {}

    /**
     * The destination is paused until a person has decided.
     *
     * @param why for people
     */
    record AskOperator(String why) implements NextStep {}
}
