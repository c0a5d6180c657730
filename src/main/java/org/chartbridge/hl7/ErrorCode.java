package org.chartbridge.hl7;

/** What kind of fault it is, for the sender's program: ERR-3, table 0357. */
public enum ErrorCode {
    ACCEPTED(0, "Message accepted"),
    SEGMENT_SEQUENCE(100, "Segment sequence error"),
    REQUIRED_MISSING(101, "Required field missing"),
    DATA_TYPE(102, "Data type error"),
    TABLE_VALUE(103, "Table value not found"),
    UNSUPPORTED_TYPE(200, "Unsupported message type"),
    UNSUPPORTED_EVENT(201, "Unsupported event code"),
    UNSUPPORTED_PROCESSING(202, "Unsupported processing id"),
    UNSUPPORTED_VERSION(203, "Unsupported version id"),
    UNKNOWN_KEY(204, "Unknown key identifier"),
    DUPLICATE_KEY(205, "Duplicate key identifier"),
    LOCKED(206, "Application record locked"),
    INTERNAL(207, "Application internal error");

    private final int number;
    private final String text;

    ErrorCode(int number, String text) {
        this.number = number;
        this.text = text;
    }

    /** The code as it is sent, such as 101. */
    public int number() {
        return number;
    }

    /** The code's meaning in the words of table 0357. */
    public String text() {
        return text;
    }
}
