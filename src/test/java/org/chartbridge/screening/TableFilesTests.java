package org.chartbridge.screening;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.partner.FileFault;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a wrong table says of itself. */
class TableFilesTests {
    @TempDir Path routes;

    private final List<FileFault> faults = new ArrayList<>();

    @BeforeEach
    void goodTables() throws IOException {
        Files.createDirectory(routes.resolve("screening"));
        write(
                "classes.csv",
                "class,names,atc,rxnorm,snomed,within,source\nxs,x|exes,X01,,,high,me\n");
        write("ingredients.csv", "ingredient,names,rxnorm,atc,classes,source\nxa,xa,12,,xs,me\n");
        write("cross-reactions.csv", "allergy,drug,severity,text,source\n");
        write("interactions.csv", "one,other,severity,text,source\n");
    }

    @Test
    void goodTablesAreReadAndHaveAVersion() {
        assertThat(read()).map(Tables::version).hasValueSatisfying(v -> assertThat(v).hasSize(64));
        assertThat(faults).isEmpty();
    }

    @Test
    void whereThereIsNoFolderThereAreNoTables() {
        assertThat(TableFiles.read(routes.resolve("nowhere"), faults::add))
                .map(Tables::isEmpty)
                .hasValue(true);
        assertThat(faults).isEmpty();
    }

    @Test
    void anotherFileIsAnotherVersion() throws IOException {
        var before = read().map(Tables::version);

        write("interactions.csv", "one,other,severity,text,source\nxa,xs,low,both,me\n");

        assertThat(read().map(Tables::version)).isNotEqualTo(before);
    }

    @Test
    void everyFaultIsToldWithItsLineAndWhatWouldBeRight() throws IOException {
        write(
                "cross-reactions.csv",
                """
                allergy,drug,severity,text,source
                # a remark
                xas,xa,hihg,Both,me
                xa,xs,low,,me
                """);

        assertThat(read()).isEmpty();
        assertThat(told())
                .containsExactly(
                        "screening/cross-reactions.csv:3: \"xas\" is no class and no ingredient;"
                                + " did you mean \"xa\"?",
                        "screening/cross-reactions.csv:3: severity is \"hihg\"; write high,"
                                + " moderate or low",
                        "screening/cross-reactions.csv:4: no text; say what may happen");
    }

    @Test
    void aClassThatDoesNotExistAndCodesThatAreNoneAreTold() throws IOException {
        write(
                "ingredients.csv",
                """
                ingredient,names,rxnorm,atc,classes,source
                xa,xa,A12,J01,ys,me
                xb,,,,,me
                xb,b,,,,me
                xb,b,,,,me
                """);

        assertThat(read()).isEmpty();
        assertThat(told())
                .anyMatch(one -> one.contains(":2: the class \"ys\" is not in classes.csv"))
                .anyMatch(one -> one.contains(":2: \"A12\" is no RxNorm code"))
                .anyMatch(one -> one.contains(":2: \"J01\" is no ATC code"))
                .anyMatch(one -> one.contains(":3: no names, rxnorm or atc"))
                .anyMatch(one -> one.contains(":4: \"xb\" stands twice"));
    }

    @Test
    void aMissingFileAnUnknownFileAndAWrongHeaderAreTold() throws IOException {
        Files.delete(routes.resolve("screening/interactions.csv"));
        write("interaction.csv", "");
        write("classes.csv", "class,name,atc,rxnorm,snomed,within,source\n");

        assertThat(read()).isEmpty();
        assertThat(told())
                .anyMatch(one -> one.contains("interactions.csv: the file is missing"))
                .anyMatch(one -> one.contains("did you mean \"interactions.csv\"?"))
                .anyMatch(one -> one.contains("unknown column \"name\"; did you mean \"names\"?"));
    }

    @Test
    void anOpenQuoteBytesOfAnotherCharacterSetAndAMissingValueAreTold() throws IOException {
        write("interactions.csv", "one,other,severity,text,source\nxa,xs,low,\"never ends,me\n");
        Files.write(
                routes.resolve("screening/cross-reactions.csv"),
                "allergy,drug\n\u00e9".getBytes(StandardCharsets.ISO_8859_1));
        write("ingredients.csv", "ingredient,names,rxnorm,atc,classes,source\nxa,xa,12\n");

        assertThat(read()).isEmpty();
        assertThat(told())
                .anyMatch(one -> one.contains("a quoted value does not end"))
                .anyMatch(one -> one.contains("cross-reactions.csv: the file is not UTF-8"))
                .anyMatch(one -> one.contains("ingredients.csv:2: 3 values in 6 columns"));
    }

    private Optional<Tables> read() {
        return TableFiles.read(routes, faults::add);
    }

    private List<String> told() {
        return faults.stream().map(FileFault::toString).toList();
    }

    private void write(String file, String content) throws IOException {
        Files.writeString(routes.resolve("screening").resolve(file), content);
    }
}
