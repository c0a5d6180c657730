package org.chartbridge.chart;

import java.time.Instant;

/**
 * Why a value of an isolate is not valid until its laboratory reports it again ⚠: the culture calls
 * the isolate otherwise since, or has none of this number any more (HL7-RULES §4).
 *
 * @param number OBX-4 of the isolate
 * @param culture the number of the culture's report
 * @param name what the culture says under this number now; empty where nothing stands there
 * @param entryId the message that corrected the culture
 * @param since when that was charted
 */
public record IsolateDoubt(String number, String culture, String name, long entryId, Instant since)
        implements ValueDoubt {

    @Override
    public String words() {
        return "Not valid until the laboratory reports it again: isolate "
                + number
                + " of the culture was corrected since, and "
                + (name.isEmpty() ? "no organism stands under this number" : "is " + name)
                + " now.";
    }

    /** Nothing of what grew. */
    @Override
    public String toString() {
        return "IsolateDoubt[" + entryId + "]";
    }
}
