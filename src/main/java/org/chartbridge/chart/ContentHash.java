package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** 64 bits that two statements share when they say the same; stable over machines and versions. */
final class ContentHash {

    private final StringBuilder content = new StringBuilder(256);

    /** Adds a part; null counts as its own value. */
    ContentHash add(@Nullable Object part) {
        if (part == null) content.append('\u0001');
        else content.append(part);
        content.append('\u0000');
        return this;
    }

    ContentHash add(Concept concept) {
        add(concept.code()).add(concept.text()).add(concept.system());
        return concept.alternate() == null ? this : add(concept.alternate());
    }

    long value() {
        byte[] digest = sha256(content.toString().getBytes(StandardCharsets.UTF_8));
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) value = (value << 8) | (digest[i] & 0xFF);
        return value;
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
