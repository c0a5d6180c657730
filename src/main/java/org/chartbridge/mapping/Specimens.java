package org.chartbridge.mapping;

import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Line;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells specimens of quality control from those of patients: what a control or a calibrator says is
 * about the instrument and never belongs in a chart (HL7-RULES §3).
 */
final class Specimens {

    /** SPM-11, table 0369: blind, calibrator, electronic, proficiency, control, verifying. */
    private static final Set<String> QUALITY_CONTROL = Set.of("B", "C", "E", "F", "O", "Q", "V");

    /** The others of table 0369: group, pool, patient, replicate. */
    private static final Set<String> OF_PATIENTS = Set.of("G", "L", "P", "R");

    /** How laboratories say it in codes and words of their own ⚠. */
    private static final Pattern IN_WORDS =
            Pattern.compile("\\b(I?QC|CONTROLS?|CTRL|CALIBRAT\\w*|PROFICIENCY|BLIND)\\b");

    /** As SPM-11.6 where a code of the laboratory's own stands before that of the table. */
    private static final String ROLES = "HL70369";

    private static final String LEFT_OUT = "quality-control-left-out";

    private Specimens() {}

    /** The reports on patients; the others are remarked when there are any besides. */
    static List<Grouping.Report> ofPatients(List<Grouping.Report> reports, Reader reader) {
        var kept = reports.stream().filter(report -> !isQualityControl(report, reader)).toList();
        if (!kept.isEmpty() && kept.size() < reports.size()) {
            for (var report : reports) {
                if (!kept.contains(report)) leftOut(report, reader.findings);
            }
        }
        return kept;
    }

    /** Says of a report that is not charted beside others that are what becomes of it. */
    static void leftOut(Grouping.Report report, Findings findings) {
        int results = report.observations.size();
        findings.warn(
                report.line.location(),
                ErrorCode.SEGMENT_SEQUENCE,
                LEFT_OUT,
                "The specimen is one of quality control (SPM-11): "
                        + (results == 1 ? "its result is" : "its " + results + " results are")
                        + " neither charted nor sent on with the others.");
    }

    static boolean isQualityControl(Grouping.Report report, Reader reader) {
        int controls = 0;
        for (var specimen : report.specimens) {
            if (isControl(specimen, reader)) controls++;
        }
        if (controls > 0 && controls < report.specimens.size())
            reader.findings.error(
                    reader.place(report.specimens.getFirst(), 11, 1, 1),
                    ErrorCode.TABLE_VALUE,
                    "specimen-roles-mixed",
                    "One OBR has specimens of a patient and of quality control (SPM-11); send an"
                            + " OBR for each.");
        return controls > 0 && controls == report.specimens.size();
    }

    /** What an SPM says of its specimen. */
    static boolean isControl(Line specimen, Reader reader) {
        return isControl(reader.text(specimen, 11, 1), reader.text(specimen, 11, 2))
                || (reader.text(specimen, 11, 6).equals(ROLES)
                        && isControl(reader.text(specimen, 11, 4), ""));
    }

    private static boolean isControl(String role, String words) {
        var code = role.strip().toUpperCase(Locale.ROOT);
        if (QUALITY_CONTROL.contains(code)) return true;
        if (OF_PATIENTS.contains(code)) return false;
        return IN_WORDS.matcher(code).find()
                || IN_WORDS.matcher(words.toUpperCase(Locale.ROOT)).find();
    }
}
