package org.chartbridge.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.chartbridge.database.TestDatabase;
import org.chartbridge.delivery.StagedDelivery;
import org.chartbridge.intake.Arrival;
import org.chartbridge.intake.Staged;
import org.chartbridge.journal.FolderVersions;
import org.chartbridge.partner.FolderFiles;
import org.chartbridge.partner.Partner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** Versions of folders: kept before they run, and run again by hand. */
class FoldersAgainTests {
    private static final String RESULTS =
            """
            - route:
                id: north-results
                from:
                  uri: mllp:127.0.0.1:2575
                  steps:
                    - choice:
                        when:
                          - expression: { simple: { expression: "${header.type} == 'ORU'" } }
                            steps:
                              - to: { uri: chart }
                              - to: { uri: "deliver:north/out" }
            - route:
                id: north-out
                from:
                  uri: outbox:north/out
                  steps:
                    - to: { uri: "mllp:127.0.0.1:2599" }
            """;

    @AutoClose private final TestDatabase database = TestDatabase.fresh();
    @TempDir Path root = Path.of("set by JUnit");

    private final FolderVersions versions = new FolderVersions(database.jdbc());
    private @Nullable FoldersAgain started;

    @AfterEach
    void close() {
        if (started != null) started.close();
    }

    private FoldersAgain folders() {
        if (started == null) started = new FoldersAgain(versions, root, Map.of());
        return started;
    }

    @Test
    void aVersionThatWasKeptRunsByTheRoutesItHad() throws IOException {
        var old = kept("zone: UTC\npatients: create\n", RESULTS);
        kept("zone: Europe/Berlin\n", RESULTS.replace("'ORU'", "'MDM'"));

        var partner = folders().kept("north", old.version()).orElseThrow();

        assertThat(partner.patients()).isEqualTo(Partner.Patients.CREATE);
        assertThat(partner.zone().getId()).isEqualTo("UTC");
        assertThat(folders().run(arrival(partner, "north-results", "ORU^R01")))
                .isEqualTo(new Staged.Work(true, List.of(new StagedDelivery("north/out", null))));
        assertThat(folders().run(arrival(partner, "north-results", "MDM^T02")))
                .isEqualTo(new Staged.Work(false));
        var now = folders().current("north").orElseThrow();
        assertThat(folders().run(arrival(now, "north-results", "ORU^R01")))
                .isEqualTo(new Staged.Work(false));
    }

    @Test
    void aVersionsEditsAndTheirTablesAreThoseItHad() throws IOException {
        var edited =
                RESULTS.replace(
                        "- to: { uri: \"deliver:north/out\" }",
                        "- to: { uri: \"edit:out.edit.yaml\" }\n"
                                + " ".repeat(18)
                                + "- to: { uri: \"deliver:north/out\" }");
        write("north/out.edit.yaml", "- edit: { at: MSH-4, table: names.csv }\n");
        write("north/names.csv", "from,to\nNORTH,OLD\n");
        var old = kept("zone: UTC\n", edited);
        write("north/names.csv", "from,to\nNORTH,NEW\n");

        var partner = folders().kept("north", old.version()).orElseThrow();
        var staged = folders().run(arrival(partner, "north-results", "ORU^R01"));

        assertThat(staged)
                .isInstanceOfSatisfying(
                        Staged.Work.class,
                        work ->
                                assertThat(work.deliveries())
                                        .singleElement()
                                        .extracting(StagedDelivery::body)
                                        .asInstanceOf(InstanceOfAssertFactories.BYTE_ARRAY)
                                        .asString(StandardCharsets.UTF_8)
                                        .contains("|OLD|"));
    }

    @Test
    void aRouteThatTheVersionHasNotFails() throws IOException {
        var partner = folders().kept("north", kept("zone: UTC\n", RESULTS).version()).orElseThrow();

        assertThat(folders().run(arrival(partner, "north-orders", "ORU^R01")))
                .isInstanceOf(Staged.Failed.class);
    }

    @Test
    void whatWasNeverKeptOrCantBeReadIsNotThere() throws IOException {
        var broken = kept("zone: Mars/Olympus\n", RESULTS);

        assertThat(folders().kept("north", "0".repeat(64))).isEmpty();
        assertThat(folders().kept("north", broken.version())).isEmpty();
        assertThat(folders().kept("north", broken.version())).as("asked again").isEmpty();
        assertThat(folders().current("gone")).isEmpty();
    }

    /** Secrets and hosts stand outside; for reading again they are not needed. */
    @Test
    void aVariableThatIsNotSetHereKeepsNobodyFromReadingAgain() throws IOException {
        var old = kept("name: ${NORTH_NAME}\nzone: UTC\n", RESULTS);

        assertThat(folders().kept("north", old.version())).isPresent();
    }

    @Test
    void onlyWhatSaysHowMessagesAreReadIsKeptNoKeys() throws IOException {
        write("north/key.pem", "secret");
        write("north/notes.txt", "call Ann");
        write("north/codes.csv", "code,text,unit,loinc,ucum,from\n");
        var old = kept("zone: UTC\n", RESULTS);

        var found = versions.find("north", old.version()).orElseThrow();

        assertThat(found.contents()).containsOnlyKeys("codes.csv", "in.yaml", "partner.yaml");
        versions.keep(old);
        assertThat(
                        database.jdbc()
                                .sql("select count(*) from folder_version")
                                .query(Long.class)
                                .single())
                .as("kept once")
                .isEqualTo(1);
    }

    @Test
    void aFolderRunsOnlyOnceItIsKept() throws IOException {
        write("north/partner.yaml", "sender: any\nzone: UTC\n");
        write("north/in.yaml", RESULTS.replace("2575", "" + Sockets.freePort()));
        var away = new AtomicBoolean(true);
        var listeners = new Listeners(new Received());
        try (listeners;
                var loader =
                        new RouteFolders(
                                root,
                                new RouteFile.Environment(Map.of(), List.of()),
                                new CamelSteps(),
                                new RunningRoutes(),
                                listeners,
                                new OutboxRoutes(_ -> 0),
                                files -> {
                                    if (away.get()) throw new IllegalStateException("away");
                                    versions.keep(files);
                                })) {
            loader.load();
            assertThat(loader.partners()).isEmpty();
            assertThat(loader.faults()).singleElement().asString().contains("database");

            away.set(false);
            loader.refresh();

            assertThat(loader.faults()).isEmpty();
            assertThat(loader.partners()).hasSize(1);
            var version = loader.partners().getFirst().partner().version();
            assertThat(versions.find("north", version)).isPresent();
        }
    }

    private FolderFiles kept(String settings, String routes) throws IOException {
        write("north/partner.yaml", "sender: any\n" + settings);
        write("north/in.yaml", routes);
        var files = FolderFiles.read(root.resolve("north"), _ -> {}).orElseThrow();
        versions.keep(files);
        return files;
    }

    private void write(String file, String text) throws IOException {
        var path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private static Arrival arrival(Partner partner, String route, String type) {
        return new Arrival(
                partner,
                route,
                "127.0.0.1:1",
                Instant.EPOCH,
                RouteFileTests.bytes(Sockets.message("LIS", "NORTH", type)));
    }
}
