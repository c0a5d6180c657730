package org.chartbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.database.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import java.nio.file.Path;

@ExtendWith(OutputCaptureExtension.class)
@Isolated("reads what the whole JVM logs")
class RebuildCommandTests {

    @Test
    void anEmptyJournalGivesAnEmptyChart(@TempDir Path routes, CapturedOutput output) {
        try (var database = TestDatabase.fresh()) {
            assertThat(rebuild(database, routes)).isZero();

            assertThat(output.getOut())
                    .contains("Charted 0 entries of the journal")
                    .contains("They are equal.");
        }
    }

    /** Values are patients' and stay in the console. */
    @Test
    void differencesAreCountedAndNamedWithoutValues(@TempDir Path routes, CapturedOutput output) {
        try (var database = TestDatabase.fresh()) {
            database.jdbc()
                    .sql(
                            """
                            with p as (insert into person (id, entry_id, recorded_at)
                                       values ('11111111-2222-3333-4444-555555555555', 5, now()) returning id)
                            insert into patient_record (id, person_id, entry_id, recorded_at, path, authority, id_type,
                                id_value, family_name, given_name, middle_name, name_suffix, birth_date, sex, address,
                                phone, identifiers)
                            select 1, p.id, 5, now(), 'PID-3', 'CLINIC', 'MR', 'MARK77', 'MARKNAME', 'Jane', '', '',
                                   '1971-02-03', 'F', '', '', '[]'
                            from p
                            """)
                    .update();

            assertThat(rebuild(database, routes)).isEqualTo(3);

            assertThat(output.getOut())
                    .contains("They differ.")
                    .contains("patient_record  only in the live chart")
                    .contains("/messages/5")
                    .contains("/patients/11111111-2222-3333-4444-555555555555")
                    .doesNotContain("MARKNAME", "MARK77", "1971");
        }
    }

    @Test
    void aDatabaseThatNoEngineHasUsedIsRefused(@TempDir Path routes, CapturedOutput output) {
        try (var database = TestDatabase.fresh()) {
            database.jdbc().sql("drop table flyway_schema_history").update();

            assertThat(rebuild(database, routes)).isOne();

            assertThat(output.getErr()).contains("Start the engine once with this version");
        }
    }

    @Test
    void withoutDataThereIsNothingToRebuild(@TempDir Path folder, CapturedOutput output) {
        assertThat(Commands.run("rebuild", "--data=" + folder.resolve("none"))).isOne();

        assertThat(output.getErr()).contains("There is no data in");
        assertThat(folder.resolve("none")).doesNotExist();
    }

    private static int rebuild(TestDatabase database, Path routes) {
        return Commands.run(
                "rebuild",
                "--routes=" + routes,
                "--spring.datasource.url=" + database.url(),
                "--spring.datasource.username=" + database.user(),
                "--spring.datasource.password=" + database.password());
    }
}
