package org.chartbridge.database;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

import java.util.List;

@Isolated("reads the log")
class MigrationLogTests {
    @AutoClose final TestDatabase database = TestDatabase.fresh();

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void emptyDatabase() {
        database.jdbc().sql("drop schema public cascade").update();
        database.jdbc().sql("create schema public").update();
    }

    @BeforeEach
    void listen() {
        logger().setLevel(Level.INFO);
        log.start();
        logger().addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger().detachAppender(log);
        logger().setLevel(null);
    }

    @Test
    void ofANewDatabaseNothingIsTold() {
        migrate("47");

        assertThat(told()).isEmpty();
    }

    @Test
    void eachStepFromAnEarlierVersionIsToldBeforeItIsTaken() {
        migrate("47");

        migrate("51");

        assertThat(told())
                .hasSize(5)
                .first()
                .asString()
                .contains("is of an earlier version", "minutes");
        assertThat(told().subList(1, 4)).containsOnly("database is changed");
        assertThat(told()).last().isEqualTo("database has the tables of this version");
        assertThat(
                        log.list.stream()
                                .filter(one -> one.getKeyValuePairs() != null)
                                .map(one -> one.getKeyValuePairs().toString()))
                .containsExactly(
                        "[step=\"49\", about=\"other codings\"]",
                        "[step=\"50\", about=\"orders numbers\"]",
                        "[step=\"51\", about=\"parent value\"]");
    }

    @Test
    void ofADatabaseThatIsUpToDateNothingIsTold() {
        migrate("47");

        migrate("47");

        assertThat(told()).isEmpty();
    }

    private void migrate(String version) {
        Flyway.configure()
                .dataSource(database.dataSource())
                .target(version)
                .callbacks(new MigrationLog())
                .load()
                .migrate();
    }

    private List<String> told() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(MigrationLog.class);
    }
}
