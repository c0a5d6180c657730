package org.chartbridge.database;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;

/**
 * A PostgreSQL that someone else runs (setting {@code spring.datasource.url}).
 *
 * @param url as set
 * @param description which PostgreSQL it is and where
 */
public record OutsideServer(String url, String user, String password, String description)
        implements Database {
    /** It may start at the same time as the engine, as in a compose file. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** Not there yet, or there and still starting up or recovering. */
    private static final Set<String> MAY_COME = Set.of("08001", "08004", "08006", "57P03");

    /**
     * Connects and checks the settings.
     *
     * @throws DatabaseUnusable when it can't be reached within 15 seconds, lets us not in, or is
     *     not durable
     */
    public static OutsideServer at(String url, String user, String password) {
        return at(url, user, password, PATIENCE);
    }

    static OutsideServer at(String url, String user, String password, Duration patience) {
        var deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            try (var connection = DriverManager.getConnection(url, user, password)) {
                var version = Durability.check(connection);
                return new OutsideServer(
                        url, user, password, "PostgreSQL " + version + " at " + withoutQuery(url));
            } catch (SQLException e) {
                var may = MAY_COME.contains(String.valueOf(e.getSQLState()));
                if (may && System.nanoTime() < deadline && sleep()) continue;
                throw new DatabaseUnusable(
                        "The database at "
                                + withoutQuery(url)
                                + " can't be used: "
                                + e.getMessage(),
                        "Check that PostgreSQL runs there and takes connections from here, and"
                                + " check spring.datasource.url, spring.datasource.username and"
                                + " spring.datasource.password; without these settings Chartbridge"
                                + " starts a PostgreSQL of its own.",
                        e);
            }
        }
    }

    /** Leaves the server alone. */
    @Override
    public void close() {}

    /** Without the password. */
    @Override
    public String toString() {
        return description;
    }

    /** The part after the question mark may hold a password. */
    private static String withoutQuery(String url) {
        return url.split("\\?", 2)[0];
    }

    private static boolean sleep() {
        try {
            Thread.sleep(250);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
