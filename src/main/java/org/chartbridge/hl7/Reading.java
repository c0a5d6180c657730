package org.chartbridge.hl7;

/** What became of reading bytes as a message. */
public sealed interface Reading {
    /** It has a readable MSH; what else was found wrong is in {@link Message#remarks()}. */
    @SuppressWarnings(
            "AvoidCommonTypeNames") // Opposite of Unreadable; always written Reading.Readable.
    record Readable(Message message) implements Reading {}

    /** There is no MSH to go by, or a limit is passed: answered AR, bytes kept as refused. */
    record Unreadable(Fault fault) implements Reading {}
}
