package org.chartbridge.bench;

import org.chartbridge.database.Script;
import org.chartbridge.hl7.Header;

import java.sql.SQLException;

/**
 * Deliveries seen from the database: puts many in at once, as if messages had staged them, and
 * counts them.
 */
final class StagedDeliveries {
    private static final String PREFIX = "S";
    private static final int USUAL_BYTES = 1_380;

    /** What a staged message has beside its text. */
    private static final int FRAME_BYTES = 114;

    private final DatabaseAccess access;

    StagedDeliveries(DatabaseAccess access) {
        this.access = access;
    }

    /** The number of a staged one, from its MSH-10; -1 for another message. */
    static long number(byte[] content) {
        var id = Header.read(content).map(Header::controlId).orElse("");
        return id.startsWith(PREFIX) ? Long.parseLong(id.substring(PREFIX.length())) : -1;
    }

    /** As {@link #stage(String, long, int, int)}, of 1.4 kB each. */
    void stage(String destination, long entry, int count) throws SQLException {
        stage(destination, entry, count, USUAL_BYTES);
    }

    /**
     * Pauses the destination and adds deliveries, numbered from the entry on.
     *
     * @param bytes of each, to within a few
     */
    void stage(String destination, long entry, int count, int bytes) throws SQLException {
        try (var connection = access.connect();
                var pause =
                        connection.prepareStatement(
                                """
                                insert into destination (name, state) values (?, 'paused')
                                on conflict (name) do update set state = 'paused', epoch = destination.epoch + 1
                                """);
                var raw =
                        connection.prepareStatement(
                                """
                                insert into raw_message (entry_id, content)
                                select n, convert_to('MSH|^~\\&|BENCH|LAB|EMR|CLINIC|20261122080000||ORU^R01|S' || n
                                    || '|P|2.5.1' || chr(13) || 'OBX|1|TX|1^Text||' || repeat('text ', ?) || '||||||F'
                                    || chr(13), 'UTF8')
                                from generate_series(?, ?) n
                                """);
                var deliveries =
                        connection.prepareStatement(
                                """
                                insert into delivery (id, entry_id, place, destination, state, control_id,
                                    message_type, size_bytes, staged_at)
                                select n, n, n, ?, 'waiting', 'S' || n, 'ORU^R01', ?, now()
                                from generate_series(?, ?) n
                                """);
                var analyze = connection.createStatement()) {
            pause.setString(1, destination);
            pause.executeUpdate();
            raw.setInt(1, Math.max(1, (bytes - FRAME_BYTES) / "text ".length()));
            raw.setLong(2, entry);
            raw.setLong(3, entry + count - 1);
            raw.executeUpdate();
            deliveries.setString(1, destination);
            deliveries.setInt(2, bytes);
            deliveries.setLong(3, entry);
            deliveries.setLong(4, entry + count - 1);
            deliveries.executeUpdate();
            analyze.execute("analyze delivery");
            analyze.execute("checkpoint");
        }
    }

    /** How many deliveries of a destination were accepted. */
    long accepted(String destination) throws SQLException {
        var count = new long[1];
        try (var connection = access.connect()) {
            new Script()
                    .read(
                            "select count(*) from delivery where destination = ? and state ="
                                    + " 'accepted'",
                            row -> count[0] = row.getLong(1),
                            destination)
                    .send(connection);
        }
        return count[0];
    }

    /** Lets the engine's next sweep find them. */
    void resume(String destination) throws SQLException {
        try (var connection = access.connect();
                var resume =
                        connection.prepareStatement(
                                """
                                update destination set state = 'running', failures = 0, next_try_at = null
                                where name = ?
                                """)) {
            resume.setString(1, destination);
            resume.executeUpdate();
        }
    }
}
