package org.chartbridge.routes;

import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Message;
import org.chartbridge.partner.Nearest;
import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.IntStream;

/**
 * A condition in the language {@code hl7}: values at paths, compared by the operators that Camel's
 * simple has; long because it is a parser.
 *
 * <pre>
 *   OBR-4.1 == 'NA' &amp;&amp; MSH-9.2 in 'R01,R03'
 *   OBX[*]-8 == 'HH' || OBX[*]-8 == 'LL'
 *   !PID-19
 * </pre>
 *
 * <p>{@code &&} binds closer than {@code ||}. A path alone holds where there is a value. Without a
 * number the first segment and repetition are meant; {@code [*]} means any.
 */
final class Hl7Condition {
    static final int MAX_CHARACTERS = 2_000;

    private static final List<String> OPERATORS =
            List.of(
                    "==",
                    "!=",
                    "=~",
                    "!=~",
                    ">",
                    ">=",
                    "<",
                    "<=",
                    "in",
                    "!in",
                    "contains",
                    "!contains",
                    "startsWith",
                    "endsWith",
                    "regex",
                    "!regex");
    private static final Pattern TOKEN =
            Pattern.compile(
                    "\\s*(?:(?<text>'[^']*'|\"[^\"]*\")|(?<both>&&|\\|\\|)|(?<operator>(?:==|!=~|!=|=~|>=|<=|>|<)|!?(?:in|contains|startsWith|endsWith|regex)\\b)|(?<not>!)|(?<word>[^\\s'\"=<>!&|]+)|(?<other>.))");
    private static final Pattern PATH =
            Pattern.compile(
                    "([A-Z][A-Z0-9]{2})(?:\\[(\\*|[1-9][0-9]{0,4})])?-([1-9][0-9]{0,2})(?:\\[(\\*|[1-9][0-9]{0,4})])?(?:\\.([1-9][0-9]{0,2})(?:\\.([1-9][0-9]{0,2}))?)?");
    private static final Map<String, String> SYNONYMS =
            Map.of(
                    "=", "==", "eq", "==", "equals", "==", "<>", "!=", "and", "&&", "or", "||",
                    "like", "regex", "matches", "regex");

    private static final int ANY = 0;

    /** Alternatives, each of which asks for all of its terms. */
    private final List<List<Term>> alternatives;

    private Hl7Condition(List<List<Term>> alternatives) {
        this.alternatives = alternatives;
    }

    /** What is wrong in a condition, and what would be right. */
    static final class Mistake extends Exception {
        private static final long serialVersionUID = 1L;
        private final String remedy;

        Mistake(String what, String remedy) {
            super(what);
            this.remedy = remedy;
        }

        String what() {
            return String.valueOf(getMessage());
        }

        String remedy() {
            return remedy;
        }
    }

    private record Path(
            String segment, int ordinal, int field, int repetition, int component, int sub) {}

    private record Term(Path path, boolean not, Test test) {}

    /** What is asked of one value. */
    private interface Test {
        boolean holds(String value);
    }

    // ------------------------------------------------------------ asking

    /** Whether it holds for a message. */
    boolean holds(Message message) {
        return alternatives.stream()
                .anyMatch(terms -> terms.stream().allMatch(term -> holds(term, message)));
    }

    private static boolean holds(Term term, Message message) {
        return values(term.path, message).stream().anyMatch(term.test::holds) != term.not;
    }

    private static List<String> values(Path path, Message message) {
        var lines = message.lines(path.segment);
        var chosen =
                path.ordinal == ANY
                        ? lines
                        : lines.subList(
                                Math.min(path.ordinal - 1, lines.size()),
                                Math.min(path.ordinal, lines.size()));
        var values = new ArrayList<String>();
        for (var line : chosen) {
            if (path.repetition != ANY) values.add(value(message, line, path, path.repetition));
            else
                IntStream.rangeClosed(1, message.repetitions(line, path.field))
                        .forEach(i -> values.add(value(message, line, path, i)));
        }
        return values.isEmpty() ? List.of("") : values;
    }

    private static String value(Message message, Line line, Path path, int repetition) {
        return message.value(line, path.field, repetition, path.component, path.sub);
    }

    // ------------------------------------------------------------ reading

    /**
     * Reads one.
     *
     * @throws Mistake with what would be right
     */
    static Hl7Condition parse(String text) throws Mistake {
        if (text.length() > MAX_CHARACTERS)
            throw new Mistake(
                    "a long condition", "wanted at most " + MAX_CHARACTERS + " characters");
        return new Hl7Condition(new Reader(text).alternatives());
    }

    private static final class Reader {
        private final Matcher tokens;
        private boolean more;

        Reader(String text) {
            tokens = TOKEN.matcher(text.strip());
            more = tokens.find();
        }

        List<List<Term>> alternatives() throws Mistake {
            var alternatives = new ArrayList<List<Term>>();
            var terms = new ArrayList<Term>();
            while (true) {
                terms.add(term());
                if (!more) break;
                var both = tokens.group("both");
                if (both == null) {
                    var found = tokens.group().strip();
                    var meant = SYNONYMS.get(found.toLowerCase(Locale.ROOT));
                    throw new Mistake(
                            "\"" + found + "\" where && or || is wanted",
                            meant != null
                                    ? "write " + meant
                                    : found.startsWith("(") || found.startsWith(")")
                                            ? "&& binds closer than ||; there are no brackets, nest"
                                                    + " choices instead"
                                            : "join conditions with && or ||");
                }
                if (both.equals("||")) {
                    alternatives.add(List.copyOf(terms));
                    terms.clear();
                }
                next();
            }
            alternatives.add(List.copyOf(terms));
            return alternatives;
        }

        private void next() {
            more = tokens.find();
        }

        private @Nullable String group(String name) {
            return more ? tokens.group(name) : null;
        }

        private Term term() throws Mistake {
            boolean not = group("not") != null;
            if (not) next();
            var path = path();
            var operator = group("operator");
            if (not || operator == null) {
                var word = group("word");
                var meant = word == null ? null : SYNONYMS.get(word.toLowerCase(Locale.ROOT));
                if (operator != null)
                    throw new Mistake("! in front of a comparison", "write !=, !in, !contains …");
                if (word != null && (meant == null || !meant.matches("&&|\\|\\|")))
                    throw new Mistake(
                            "no operator \"" + word + "\"",
                            meant != null ? "write " + meant : Nearest.hint(word, OPERATORS));
                if (group("other") != null && "=".equals(tokens.group("other")))
                    throw new Mistake("no operator \"=\"", "write ==");
                return new Term(path, not, value -> !value.isEmpty());
            }
            next();
            return compared(path, operator);
        }

        private Path path() throws Mistake {
            var word = group("word");
            var found = word == null ? null : PATH.matcher(word);
            if (found == null || !found.matches()) {
                var got = more ? tokens.group().strip() : "nothing";
                throw new Mistake(
                        "\"" + got + "\" is no path",
                        "write segment, field and component, for example OBR-4.1, OBX[2]-5 or"
                                + " OBX[*]-8");
            }
            next();
            return new Path(
                    found.group(1),
                    number(found.group(2), 1),
                    number(found.group(3), 1),
                    number(found.group(4), 1),
                    number(found.group(5), 0),
                    number(found.group(6), 0));
        }

        private static int number(@Nullable String digits, int otherwise) {
            if (digits == null) return otherwise;
            return digits.equals("*") ? ANY : Integer.parseInt(digits);
        }

        private Term compared(Path path, String operator) throws Mistake {
            var quoted = group("text");
            var bare = group("word");
            String text;
            if (quoted != null) text = quoted.substring(1, quoted.length() - 1);
            else if (bare != null && bare.matches("-?[0-9]+([.][0-9]+)?")) text = bare;
            else
                throw new Mistake(
                        (more ? "\"" + tokens.group().strip() + "\"" : "nothing")
                                + " behind "
                                + operator
                                + ", where a value is wanted",
                        "write it in single quotes, for example " + operator + " 'NA'");
            next();
            boolean not = operator.startsWith("!");
            var test =
                    switch (not ? operator.substring(1).replaceFirst("^=$", "==") : operator) {
                        case "==" -> (Test) text::equals;
                        case "=~" -> (Test) text::equalsIgnoreCase;
                        case "in" -> (Test) Arrays.asList(text.split(",", -1))::contains;
                        case "contains" -> (Test) value -> value.contains(text);
                        case "startsWith" -> (Test) value -> value.startsWith(text);
                        case "endsWith" -> (Test) value -> value.endsWith(text);
                        case "regex" -> matching(text);
                        default -> ordered(operator, text);
                    };
            return new Term(path, not, test);
        }

        private static Test matching(String text) throws Mistake {
            try {
                var pattern = Pattern.compile(text);
                var test = new org.chartbridge.partner.Edit.Test.Matches(pattern);
                return test::holds;
            } catch (PatternSyntaxException e) {
                throw new Mistake(
                        "regex: " + e.getDescription(), "write a Java regular expression");
            }
        }

        /** By number; what is none is neither less nor more. */
        private static Test ordered(String operator, String text) throws Mistake {
            var limit = decimal(text);
            if (limit == null)
                throw new Mistake(
                        "\"" + text + "\" behind " + operator + " is no number",
                        "write for example " + operator + " 5.5");
            return value -> {
                var number = decimal(value);
                if (number == null) return false;
                int order = number.compareTo(limit);
                return switch (operator) {
                    case ">" -> order > 0;
                    case ">=" -> order >= 0;
                    case "<" -> order < 0;
                    default -> order <= 0;
                };
            };
        }

        private static @Nullable BigDecimal decimal(String text) {
            // A thousand digits are no measurement, and would take long to compare.
            if (!text.matches("[-+]?[0-9]{1,30}([.][0-9]{1,30})?")) return null;
            return new BigDecimal(text);
        }
    }
}
