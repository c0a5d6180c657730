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

    /** Those whose orders, or allergies beside them, were stated last; at most so many. */
    public List<UUID> newest(int limit) {
        return jdbc.sql(
                        """
                        select p.person_id
                        from (select record_id, listed_entry
                              from medication_order
                              where status = 'active' and state in ('active', 'on-hold')
                                and (ends_at is null or ends_at > now() - interval '1 day'
                                     or length(ends_as_sent) < 8)
                              union all
                              select record_id, listed_entry
                              from placed_order
                              where status = 'active'
                                and (code_text ~* :maybe or supporting ~* :beside)
                                and state in ('active', 'on-hold')) o
                        join patient_record p on p.id = o.record_id
                        group by p.person_id
                        order by max(o.listed_entry) desc
                        limit :limit
                        """)
                .param("maybe", Contrast.MAY_BE)
                .param("beside", "contrast|gadolinium|\\y(ct|cta|mr|mri|mra)\\y")
                .param("limit", limit)
                .query(UUID.class)
                .list();
    }
}
