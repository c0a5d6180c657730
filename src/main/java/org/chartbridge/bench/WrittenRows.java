package org.chartbridge.bench;

import org.chartbridge.database.Script;

import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;

/**
 * What of a load stands in the database, counted by SQL.
 *
 * @param states entries of the journal by state
 * @param rawMessages contents kept
 * @param reports versions of reports
 * @param observations versions of observations
 */
record WrittenRows(Map<String, Long> states, long rawMessages, long reports, long observations) {

    long entries() {
        return states.values().stream().mapToLong(Long::longValue).sum();
    }

    long charted() {
        return states.getOrDefault("charted", 0L);
    }

    long received() {
        return states.getOrDefault("received", 0L);
    }

    /**
     * Counts the rows of one load.
     *
     * @param prefix begins each of its control ids
     */
    static WrittenRows of(DatabaseAccess database, String prefix) throws SQLException {
        var states = new TreeMap<String, Long>();
        var counts = new long[3];
        try (var connection = database.connect()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(java.sql.Connection.TRANSACTION_REPEATABLE_READ);
            var like = prefix + "-%";
            new Script()
                    .read(
                            "select state, count(*) from journal where control_id like ? group by"
                                    + " 1",
                            row -> states.put(row.getString(1), row.getLong(2)),
                            like)
                    .read(
                            """
                            select count(*)
                            from raw_message r join journal j on j.id = r.entry_id
                            where j.control_id like ?
                            """,
                            row -> counts[0] = row.getLong(1),
                            like)
                    .read(
                            "select count(*) from report where control_id like ?",
                            row -> counts[1] = row.getLong(1),
                            like)
                    .read(
                            "select count(*) from observation where control_id like ?",
                            row -> counts[2] = row.getLong(1),
                            like)
                    .send(connection);
            connection.rollback();
        }
        return new WrittenRows(Map.copyOf(states), counts[0], counts[1], counts[2]);
    }

    /** How many entries of a load still wait for being charted. */
    static long waiting(DatabaseAccess database, String prefix) throws SQLException {
        var count = new long[1];
        try (var connection = database.connect()) {
            new Script()
                    .read(
                            "select count(*) from journal where state = 'received' and control_id"
                                    + " like ?",
                            row -> count[0] = row.getLong(1),
                            prefix + "-%")
                    .send(connection);
        }
        return count[0];
    }

    /** Version and the settings that decide how fast it may be. */
    static Map<String, String> settings(DatabaseAccess database) throws SQLException {
        var settings = new TreeMap<String, String>();
        try (var connection = database.connect()) {
            new Script()
                    .read(
                            """
                            select name, current_setting(name) from pg_settings
                            where name in ('server_version', 'fsync', 'synchronous_commit',
                                'full_page_writes', 'shared_buffers', 'max_wal_size', 'wal_compression',
                                'checkpoint_timeout', 'data_checksums')
                            """,
                            row -> settings.put(row.getString(1), row.getString(2)))
                    .send(connection);
        }
        return settings;
    }
}
