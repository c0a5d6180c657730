package org.chartbridge.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;

/**
 * The check that a PostgreSQL keeps what it has committed.
 *
 * <p>With any of these settings off, a power cut loses messages that were acknowledged (PostgreSQL
 * manual, "Write Ahead Log" settings).
 */
public final class Durability {
    /** The oldest version whose SQL we use. */
    static final int OLDEST_MAJOR = 15;

    private static final String QUESTION =
            """
            select current_setting('fsync'),
                   current_setting('full_page_writes'),
                   current_setting('synchronous_commit'),
                   current_setting('server_version_num')::int / 10000,
                   current_setting('server_version'),
                   current_setting('server_encoding'),
                   pg_is_in_recovery()
            """;

    private Durability() {}

    /**
     * Asks the server.
     *
     * @return the server's version, e.g. "15.14"
     * @throws DatabaseUnusable when it is not durable, too old, read-only or not UTF-8
     */
    public static String check(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var answer = statement.executeQuery(QUESTION)) {
            answer.next();
            var off = new ArrayList<String>();
            if (answer.getString(1).equals("off")) off.add("fsync");
            if (answer.getString(2).equals("off")) off.add("full_page_writes");
            // "local" and "remote_write" still wait for the local disk.
            if (answer.getString(3).equals("off")) off.add("synchronous_commit");
            if (!off.isEmpty()) {
                throw new DatabaseUnusable(
                        "The database is not durable: "
                                + String.join(", ", off)
                                + (off.size() == 1 ? " is off" : " are off")
                                + ", so a power cut would lose acknowledged messages",
                        "Set "
                                + String.join(" = on, ", off)
                                + " = on in postgresql.conf and reload it; look also for"
                                + " `alter role` and `alter database` that switch it off for this"
                                + " account.");
            }
            if (answer.getInt(4) < OLDEST_MAJOR) {
                throw new DatabaseUnusable(
                        "The database is PostgreSQL " + answer.getString(5),
                        "PostgreSQL 15 to 18 is needed.");
            }
            if (!answer.getString(6).equals("UTF8")) {
                throw new DatabaseUnusable(
                        "The database stores text as " + answer.getString(6),
                        "Make one with: create database chartbridge encoding 'UTF8' template"
                                + " template0");
            }
            if (answer.getBoolean(7)) {
                throw new DatabaseUnusable(
                        "The database is a read-only standby", "Name the primary server.");
            }
            return answer.getString(5).split(" ", 2)[0];
        }
    }
}
