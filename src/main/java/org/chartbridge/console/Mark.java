package org.chartbridge.console;

import org.chartbridge.chart.IsolateDoubt;
import org.chartbridge.chart.LeftOutDoubt;
import org.chartbridge.chart.ObservationStatus;
import org.chartbridge.chart.OutdatedDocument;
import org.chartbridge.chart.TakenBackDoubt;
import org.chartbridge.chart.ValueDoubt;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One remark of a laboratory about a value: always a word and an icon, the colour is the third.
 *
 * @param kind names the colour: {@code critical}, {@code high}, {@code low}, {@code odd}, {@code
 *     changed}, {@code early}, {@code plain}
 * @param icon symbol in {@code assets/icons.svg}
 */
public record Mark(String kind, String icon, String word) {

    /** ⚠ Of a value whose isolate is another one by now. */
    private static final Mark OF_CORRECTED_ISOLATE =
            new Mark("changed", "warning", "Not valid: isolate corrected");

    /** ⚠ Of a value whose report was taken back as a whole. */
    private static final Mark OF_REPORT_TAKEN_BACK =
            new Mark("changed", "warning", "Report taken back: ask the laboratory");

    /** ⚠ Of a line that the text has no more since it was sent again. */
    private static final Mark OF_LINE_LEFT_OUT =
            new Mark("changed", "warning", "Left out since: ask the laboratory");

    /** ⚠ Of a document that does not hold what was corrected. */
    private static final Mark OF_OLD_DOCUMENT =
            new Mark("changed", "warning", "Made before the correction");

    /** Why it is not valid as it stands, before its flags. */
    static Mark of(ValueDoubt doubt) {
        return switch (doubt) {
            case IsolateDoubt _ -> OF_CORRECTED_ISOLATE;
            case LeftOutDoubt _ -> OF_LINE_LEFT_OUT;
            case TakenBackDoubt _ -> OF_REPORT_TAKEN_BACK;
            case OutdatedDocument _ -> OF_OLD_DOCUMENT;
        };
    }

    /** OBX-8, repetitions joined by {@code ~}; HL7 table 0078. Nothing sent is nothing said. */
    static List<Mark> ofFlags(String flags) {
        var marks = new ArrayList<Mark>();
        for (var flag : flags.split("~", -1)) if (!flag.isBlank()) marks.add(ofFlag(flag.strip()));
        return marks;
    }

    /**
     * A code that the table does not hold is a lab's own: shown as sent, and as abnormal. HU and LU
     * have not reached the critical value by the table's own words; critical is what {@link
     * org.chartbridge.chart.Results#hasCritical(String)} says, here as everywhere.
     */
    private static Mark ofFlag(String flag) {
        return switch (flag.toUpperCase(Locale.ROOT)) {
            case "N" -> new Mark("plain", "charted", "Normal");
            case "H" -> new Mark("high", "high", "High");
            case "L" -> new Mark("low", "low", "Low");
            case "HU" -> new Mark("high", "high", "Significantly high");
            case "LU" -> new Mark("low", "low", "Significantly low");
            case "HH" -> new Mark("critical", "critical", "Critical high");
            case "LL" -> new Mark("critical", "critical", "Critical low");
            case "AA" -> new Mark("critical", "critical", "Critical");
            case "A" -> new Mark("odd", "abnormal", "Abnormal");
            case ">" -> new Mark("high", "high", "Above measuring range");
            case "<" -> new Mark("low", "low", "Below measuring range");
            case "POS" -> new Mark("odd", "abnormal", "Positive");
            case "NEG" -> new Mark("plain", "charted", "Negative");
            case "DET" -> new Mark("odd", "abnormal", "Detected");
            case "ND" -> new Mark("plain", "charted", "Not detected");
            case "S" -> new Mark("plain", "charted", "Susceptible");
            case "I" -> new Mark("odd", "abnormal", "Intermediate");
            case "R" -> new Mark("odd", "abnormal", "Resistant");
            case "U" -> new Mark("plain", "high", "Significantly up");
            case "D" -> new Mark("plain", "low", "Significantly down");
            default -> new Mark("odd", "abnormal", "Flag " + flag);
        };
    }

    /**
     * OBX-11, HL7 table 0085, as a remark; a plain final value needs none.
     *
     * @param corrected it changed a value that had been final, whatever its status says
     */
    static List<Mark> ofStatus(ObservationStatus status, boolean corrected, boolean notPerformed) {
        var marks = new ArrayList<Mark>();
        if (corrected || status == ObservationStatus.CORRECTED)
            marks.add(new Mark("changed", "corrected", "Corrected"));
        if (notPerformed) marks.add(new Mark("odd", "not-performed", "Not performed"));
        switch (status) {
            case PRELIMINARY -> marks.add(new Mark("early", "preliminary", "Preliminary"));
            case PARTIAL -> marks.add(new Mark("early", "preliminary", "Partial"));
            case NOT_VERIFIED -> marks.add(new Mark("early", "preliminary", "Not verified"));
            case SPECIMEN_IN_LAB -> marks.add(new Mark("early", "preliminary", "Specimen in lab"));
            case AMENDED -> marks.add(new Mark("changed", "corrected", "Amended"));
            case APPENDED -> marks.add(new Mark("changed", "note", "Appended"));
            case DELETED -> marks.add(new Mark("odd", "refused", "Deleted"));
            case WRONG_PATIENT -> marks.add(new Mark("odd", "refused", "Wrong patient"));
            case NOT_ASKED, ORDER_DETAIL -> marks.add(new Mark("plain", "ignored", "Not a result"));
            case FINAL, CORRECTED, VERIFIED, FINAL_UNCHANGED, CANNOT_BE_OBTAINED -> {}
        }
        return marks;
    }

    /** Whether a clinician must not miss it. */
    public boolean isCritical() {
        return kind.equals("critical");
    }
}
