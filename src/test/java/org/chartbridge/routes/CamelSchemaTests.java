package org.chartbridge.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.partner.Edit;
import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.FolderFiles;
import org.chartbridge.partner.Partner.Patients;
import org.chartbridge.partner.PartnerFile;
import org.chartbridge.partner.Yaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Route files open in Camel's own designers. */
class CamelSchemaTests {
    @TempDir Path routes = Path.of("set by JUnit");

    private final CamelSchema schema = new CamelSchema();

    @Test
    void theSamplesFollowCamelsSchema() throws IOException {
        try (var partners = Files.list(Path.of("routes"))) {
            for (var partner : partners.filter(Files::isDirectory).toList()) {
                followsTheSchema(partner);
            }
        }
    }

    @Test
    void aNewPartnersRouteFollowsCamelsSchema() throws IOException {
        NewFolder.write(
                routes,
                new NewFolder.Wanted("a", "LIS", null, "127.0.0.1", 2580, Patients.MATCH, "UTC"));

        followsTheSchema(routes.resolve("a"));
    }

    @Test
    void everyWordWeReadIsInCamelsSchema() {
        var text =
                """
                - route:
                    id: all-words
                    description: Every step of the list
                    from:
                      uri: mllp:127.0.0.1:2575
                      parameters: { types: ORU }
                      steps:
                        - choice:
                            when:
                              - expression: { simple: { expression: "${header.type} == 'ORU'" } }
                                steps: [ { to: { uri: chart } } ]
                            otherwise: { steps: [ { stop: {} } ] }
                        - filter:
                            expression: { constant: { expression: "true" } }
                            steps: [ { log: { message: passed, loggingLevel: DEBUG } } ]
                        - filter:
                            expression:
                              language: { language: hl7, expression: "OBR-4.1 == 'NA'" }
                            steps: [ { log: { message: passed } } ]
                        - split:
                            expression: { tokenize: { token: x } }
                            steps: [ { removeHeader: { name: a } } ]
                        - multicast: { steps: [ { removeProperty: { name: a } } ] }
                        - setProperty: { name: a, expression: { constant: { expression: b } } }
                        - setHeader: { name: a, expression: { constant: { expression: b } } }
                """;
        var yaml = read(RouteFileTests.bytes(text));

        assertThat(schema.faults(yaml)).isEmpty();
        assertThat(
                        RouteFile.read(
                                "a",
                                RouteFileTests.bytes(text),
                                "a",
                                new RouteFile.Environment(Map.of(), List.of()),
                                CamelSchemaTests::unexpected))
                .isPresent();
    }

    @Test
    void theSchemaIsReallyAsked() {
        assertThat(schema.faults(read(RouteFileTests.bytes("- route: { id: a, form: {} }"))))
                .containsExactly("[0].route: without from", "[0].route: unknown key form");
    }

    private void followsTheSchema(Path folder) throws IOException {
        for (var file : FolderFiles.list(folder)) {
            var name = file.toString();
            if (name.endsWith(PartnerFile.NAME) || !name.endsWith(".yaml")) continue;
            if (name.endsWith(Edit.SUFFIX)) continue;
            assertThat(schema.faults(read(Files.readAllBytes(file))))
                    .describedAs(file.toString())
                    .isEmpty();
        }
    }

    private static Yaml read(byte[] content) {
        return Yaml.read("test", content, CamelSchemaTests::unexpected).orElseThrow();
    }

    private static void unexpected(FileFault fault) {
        throw new AssertionError(fault.toString());
    }
}
