package org.chartbridge.mllp;

/** What a peer gets for its frame. */
public sealed interface Answer {

    /**
     * A message of ours, written in an envelope of its own.
     *
     * @param content without the envelope; must not hold 0x0B, nor 0x1C before 0x0A or 0x0D, since
     *     the peer could not read that. If it does the connection is closed without an answer.
     */
    record Reply(byte[] content) implements Answer {

        /** Says how many bytes, never which: answers quote what a peer sent. */
        @Override
        public String toString() {
            return "reply of " + content.length + " bytes";
        }
    }

    /** Nothing, because the peer asked for no answer; the connection stays open. */
    record Silence() implements Answer {}

    /**
     * Nothing, and the connection is closed: nobody takes responsibility for the message.
     *
     * @param reason for the log, without patient data
     */
    record HangUp(String reason) implements Answer {}
}
