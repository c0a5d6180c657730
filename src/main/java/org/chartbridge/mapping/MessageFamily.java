package org.chartbridge.mapping;

import org.chartbridge.hl7.Header;
import org.chartbridge.hl7.Message;
import org.chartbridge.partner.Partner;

/**
 * Messages that are read alike, such as all ORU. Implementations are components, keep no state and
 * are called by many threads.
 */
interface MessageFamily {

    /** Whether this family reads a message with such a header; no two families take the same. */
    boolean takes(Header header);

    /** Reads it. Expected trouble is an answer, not an exception. */
    Mapped map(Message message, Partner partner);
}
