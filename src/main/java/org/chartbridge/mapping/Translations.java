package org.chartbridge.mapping;

import org.chartbridge.chart.ClinicalTime;
import org.chartbridge.chart.Concept;
import org.chartbridge.chart.Translation;
import org.chartbridge.partner.Partner;

/**
 * Says what a test and its unit are in LOINC and UCUM: as the sender says, else by its {@code
 * codes.csv} of the day of the result. What was sent stays beside it, and no value is ever
 * converted.
 */
final class Translations {
    private static final String LOINC = "LN";
    private static final String UCUM = "UCUM";

    /** Table 0396 has it; many write the full name. */
    private static boolean isLoinc(Concept coding) {
        return coding.system().equals(LOINC) || coding.system().equalsIgnoreCase("LOINC");
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
        var ucum = unitSystem.equalsIgnoreCase(UCUM) ? unit : "";
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

    private static String loinc(Concept test) {
        if (isLoinc(test)) return test.code();
        var alternate = test.alternate();
        return alternate != null && isLoinc(alternate) ? alternate.code() : "";
    }
}
