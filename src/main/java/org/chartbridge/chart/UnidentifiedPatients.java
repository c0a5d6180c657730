package org.chartbridge.chart;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Patients whom messages named without a number, and of whom nobody has said yet who they are. */
@Repository
public class UnidentifiedPatients {
    /** Rows that are listed at most, the oldest first. */
    public static final int MAX_ROWS = 200;

    private static final String FOUND =
            """
            from patient_record r
            where r.id_type = '%1$s'
              and not exists (
                  select from patient_record o
                  where o.person_id = r.person_id and o.id_type <> '%1$s')
            """
                    .formatted(RecordKey.UNIDENTIFIED);

    private final JdbcClient jdbc;

    UnidentifiedPatients(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * One of them.
     *
     * @param masked initials and year of birth, as lists show a patient
     */
    public record Row(long record, String partner, String masked, Instant since) {}

    /** Those that wait longest first. */
    public List<Row> rows() {
        return jdbc.sql(
                        """
                        select r.id, substr(r.authority, 2) as partner, r.recorded_at,
                               concat_ws(' ', nullif(left(r.given_name, 1) || '.', '.'),
                                              nullif(left(r.family_name, 1) || '.', '.'),
                                              nullif(left(r.birth_date, 4), '')) as masked
                        %s
                        order by r.id
                        limit :most
                        """
                                .formatted(FOUND))
                .param("most", MAX_ROWS)
                .query(
                        (row, _) ->
                                new Row(
                                        row.getLong("id"),
                                        row.getString("partner"),
                                        row.getString("masked"),
                                        row.getObject("recorded_at", OffsetDateTime.class)
                                                .toInstant()))
                .list();
    }

    /** A record of one of them, and the patient it is; empty when somebody said who it is. */
    public Optional<Found> find(long record) {
        return jdbc.sql("select r.* " + FOUND + " and r.id = :id")
                .param("id", record)
                .query(
                        (row, _) ->
                                new Found(
                                        row.getObject("person_id", UUID.class),
                                        ChartRows.record(row)))
                .optional();
    }

    /** A patient and their record. */
    public record Found(UUID person, RecordView record) {

        /** What is known of them, to be compared with others. */
        public PatientClaim claim() {
            return new PatientClaim(
                    new RecordKey(record.authority(), record.idType(), record.idValue()),
                    record.path(),
                    List.of(),
                    new PersonName(
                            record.familyName(),
                            record.givenName(),
                            record.middleName(),
                            record.nameSuffix()),
                    record.birthDate(),
                    record.sex(),
                    record.address(),
                    record.phone(),
                    false);
        }

        @Override
        public String toString() {
            return "Found[" + record.id() + "]";
        }
    }
}
