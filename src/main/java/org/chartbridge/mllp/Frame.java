package org.chartbridge.mllp;

import java.time.Instant;

/**
 * One message as a peer sent it.
 *
 * @param content the bytes between 0x0B and 0x1C, unchanged; may be empty. The array belongs to the
 *     receiver of the frame.
 * @param receivedAt when its last byte was read
 */
public record Frame(byte[] content, Peer peer, Instant receivedAt) {

    /** Says how many bytes, never which: contents are about patients. */
    @Override
    public String toString() {
        return "frame of " + content.length + " bytes from " + peer;
    }
}
