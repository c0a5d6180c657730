package org.chartbridge.delivery;

import org.chartbridge.mllp.MllpFailure;
import org.chartbridge.mllp.TlsFailure;

import java.io.IOException;
import java.util.Optional;

/** Says in words, and as an outcome, what went wrong on the way to a partner. */
final class Mishap {
    private Mishap() {}

    /** Why there is no connection. */
    static Outcome.Unsent unsent(Endpoint.Mllp endpoint, MllpFailure.Refused e) {
        return noConnection(endpoint, endpoint.host(), e.tls(), String.valueOf(e.getMessage()));
    }

    /** Why there is no connection. */
    static Outcome.Unsent unsent(Endpoint.Http endpoint, IOException e) {
        return noConnection(
                endpoint, endpoint.host(), TlsFailure.in(e), String.valueOf(e.getMessage()));
    }

    private static Outcome.Unsent noConnection(
            Endpoint endpoint, String host, Optional<TlsFailure> tls, String text) {
        return tls.map(why -> noTls(endpoint, why))
                .orElseGet(() -> new Outcome.Unsent(noConnection(endpoint, host, text)));
    }

    private static String noConnection(Endpoint endpoint, String host, String text) {
        if (text.contains("Connection refused")) return "nothing listens at " + endpoint.address();
        if (text.contains("timed out")) return "no connection in time to " + endpoint.address();
        if (text.contains("no such host")) return "no such host: " + host;
        return "no connection to " + endpoint.address();
    }

    /** What it means for an attempt that it was not answered, because of this. */
    static Outcome outcome(Endpoint endpoint, Throwable failure) {
        return switch (failure) {
            case MllpFailure.HungUp hungUp when !hungUp.maybeSent() ->
                    hungUp.tls()
                            .map(tls -> noTls(endpoint, tls))
                            .orElseGet(
                                    () ->
                                            new Outcome.Unsent(
                                                    "the connection was gone before it was sent"));
            case MllpFailure.HungUp hungUp ->
                    new Outcome.Unknown(
                            hungUp.answerBytes() > 0
                                    ? "the connection ended in the middle of the answer"
                                    : "the connection ended before an answer came");
            case Line.Ended ended -> ended.outcome();
            case FolderLine.Doubtful e -> new Outcome.Unknown(String.valueOf(e.getMessage()));
            case FolderLine.NotWritten e -> new Outcome.Unsent(String.valueOf(e.getMessage()));
            // Its text says which byte, not what is in it.
            case IllegalArgumentException e ->
                    new Outcome.Refused("MLLP can't carry it: " + String.valueOf(e.getMessage()));
            case Throwable other ->
                    new Outcome.Unknown(
                            "sending failed (" + other.getClass().getSimpleName() + ")");
        };
    }

    static Outcome.Unsent noTls(Endpoint endpoint, TlsFailure why) {
        return new Outcome.Unsent("no TLS with " + endpoint.address() + ": " + why, why.lasts());
    }
}
