package org.chartbridge.chart;

import java.util.Optional;

/** OBX-11, observation result status, HL7 table 0085. The names say what the laboratory means. */
public enum ObservationStatus {
    SPECIMEN_IN_LAB('I'),
    NOT_VERIFIED('R'),
    PRELIMINARY('P'),
    PARTIAL('S'),
    FINAL('F'),
    CORRECTED('C'),
    AMENDED('A'),
    APPENDED('B'),
    VERIFIED('V'),
    /** Final without the value being sent again. */
    FINAL_UNCHANGED('U'),
    CANNOT_BE_OBTAINED('X'),
    NOT_ASKED('N'),
    ORDER_DETAIL('O'),
    DELETED('D'),
    WRONG_PATIENT('W');

    private final char letter;

    ObservationStatus(char letter) {
        this.letter = letter;
    }

    /** As HL7 and the database write it. */
    public String letter() {
        return String.valueOf(letter);
    }

    /** The status of a letter of table 0085; empty for any other text. */
    public static Optional<ObservationStatus> of(String letter) {
        if (letter.length() == 1) {
            for (ObservationStatus status : values()) {
                if (status.letter == letter.charAt(0)) return Optional.of(status);
            }
        }
        return Optional.empty();
    }

    /** Pending or preliminary: any final statement outranks it. */
    public boolean isPreliminary() {
        return switch (this) {
            case SPECIMEN_IN_LAB, NOT_VERIFIED, PRELIMINARY, PARTIAL -> true;
            case FINAL,
                    CORRECTED,
                    AMENDED,
                    APPENDED,
                    VERIFIED,
                    FINAL_UNCHANGED,
                    CANNOT_BE_OBTAINED,
                    NOT_ASKED,
                    ORDER_DETAIL,
                    DELETED,
                    WRONG_PATIENT ->
                    false;
        };
    }

    /** Takes back what was said before: value and history leave every clinical view. */
    public boolean isWithdrawal() {
        return this == DELETED || this == WRONG_PATIENT;
    }

    /** Never shows as a result. */
    public boolean isNoResult() {
        return this == NOT_ASKED || this == ORDER_DETAIL;
    }

    /** May come without a value and then keeps the one before. */
    public boolean mayKeepValue() {
        return this == FINAL_UNCHANGED || this == VERIFIED || this == APPENDED;
    }
}
