package org.chartbridge.mapping;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

/** Documents inside messages: decodes their content and tells by its first bytes what it is. */
final class Documents {
    static final String UNKNOWN_TYPE = "application/octet-stream";
    static final String PLAIN_TEXT = "text/plain";

    /** Readers of PDF look for its mark in so many bytes at the start. */
    private static final int PDF_MARK_WITHIN = 1_024;

    /** And for its end in so many at the end; some senders fill up with zeros. */
    private static final int PDF_END_WITHIN = 4_096;

    /** No PDF that shows anything is smaller. */
    private static final int SMALLEST_PDF = 64;

    /** Bytes of the hash that stand for the content in a text. */
    private static final int FINGERPRINT_BYTES = 6;

    private Documents() {}

    /**
     * Decodes base64 with line breaks and blanks anywhere and padding left out; null when it holds
     * anything else or nothing. Never skips a character it doesn't know: one lost byte spoils a
     * PDF.
     */
    static byte @Nullable [] base64(String text) {
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        int length = 0;
        for (byte b : bytes) if (b != ' ' && (b < '\t' || b > '\r')) bytes[length++] = b;
        if (length == 0) return null;
        try {
            return Base64.getDecoder().decode(Arrays.copyOf(bytes, length));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Decodes hexadecimal digits; null when it is anything else. */
    static byte @Nullable [] hex(String text) {
        try {
            return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** By the content alone, because declared types are often wrong. */
    static String mediaType(byte[] content) {
        var head =
                new String(
                        content,
                        0,
                        Math.min(content.length, PDF_MARK_WITHIN),
                        StandardCharsets.ISO_8859_1);
        if (head.contains("%PDF-")) return "application/pdf";
        if (head.startsWith("\u0089PNG\r\n\u001A\n")) return "image/png";
        if (head.startsWith("\u00FF\u00D8\u00FF")) return "image/jpeg";
        if (head.startsWith("GIF87a") || head.startsWith("GIF89a")) return "image/gif";
        if (head.startsWith("II*\0") || head.startsWith("MM\0*")) return "image/tiff";
        if (head.startsWith("{\\rtf")) return "application/rtf";
        if (head.startsWith("PK\u0003\u0004")) return "application/zip";
        if (head.startsWith("DICM", 128)) return "application/dicom";
        if (head.startsWith("\u00EF\u00BB\u00BF")) head = head.substring(3);
        var text = head.stripLeading().toLowerCase(Locale.ROOT);
        if (text.startsWith("<!doctype html") || text.startsWith("<html")) return "text/html";
        if (text.startsWith("<?xml") || text.startsWith("<clinicaldocument"))
            return "application/xml";
        return UNKNOWN_TYPE;
    }

    /** Whether it is a PDF without its end, which no reader can be trusted to show whole ⚠. */
    static boolean isCut(byte[] content) {
        if (content.length < SMALLEST_PDF || !mediaType(content).equals("application/pdf"))
            return false;
        int from = Math.max(0, content.length - PDF_END_WITHIN);
        var tail = new String(content, from, content.length - from, StandardCharsets.ISO_8859_1);
        return !tail.contains("%%EOF");
    }

    /**
     * What stands in the chart for a document: its kind, its size, and a fingerprint, so that a new
     * document is another value.
     */
    static String describe(String mediaType, byte[] content) {
        var kind =
                switch (mediaType) {
                    case "application/pdf" -> "PDF document";
                    case "application/rtf" -> "RTF document";
                    case "application/xml" -> "XML document";
                    case "application/zip" -> "ZIP archive";
                    case "application/dicom" -> "DICOM object";
                    case "text/html" -> "HTML document";
                    case PLAIN_TEXT -> "Text document";
                    default -> mediaType.startsWith("image/") ? "Image" : "Document";
                };
        return kind + ", " + inShort(content);
    }

    /** Size and fingerprint. */
    static String inShort(byte[] content) {
        return content.length + " bytes, fingerprint " + fingerprint(content);
    }

    private static String fingerprint(byte[] content) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(hash, 0, FINGERPRINT_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
