package org.chartbridge.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.database.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.util.TreeSet;

/** What the hash compares. That equal charts have it alike is seen wherever charts are compared. */
class ChartHashTests {
    @AutoClose private final TestDatabase database = TestDatabase.fresh();

    /** Whoever adds a table says whether it belongs to the chart. */
    @Test
    void everyTableIsComparedOrNamedAsNotCompared() {
        var tables =
                database.jdbc()
                        .sql(
                                "select table_name from information_schema.tables where"
                                        + " table_schema = 'public'")
                        .query(String.class)
                        .list();
        var named = new TreeSet<>(ChartHash.NOT_COMPARED);
        named.addAll(ChartHash.names());

        assertThat(tables).containsExactlyInAnyOrderElementsOf(named);
    }

    @Test
    void anEmptyChartHasAHashToo() throws SQLException {
        assertThat(whole()).isEqualTo(new ChartHash.Whole("d41d8cd98f00b204e9800998ecf8427e", 0));
    }

    @Test
    void aValueCountsAndWhenItWasRecordedDoesNot() throws SQLException {
        record(1, "M1", "DOE", "2026-11-22");
        var one = whole();

        database.jdbc().sql("update patient_record set recorded_at = now(), entry_id = 9").update();
        assertThat(whole()).isEqualTo(one);

        database.jdbc().sql("update patient_record set family_name = 'ROE'").update();
        assertThat(whole().hash()).isNotEqualTo(one.hash());
        assertThat(whole().facts()).isEqualTo(1);
    }

    @Test
    void theOrderOfFactsDoesNotCountAndTheirNumberDoes() throws SQLException {
        record(1, "M1", "DOE", "2026-11-22");
        record(2, "M2", "ROE", "2026-11-22");
        var both = whole();

        database.jdbc().sql("delete from patient_record").update();
        record(7, "M2", "ROE", "2026-11-23");
        assertThat(whole().hash()).isNotEqualTo(both.hash());
        record(8, "M1", "DOE", "2026-11-23");

        assertThat(whole()).isEqualTo(both);
    }

    @Test
    void aFactOfNobodyIsComparedToo() throws SQLException {
        database.jdbc()
                .sql(
                        """
                        insert into allergy (id, record_id, partner, visit_id, item_key, entry_id, recorded_at, path,
                            status, listed_entry, removed_entry, code, code_text, code_system, category, severity,
                            reaction, onset_as_sent, clinical_status)
                        values (1, 99, 'emr', 0, 'P', 1, now(), 'AL1[1]', 'active', 1, 0, 'P', '', '', '', '', '', '', '')
                        """)
                .update();

        assertThat(whole().facts()).isEqualTo(1);
    }

    private ChartHash.Whole whole() throws SQLException {
        try (var connection = database.dataSource().getConnection()) {
            return ChartHash.of(connection);
        }
    }

    private void record(long id, String number, String family, String day) {
        database.jdbc()
                .sql(
                        """
                        with p as (insert into person (id, entry_id, recorded_at)
                                   values (gen_random_uuid(), 1, ?::timestamptz) returning id)
                        insert into patient_record (id, person_id, entry_id, recorded_at, path, authority, id_type,
                            id_value, family_name, given_name, middle_name, name_suffix, birth_date, sex, address,
                            phone, identifiers)
                        select ?, p.id, 1, ?::timestamptz, 'PID-3', 'CLINIC', 'MR', ?, ?, 'Jane', '', '', '1971-02-03',
                               'F', '', '', '[]'
                        from p
                        """)
                .param(day)
                .param(id)
                .param(day)
                .param(number)
                .param(family)
                .update();
    }
}
