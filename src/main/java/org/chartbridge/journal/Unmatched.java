package org.chartbridge.journal;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * Patients whom messages wait for: one row for each claim, with the first of its messages, and for
 * each message that reports under another patient's order.
 */
@Repository
public class Unmatched {
    /** Claims on a page. */
    public static final int MAX_ROWS = 50;

    private final JdbcClient jdbc;

    Unmatched(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Messages that wait for the same patient.
     *
     * @param firstEntry what is decided on; the others follow
     * @param critical whether one of them has a value flagged critical
     */
    public record Row(
            long firstEntry, String partner, int messages, boolean critical, Instant since) {}

    /** Critical ones first, then those that wait longest. */
    public List<Row> rows() {
        return jdbc.sql(
                        """
                        select min(h.entry_id) as first_entry, h.partner, count(*) as messages,
                               bool_or(h.critical) as critical, min(j.received_at) as since
                        from held_claim h
                        join journal j on j.id = h.entry_id and j.state = 'held'
                        where h.waits
                          and (h.about_patient
                               or j.reasons @> '[{"reason": "order-of-another-patient"}]')
                        group by h.claim, h.partner,
                                 case when h.about_patient then 0 else h.entry_id end
                        order by bool_or(h.critical) desc, min(h.entry_id)
                        limit :most
                        """)
                .param("most", MAX_ROWS)
                .query(
                        (row, _) ->
                                new Row(
                                        row.getLong("first_entry"),
                                        row.getString("partner"),
                                        row.getInt("messages"),
                                        row.getBoolean("critical"),
                                        row.getObject("since", OffsetDateTime.class).toInstant()))
                .list();
    }

    /**
     * Of a message that would take a visit to another patient and waits for the visit, not for who
     * the patient is: the number of whom it says had the visit.
     */
    public Optional<String> hadVisit(long entryId) {
        return jdbc.sql(
                        """
                        select had_value from held_claim
                        where entry_id = :entry and waits and not about_patient and had_value <> ''
                          and had_type <> '%s'
                        """
                                .formatted(HeldClaims.REPORT_NUMBER))
                .param("entry", entryId)
                .query(String.class)
                .optional();
    }

    /** How many patients are waited for, counted up to {@link #MAX_ROWS}. */
    public int count() {
        return rows().size();
    }
}
