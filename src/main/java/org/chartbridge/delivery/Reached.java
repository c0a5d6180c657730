package org.chartbridge.delivery;

import org.jspecify.annotations.Nullable;

/** What is known of a delivery that is done: a folder answers nothing. */
public enum Reached {
    /** Somebody at the other end took it. */
    ANSWERED,
    /** It lies in a folder of this machine. */
    FILED,
    /** It lies in a folder of another machine. */
    UPLOADED;

    /**
     * By where the last attempt went.
     *
     * @param endpoint as it is kept, see {@link Endpoint#parse}; null of none
     */
    public static Reached of(@Nullable String endpoint) {
        if (endpoint == null) return ANSWERED;
        if (endpoint.startsWith("file:")) return FILED;
        return endpoint.startsWith("sftp:") ? UPLOADED : ANSWERED;
    }
}
