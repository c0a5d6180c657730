package org.chartbridge.screening;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.stereotype.Repository;

import java.sql.Connection;
import java.util.List;
import java.util.UUID;

/** Finds the patients who have something ordered that could conflict with anything. */
@Repository
public class PatientsWithOrders {
    private final JdbcClient jdbc;

    PatientsWithOrders(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Whose record it is, as one connection sees the chart. */
    static UUID of(Connection connection, long recordId) {
        return JdbcClient.create(new SingleConnectionDataSource(connection, true))
                .sql("select person_id from patient_record where id = :id")
                .param("id", recordId)
                .query(UUID.class)
                .single();
    }

    /** Rows of each table that are looked at first, for each patient that is wanted. */
    private static final int ROWS = 4;

    /**
     * Those whose orders were stated last; at most so many. Read from the newest order backwards,
     * so that it costs what is listed and not what there is; what is older than the last row that
     * was read of either table is in another step.
     */
    public List<UUID> newest(int limit) {
        for (long rows = (long) limit * ROWS; ; rows *= ROWS) {
            long most = rows;
            var cut = new boolean[1];
            var found =
                    jdbc.sql(NEWEST)
                            .param("rows", most)
                            .param("limit", limit)
                            .query(
                                    (row, _) -> {
                                        cut[0] = row.getBoolean("cut");
                                        return row.getObject("person_id", UUID.class);
                                    })
                            .list();
            if (found.size() == limit || !cut[0]) return found;
        }
    }

    /** With the words of the indexes: only so are these read. */
    private static final String NEWEST =
            """
            with medication as (
                select record_id, listed_entry
                from medication_order
                where status = 'active' and state in ('active', 'on-hold')
                  and (ends_at is null or ends_at > now() - interval '1 day'
                       or length(ends_as_sent) < 8)
                order by listed_entry desc
                limit :rows
            ), contrast as (
                select record_id, listed_entry
                from placed_order
                where status = 'active' and state in ('active', 'on-hold')
                  and (code_text ~* '%s'
                       or supporting ~* 'contrast|gadolinium|\\y(ct|cta|mr|mri|mra)\\y')
                order by listed_entry desc
                limit :rows
            ), since as (
                select greatest((select min(listed_entry) from medication having count(*) = :rows),
                                (select min(listed_entry) from contrast having count(*) = :rows)) as entry
            )
            select p.person_id, since.entry is not null as cut
            from (select * from medication union all select * from contrast) o
            join patient_record p on p.id = o.record_id
            cross join since
            where since.entry is null or o.listed_entry >= since.entry
            group by p.person_id, since.entry
            order by max(o.listed_entry) desc
            limit :limit
            """
                    .formatted(Contrast.MAY_BE);
}
