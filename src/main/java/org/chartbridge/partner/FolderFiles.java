package org.chartbridge.partner;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A partner's folder as it was at one moment: everything is read from these bytes, so that its
 * version says exactly what ran.
 *
 * <p>Part of it are the files that lie directly in the folder. Hidden files, copies that editors
 * leave ({@code ~ .bak .swp .tmp .orig}) and subfolders are not: {@code tests/} may change without
 * a new version.
 *
 * @param name of the folder
 * @param contents by file name
 */
public record FolderFiles(String name, SortedMap<String, byte[]> contents) {
    public static final int MAX_FILES = 200;
    public static final int MAX_FOLDER_BYTES = 16 * 1024 * 1024;

    /** What a partner's folder may be called: its name stands in logs, addresses and file names. */
    public static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

    public static final String NAME_RULE =
            "wanted lower-case letters, digits and -, at most 40, for example northlab";

    private static final Pattern NOT_OURS =
            Pattern.compile("\\..*|.*~|.*\\.(bak|swp|tmp|orig)", Pattern.CASE_INSENSITIVE);

    public FolderFiles {
        contents = Collections.unmodifiableSortedMap(contents);
    }

    /** The files that count, sorted by name. */
    public static List<Path> list(Path folder) throws IOException {
        try (var all = Files.list(folder)) {
            return all.filter(f -> !isLeftover(f)).filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Whether a file or folder is hidden or an editor's copy, and so no part of anything. */
    public static boolean isLeftover(Path file) {
        return NOT_OURS.matcher(String.valueOf(file.getFileName())).matches();
    }

    /** Reads a folder; empty, with faults told, when it can't be one or can't be read. */
    public static Optional<FolderFiles> read(Path folder, Consumer<FileFault> faults) {
        var name = String.valueOf(folder.getFileName());
        if (!NAME.matcher(name).matches()) {
            faults.accept(
                    FileFault.ofFile(name, "a folder's name that can't be a partner", NAME_RULE));
            return Optional.empty();
        }
        try {
            var files = list(folder);
            if (files.size() > MAX_FILES) {
                faults.accept(
                        FileFault.ofFile(
                                name,
                                files.size() + " files in one folder",
                                "wanted at most " + MAX_FILES));
                return Optional.empty();
            }
            var contents = new TreeMap<String, byte[]>();
            var bytes = 0L;
            for (var file : files) {
                bytes += Files.size(file);
                if (bytes > MAX_FOLDER_BYTES) {
                    faults.accept(
                            FileFault.ofFile(
                                    name,
                                    "the folder's files are too large",
                                    "wanted at most " + MAX_FOLDER_BYTES + " bytes together"));
                    return Optional.empty();
                }
                contents.put(String.valueOf(file.getFileName()), Files.readAllBytes(file));
            }
            return Optional.of(new FolderFiles(name, contents));
        } catch (IOException e) {
            faults.accept(
                    FileFault.ofFile(
                            name,
                            "can't be read (" + e.getClass().getSimpleName() + ")",
                            "check that the engine's user may read it"));
            return Optional.empty();
        }
    }

    /** SHA-256 over the names and contents, lower-case hex. */
    public String version() {
        var digest = sha256();
        contents.forEach(
                (file, content) -> {
                    update(digest, file.getBytes(StandardCharsets.UTF_8));
                    update(digest, content);
                });
        return HexFormat.of().formatHex(digest.digest());
    }

    // With its length in front, so that no two folders can run together into the same bytes.
    private static void update(MessageDigest digest, byte[] part) {
        digest.update(ByteBuffer.allocate(4).putInt(part.length).flip());
        digest.update(part);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
