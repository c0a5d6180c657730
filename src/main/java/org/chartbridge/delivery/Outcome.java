package org.chartbridge.delivery;

/**
 * What became of one attempt. What follows from it is for {@link Policy} to say.
 *
 * <p>Words are for people: they may quote a partner's answer, so they are shown and kept, never
 * logged.
 */
public sealed interface Outcome {

    /** For people, a sentence without its full stop. */
    String words();

    /**
     * The partner took responsibility: AA or CA, or it asked for no answer and none came; or an AE
     * that says of each order itself what becomes of it.
     */
    record Accepted(String words) implements Outcome {}

    /** The partner will never take these bytes: AE, or AR and CR for type, version and the like. */
    record Refused(String words) implements Outcome {}

    /** The partner can't take it now: CE, AR 207, AR without a code. */
    record Deferred(String words) implements Outcome {}

    /**
     * Certainly not a byte has left: nobody listens, the name is unknown, the line broke before.
     *
     * @param asks whether only a person can mend it, as with a certificate that has expired; it is
     *     tried on all the same, and so ends by itself
     */
    record Unsent(String words, boolean asks) implements Outcome {
        Unsent(String words) {
            this(words, false);
        }
    }

    /**
     * Sent, or perhaps sent, and not answered: the partner may have it or not.
     *
     * @param remedy what to do where more than that is known; else empty
     */
    record Unknown(String words, String remedy) implements Outcome {
        Unknown(String words) {
            this(words, "");
        }
    }

    /** As the database spells it. */
    default String word() {
        return switch (this) {
            case Accepted _ -> "accepted";
            case Refused _ -> "refused";
            case Deferred _ -> "deferred";
            case Unsent _ -> "unsent";
            case Unknown _ -> "unknown";
        };
    }
}
