package org.chartbridge.mllp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The process that listens on a port.
 *
 * @param command its short name, without arguments (they may hold passwords)
 */
public record PortHolder(long pid, String command) {
    private static final Path PROC = Path.of("/proc");
    private static final String LISTENING = "0A";

    /**
     * Looks on Linux through /proc; empty elsewhere, and where the system hides it. Takes some
     * milliseconds to some hundred, by the number of processes.
     */
    public static Optional<PortHolder> of(int port) {
        var sockets = listeningSockets(port);
        if (sockets.isEmpty()) return Optional.empty();
        try (var processes = Files.list(PROC)) {
            return processes
                    .filter(process -> process.getFileName().toString().matches("\\d+"))
                    .filter(process -> holdsOne(process, sockets))
                    .findFirst()
                    .map(PortHolder::named);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** As the links below /proc/pid/fd show them: {@code socket:[inode]}. */
    private static Set<String> listeningSockets(int port) {
        var sockets = new HashSet<String>();
        for (var table : new String[] {"net/tcp", "net/tcp6"}) {
            try (var lines = Files.lines(PROC.resolve(table))) {
                // proc(5): sl, local_address as hex ip:port, rem_address, st, …, inode is the
                // tenth.
                lines.skip(1)
                        .map(line -> line.strip().split("\\s+"))
                        .filter(f -> f.length > 9 && f[3].equals(LISTENING))
                        .filter(f -> f[1].endsWith(":" + "%04X".formatted(port)))
                        .forEach(f -> sockets.add("socket:[" + f[9] + "]"));
            } catch (IOException e) {
                // No such table here: then nothing is known from it.
            }
        }
        return sockets;
    }

    private static boolean holdsOne(Path process, Set<String> sockets) {
        try (Stream<Path> files = Files.list(process.resolve("fd"))) {
            return files.anyMatch(file -> sockets.contains(target(file)));
        } catch (IOException e) {
            return false;
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private static PortHolder named(Path process) {
        var pid = Long.parseLong(process.getFileName().toString());
        try {
            return new PortHolder(pid, Files.readString(process.resolve("comm")).strip());
        } catch (IOException e) {
            return new PortHolder(pid, "?");
        }
    }
}
