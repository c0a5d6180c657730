package org.chartbridge.chart;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import org.chartbridge.chart.PatientState.KnownReportVersion;
import org.chartbridge.chart.PatientState.KnownValue;
import org.chartbridge.chart.PatientState.ValueKey;
import org.chartbridge.chart.Timeline.Place;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** HL7-RULES §4: what a report does to values that it leaves out. */
class WholeReportTests {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Pattern VALUE = Pattern.compile("([IRPSFCADW])([A-Za-z]+)([0-9]*)=(\\w*)");

    /**
     * Messages are divided by {@code /}, the minute being their number; {@code !} begins one that
     * says all there is. {@code Forg1=ecoli} is a final value of the test {@code org}, OBX-4 1.
     * What is expected is what a clinician sees; {@code *} marks a correction.
     */
    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    # ⚠ isolates numbered anew
                    Forg1=ecoli / Forg2=ecoli                                        | org2=ecoli
                    Forg1=ecoli / Forg1=staph Forg2=ecoli                            | org1=staph* org2=ecoli
                    Forg1=ecoli Fcount1=many / Corg1=staph Corg2=ecoli               | org1=staph* org2=ecoli
                    Forg1=ecoli Fcount1=many / Corg1=staph Corg2=ecoli Ccount2=few   | count2=few org1=staph* org2=ecoli
                    Forg1=ecoli Forg2=staph / Forg1=staph Forg2=ecoli                | org1=staph* org2=ecoli*
                    Porg1=ecoli Porg2=staph Porg3=kleb / Forg1=ecoli Forg2=kleb      | org1=ecoli org2=kleb
                    Forg1=ecoli / Dorg1= Forg2=ecoli                                 | org2=ecoli
                    # what has no number is about no isolate
                    Fgram=rods Forg1=ecoli / Forg2=ecoli                             | gram=rods org2=ecoli
                    # ⚠ the old final, sent again, brings no old number back
                    Forg1=ecoli / Forg2=ecoli / Forg1=ecoli                          | org2=ecoli
                    Forg1=ecoli Fcount1=many / Forg2=ecoli / Fcount1=many            | org2=ecoli
                    Forg1=ecoli / Forg1=staph Forg2=ecoli / Forg1=ecoli              | org1=staph* org2=ecoli
                    # and the laboratory itself can
                    Forg1=ecoli / Forg2=ecoli / Corg1=ecoli                          | org1=ecoli*
                    # two isolates of one kind, another isolate, a corrected name
                    Forg1=ecoli Forg2=ecoli / Forg2=ecoli                            | org1=ecoli org2=ecoli
                    Forg1=ecoli / Forg1=ecoli Forg2=ecoli                            | org1=ecoli org2=ecoli
                    Forg1=ecoli / Forg2=staph                                        | org1=ecoli org2=staph
                    Forg1=ecoli / Corg1=staph                                        | org1=staph*
                    Porg1=rods / Forg1=ecoli                                         | org1=ecoli
                    # nothing grew, twice; and tests that name no isolate
                    Forg1=none / Forg2=none                                          | org1=none org2=none
                    Fcount1=many / Fcount2=many                                      | count1=many count2=many
                    Forg=ecoli / Forg1=ecoli                                         | org=ecoli org1=ecoli
                    # ⚠ nothing grew for two days, then something did
                    Porg=none / Forg1=ecoli                                          | org1=ecoli
                    Porg=none / Porg=none / Porg1=rods / Forg1=ecoli                 | org1=ecoli
                    Porg=none / Forg1=none                                           | org=none org1=none
                    Forg=none / Forg1=ecoli                                          | org=none org1=ecoli
                    Pgram=none / Forg1=ecoli                                         | gram=none org1=ecoli
                    Porg=none Forg1=ecoli                                            | org=none org1=ecoli
                    # a report that says all there is
                    !Porg1=rods Pgram=cocci / !Porg1=rods                            | org1=rods
                    !Pk=4 Pna=140 / !Fk=4                                            | k=4
                    !Fk=4 Pna=140 / !Fk=4                                            | k=4
                    !Fk=4 Fna=140 / !Fk=4                                            | k=4 na=140
                    !Pk=4 Pna=140 / !Fk=4 / !Fk=4 Fna=141                            | k=4 na=141
                    !Pk=4 Pna=140 / !Fk=4 / !Fk=4 Pna=140                            | k=4 na=140
                    Pk=4 Pna=140 / Fk=4                                              | k=4 na=140
                    !Fk=4 Fna=140 / !Fk=4 Dna=                                       | k=4
                    """)
    void whatAReportLeavesOutIsHistoryByRule(String told, String shown) {
        var seed = System.nanoTime();
        System.out.println("WholeReportTests seed " + seed);
        var random = new Random(seed);
        for (int i = 0; i < 20; i++)
            assertThat(shown(values(told, i == 0 ? null : random)))
                    .as("seed %d", seed)
                    .isEqualTo(shown);
    }

    @Test
    void aReportThatShouldSayAllTellsHowManyFinalValuesItLeavesOut() {
        var told = values("!Fk=4 Fna=140 Pcl=100 / !Fk=4", null);

        assertThat(WholeReport.arrange(told.versions(), told.values()).leftOut())
                .isEqualTo(Map.of(2L, 1));
    }

    @Test
    void anEntryThatNumbersIsolatesAnewIsNamed() {
        var told = values("Forg1=ecoli / Forg2=ecoli / Forg2=ecoli", null);

        assertThat(WholeReport.arrange(told.versions(), told.values()).relabelled())
                .containsExactly(2L);
    }

    @Test
    void whatIsSaidAtOneTimeLeavesEachOtherAlone() {
        var told = values("Forg1=ecoli @ Forg2=ecoli", null);

        assertThat(shown(told)).isEqualTo("org1=ecoli org2=ecoli");
    }

    @Test
    void reportsWhoseValuesDoNotDependOnEachOtherAreNotArrangedTogether() {
        assertThat(isNeeded("Forg1=ecoli")).isFalse();
        assertThat(isNeeded("Fk=4 / Fk=5")).isFalse();
        assertThat(isNeeded("Fk1=4 / Fk2=5")).isFalse();
        assertThat(isNeeded("Forg1=ecoli / Forg2=staph")).isTrue();
        assertThat(isNeeded("Fk=4 / !Fk=5")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "634-6, '', '', true",
        "ORG, Organism, '', true",
        "X, Bacteria identified, '', true",
        "X, '', 11475-1, true",
        "2951-2, Sodium, 2951-2, false",
        "X, Identification card, '', false",
    })
    void isolatesAreKnownByTheirTest(String code, String text, String loinc, boolean names) {
        assertThat(Isolates.names(code, text, loinc)).isEqualTo(names);
    }

    // ------------------------------------------------------------ how

    private record Told(
            List<KnownReportVersion> versions, Map<ValueKey, List<KnownValue>> values) {}

    private static boolean isNeeded(String told) {
        var values = values(told, null);
        return WholeReport.isNeeded(values.versions(), values.values());
    }

    private static String shown(Told told) {
        var arranged = WholeReport.arrange(told.versions(), told.values());
        var shown = new TreeMap<String, String>();
        told.values()
                .forEach(
                        (key, versions) -> {
                            var timeline = requireNonNull(arranged.timelines().get(key));
                            for (var version : versions) {
                                var place =
                                        requireNonNull(timeline.places().get(version.entry().id()));
                                if (place.standing() == Standing.CURRENT)
                                    shown.put(
                                            key.test() + key.subId(),
                                            version.shown().text()
                                                    + (place.corrected() ? "*" : ""));
                            }
                        });
        return String.join(
                " ", shown.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
    }

    /** As they arrive, or in an order of chance. */
    private static Told values(String told, @Nullable Random random) {
        var versions = new ArrayList<KnownReportVersion>();
        var statements = new ArrayList<Map.Entry<ValueKey, KnownValue>>();
        long entry = 0;
        int minute = 0;
        for (var message : told.split("(?=[/@])", -1)) {
            entry++;
            if (!message.startsWith("@")) minute++;
            var said = new Said(null, NOON.plusSeconds(60L * minute), "M" + entry);
            versions.add(
                    new KnownReportVersion(
                            (int) entry,
                            new ReportTimeline.Version(entry, entry, "F", entry, said),
                            NOWHERE,
                            message.contains("!")));
            var matcher = VALUE.matcher(message);
            while (matcher.find()) {
                var text = matcher.group(4);
                statements.add(
                        Map.entry(
                                new ValueKey(matcher.group(2), "L", matcher.group(3), ""),
                                new KnownValue(
                                        1,
                                        1,
                                        new Timeline.Version(
                                                statements.size() + 1,
                                                entry,
                                                ObservationStatus.of(matcher.group(1))
                                                        .orElseThrow(),
                                                Fold.valueKey(text, null, "", ""),
                                                false,
                                                text.hashCode(),
                                                said),
                                        NOWHERE,
                                        matcher.group(2).equals("org"),
                                        new KnownValue.Shown(
                                                "ST", text, null, "", false, "", "", "", false, "",
                                                false, 0))));
            }
        }
        if (random != null) Collections.shuffle(statements, random);
        var values = new LinkedHashMap<ValueKey, List<KnownValue>>();
        for (var statement : statements)
            values.computeIfAbsent(statement.getKey(), _ -> new ArrayList<>())
                    .add(statement.getValue());
        return new Told(versions, values);
    }

    private static final Place NOWHERE = new Place(Standing.NOT_SHOWN, false, 0);
}
