package org.chartbridge.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** Small files that must be whole after a crash, trees that are deleted, and who owns what. */
final class FilesOnDisk {
    private FilesOnDisk() {}

    /** Replaces a small file in one step, readable by its owner only, on disk when this returns. */
    static void replace(Path file, String text) throws IOException {
        var draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(
                draft,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(draft, text);
        try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(
                draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Replaces a properties file, see {@link #replace}; sorted, without the date Java adds. */
    static void replace(Path file, String comment, Map<String, String> properties)
            throws IOException {
        var text = new StringBuilder("# ").append(comment).append('\n');
        new TreeMap<>(properties)
                .forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
        replace(file, text.toString());
    }

    /** Reads a properties file; empty when there is none. */
    static Properties properties(Path file) throws IOException {
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (NoSuchFileException none) {
            return properties;
        }
        return properties;
    }

    /** Deletes a file or a whole folder, never following links; nothing happens when it is gone. */
    static void delete(Path tree) throws IOException {
        if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) return;
        try (var files = Files.walk(tree)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Numeric id of the user a file belongs to. */
    static int ownerOf(Path file) throws IOException {
        return (int) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }

    /** Numeric id of the user this process runs as. */
    static int me() {
        try {
            return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives a whole folder to a user and group; only root may. */
    static void giveTo(Path tree, int uid) throws IOException {
        try (var files = Files.walk(tree)) {
            for (var file : files.toList()) {
                Files.setAttribute(file, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(file, "unix:gid", uid, LinkOption.NOFOLLOW_LINKS);
            }
        }
    }
}
