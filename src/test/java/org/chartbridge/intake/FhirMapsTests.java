package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Compares what the v2-to-FHIR maps say with our answers: the page {@code src/docs/v2-to-fhir.md}
 * is written from both, and what we call done is found in the FHIR of the messages that public
 * projects publish.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FhirMapsTests {
    private static final Path PAGE = Path.of("src/docs/v2-to-fhir.md");
    private static final Set<String> TYPES =
            Set.of(
                    "Account",
                    "AllergyIntolerance",
                    "Appointment",
                    "Condition",
                    "Coverage",
                    "DiagnosticReport",
                    "DocumentReference",
                    "Encounter",
                    "Immunization",
                    "MedicationRequest",
                    "Observation",
                    "Patient",
                    "Provenance",
                    "ServiceRequest");

    private static final Path CORPUS =
            Path.of(System.getenv().getOrDefault("CHARTBRIDGE_CORPUS", "../shared/corpus"));

    private FhirMaps maps;

    @BeforeAll
    void theMapsAreHere() throws Exception {
        assumeThat(CORPUS)
                .as("the corpus is not here; set CHARTBRIDGE_CORPUS to where it is")
                .isDirectory();
        maps = FhirMaps.read(CORPUS.resolve("v2-to-fhir-ig/mappings"));
    }

    @Test
    void everyAnswerIsAboutARowOfTheMaps() {
        assertThat(maps.answersAboutNothing())
                .as("answers in %s that no row of the maps is meant by", FhirMaps.ANSWERS)
                .isEmpty();
    }

    @Test
    void thePageSaysWhatTheMapsAndTheAnswersSay() throws Exception {
        if (Boolean.getBoolean("v2tofhir.write")) Files.writeString(PAGE, maps.page());

        assertThat(Files.readString(PAGE))
                .as("%s; write it anew with -Dv2tofhir.write=true", PAGE)
                .isEqualTo(maps.page());
    }

    /** An answer alone would be a promise. */
    @Test
    void whatIsDoneHasBeenGivenToSomebody() throws Exception {
        var given = new TreeMap<String, Set<String>>();
        try (var engine = new FhirEngine()) {
            for (var file : messages())
                for (var resource : engine.resources("sample", Files.readAllBytes(file), TYPES))
                    collectWithContained(resource, given);
        }
        if (Boolean.getBoolean("v2tofhir.print"))
            given.forEach(
                    (type, paths) -> paths.forEach(path -> System.out.println(type + "." + path)));

        assertSoftly(
                softly -> {
                    for (var row : maps.rows())
                        if (maps.answer(row).state() == FhirMaps.State.DONE)
                            softly.assertThat(isGiven(row, given))
                                    .as("%s is called done, and no resource has it", row)
                                    .isTrue();
                });
    }

    /** The corpus, and our own samples. */
    private static List<Path> messages() throws IOException {
        try (var corpus = Files.walk(CORPUS.resolve("messages"));
                var samples = Files.walk(Path.of("sample-messages"))) {
            return Stream.concat(corpus, samples.filter(file -> file.toString().endsWith(".hl7")))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
    }

    private static boolean isGiven(FhirMaps.Row row, Map<String, Set<String>> given) {
        var wanted = row.path();
        // A data type may stand in any element.
        if (row.ofType())
            return given.values().stream()
                    .flatMap(Set::stream)
                    .anyMatch(
                            path ->
                                    path.endsWith("." + wanted)
                                            || path.equals(wanted)
                                            || path.contains("." + wanted + ".")
                                            || wanted.equals("$this")
                                            || wanted.equals("$value"));
        return given.getOrDefault(row.resource(), Set.of()).stream()
                .anyMatch(path -> path.equals(wanted) || path.startsWith(wanted + "."));
    }

    /** What is contained is a resource of its own type. */
    private static void collectWithContained(JsonNode resource, Map<String, Set<String>> given) {
        collect(
                resource,
                "",
                given.computeIfAbsent(
                        resource.path("resourceType").asString(""), _ -> new TreeSet<>()));
        for (var contained : resource.path("contained")) collectWithContained(contained, given);
    }

    private static void collect(JsonNode node, String path, Set<String> into) {
        if (node.isArray()) for (var one : node) collect(one, path, into);
        else if (node.isObject())
            node.propertyStream()
                    .forEach(
                            field ->
                                    collect(
                                            field.getValue(),
                                            path.isEmpty()
                                                    ? element(field.getKey())
                                                    : path + "." + element(field.getKey()),
                                            into));
        else into.add(path);
    }

    /** Extensions of a primitive stand in a property of its name with an underscore. */
    private static String element(String property) {
        return property.startsWith("_") ? property.substring(1) : property;
    }
}
