package org.chartbridge.start;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The process that listens on a TCP port, as Linux tells it in {@code /proc/net/tcp}.
 *
 * @param pid its number
 * @param program its name; of a Java process also what it runs. Never the whole command line, which
 *     may hold a password.
 */
public record PortHolder(long pid, String program) {
    private static final String LISTENING = "0A";
    private static final int ADDRESS_COLUMN = 1;
    private static final int STATE_COLUMN = 3;
    private static final int INODE_COLUMN = 9;

    /** Who listens on a port; empty when nobody does, or when it is another user's process. */
    public static Optional<PortHolder> of(int port) {
        try {
            var sockets = new HashSet<String>();
            sockets.addAll(listening(Path.of("/proc/net/tcp"), port));
            sockets.addAll(listening(Path.of("/proc/net/tcp6"), port));
            if (sockets.isEmpty()) return Optional.empty();
            try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
                for (var process : processes) {
                    if (holds(process, sockets)) {
                        var pid = Long.parseLong(process.getFileName().toString());
                        return Optional.of(new PortHolder(pid, program(process)));
                    }
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // Not Linux.
        }
    }

    /** For a sentence: "process 4711 (java chartbridge.jar)". */
    @Override
    public String toString() {
        return "process " + pid + " (" + program + ")";
    }

    private static Set<String> listening(Path table, int port) throws IOException {
        var sockets = new HashSet<String>();
        var suffix = ":%04X".formatted(port);
        for (var line : lines(table)) {
            var columns = line.strip().split("\\s+", -1);
            if (columns.length > INODE_COLUMN
                    && columns[ADDRESS_COLUMN].endsWith(suffix)
                    && columns[STATE_COLUMN].equals(LISTENING)) {
                sockets.add("socket:[" + columns[INODE_COLUMN] + "]");
            }
        }
        return sockets;
    }

    private static List<String> lines(Path table) throws IOException {
        try {
            return Files.readAllLines(table);
        } catch (NoSuchFileException e) {
            return List.of(); // A kernel without IPv6 has no tcp6.
        }
    }

    private static boolean holds(Path process, Set<String> sockets) {
        try (var handles = Files.newDirectoryStream(process.resolve("fd"))) {
            for (var handle : handles) {
                if (sockets.contains(Files.readSymbolicLink(handle).toString())) return true;
            }
            return false;
        } catch (IOException | DirectoryIteratorException e) {
            return false; // Gone meanwhile, or another user's.
        }
    }

    private static String program(Path process) throws IOException {
        var words =
                new ArrayList<>(
                        List.of(Files.readString(process.resolve("cmdline")).split("\0", -1)));
        var name = Path.of(words.getFirst()).getFileName();
        if (name == null) return Files.readString(process.resolve("comm")).strip();
        if (!name.toString().equals("java")) return name.toString();
        var jar = words.indexOf("-jar");
        var runs = jar > 0 ? Path.of(words.get(jar + 1)).getFileName() : null;
        return runs == null ? "java" : "java " + runs;
    }
}
