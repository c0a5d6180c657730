package org.chartbridge.routes;

/**
 * A step that can't do what its file says with this message. Its text names the file and line and
 * the remedy, and holds no content: people are shown it.
 */
final class NotPossible extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotPossible(String why) {
        super(why, null, false, false);
    }
}
