package org.chartbridge.chart;

import java.time.Instant;

/**
 * A document under a report of which another value was corrected after it, and which nobody sent
 * anew: what it says of that value is what was said before.
 *
 * @param entryId the message that corrected
 * @param since when that was charted
 */
public record OutdatedDocument(long entryId, Instant since) implements ValueDoubt {
    @Override
    public String words() {
        return "The document was made before the laboratory corrected this report; it may say what"
                + " was corrected since.";
    }
}
