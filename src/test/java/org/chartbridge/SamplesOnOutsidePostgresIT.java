package org.chartbridge;

import org.chartbridge.database.OutsidePostgres;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.condition.EnabledIf;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The samples on the PostgreSQL of the operating system (15 on Debian 12), which the engine finds
 * empty; skipped where there is none.
 */
@EnabledIf("org.chartbridge.database.OutsidePostgres#installed")
// The engine has to stop before its database does.
@DirtiesContext
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class SamplesOnOutsidePostgresIT extends SampleRun {
    @SuppressWarnings("UnusedVariable") // JUnit reads it.
    @AutoClose
    private static @Nullable OutsidePostgres postgres;

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry registry) throws IOException {
        var started = OutsidePostgres.start();
        postgres = started;
        var routes = routes();
        var data = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "outside-data");
        registry.add("chartbridge.routes", routes::toString);
        registry.add("chartbridge.data", data::toString);
        registry.add("server.port", () -> 0);
        registry.add("spring.datasource.url", () -> started.url("postgres"));
        registry.add("spring.datasource.username", () -> OutsidePostgres.USER);
        registry.add("spring.datasource.password", () -> "");
    }
}
