package org.chartbridge.chart;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.util.List;
import java.util.UUID;

/**
 * Two patients of one number that was sent with and without its type, or with its authority in
 * other letters, from before such numbers were compared. One is gone when they are one patient, or
 * a person split them.
 */
@Repository
public class SameNumbers {
    /** Pairs that are listed at most. */
    static final int MAX_ROWS = 50;

    private final JdbcClient jdbc;

    SameNumbers(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Two numbers.
     *
     * @param stays what a merge would keep: that which registration knows, else that with a type
     * @param goes the other one
     */
    public record Row(Named stays, Named goes) {
        /** The records' ids only. */
        @Override
        public String toString() {
            return "Row[" + stays.record + ", " + goes.record + "]";
        }
    }

    /** A number of a patient, as it was sent. */
    public record Named(long record, UUID person, RecordKey key) {}

    public List<Row> rows() {
        return jdbc.sql(
                        """
                        select a.id, a.person_id, a.authority, a.id_type, a.id_value,
                               b.id as other_id, b.person_id as other_person, b.authority as other_authority,
                               b.id_type as other_type,
                               (b.demographics <> '{}', b.id_type <> '') > (a.demographics <> '{}', a.id_type <> '') as swap
                        from same_number s
                        join patient_record a on a.id = s.record_id and a.edition = 0
                        join patient_record b on b.id = s.other_id and b.edition = 0
                        where a.person_id <> b.person_id
                          and not exists (
                              select from assertion t
                              where t.kind = 'apart' and t.withdrawn_by is null
                                and (t.record_id, t.other_id) in ((a.id, b.id), (b.id, a.id)))
                        order by a.id, b.id
                        limit :most
                        """)
                .param("most", MAX_ROWS)
                .query(
                        (row, _) -> {
                            var value = row.getString("id_value");
                            var one =
                                    new Named(
                                            row.getLong("id"),
                                            row.getObject("person_id", UUID.class),
                                            new RecordKey(
                                                    row.getString("authority"),
                                                    row.getString("id_type"),
                                                    value));
                            var other =
                                    new Named(
                                            row.getLong("other_id"),
                                            row.getObject("other_person", UUID.class),
                                            new RecordKey(
                                                    row.getString("other_authority"),
                                                    row.getString("other_type"),
                                                    value));
                            return row.getBoolean("swap")
                                    ? new Row(other, one)
                                    : new Row(one, other);
                        })
                .list();
    }
}
