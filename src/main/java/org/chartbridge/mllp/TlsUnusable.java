package org.chartbridge.mllp;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;

/** A certificate or key can't be used; the message names the file and what is wrong with it. */
public final class TlsUnusable extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    private final String remedy;

    TlsUnusable(Path file, String what, String remedy) {
        super(file + ": " + what);
        this.remedy = remedy;
    }

    /** What to do about it. */
    public String remedy() {
        return remedy;
    }
}
