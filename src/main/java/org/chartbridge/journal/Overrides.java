package org.chartbridge.journal;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.stereotype.Repository;

import java.sql.Connection;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Reads who overrode which alert, and why. */
@Repository
public class Overrides {
    private final JdbcClient jdbc;

    Overrides(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** For reading in the transaction of a connection. */
    public static Overrides of(Connection connection) {
        return new Overrides(JdbcClient.create(new SingleConnectionDataSource(connection, true)));
    }

    /** An override that holds. */
    public record Overridden(long entryId, Instant at, String account, String reason) {}

    /** Those that hold, by the alert's key. */
    public Map<String, Overridden> of(Collection<String> alerts) {
        if (alerts.isEmpty()) return Map.of();
        var all = new HashMap<String, Overridden>();
        jdbc.sql(
                        """
                        select alert, entry_id, decided_at, account, reason
                        from decision
                        where alert = any(:alerts) and kind = 'override' and withdrawn_by is null
                        """)
                .param("alerts", alerts.toArray(String[]::new))
                .query(
                        row -> {
                            all.put(
                                    row.getString("alert"),
                                    new Overridden(
                                            row.getLong("entry_id"),
                                            row.getTimestamp("decided_at").toInstant(),
                                            row.getString("account"),
                                            row.getString("reason")));
                        });
        return all;
    }
}
