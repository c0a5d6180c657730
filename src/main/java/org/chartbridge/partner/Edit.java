package org.chartbridge.partner;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One change of a message, as {@code .edit.yaml} files say it. A repair is one that is made before
 * a partner's messages are mapped ({@link #REPAIRS}); all others are made by a route's {@code edit}
 * step on what goes out.
 *
 * @param id for people; {@code line 7} where none was given
 * @param line in the file
 * @param types MSH-9.1 or MSH-9.1^MSH-9.2; empty for all
 * @param when null for always
 * @param at what is changed, in every segment of its name
 * @param repetition which of the field, from 1, or {@link #EVERY}, {@link #LAST}, {@link #NEW}
 */
public record Edit(
        String id,
        int line,
        List<String> types,
        @Nullable When when,
        Place at,
        int repetition,
        Action action) {

    public static final String REPAIRS = "repairs.edit.yaml";
    public static final String SUFFIX = ".edit.yaml";

    public static final int EVERY = 0;
    public static final int LAST = -1;

    /** One more, behind the others. */
    public static final int NEW = -2;

    /** Characters of a value that a pattern looks at. */
    public static final int MAX_VALUE_CHARACTERS = LimitedText.MAX_VALUE_CHARACTERS;

    public Edit {
        types = List.copyOf(types);
    }

    /** Whether it is about messages of a type. */
    public boolean isFor(String code, String trigger) {
        return types.isEmpty() || types.contains(code) || types.contains(code + "^" + trigger);
    }

    /**
     * A place in a segment.
     *
     * @param field 0 for the segment as a whole
     * @param component 0 for the repetition as a whole
     * @param subcomponent 0 for the component as a whole
     */
    public record Place(String segment, int field, int component, int subcomponent) {

        /** How deep it lies: 0 a segment, 1 a field, 2 a component, 3 a subcomponent. */
        public int depth() {
            if (field == 0) return 0;
            if (component == 0) return 1;
            return subcomponent == 0 ? 2 : 3;
        }

        @Override
        public String toString() {
            return segment
                    + (field > 0 ? "-" + field : "")
                    + (component > 0 ? "." + component : "")
                    + (subcomponent > 0 ? "." + subcomponent : "");
        }
    }

    /**
     * A condition: looked at in the same segment where it names that one, else in the nearest of
     * its name before it, else in the first.
     */
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

        /**
         * Whether a value is so.
         *
         * @throws GivenUp when a pattern takes too long
         */
        default boolean holds(String value) {
            return switch (this) {
                case Is(var values) -> values.contains(value);
                case Matches(var pattern) ->
                        value.length() <= MAX_VALUE_CHARACTERS && LimitedText.finds(pattern, value);
                case Empty(var wanted) -> value.isEmpty() == wanted;
            };
        }
    }

    /** A pattern that takes too long for a value; its text says so, without the value. */
    public static final class GivenUp extends RuntimeException {
        private static final long serialVersionUID = 1L;

        GivenUp(String why) {
            super(why, null, false, false);
        }
    }

    /** What is done. */
    public sealed interface Action {

        /** Another value in the place of the one that is there. */
        sealed interface Value extends Action {

            /**
             * What to write for a value; empty to leave it as it is.
             *
             * @throws GivenUp when a pattern takes too long
             */
            Optional<String> of(String value);
        }

        /** Always this text, where the segment is. */
        record Set(String text) implements Value {
            @Override
            public Optional<String> of(String value) {
                return Optional.of(text);
            }
        }

        /** This text where there is none. */
        record Default(String text) implements Value {
            @Override
            public Optional<String> of(String value) {
                return value.isEmpty() ? Optional.of(text) : Optional.empty();
            }
        }

        record Delete() implements Value {
            @Override
            public Optional<String> of(String value) {
                return Optional.of("");
            }
        }

        /** Of a value that stands in the table, what stands beside it. */
        record Table(Map<String, String> values, Otherwise otherwise) implements Value {
            public Table {
                values = Map.copyOf(values);
            }

            @Override
            public Optional<String> of(String value) {
                var found = Optional.ofNullable(values.get(value));
                return found.isPresent() || otherwise != Otherwise.EMPTY ? found : Optional.of("");
            }

            /** Whether a value may not go out because the table does not have it. */
            public boolean misses(String value) {
                return otherwise == Otherwise.FAIL
                        && !value.isEmpty()
                        && !values.containsKey(value);
            }
        }

        /** Everything that matches is replaced; groups are {@code $1} and the like. */
        record Replace(Pattern pattern, String with) implements Value {
            @Override
            public Optional<String> of(String value) {
                return LimitedText.replaced(pattern, value, with);
            }
        }

        /** The components of a field, one text each. */
        record Parts(List<String> texts) implements Action {
            public Parts {
                texts = List.copyOf(texts);
            }
        }

        /** As it was sent, to another place, where a repair finds that empty. */
        record Move(Place to) implements Action {}

        record Copy(Place to) implements Action {}

        /** The whole segment; a name such as {@code Z*} means all that begin so. */
        record Remove() implements Action {}

        /** A segment with nothing in it, beside each of another name. */
        record Insert(boolean before, String beside) implements Action {}
    }

    /** What becomes of a value that a table does not have. */
    public enum Otherwise {
        KEEP,
        EMPTY,
        FAIL
    }
}
