package org.chartbridge.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * What one sender knows, on disk: each line is forced there before the sender goes on, a message
 * before it leaves, an answer before the next message. One line a fact:
 *
 * <pre>
 * sent CONTROL-ID ORDER-NUMBER SHA-256 VALUE …
 * resent CONTROL-ID
 * answered CONTROL-ID CODE
 * </pre>
 *
 * <p>Used by one thread.
 */
final class Ledger implements AutoCloseable {
    private final FileChannel file;

    /** Begins one; the file must not exist. */
    Ledger(Path path) throws IOException {
        file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /**
     * What a ledger says of one message.
     *
     * @param code MSA-1 of its answer, "" when none came
     * @param resent whether it was sent again, with the same bytes
     */
    record Noted(
            String controlId,
            String orderNumber,
            String sha256,
            List<String> values,
            String code,
            boolean resent) {

        boolean acknowledged() {
            return code.equals("AA") || code.equals("CA");
        }

        private Noted answered(String newCode) {
            return new Noted(controlId, orderNumber, sha256, values, newCode, resent);
        }

        private Noted again() {
            return new Noted(controlId, orderNumber, sha256, values, code, true);
        }
    }

    void sent(String controlId, String orderNumber, byte[] content, List<String> values)
            throws IOException {
        write(
                "sent "
                        + String.join(" ", controlId, orderNumber, sha256(content))
                        + " "
                        + String.join(" ", values));
    }

    void resent(String controlId) throws IOException {
        write("resent " + controlId);
    }

    void answered(String controlId, String code) throws IOException {
        write("answered " + controlId + " " + code.replace(' ', '_'));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** Reads a ledger from disk, in order of sending. */
    static List<Noted> read(Path path) throws IOException {
        var noted = new LinkedHashMap<String, Noted>();
        for (var line : Files.readAllLines(path)) {
            var words = List.of(line.split(" ", -1));
            var id = words.get(1);
            switch (words.getFirst()) {
                case "sent" ->
                        noted.put(
                                id,
                                new Noted(
                                        id,
                                        words.get(2),
                                        words.get(3),
                                        List.copyOf(words.subList(4, words.size())),
                                        "",
                                        false));
                case "resent" -> noted.computeIfPresent(id, (_, one) -> one.again());
                case "answered" ->
                        noted.computeIfPresent(id, (_, one) -> one.answered(words.get(2)));
                default -> throw new IOException("not a line of a ledger: " + path);
            }
        }
        return new ArrayList<>(noted.values());
    }

    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private void write(String line) throws IOException {
        var bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
            var _ = file.write(bytes);
        }
        file.force(false);
    }
}
