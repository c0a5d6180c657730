package org.chartbridge.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Finds the files {@code send} was told to send, in the order in which they are sent. */
final class SendFiles {
    /** A larger file is refused: it is held in memory. */
    static final long MAX_FILE_BYTES = 256L << 20;

    private static final String STANDARD_INPUT = "-";

    private SendFiles() {}

    /**
     * One file.
     *
     * @param label how it is called in the output
     * @param path {@code -} for standard input
     */
    record SendFile(String label, Path path) {
        byte[] read(InputStream standardInput) throws IOException {
            if (path.toString().equals(STANDARD_INPUT)) {
                return checked(standardInput.readNBytes((int) MAX_FILE_BYTES + 1), label);
            }
            if (Files.size(path) > MAX_FILE_BYTES) throw tooLarge(label);
            return Files.readAllBytes(path);
        }
    }

    /** Files as named; of a folder all {@code *.hl7} and {@code *.txt} in it, sorted by path. */
    static List<SendFile> of(List<Path> paths) throws IOException {
        var files = new ArrayList<SendFile>();
        for (var path : paths) {
            if (path.toString().equals(STANDARD_INPUT)) {
                files.add(new SendFile("standard input", path));
            } else if (Files.isDirectory(path)) {
                try (var tree = Files.walk(path)) {
                    tree.filter(Files::isRegularFile)
                            .filter(SendFiles::holdsMessages)
                            .sorted()
                            .forEach(file -> files.add(inFolder(path, file)));
                }
            } else if (Files.isRegularFile(path)) {
                files.add(new SendFile(path.toString(), path));
            } else {
                throw new NoSuchFileException(path.toString(), null, "no such file or folder");
            }
        }
        return files;
    }

    private static SendFile inFolder(Path folder, Path file) {
        return new SendFile(folder.relativize(file).toString(), file);
    }

    private static boolean holdsMessages(Path file) {
        var name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".hl7") || name.endsWith(".txt");
    }

    private static byte[] checked(byte[] bytes, String label) throws IOException {
        if (bytes.length > MAX_FILE_BYTES) throw tooLarge(label);
        return bytes;
    }

    private static IOException tooLarge(String label) {
        return new IOException(label + " has more than " + (MAX_FILE_BYTES >> 20) + " MB");
    }
}
