package org.chartbridge;

import org.chartbridge.database.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import java.io.IOException;

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
}
