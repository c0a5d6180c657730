package org.chartbridge.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;

import org.slf4j.LoggerFactory;

/** For commands that load what an engine would, and print what it would log. */
final class QuietLogs {
    private QuietLogs() {}

    static void off() {
        if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof Logger root)
            root.setLevel(Level.OFF);
    }
}
