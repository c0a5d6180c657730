package org.chartbridge.partner;

import org.chartbridge.partner.Yaml.Mapping;
import org.chartbridge.partner.Yaml.Scalar;

import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Reads the texts below one key of {@code partner.yaml}, with every fault told. */
final class KeyReader {
    private static final int MAX_CHARACTERS = 200;
    private static final Pattern QUEUE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private final Mapping its;
    private final String file;
    private final Consumer<FileFault> faults;

    KeyReader(Mapping its, String file, Consumer<FileFault> faults) {
        this.its = its;
        this.file = file;
        this.faults = faults;
    }

    /** Tells keys that are none. */
    void known(List<String> keys) {
        for (var entry : its.entries())
            if (!keys.contains(entry.key().text()))
                fault(
                        entry.key(),
                        "unknown key \"" + entry.key().text() + "\"",
                        Nearest.hint(entry.key().text(), keys));
    }

    String text(String key, String otherwise) {
        var value = its.get(key);
        if (value == null) return otherwise;
        if (value instanceof Scalar scalar && !scalar.isNothing()) return scalar.text().strip();
        fault(value, key + ": wanted text, got " + value.kind(), "write it behind the key");
        return otherwise;
    }

    /** {@code queue:} the second half of a destination. */
    String queue(String otherwise) {
        var queue = text("queue", otherwise);
        if (!QUEUE.matcher(queue).matches())
            fault(its, "queue: \"" + queue + "\" is no queue", "write for example  " + otherwise);
        return queue;
    }

    /** {@code version:} MSH-12; empty where nothing is said. */
    String version() {
        var version = text("version", "");
        if (!version.isEmpty() && !EditsFile.VERSIONS.contains(version))
            fault(
                    its,
                    "version: \"" + version + "\" can't be written",
                    Nearest.hint(version, EditsFile.VERSIONS));
        return version;
    }

    void fault(Yaml at, String what, String remedy) {
        faults.accept(FileFault.at(file, at.place(), what, remedy));
    }

    /** Tells values of a table that can't be part of one field. */
    static void fits(CsvRows csv, CsvRows.Row row) {
        row.values()
                .forEach(
                        (column, value) -> {
                            if (value.length() > MAX_CHARACTERS
                                    || value.chars().anyMatch(Character::isISOControl))
                                csv.fault(
                                        row.line(),
                                        column + ": too long, or with a line break",
                                        "wanted one line of at most "
                                                + MAX_CHARACTERS
                                                + " characters");
                        });
    }
}
