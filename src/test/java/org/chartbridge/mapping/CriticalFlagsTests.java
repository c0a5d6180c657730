package org.chartbridge.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.chart.Results;
import org.chartbridge.partner.FolderFiles;
import org.chartbridge.partner.PartnerFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** HL7-RULES §4: critical are LL, HH and AA, and a partner's own ({@code C}, {@code *}, PH). */
class CriticalFlagsTests {

    @ParameterizedTest
    @CsvSource({
        "C, C~AA",
        "ph, ph~AA",
        "*, *~AA",
        "H~C, H~C~AA",
        "C~HH, C~HH",
        "LL, LL",
        "AA, AA",
        "hh, HH",
        "h~aa, H~AA",
        "Ll, LL",
        "PANIC^Panic high^L^HH^Critical high^HL70078, PANIC~HH",
        "A^Abnormal^L^hh^Critical high^HL70078, A~HH",
        "HH^Critical high^HL70078^PANIC^Panic high^L, HH",
        "^^^LL^Critical low^HL70078, LL",
    })
    void aCriticalValueIsKnownBesideTheFlagThatWasSent(String sent, String charted) {
        var results = byLab("[c, PH, '*']", "7.1||" + sent);

        assertThat(flags(results)).isEqualTo(charted);
        assertThat(results.hasCritical()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "H", "A", "CC", "C H", "N~H", "~"})
    void anotherFlagStaysWhatItIs(String sent) {
        var results = byLab("C", "5.1||" + sent);

        assertThat(flags(results)).isEqualTo(sent.equals("~") ? "" : sent);
        assertThat(results.hasCritical()).isFalse();
    }

    /** §4: an aged collection is no alert, and neither is a value without a critical flag. */
    @ParameterizedTest
    @CsvSource({
        "20261103070000, HH, true",
        "20261004090000, HH, true",
        "20261004085959, HH, false",
        "20261103070000, H, false",
        "'', HH, true"
    })
    void whatWasCollectedLongBeforeItWasSentIsNotUrgent(
            String collected, String flag, boolean urgent) {
        var text =
                Sent.around("OBX|1|NM|K^K^L||7.1|mmol/L||" + flag + "|||F")
                        .replace("|||20261103070000|", "|||" + collected + "|");
        if (!(Sent.map(text) instanceof Mapped.Update(Results results, _)))
            throw new AssertionError("not charted");

        assertThat(results.isUrgent()).isEqualTo(urgent);
    }

    @Test
    void theFlagsOfOnePartnerMeanNothingForAnother() {
        assertThat(Sent.value("OBX|1|NM|K^K^L||7.1|mmol/L||C|||F").flags()).isEqualTo("C");
    }

    private static String flags(Results results) {
        return results.reports().getFirst().observations().getFirst().flags();
    }

    /**
     * @param sent OBX-5 and OBX-8, with an empty range between them
     */
    private static Results byLab(String flags, String sent) {
        var files = new TreeMap<String, byte[]>();
        files.put(
                "partner.yaml",
                ("sender: any\nzone: America/New_York\npatients: create\ncritical-flags: "
                                + flags
                                + "\n")
                        .getBytes(StandardCharsets.UTF_8));
        var lab =
                PartnerFile.read(
                                new FolderFiles("northlab", files),
                                Map.of(),
                                fault -> {
                                    throw new AssertionError(fault.toString());
                                })
                        .orElseThrow();
        var obx = "OBX|1|NM|K^K^L||" + sent.replace("||", "|mmol/L||") + "|||F";
        var mapped = Sent.map(Sent.message(Sent.around(obx)), lab);
        if (!(mapped instanceof Mapped.Update(Results results, _)))
            throw new AssertionError(mapped.toString());
        return results;
    }
}
