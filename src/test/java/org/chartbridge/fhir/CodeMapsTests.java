package org.chartbridge.fhir;

import static org.assertj.core.api.Assumptions.assumeThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import org.hl7.fhir.r4.model.Address;
import org.hl7.fhir.r4.model.HumanName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Code tables of the v2-to-FHIR guide that have words of FHIR, letter by letter. */
class CodeMapsTests {
    private static final Path TABLES =
            Path.of(System.getenv().getOrDefault("CHARTBRIDGE_CORPUS", "../shared/corpus"))
                    .resolve("v2-to-fhir-ig/mappings/codesystems");

    @Test
    void aFlagIsCalledAsTheGuideCallsIt() throws IOException {
        compare(
                "InterpretationCodes",
                flag -> Interpretations.of(flag).getCodingFirstRep().getCode());
    }

    @Test
    void aPatientClassIsCalledAsTheGuideCallsIt() throws IOException {
        compare(
                "PatientClass[EncounterClass]",
                letter -> EncounterMapper.patientClass(letter).getCode());
    }

    @Test
    void theKindOfANameIsItsUse() throws IOException {
        compare(
                "NameType",
                letter -> {
                    var name = new HumanName();
                    FurtherPatient.use(name, letter);
                    return name.hasUse() ? name.getUse().toCode() : "";
                });
    }

    @Test
    void theKindOfAnAddressIsItsUseOrItsType() throws IOException {
        compare("AddressType[Use]", letter -> address(letter, true));
        compare("AddressType[Type]", letter -> address(letter, false));
    }

    private static String address(String letter, boolean use) {
        var address = new Address();
        FurtherPatient.use(address, letter);
        if (use) return address.hasUse() ? address.getUse().toCode() : "";
        return address.hasType() ? address.getType().toCode() : "";
    }

    /** Where the guide has no word, any of ours will do. */
    private static void compare(String table, UnaryOperator<String> ours) throws IOException {
        assumeThat(TABLES)
                .as("the corpus is not here; set CHARTBRIDGE_CORPUS to where it is")
                .isDirectory();
        var wanted = wanted(table);

        assertSoftly(
                softly -> {
                    softly.assertThat(wanted).as(table).isNotEmpty();
                    wanted.forEach(
                            (letter, word) ->
                                    softly.assertThat(ours.apply(letter))
                                            .as(table + " " + letter)
                                            .isEqualTo(word));
                });
    }

    /** Letters with their words in FHIR; these tables have no quoted cells before the seventh. */
    private static Map<String, String> wanted(String table) throws IOException {
        var words = new LinkedHashMap<String, String>();
        try (var files = Files.newDirectoryStream(TABLES)) {
            for (var file : files) {
                if (!file.toString().contains("__" + table + "_-_")) continue;
                for (var line : Files.readAllLines(file).stream().skip(2).toList()) {
                    // Some cells end in a blank that does not break.
                    var cells = line.replace('\u00a0', ' ').split(",", -1);
                    if (cells.length > 9 && !cells[0].isBlank() && !cells[6].isBlank())
                        words.put(cells[0].strip(), cells[6].strip());
                }
            }
        }
        return words;
    }
}
