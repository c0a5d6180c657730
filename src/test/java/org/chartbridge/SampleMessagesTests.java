package org.chartbridge;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.database.SecondSchema;
import org.chartbridge.database.TestDatabase;
import org.chartbridge.intake.Rebuild;
import org.chartbridge.journal.FolderVersions;
import org.chartbridge.mapping.Mappings;
import org.chartbridge.routes.FoldersAgain;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;

/** The samples on the PostgreSQL that Chartbridge brings. */
// The engine has to stop before its database is dropped.
@DirtiesContext
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class SampleMessagesTests extends SampleRun {
    @AutoClose private static final TestDatabase DATABASE = TestDatabase.fresh();

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry registry) throws IOException {
        DATABASE.register(registry);
        var routes = routes();
        registry.add("chartbridge.routes", routes::toString);
    }

    /** Whatever was sent, held and decided: the chart follows from the journal. */
    @AfterAll
    static void theChartOfAllSamplesFollowsFromTheJournal() throws Exception {
        try (var schema = SecondSchema.make(DATABASE.url(), DATABASE.user(), DATABASE.password());
                var mappings = new AnnotationConfigApplicationContext("org.chartbridge.mapping");
                var folders =
                        new FoldersAgain(
                                FolderVersions.in(schema.live()),
                                Path.of("none"),
                                System.getenv())) {
            var report =
                    new Rebuild(
                                    schema,
                                    folders,
                                    mappings.getBean(Mappings.class),
                                    Clock.systemUTC())
                            .run(false, (_, _, _) -> {});

            assertThat(report.entries()).isGreaterThan(50);
            assertThat(report.remarks()).isEmpty();
            assertThat(report.differences()).isEmpty();
            assertThat(report.isEqual()).isTrue();
        }
    }
}
