package org.chartbridge.mllp;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.Serial;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/** Why a message that was to be sent has no answer. What each permits is the caller's to decide. */
public abstract sealed class MllpFailure extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    private MllpFailure(String message) {
        super(message);
    }

    /** No connection came about, so nothing was sent. */
    public static final class Refused extends MllpFailure {
        @Serial private static final long serialVersionUID = 1L;

        private final transient @Nullable TlsFailure tls;

        public Refused(InetSocketAddress address, String why) {
            this(address, why, null);
        }

        Refused(InetSocketAddress address, TlsFailure tls) {
            this(address, tls.toString(), tls);
        }

        private Refused(InetSocketAddress address, String why, @Nullable TlsFailure tls) {
            super(
                    "no connection to "
                            + address.getHostString()
                            + ":"
                            + address.getPort()
                            + ": "
                            + why);
            this.tls = tls;
        }

        /** Why the handshake failed; empty when it was not that. */
        public Optional<TlsFailure> tls() {
            return Optional.ofNullable(tls);
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
        private final transient @Nullable TlsFailure tls;

        public HungUp(boolean maybeSent, long answerBytes, String why) {
            this(maybeSent, answerBytes, why, null);
        }

        HungUp(boolean maybeSent, long answerBytes, String why, @Nullable TlsFailure tls) {
            super(
                    "the connection ended after "
                            + answerBytes
                            + " bytes of the answer"
                            + (maybeSent ? "" : ", before the message was sent")
                            + ": "
                            + why);
            this.maybeSent = maybeSent;
            this.answerBytes = answerBytes;
            this.tls = tls;
        }

        /** False only if certainly no byte of the message has left. */
        public boolean maybeSent() {
            return maybeSent;
        }

        /** What was wrong with TLS; empty when it was not that. */
        public Optional<TlsFailure> tls() {
            return Optional.ofNullable(tls);
        }

        /** How many bytes of an answer had come. */
        public long answerBytes() {
            return answerBytes;
        }
    }
}
