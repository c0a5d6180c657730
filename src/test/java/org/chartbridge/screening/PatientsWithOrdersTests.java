package org.chartbridge.screening;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.database.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import java.util.UUID;

/** Whose orders were stated last, read from the newest order backwards. */
class PatientsWithOrdersTests {
    @AutoClose private final TestDatabase database = TestDatabase.fresh();
    private final PatientsWithOrders patients = new PatientsWithOrders(database.jdbc());
    private int rows;

    /** ⚠ One who has many orders does not keep those behind from being listed. */
    @Test
    void whoHasManyOrdersIsListedOnceAndHidesNobody() {
        var first = patient(1);
        var second = patient(2);
        var third = patient(3);
        var fourth = patient(4);
        medication(3, 10);
        contrast(2, 20, "CT head");
        contrast(4, 5, "MRI knee");
        for (int i = 0; i < 60; i++) medication(1, 100 + i);

        assertThat(patients.newest(1)).containsExactly(first);
        assertThat(patients.newest(2)).containsExactly(first, second);
        assertThat(patients.newest(3)).containsExactly(first, second, third);
        assertThat(patients.newest(9)).containsExactly(first, second, third, fourth);
    }

    @Test
    void whoHasNothingOrderedThatCouldConflictIsNotListed() {
        var _ = patient(1);
        contrast(1, 10, "Sodium");

        assertThat(patients.newest(5)).isEmpty();
    }

    /** Another word for contrast needs another index: else the page reads all orders there are. */
    @Test
    void theIndexOfWhatMayBeDoneWithContrastHasTheWordsThatAreLookedFor() {
        assertThat(
                        database.jdbc()
                                .sql("select pg_get_indexdef('placed_order_contrast'::regclass)")
                                .query(String.class)
                                .single())
                .contains("'" + Contrast.MAY_BE + "'");
    }

    private UUID patient(long record) {
        var person = new UUID(0, record);
        row("person", "{\"id\": \"%s\"}".formatted(person));
        row(
                "patient_record",
                "{\"id\": %d, \"person_id\": \"%s\", \"id_value\": \"P%d\"}"
                        .formatted(record, person, record));
        return person;
    }

    private void medication(long record, long entry) {
        row("medication_order", order(record, entry, "Metformin"));
    }

    private void contrast(long record, long entry, String service) {
        row("placed_order", order(record, entry, service));
    }

    private String order(long record, long entry, String name) {
        return """
        {"id": %d, "record_id": %d, "item_key": "%d", "listed_entry": %d, "status": "active",
         "state": "active", "code_text": "%s"}
        """
                .formatted(++rows, record, rows, entry, name);
    }

    private void row(String table, String given) {
        database.jdbc()
                .sql(
                        """
                        insert into %1$s
                        select (jsonb_populate_record(null::%1$s, jsonb_object_agg(column_name, case data_type
                                    when 'bigint' then to_jsonb(0) when 'text' then to_jsonb(''::text)
                                    when 'integer' then to_jsonb(0)
                                    when 'jsonb' then to_jsonb('[]'::text) else to_jsonb(now()) end)
                                || :given::jsonb)).*
                        from information_schema.columns
                        where table_schema = current_schema() and table_name = '%1$s' and is_nullable = 'NO'
                          and is_generated = 'NEVER'
                        """
                                .formatted(table))
                .param("given", given)
                .update();
    }
}
