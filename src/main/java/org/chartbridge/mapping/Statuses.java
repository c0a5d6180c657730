package org.chartbridge.mapping;

import static org.chartbridge.chart.ObservationStatus.AMENDED;
import static org.chartbridge.chart.ObservationStatus.APPENDED;
import static org.chartbridge.chart.ObservationStatus.CANNOT_BE_OBTAINED;
import static org.chartbridge.chart.ObservationStatus.CORRECTED;
import static org.chartbridge.chart.ObservationStatus.DELETED;
import static org.chartbridge.chart.ObservationStatus.FINAL;
import static org.chartbridge.chart.ObservationStatus.FINAL_UNCHANGED;
import static org.chartbridge.chart.ObservationStatus.NOT_ASKED;
import static org.chartbridge.chart.ObservationStatus.NOT_VERIFIED;
import static org.chartbridge.chart.ObservationStatus.ORDER_DETAIL;
import static org.chartbridge.chart.ObservationStatus.PARTIAL;
import static org.chartbridge.chart.ObservationStatus.PRELIMINARY;
import static org.chartbridge.chart.ObservationStatus.SPECIMEN_IN_LAB;
import static org.chartbridge.chart.ObservationStatus.VERIFIED;
import static org.chartbridge.chart.ObservationStatus.WRONG_PATIENT;

import org.chartbridge.chart.ObservationStatement;
import org.chartbridge.chart.ObservationStatus;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Line;
import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Status of results: OBX-11 (table 0085), and OBR-25 (table 0123), which has other letters. */
final class Statuses {

    /**
     * Of several statuses in one value the first of these that occurs: what replaces, then the
     * least final.
     */
    private static final List<ObservationStatus> LEAST_FINAL_FIRST =
            List.of(
                    CORRECTED,
                    AMENDED,
                    SPECIMEN_IN_LAB,
                    NOT_VERIFIED,
                    PRELIMINARY,
                    PARTIAL,
                    APPENDED,
                    VERIFIED,
                    FINAL,
                    FINAL_UNCHANGED,
                    CANNOT_BE_OBTAINED,
                    WRONG_PATIENT,
                    DELETED,
                    ORDER_DETAIL,
                    NOT_ASKED);

    /** The name of the component of {@link org.chartbridge.chart.ObservationStatement}. */
    private static final String STATUS = "status";

    private Statuses() {}

    /** Tells where the status of a value comes from that these OBX make. */
    static void tell(ObservationStatement value, List<Line> obx, Reader reader) {
        if (reader.recorder != null)
            reader.recorder.merge(value, STATUS, Rule.STATUS_OF_SEVERAL, obx);
    }

    /** The status of one OBX; null for a letter that table 0085 does not have, which is a fault. */
    static @Nullable ObservationStatus of(Line obx, String reportStatus, Reader reader) {
        int mark = reader.mark();
        var letter = reader.text(obx, 11, 1).toUpperCase(Locale.ROOT);
        if (letter.isEmpty()) {
            var assumed = ofReport(obx, reportStatus, reader);
            if (reader.recorder != null)
                reader.recorder.told(
                        obx,
                        STATUS,
                        reportStatus.isEmpty() ? Rule.STATUS_ASSUMED : Rule.STATUS_OF_REPORT,
                        reader.since(mark),
                        reportStatus);
            return assumed;
        }
        reader.told(obx, STATUS, Rule.STATUS_SENT, reader.since(mark));
        var status = ObservationStatus.of(letter).orElse(null);
        if (status == null)
            reader.findings.error(
                    reader.place(obx, 11, 1, 1),
                    ErrorCode.TABLE_VALUE,
                    "result-status-unknown",
                    "OBX-11 must hold a status of table 0085, such as F, P or C.");
        return status;
    }

    private static ObservationStatus ofReport(Line obx, String reportStatus, Reader reader) {
        return switch (reportStatus.toUpperCase(Locale.ROOT)) {
            case "F" -> FINAL;
            // Corrected; corrected but not final, which replaces a final value too.
            case "C", "M" -> CORRECTED;
            case "R" -> NOT_VERIFIED;
            case "I" -> SPECIMEN_IN_LAB;
            // Preliminary; some available; scheduled; order received; results pending.
            case "P", "A", "S", "O", "N" -> PRELIMINARY;
            case "X" -> CANNOT_BE_OBTAINED;
            // No letters of table 0123, but nobody means a result by them.
            case "D" -> DELETED;
            case "W" -> WRONG_PATIENT;
            default -> {
                reader.findings.warn(
                        obx.location(11),
                        ErrorCode.REQUIRED_MISSING,
                        "result-status-assumed",
                        "Neither OBX-11 nor OBR-25 says how final this is; it is taken as final"
                                + " (F).");
                yield FINAL;
            }
        };
    }

    /**
     * Whether an OBX adds to the value it is a part of. A withdrawn line (D, W) leaves a text whose
     * other lines stay, and N and O are no results; all of them count only where there is nothing
     * else.
     */
    static boolean adds(ObservationStatus status) {
        return !status.isWithdrawal() && !status.isNoResult();
    }

    /**
     * The status of a value that several OBX make: as little final as its least final part, but a
     * correction where one is corrected.
     */
    static ObservationStatus ofValue(Collection<ObservationStatus> parts) {
        for (var status : LEAST_FINAL_FIRST) if (parts.contains(status)) return status;
        throw new IllegalArgumentException("a value without a part");
    }
}
