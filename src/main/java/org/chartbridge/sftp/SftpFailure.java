package org.chartbridge.sftp;

import java.io.IOException;
import java.io.Serial;

/** What went wrong; the text is for people and names no file. */
public final class SftpFailure extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    /** What a caller may have to tell apart. */
    public enum Kind {
        /** There is no connection: nobody listens, no such host, nothing in time. */
        NO_CONNECTION,
        /** Another host's key, a login that is refused, a key of ours that can't be used. */
        NOT_LET_IN,
        /** The connection ended under a request, which may have been done or not. */
        LOST,
        /** There is no such file or folder. */
        MISSING,
        /** The other side said no: rights, space, anything else. */
        REFUSED
    }

    private final Kind kind;

    SftpFailure(Kind kind, String words) {
        super(words);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
