package org.chartbridge.journal;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * What makes a message a repeat of another: the same partner, MSH-10 and bytes (HL7-RULES §1).
 *
 * @param contentHash first 128 bits of the SHA-256 of the raw bytes
 */
public record ReceiptKey(String partner, String controlId, UUID contentHash) {

    public static ReceiptKey of(String partner, String controlId, byte[] raw) {
        try {
            var digest = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(raw));
            return new ReceiptKey(partner, controlId, new UUID(digest.getLong(), digest.getLong()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
