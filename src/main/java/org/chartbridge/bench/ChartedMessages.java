package org.chartbridge.bench;

import org.chartbridge.database.Script;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the database holds of messages with a prefix.
 *
 * @param entries of the journal, with the hash of the bytes that are kept
 * @param reports every version of every report
 * @param values every version of every observation
 */
record ChartedMessages(List<Entry> entries, List<Report> reports, List<Value> values) {

    /**
     * @param sha256 of the kept bytes, "" when none are kept
     */
    record Entry(long id, String controlId, String state, String sha256) {}

    record Report(long entryId, String orderNumber, String standing) {}

    record Value(long entryId, String code, String value, String standing) {}

    /** Reads it, in one snapshot. */
    static ChartedMessages read(DatabaseAccess database, String prefix) throws SQLException {
        var entries = new ArrayList<Entry>();
        var reports = new ArrayList<Report>();
        var values = new ArrayList<Value>();
        try (var connection = database.connect()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(java.sql.Connection.TRANSACTION_REPEATABLE_READ);
            new Script()
                    .read(
                            """
                            select j.id, j.control_id, j.state,
                                   coalesce(encode(sha256(r.content), 'hex'), '')
                            from journal j left join raw_message r on r.entry_id = j.id
                            where j.control_id like ?
                            """,
                            row ->
                                    entries.add(
                                            new Entry(
                                                    row.getLong(1),
                                                    row.getString(2),
                                                    row.getString(3),
                                                    row.getString(4))),
                            prefix + "-%")
                    .read(
                            "select entry_id, number, standing from report where number like ?",
                            row ->
                                    reports.add(
                                            new Report(
                                                    row.getLong(1),
                                                    row.getString(2),
                                                    row.getString(3))),
                            prefix + "F%")
                    .read(
                            """
                            select entry_id, code, value_text, standing
                            from observation
                            where control_id like ?
                            order by id
                            """,
                            row ->
                                    values.add(
                                            new Value(
                                                    row.getLong(1),
                                                    row.getString(2),
                                                    row.getString(3),
                                                    row.getString(4))),
                            prefix + "-%")
                    .send(connection);
            connection.rollback();
        }
        return new ChartedMessages(entries, reports, values);
    }
}
