package org.chartbridge.mapping;

import org.chartbridge.chart.ClinicalTime;
import org.chartbridge.chart.Concept;
import org.chartbridge.chart.Translation;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Line;
import org.chartbridge.partner.Loinc;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.Ucum;
import org.jspecify.annotations.Nullable;

/**
 * Says what a test and its unit are in LOINC and UCUM: as the sender says, else by its {@code
 * codes.csv} of the day of the result. What was sent stays beside it, and no value is ever
 * converted.
 */
final class Translations {
    private static final String LOINC = "LN";
    private static final String UCUM = "UCUM";

    /** Table 0396 has it; many write the full name. */
    private static boolean isCalledLoinc(Concept coding) {
        return coding.system().equalsIgnoreCase(LOINC) || coding.system().equalsIgnoreCase("LOINC");
    }

    /** A code of the sender's own, or a mistyped one, is no LOINC because its sender says so ⚠. */
    private static boolean isLoinc(Concept coding) {
        return isCalledLoinc(coding) && Loinc.isCode(coding.code());
    }

    private static boolean isWronglyCalled(@Nullable Concept coding) {
        return coding != null
                && isCalledLoinc(coding)
                && !coding.code().isEmpty()
                && !Loinc.isCode(coding.code());
    }

    private static boolean isUcum(String unit, String unitSystem) {
        return unitSystem.equalsIgnoreCase(UCUM) && Ucum.isUnit(unit);
    }

    private final Partner.Codes codes;
    private final Reader reader;

    Translations(Reader reader) {
        this.codes = reader.partner.codes();
        this.reader = reader;
    }

    Translation of(Concept test, String unit, String unitSystem, ClinicalTime observed) {
        var translation = translated(test, unit, unitSystem, observed);
        if (reader.recorder == null) return translation;
        var rule =
                switch (translation.row()) {
                    case Translation.AS_SENT -> Rule.CODE_SENT;
                    case Translation.MISSING -> Rule.CODE_MISSING;
                    default -> Rule.CODE_ROW;
                };
        int mark = reader.mark();
        // The time decides which of a code's rows holds, and nothing else.
        return rule == Rule.CODE_SENT
                ? reader.recorder.made(rule, mark, translation, test, unit, unitSystem)
                : reader.recorder.made(rule, mark, translation, test, unit, unitSystem, observed);
    }

    private Translation translated(
            Concept test, String unit, String unitSystem, ClinicalTime observed) {
        var loinc = loinc(test);
        var ucum = isUcum(unit, unitSystem) ? unit : "";
        boolean whole = !loinc.isEmpty() && (unit.isEmpty() || !ucum.isEmpty());
        if (whole || codes.isNothing()) return new Translation(loinc, ucum, Translation.AS_SENT);
        var found = codes.table().find(test.code(), test.text(), unit, reader.day(observed));
        if (found.isPresent()) {
            var row = found.get();
            return new Translation(
                    loinc.isEmpty() ? row.loinc() : loinc,
                    ucum.isEmpty() ? row.ucum() : ucum,
                    row.line());
        }
        boolean missing = loinc.isEmpty() && codes.unknown() != Partner.UnknownCodes.KEEP;
        return new Translation(loinc, ucum, missing ? Translation.MISSING : Translation.AS_SENT);
    }

    /**
     * Tells of what the sender calls LOINC or UCUM and is not.
     *
     * @param obx the first segment of the value
     */
    void remark(Line obx, Concept test, String unit, String unitSystem) {
        if (isWronglyCalled(test) || isWronglyCalled(test.alternate()))
            reader.findings.warn(
                    obx.location(3),
                    ErrorCode.TABLE_VALUE,
                    "code-not-loinc",
                    "OBX-3 calls a code LOINC (LN) whose form or check digit LOINC does not have;"
                            + " it was charted as a code of the sender's own.");
        if (!unit.isEmpty() && unitSystem.equalsIgnoreCase(UCUM) && !Ucum.isUnit(unit))
            reader.findings.warn(
                    obx.location(6),
                    ErrorCode.TABLE_VALUE,
                    "unit-not-ucum",
                    "OBX-6 calls a unit UCUM that UCUM does not have; it was charted as it was"
                            + " sent. UCUM writes mmol/L, 10*9/L or [IU]/L.");
    }

    private static String loinc(Concept test) {
        if (isLoinc(test)) return test.code();
        var alternate = test.alternate();
        return alternate != null && isLoinc(alternate) ? alternate.code() : "";
    }
}
