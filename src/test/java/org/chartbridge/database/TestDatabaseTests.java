package org.chartbridge.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import java.util.List;

class TestDatabaseTests {
    @AutoClose final TestDatabase database = TestDatabase.fresh();

    @Test
    void isMigratedAndItsOwn() {
        database.jdbc().sql("create table only_here (n int)").update();

        try (var other = TestDatabase.fresh()) {
            assertThat(tables(database)).contains("only_here", "flyway_schema_history");
            assertThat(tables(other)).contains("flyway_schema_history").doesNotContain("only_here");
        }
    }

    private static List<String> tables(TestDatabase database) {
        return database.jdbc()
                .sql("select table_name from information_schema.tables")
                .query(String.class)
                .list();
    }
}
