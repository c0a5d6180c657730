package org.chartbridge.partner;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A YAML file in which every part knows its line, so that a fault can point at it. Values stay the
 * text that was written: {@code NO} is a name here, not false, and {@code 007} keeps its zeros.
 */
public sealed interface Yaml {

    /** Where it begins. */
    Place place();

    /** Line and column, from 1. */
    record Place(int line, int column) {}

    /**
     * One value.
     *
     * @param quoted whether it stood in quotes, or as a block of text
     */
    record Scalar(String text, boolean quoted, Place place) implements Yaml {

        /** Nothing was written, or {@code null} or {@code ~}. */
        public boolean isNothing() {
            return !quoted && (text.isEmpty() || text.equals("~") || text.equals("null"));
        }
    }

    record Items(List<Yaml> all, Place place) implements Yaml {
        public Items {
            all = List.copyOf(all);
        }
    }

    /** Keys differ from each other. */
    record Mapping(List<Entry> entries, Place place) implements Yaml {
        public Mapping {
            entries = List.copyOf(entries);
        }

        public @Nullable Yaml get(String key) {
            for (var entry : entries) if (entry.key.text.equals(key)) return entry.value;
            return null;
        }
    }

    record Entry(Scalar key, Yaml value) {}

    /** For faults: {@code a list}. */
    default String kind() {
        return switch (this) {
            case Scalar scalar -> scalar.isNothing() ? "nothing" : "\"" + shortened(scalar) + "\"";
            case Items _ -> "a list";
            case Mapping _ -> "a block of keys";
        };
    }

    private static String shortened(Scalar scalar) {
        var text = scalar.text;
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }

    /**
     * Reads one file.
     *
     * @param file its name, for faults
     * @param faults is told why, when nothing is returned
     */
    static Optional<Yaml> read(String file, byte[] content, Consumer<FileFault> faults) {
        return new YamlReader(file, faults).read(content);
    }
}
