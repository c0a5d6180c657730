package org.chartbridge.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;

/**
 * What each file of the corpus is to be answered, read by a person once and kept: for each message
 * MSA-1 with severity, code and location of every ERR. {@code -Dcorpus.answers=write} writes it
 * anew, to be read as a difference.
 */
final class ExpectedAnswers {
    private static final Path FILE = Path.of("src/test/resources/corpus-answers.tsv");

    private final TreeMap<String, String> given = new TreeMap<>();

    void add(Path file, String answer) {
        given.put(file.toString().replace('\\', '/'), inShort(answer));
    }

    /** Line by line what differs from what is kept; nothing where it was written anew. */
    Map<String, String> differences() throws IOException {
        var differences = new TreeMap<String, String>();
        if ("write".equals(System.getProperty("corpus.answers"))) {
            var lines = new ArrayList<String>();
            given.forEach((file, answer) -> lines.add(file + "\t" + answer));
            Files.write(FILE, lines, UTF_8);
            return differences;
        }
        var wanted = new TreeMap<String, String>();
        for (var line : Files.readAllLines(FILE, UTF_8)) {
            var cells = line.split("\t", 2);
            wanted.put(cells[0], cells[1]);
        }
        given.forEach(
                (file, answer) -> {
                    var its = wanted.get(file);
                    if (!answer.equals(its))
                        differences.put(file, "wanted " + its + ", given " + answer);
                });
        wanted.keySet().stream()
                .filter(file -> !given.containsKey(file))
                .forEach(file -> differences.put(file, "not sent"));
        return differences;
    }

    /** {@code AE E207@PID-3} for each message, without the texts, which may change. */
    private static String inShort(String answer) {
        var all = new ArrayList<String>();
        var one = new StringBuilder();
        for (var line : answer.split("[\r\n]+", -1)) {
            if (line.startsWith("MSA|")) {
                if (!one.isEmpty()) all.add(one.toString());
                one.setLength(0);
                one.append(line.split("\\|", -1)[1]);
            } else if (line.startsWith("ERR|")) {
                one.append(' ').append(inShort(line.split("\\|", -1)));
            }
        }
        if (!one.isEmpty()) all.add(one.toString());
        return all.isEmpty() ? "nothing" : String.join("; ", all);
    }

    private static String inShort(String[] fields) {
        // Before 2.5 all of it stands in ERR-1: segment^sequence^field^code&text.
        return field(fields, 3).isEmpty()
                ? field(fields, 1).replaceAll("&.*", "")
                : field(fields, 4)
                        + field(fields, 3).replaceAll("\\^.*", "")
                        + '@'
                        + field(fields, 2);
    }

    private static String field(String[] fields, int number) {
        return number < fields.length ? fields[number] : "";
    }
}
