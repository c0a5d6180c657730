package org.chartbridge.chart;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.util.List;
import java.util.Locale;

/** By which numbers an authority knows the patient of a message, as things stand now. */
@Repository
public class OwnNumbers {
    private final JdbcClient jdbc;

    OwnNumbers(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * The numbers in use of the patient whom a message was charted for, that which registration
     * knows first, then the one that has been in the chart longest. What was merged away, and a
     * number that was given twice, is none.
     *
     * @param authority in any case of its letters
     * @param type empty for any
     */
    public List<RecordKey> of(long entryId, String authority, String type) {
        return jdbc.sql(
                        """
                        select p.authority, p.id_type, p.id_value
                        from journal j
                        join patient_record r on r.id = j.record_id
                        join patient_record p on p.person_id = r.person_id
                        where j.id = :entry
                          and lower(p.authority) = lower(:authority)
                          and (:type = '' or p.id_type = :type)
                          and p.edition = 0
                          and p.id_type not like '@%'
                          and not exists (
                              select from assertion a
                              where a.record_id = p.id and a.kind = 'merged'
                                and a.withdrawn_by is null and a.overruled_by is null)
                        order by p.demographics = '{}', p.id
                        """)
                .param("entry", entryId)
                .param("authority", authority)
                .param("type", type)
                .query(
                        (row, _) ->
                                new RecordKey(row.getString(1), row.getString(2), row.getString(3)))
                .list();
    }

    /**
     * Whether a number is known here as that of another patient than the one of the message.
     *
     * @param authorities that may have given it, in any case of their letters
     */
    public boolean isAnothers(long entryId, String value, List<String> authorities) {
        return jdbc.sql(
                        """
                        select coalesce(bool_or(p.person_id <> own.person_id), false)
                        from journal j
                        join patient_record own on own.id = j.record_id
                        join patient_record p on p.id_value = :value
                        where j.id = :entry
                          and lower(p.authority) in (:authorities)
                          and p.edition = 0
                          and p.id_type not like '@%'
                        """)
                .param("entry", entryId)
                .param("value", value)
                .param(
                        "authorities",
                        authorities.stream()
                                .filter(one -> !one.isEmpty())
                                .map(one -> one.toLowerCase(Locale.ROOT))
                                .toList())
                .query(Boolean.class)
                .single();
    }

    /** For how many patients a message was charted: two where a person filed one of its reports. */
    public int patients(long entryId) {
        return jdbc.sql(
                        """
                        select count(distinct person_id)
                        from (select p.person_id
                              from journal j
                              join patient_record p on p.id = j.record_id
                              where j.id = :entry
                              union all
                              select p.person_id
                              from report r
                              join patient_record p on p.id = r.record_id
                              where r.entry_id = :entry) w
                        """)
                .param("entry", entryId)
                .query(Integer.class)
                .single();
    }
}
