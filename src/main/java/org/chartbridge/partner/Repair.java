package org.chartbridge.partner;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One repair of {@code repairs.edit.yaml}: what is put right in a partner's messages before they
 * are mapped. The journal keeps the bytes as they came.
 *
 * @param id for people; {@code line 7} where none was given
 * @param line in the file
 * @param types MSH-9.1 or MSH-9.1^MSH-9.2; empty for all
 * @param when null for always
 * @param at what is repaired, in every segment of its name and every repetition
 */
public record Repair(
        String id, int line, List<String> types, @Nullable When when, Place at, Action action) {

    public static final String FILE = "repairs.edit.yaml";

    public Repair {
        types = List.copyOf(types);
    }

    /**
     * A place in a segment.
     *
     * @param component 0 for the repetition as a whole
     * @param subcomponent 0 for the component as a whole
     */
    public record Place(String segment, int field, int component, int subcomponent) {
        @Override
        public String toString() {
            return segment
                    + "-"
                    + field
                    + (component > 0 ? "." + component : "")
                    + (subcomponent > 0 ? "." + subcomponent : "");
        }
    }

    /** A condition: looked at in the same segment where it names that one, else in the first. */
    public record When(Place field, Test test) {}

    /** What a value has to be. */
    public sealed interface Test {
        /** One of these, letter by letter. */
        record Is(List<String> values) implements Test {
            public Is {
                values = List.copyOf(values);
            }
        }

        /** The pattern is found in it. */
        record Matches(Pattern pattern) implements Test {}

        record Empty(boolean wanted) implements Test {}
    }

    /** What is done. */
    public sealed interface Action {
        /** Always this text, where the segment is. */
        record Set(String text) implements Action {}

        /** This text where there is none. */
        record Default(String text) implements Action {}

        record Delete() implements Action {}

        /** To an empty place of the same segment. */
        record Move(Place to) implements Action {}

        /** Of a value that stands in the table, what stands beside it. */
        record Table(Map<String, String> values) implements Action {
            public Table {
                values = Map.copyOf(values);
            }
        }

        /** Everything that matches is replaced; groups are {@code $1} and the like. */
        record Replace(Pattern pattern, String with) implements Action {}
    }
}
