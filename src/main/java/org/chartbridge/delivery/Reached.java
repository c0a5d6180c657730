package org.chartbridge.delivery;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a delivery that is done: a folder answers nothing, nor does anybody whom the
 * message asks for nothing.
 */
public enum Reached {
    /** Somebody at the other end took it. */
    ANSWERED,
    /** It was sent, and asks for no answer, or for one in case of an error only. */
    UNASKED,
    /** It lies in a folder of this machine. */
    FILED,
    /** It lies in a folder of another machine. */
    UPLOADED;

    /** The outcome of what asks for no answer. */
    static final String NEVER = "sent; it asks for no answer (MSH-15 and MSH-16 NE)";

    /** The outcome of what asks for an answer in case of an error, and got none. */
    static final String NO_ERROR = "sent, and no error came";

    /**
     * By where the last attempt went, and what came of it.
     *
     * @param endpoint as it is kept, see {@link Endpoint#parse}; null of none
     * @param words the outcome for people; null of none
     */
    public static Reached of(@Nullable String endpoint, @Nullable String words) {
        if (endpoint == null) return ANSWERED;
        if (endpoint.startsWith("file:")) return FILED;
        if (endpoint.startsWith("sftp:")) return UPLOADED;
        return NEVER.equals(words) || NO_ERROR.equals(words) ? UNASKED : ANSWERED;
    }
}
