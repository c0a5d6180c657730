package org.chartbridge.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.chart.ObservationStatement;
import org.chartbridge.chart.Results;
import org.chartbridge.chart.Translation;
import org.chartbridge.hl7.Message;
import org.chartbridge.partner.CodesFile;
import org.chartbridge.partner.FolderFiles;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.Partner.UnknownCodes;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

class TranslationsTests {
    private static final String TABLE =
            """
            code,text,unit,loinc,ucum,from
            GLU,,mg/dl,2345-7,mg/dL,
            K,,,2823-3,mmol/L,
            TSH,,mIU/l,3016-3,m[IU]/L,
            TSH,,mIU/l,11579-0,m[IU]/L,2026-11-03
            """;

    @Test
    void aLocalCodeAndItsUnitAreTranslatedBesideWhatWasSent() {
        var value = Sent.map(message("OBX|1|NM|GLU^Glucose||102|mg/dl|70-99|H|||F"), lab());

        assertThat(only(value).test().code()).isEqualTo("GLU");
        assertThat(only(value).unit()).isEqualTo("mg/dl");
        assertThat(only(value).translation()).isEqualTo(new Translation("2345-7", "mg/dL", 2));
    }

    @Test
    void whatTheSenderSaysGoesBeforeTheTable() {
        assertThat(translated("OBX|1|NM|2823-3^Kalium^LN||4|meq/L^^UCUM|||||F"))
                .isEqualTo(new Translation("2823-3", "meq/L", Translation.AS_SENT));
        assertThat(translated("OBX|1|NM|K^Kalium^L^2823-3^Potassium^LN||4|mmol/l|||||F"))
                .isEqualTo(new Translation("2823-3", "mmol/L", 3));
    }

    /** What is LOINC and UCUM only by the word of its sender is looked up like any other code. */
    @Test
    void aWrongCheckDigitIsNoLoincAndAnInventedUnitNoUcum() {
        var wrong = "OBX|1|NM|2951-3^Sodium^LN||140|mEq/liter^^UCUM|||||F";

        assertThat(translated(wrong)).isEqualTo(new Translation("", "", Translation.MISSING));
        assertThat(Sent.remarks(Sent.around(wrong)))
                .containsExactlyInAnyOrder("OBX[1]-3 code-not-loinc", "OBX[1]-6 unit-not-ucum");
        assertThat(translated("OBX|1|NM|K^Kalium^LN||4|meq/L^^ucum|||||F"))
                .isEqualTo(new Translation("2823-3", "meq/L", 3));
        assertThat(Sent.remarks(Sent.around("OBX|1|NM|NA^Sodium^L^29512^Sodium^LN||4||||||F")))
                .containsExactly("OBX[1]-3 code-not-loinc");
    }

    @Test
    void loincIsLoincInSmallLettersToo() {
        var value = "OBX|1|NM|2951-2^Sodium^ln||140|mmol/L^^ucum|||||F";

        assertThat(translated(value))
                .isEqualTo(new Translation("2951-2", "mmol/L", Translation.AS_SENT));
        assertThat(Sent.remarks(Sent.around(value))).isEmpty();
    }

    @Test
    void theRowOfTheDayOfCollectionCounts() {
        assertThat(translated("OBX|1|NM|TSH^TSH||2|mIU/l|||||F|||20261102235959"))
                .isEqualTo(new Translation("3016-3", "m[IU]/L", 4));
        assertThat(translated("OBX|1|NM|TSH^TSH||2|mIU/l|||||F|||20261103"))
                .isEqualTo(new Translation("11579-0", "m[IU]/L", 5));
    }

    @Test
    void theDayIsThatAtThePartnerNotInGreenwich() {
        // The lab is in New York: 03:00 in Greenwich on the 3rd is still the 2nd there.
        assertThat(translated("OBX|1|NM|TSH^TSH||2|mIU/l|||||F|||20261103030000+0000"))
                .isEqualTo(new Translation("3016-3", "m[IU]/L", 4));
    }

    @Test
    void anUnknownCodeIsMissingOnlyWhereThePartnerFlagsThem() {
        var obx = "OBX|1|ST|ODD^Odd test||seen||||||F";

        assertThat(translated(obx)).isEqualTo(new Translation("", "", Translation.MISSING));
        assertThat(only(Sent.map(message(obx), lab(UnknownCodes.KEEP))).translation())
                .isEqualTo(new Translation("", "", Translation.AS_SENT));
        assertThat(only(Sent.map(message(obx), Sent.NORTHLAB)).translation())
                .isEqualTo(Translation.NONE);
    }

    @Test
    void resultsWaitForCodesWhereThePartnerHoldsThemUnlessOneIsCritical() {
        var obx = "OBX|1|ST|ODD^Odd test||seen||||||F";
        var critical = "\nOBX|2|NM|K^Potassium||7|mmol/L||HH|||F";

        var held = (Mapped.Update) Sent.map(message(obx), lab(UnknownCodes.HOLD));
        assertThat(((Results) held.update()).waitsForCodes()).isTrue();
        assertThat(held.remarks()).isEmpty();

        var urgent = (Mapped.Update) Sent.map(message(obx + critical), lab(UnknownCodes.HOLD));
        assertThat(((Results) urgent.update()).waitsForCodes()).isFalse();
        assertThat(urgent.remarks())
                .extracting(fault -> fault.location() + " " + fault.reason())
                .containsExactly("OBX[1]-3 code-not-known");

        var flagged = (Mapped.Update) Sent.map(message(obx), lab());
        assertThat(((Results) flagged.update()).waitsForCodes()).isFalse();
    }

    @Test
    void aUnitThatTheTableDoesNotKnowIsNoReasonToAskForTheCode() {
        assertThat(translated("OBX|1|NM|2951-2^Sodium^LN||140|meq/l|||||F"))
                .isEqualTo(new Translation("2951-2", "", Translation.AS_SENT));
    }

    @Test
    void ofAKnownCodeWithAnotherUnitNothingIsSaid() {
        assertThat(translated("OBX|1|NM|GLU^Glucose||5.7|mmol/l|||||F"))
                .isEqualTo(new Translation("", "", Translation.MISSING));
    }

    private static Translation translated(String obx) {
        return only(Sent.map(message(obx), lab())).translation();
    }

    private static ObservationStatement only(Mapped mapped) {
        var results = (Results) ((Mapped.Update) mapped).update();
        return results.reports().getFirst().observations().getFirst();
    }

    private static Message message(String obx) {
        return Sent.message(Sent.around(obx));
    }

    private static Partner lab() {
        return lab(UnknownCodes.FLAG);
    }

    private static Partner lab(UnknownCodes unknown) {
        var files =
                new FolderFiles(
                        "northlab",
                        new TreeMap<>(
                                Map.of(CodesFile.NAME, TABLE.getBytes(StandardCharsets.UTF_8))));
        var table =
                CodesFile.read(
                                files,
                                fault -> {
                                    throw new AssertionError(fault);
                                })
                        .orElseThrow();
        return Sent.partner(Partner.Patients.CREATE, new Partner.Codes(unknown, table));
    }
}
