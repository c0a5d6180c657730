package org.chartbridge.mllp;

import java.io.IOException;
import java.io.Serial;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Why a message that was to be sent has no answer. What each permits is the caller's to decide. */
public abstract sealed class MllpFailure extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    private MllpFailure(String message) {
        super(message);
    }

    /** No connection came about, so nothing was sent. */
    public static final class Refused extends MllpFailure {
        @Serial private static final long serialVersionUID = 1L;

        public Refused(InetSocketAddress address, String why) {
            super(
                    "no connection to "
                            + address.getHostString()
                            + ":"
                            + address.getPort()
                            + ": "
                            + why);
        }
    }

    /** The message was sent and no answer came in time. The connection was closed. */
    public static final class TimedOut extends MllpFailure {
        @Serial private static final long serialVersionUID = 1L;

        public TimedOut(Duration after) {
            super("no answer after " + after.toMillis() + " ms");
        }
    }

    /** The connection ended before the answer did. */
    public static final class HungUp extends MllpFailure {
        @Serial private static final long serialVersionUID = 1L;

        private final boolean maybeSent;
        private final long answerBytes;

        public HungUp(boolean maybeSent, long answerBytes, String why) {
            super(
                    "the connection ended after "
                            + answerBytes
                            + " bytes of the answer"
                            + (maybeSent ? "" : ", before the message was sent")
                            + ": "
                            + why);
            this.maybeSent = maybeSent;
            this.answerBytes = answerBytes;
        }

        /** False only if certainly no byte of the message has left. */
        public boolean maybeSent() {
            return maybeSent;
        }

        /** How many bytes of an answer had come. */
        public long answerBytes() {
            return answerBytes;
        }
    }
}
