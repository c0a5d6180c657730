package org.chartbridge.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.chart.Results;
import org.chartbridge.hl7.Fault;
import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.Message;
import org.chartbridge.partner.Edit;
import org.chartbridge.partner.FolderFiles;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.PartnerFile;
import org.junit.jupiter.api.Test;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Repairs before mapping: what they change, and that every value leads back to the bytes. */
class RepairsTests {
    private static final String TEXT =
            """
            MSH|^~\\&|LIS|NORTHLAB|EMR|CLINIC|20261122080000||ORU^R01|C1|P|2.5.1
            PID|1|0042^^^CLINIC^MR|||DOE^Jane||19710203|F
            OBR|1||A-1|K^Potassium^L|||20261122074500|||||||||||||||||||F
            OBX|1|NM|K^Potassium^L||4.1|mg%~x|||||F
            OBX|2|NM|NA^Sodium^L||140|mmol/L|||||F
            """;

    // ------------------------------------------------------------ what is done

    @Test
    void aTableReplacesWholeValuesInEverySegment() {
        var repaired =
                repaired("- repair: { at: OBX-6, table: { \"mg%\": mg/dL, mmol/L: meq/L } }");

        assertThat(repaired.value("OBX[1]-6")).isEqualTo("mg/dL");
        assertThat(repaired.value("OBX[1]-6[2]")).isEqualTo("x");
        assertThat(repaired.value("OBX[2]-6")).isEqualTo("meq/L");
        assertThat(repaired.value("OBX[2]-11")).isEqualTo("F");
    }

    @Test
    void aPatternReplacesWhatItFinds() {
        assertThat(repaired("- repair: { at: PID-2.1, pattern: '^0+', with: '' }").value("PID-2"))
                .isEqualTo("42^^^CLINIC^MR");
        assertThat(
                        repaired("- repair: { at: PID-5.1, pattern: '(D)(OE)', with: '$2$1' }")
                                .value("PID-5"))
                .isEqualTo("OED^Jane");
    }

    @Test
    void setDefaultAndDeleteReachPlacesThatWereNotSent() {
        assertThat(repaired("- repair: { at: PID-11.3, set: Springfield }").text(line("PID")))
                .endsWith("|F|||^^Springfield");
        assertThat(repaired("- repair: { at: PID-5.3, default: Q }").value("PID-5"))
                .isEqualTo("DOE^Jane^Q");
        assertThat(repaired("- repair: { at: PID-5.1.2, default: van }").value("PID-5"))
                .isEqualTo("DOE&van^Jane");
        assertThat(repaired("- repair: { at: PID-5.1, default: X }").value("PID-5"))
                .isEqualTo("DOE^Jane");
        assertThat(repaired("- repair: { at: PID-8, delete: yes }").value("PID-8")).isEmpty();
    }

    @Test
    void whatIsMovedKeepsItsPartsAndNeverOverwrites() {
        var repaired = repaired("- repair: { at: PID-2, move: PID-3 }");
        assertThat(repaired.value("PID-3")).isEqualTo("0042^^^CLINIC^MR");
        assertThat(repaired.value("PID-2")).isEmpty();

        var kept = repair(TEXT, "- repair: { at: PID-2, move: PID-5 }");
        assertThat(kept.message().value("PID-5")).isEqualTo("DOE^Jane");
        assertThat(reasons(kept.remarks())).containsExactly("PID[1]-2 repair-not-applied");
    }

    @Test
    void conditionsAndTypesDecide() {
        assertThat(repaired("- repair: { at: OBX-6, set: u, when: { field: OBX-3.1, is: NA } }"))
                .satisfies(
                        message -> {
                            assertThat(message.value("OBX[1]-6")).isEqualTo("mg%");
                            assertThat(message.value("OBX[2]-6")).isEqualTo("u");
                        });
        assertThat(
                        repaired(
                                        "- repair: { at: OBX-6, set: u, when: { field: MSH-4,"
                                                + " matches: '^S' } }")
                                .value("OBX[2]-6"))
                .isEqualTo("mmol/L");
        assertThat(
                        repaired(
                                        "- repair: { at: OBX-8, set: N, when: { field: PID-3,"
                                                + " empty: yes } }")
                                .value("OBX-8"))
                .isEqualTo("N");
        assertThat(repaired("- repair: { types: ADT, at: OBX-6, set: u }").value("OBX-6"))
                .isEqualTo("mg%");
        assertThat(repaired("- repair: { types: ORU^R01, at: OBX-6, set: u }").value("OBX-6"))
                .isEqualTo("u");
    }

    @Test
    void eachRepairSeesWhatThoseBeforeItDid() {
        assertThat(
                        repaired(
                                        """
                                        - repair: { at: PID-2, move: PID-3 }
                                        - repair: { at: PID-3.1, pattern: '^0+', with: '' }
                                        - repair: { at: PID-3.4, table: { CLINIC: WEST } }
                                        """)
                                .value("PID-3"))
                .isEqualTo("42^^^WEST^MR");
    }

    @Test
    void delimitersInATextAreEscaped() {
        var repaired = repaired("- repair: { at: PID-5.1, set: 'A^B|C' }");

        assertThat(repaired.value("PID-5.1")).isEqualTo("A^B|C");
        assertThat(repaired.value("PID-5.2")).isEqualTo("Jane");
    }

    // ------------------------------------------------------------ what is left as it is

    @Test
    void withoutRepairsTheMessageIsTheSameObject() {
        var message = Sent.message(TEXT);

        assertThat(Repairs.of(message, Sent.NORTHLAB).message()).isSameAs(message);
        assertThat(repair(TEXT, "- repair: { at: ZZZ-1, set: x }").remarks()).isEmpty();
    }

    @Test
    void theBytesStayAsTheyCameAndRemarksHoldNoContent() {
        var message = Sent.message(TEXT);
        var before = message.raw().clone();

        var repaired = Repairs.of(message, partner("- repair: { at: PID-5.1, set: SECRET }"));

        assertThat(message.raw()).isEqualTo(before);
        assertThat(message.value("PID-5.1")).isEqualTo("DOE");
        assertThat(repaired.message().raw()).isSameAs(message.raw());
        assertThat(repaired.remarks())
                .singleElement()
                .satisfies(
                        fault -> {
                            assertThat(fault.location()).hasToString("PID[1]-5.1");
                            assertThat(fault.reason()).isEqualTo("repaired");
                            assertThat(fault.text())
                                    .contains("northlab/repairs.edit.yaml:1")
                                    .doesNotContain("SECRET")
                                    .doesNotContain("DOE");
                        });
    }

    /** Where a value comes from says that it is not as it was sent, and whose rule that is. */
    @Test
    void anExplanationNamesTheRepairOfEachAttributeAndOfNoOther() {
        var partner =
                partner(
                        """
                        - repair: { id: units, at: OBX-6.1, table: { "mg%": mg/dL } }
                        - repair: { at: PID-2, move: PID-3 }
                        """);
        try (var mappings =
                new org.springframework.context.annotation.AnnotationConfigApplicationContext(
                        "org.chartbridge.mapping")) {
            var facts = mappings.getBean(Explainer.class).explain(Sent.message(TEXT), partner);

            assertThat(repairs(facts, "OBX[1]", "unit"))
                    .containsExactly("northlab/repairs.edit.yaml:1 (units)");
            assertThat(repairs(facts, "OBX[1]", "value.text")).isEmpty();
            assertThat(repairs(facts, "OBX[2]", "unit")).isEmpty();
            assertThat(facts)
                    .filteredOn(fact -> fact.path().startsWith("PID"))
                    .flatExtracting(Explained::attributes)
                    .flatExtracting(Explained.Attribute::repairs)
                    .contains("northlab/repairs.edit.yaml:2");
        }
    }

    private static List<String> repairs(List<Explained> facts, String path, String name) {
        return facts.stream()
                .filter(fact -> fact.path().equals(path))
                .flatMap(fact -> fact.attributes().stream())
                .filter(one -> one.name().equals(name))
                .flatMap(one -> one.repairs().stream())
                .toList();
    }

    @Test
    void aLetterThatTheCharacterSetLacksIsNotWritten() {
        var text = TEXT.replace("|2.5.1", "|2.5.1||||||8859/1");

        var repaired = repair(text, "- repair: { at: PID-5.1, set: WAŁĘSA }");

        assertThat(repaired.message().value("PID-5.1")).isEqualTo("DOE");
        assertThat(reasons(repaired.remarks())).containsExactly("PID[1]-5.1 repair-not-applied");
    }

    @Test
    void aPatternThatTriesEverythingIsGivenUp() {
        var text = TEXT.replace("DOE^Jane", "a".repeat(60) + "!^Jane");

        var repaired = repair(text, "- repair: { at: PID-5.1, pattern: '(.*a){11}b', with: x }");

        assertThat(repaired.message().value("PID-5.2")).isEqualTo("Jane");
        assertThat(reasons(repaired.remarks())).containsExactly("PID[1]-5.1 repair-not-applied");
    }

    @Test
    void aPatternThatGoesTooDeepIsGivenUpOrEnds() {
        var text = TEXT.replace("DOE^", "ab".repeat(Edit.MAX_VALUE_CHARACTERS / 2) + "^");

        var repaired = repair(text, "- repair: { at: PID-5.1, pattern: '(a|b)*c', with: x }");

        assertThat(repaired.message().value("PID-5.2")).isEqualTo("Jane");
    }

    @Test
    void aValueTooLongForAPatternStaysAsItIs() {
        var text = TEXT.replace("DOE^", "a".repeat(Edit.MAX_VALUE_CHARACTERS + 1) + "^");

        assertThat(
                        reasons(
                                repair(text, "- repair: { at: PID-5.1, pattern: a, with: b }")
                                        .remarks()))
                .containsExactly("PID[1]-5.1 repair-not-applied");
    }

    @Test
    void manyRepairsAreCounted() {
        var many = new StringBuilder(TEXT);
        for (int i = 3; i < 100; i++) many.append("OBX|").append(i).append("|NM|K||1||||||F\n");

        var remarks = repair(many.toString(), "- repair: { at: OBX-8, set: N }").remarks();

        assertThat(remarks).hasSize(Repairs.MAX_REMARKS + 1);
        assertThat(remarks.getLast().text()).contains("49 further");
    }

    // ------------------------------------------------------------ where it leads back to

    @Test
    void everyValueLeadsBackToTheBytesAsTheyCame() {
        var repaired =
                repaired(
                        """
                        - repair: { at: OBX-6, table: { "mg%": milligrams-per-decilitre } }
                        - repair: { at: PID-5.1, set: R }
                        - repair: { at: PID-5.3, set: Q }
                        """);
        var raw = repaired.raw();

        assertThat(spans(repaired, raw, "OBX[1]-6")).isEqualTo("mg%");
        assertThat(spans(repaired, raw, "PID-5.1")).isEqualTo("DOE");
        assertThat(spans(repaired, raw, "PID-5.2")).isEqualTo("Jane");
        assertThat(spans(repaired, raw, "PID-5.3")).isEmpty();
        assertThat(spans(repaired, raw, "PID-7")).isEqualTo("19710203");
        assertThat(spans(repaired, raw, "OBX[1]-6[2]")).isEqualTo("x");
        assertThat(spans(repaired, raw, "OBX[2]-5")).isEqualTo("140");
        assertThat(spans(repaired, raw, "OBX[2]-11")).isEqualTo("F");
    }

    @Test
    void whatStandsBehindSomethingDeletedOrMovedLeadsBackToItself() {
        var original = Sent.message(TEXT);
        var repaired =
                repaired(
                        """
                        - repair: { at: PID-5.1, delete: yes }
                        - repair: { at: PID-2, move: PID-3 }
                        - repair: { at: OBX-6, delete: yes }
                        """);
        var raw = repaired.raw();

        for (var path : List.of("PID-5.2", "PID-7", "PID-8", "OBX[1]-5", "OBX[1]-11", "OBX[2]-3.2"))
            assertThat(spans(repaired, raw, path))
                    .as(path)
                    .isNotEmpty()
                    .isEqualTo(spans(original, raw, path));
        assertThat(spans(repaired, raw, "PID-5.1")).isEmpty();
    }

    @Test
    void spansLeadBackThroughTheNormaliserToo() {
        var text = TEXT.replace("Jane", "Ja\nne").replace("|4.1|", "|4\n.1|").replace("\n", "\r\n");
        var raw = text.getBytes(StandardCharsets.UTF_8);
        var message = Sent.message(raw);
        var repaired =
                Repairs.of(message, partner("- repair: { at: PID-5.1, set: LONGER-NAME }"))
                        .message();

        for (var path : List.of("PID-5.2", "OBX[1]-5", "PID-7", "OBX[2]-6", "OBX[2]-11"))
            assertThat(spans(repaired, raw, path)).as(path).isEqualTo(spans(message, raw, path));
        assertThat(spans(repaired, raw, "PID-5.1")).isEqualTo("DOE");
    }

    @Test
    void theChartIsMadeOfWhatWasRepairedAndTheExplanationShowsTheBytes() {
        var partner =
                partner(
                        """
                        - repair: { at: PID-2, move: PID-3 }
                        - repair: { at: OBX-6, table: { "mg%": mg/dL } }
                        """);

        var mapped = (Mapped.Update) Sent.map(Sent.message(TEXT), partner);

        var results = (Results) mapped.update();
        assertThat(results.patient().key().value()).isEqualTo("0042");
        assertThat(results.reports().getFirst().observations().getFirst().unit())
                .isEqualTo("mg/dL");
        assertThat(reasons(mapped.remarks())).contains("PID[1]-2 repaired", "OBX[1]-6 repaired");

        var explained =
                new Explainer(new Mappings(List.of(new ResultsFamily())))
                        .explain(Sent.message(TEXT), partner);
        assertThat(explained)
                .flatExtracting(Explained::attributes)
                .filteredOn(attribute -> attribute.name().equals("unit"))
                .anySatisfy(
                        attribute ->
                                assertThat(
                                                attribute.places().stream()
                                                        .flatMap(place -> place.spans().stream())
                                                        .map(
                                                                span ->
                                                                        new String(
                                                                                Sent.message(TEXT)
                                                                                        .raw(),
                                                                                span.start(),
                                                                                span.end()
                                                                                        - span
                                                                                                .start(),
                                                                                StandardCharsets
                                                                                        .UTF_8)))
                                        .contains("mg%"));
    }

    // ------------------------------------------------------------ helpers

    private static String spans(Message message, byte[] raw, String path) {
        var text = new StringBuilder();
        Charset utf8 = StandardCharsets.UTF_8;
        for (var span : message.spans(Location.parse(path)))
            text.append(new String(raw, span.start(), span.end() - span.start(), utf8));
        return text.toString();
    }

    private static org.chartbridge.hl7.Line line(String segment) {
        return Sent.message(TEXT).lines(segment).getFirst();
    }

    private static List<String> reasons(List<Fault> faults) {
        return faults.stream().map(fault -> fault.location() + " " + fault.reason()).toList();
    }

    private static Message repaired(String repairs) {
        return repair(TEXT, repairs).message();
    }

    private static Repairs.Repaired repair(String text, String repairs) {
        return Repairs.of(Sent.message(text), partner(repairs));
    }

    private static Partner partner(String repairs) {
        var files =
                new TreeMap<>(
                        Map.of(
                                "partner.yaml",
                                "sender: any\nzone: UTC\npatients: create\n"
                                        .getBytes(StandardCharsets.UTF_8),
                                "repairs.edit.yaml",
                                repairs.getBytes(StandardCharsets.UTF_8)));
        return PartnerFile.read(
                        new FolderFiles("northlab", files),
                        Map.of(),
                        fault -> {
                            throw new AssertionError(fault);
                        })
                .orElseThrow();
    }
}
