package org.chartbridge.fakes;

import org.chartbridge.fakes.Script.AnswerRule;
import org.chartbridge.fakes.Script.Traffic;
import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.Nearest;
import org.chartbridge.partner.Yaml;
import org.chartbridge.partner.Yaml.Items;
import org.chartbridge.partner.Yaml.Mapping;
import org.chartbridge.partner.Yaml.Scalar;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Reads scripts; long because each of their words is read in its own way. Every fault is told with
 * its line and what would be right.
 */
public final class ScriptFile {
    static final int MAX_RULES = 100;
    static final int MAX_STEPS = 50;
    static final int MAX_NUMBER = 1_000_000;
    static final int MAX_CONNECTIONS = 16;

    /** A seed is drawn below this, so that it is short to type. */
    private static final int DRAWN_SEEDS = 1 << 30;

    static final Duration MAX_TIME = Duration.ofHours(24);

    private static final Duration USUAL_EACH = Duration.ofSeconds(1);
    static final List<String> USUAL_TESTS = List.of("2823-3", "2951-2", "2345-7");
    private static final List<String> ORDER_MESSAGES = List.of("ORM", "OML", "OMG");
    private static final Pattern TIME = Pattern.compile("([0-9]{1,6})(ms|s|m|h)");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}");

    private final Role role;
    private final String file;
    private final Consumer<FileFault> faults;
    private boolean faulty;

    private ScriptFile(Role role, String file, Consumer<FileFault> faults) {
        this.role = role;
        this.file = file;
        this.faults = faults;
    }

    /**
     * Reads one; empty where it has faults, each of which was told.
     *
     * @param file its name, for faults
     */
    public static Optional<Script> read(
            Role role, String file, byte[] content, Consumer<FileFault> faults) {
        var reader = new ScriptFile(role, file, faults);
        return Yaml.read(file, content, faults).map(reader::script).filter(_ -> !reader.faulty);
    }

    /** A script that comes along, {@code lab.yaml}. */
    public static byte[] example(String name) throws IOException {
        try (var file = ScriptFile.class.getResourceAsStream("/fakes/" + name)) {
            if (file == null) throw new IOException("no such example: " + name);
            return file.readAllBytes();
        }
    }

    private Script script(Yaml root) {
        var its = mapping(root, "the script");
        keys(
                its,
                "a script",
                switch (role) {
                    case LAB ->
                            List.of(
                                    "role",
                                    "name",
                                    "seed",
                                    "deduplicates",
                                    "connections",
                                    "answers",
                                    "orders");
                    case SPECIALIST ->
                            List.of(
                                    "role",
                                    "name",
                                    "seed",
                                    "deduplicates",
                                    "connections",
                                    "answers",
                                    "referrals");
                    case EMR ->
                            List.of(
                                    "role",
                                    "name",
                                    "seed",
                                    "deduplicates",
                                    "connections",
                                    "answers",
                                    "sends");
                });
        role(its);
        var name = its.get("name");
        var names = name == null ? its : mapping(name, "name");
        if (name != null) keys(names, "name", List.of("application", "facility"));
        return new Script(
                role,
                name == null ? role.application() : name(names, "application", role.application()),
                name == null ? role.facility() : name(names, "facility", role.facility()),
                its.get("seed") == null
                        ? RandomGenerator.getDefault().nextInt(DRAWN_SEEDS)
                        : number(its, "seed", 0, Integer.MAX_VALUE, 0),
                yes(its, "deduplicates", true),
                number(its, "connections", 1, MAX_CONNECTIONS, 1),
                list(its.get("answers"), "answers", this::answer),
                courses(its),
                traffic(its.get("sends")));
    }

    private void role(Mapping its) {
        var said = its.get("role");
        if (said == null) return;
        var text = text(said, "role");
        var known = Role.of(text);
        if (known.isEmpty())
            fault(said, "role: no partner \"" + text + "\"", Nearest.hint(text, Role.words()));
        else if (known.get() != role)
            fault(
                    said,
                    "role: this is the script of a " + text,
                    "play it by  listen " + text + ", or choose another file");
    }

    private @Nullable AnswerRule answer(Yaml item) {
        var its = mapping(item, "an answer");
        keys(its, "an answer", List.of("answer", "keep", "after", "one-in", "every"));
        var said = its.get("answer");
        if (said == null) {
            fault(item, "\"answer\" is missing", "add  answer: silent");
            return null;
        }
        var word = text(said, "answer");
        var reply = Reply.of(word).orElse(null);
        if (reply == null) {
            fault(said, "answer: \"" + word + "\"", Nearest.hint(word, Reply.words()));
            return null;
        }
        return new AnswerRule(
                reply, yes(its, "keep", reply.keeps()), time(its, "after"), chance(its));
    }

    private List<Course> courses(Mapping its) {
        var key = role == Role.LAB ? "orders" : "referrals";
        return list(its.get(key), key, this::course);
    }

    private @Nullable Course course(Yaml item) {
        var its = mapping(item, "a course");
        keys(
                its,
                "a course",
                role == Role.LAB
                        ? List.of("test", "one-in", "every", "then")
                        : List.of("one-in", "every", "then"));
        if (its.get("then") == null) {
            fault(item, "\"then\" is missing", "add  then: [" + usual() + "]");
            return null;
        }
        var steps = list(its.get("then"), "then", this::step);
        var test = its.get("test");
        return new Course(chance(its), test == null ? "" : text(test, "test"), steps);
    }

    private String usual() {
        return role == Role.LAB ? "accepted, final" : "accepted, note";
    }

    private Course.@Nullable Step step(Yaml item) {
        if (item instanceof Mapping its) {
            keys(its, "a step", List.of("send", "after"));
            var send = its.get("send");
            if (send == null) {
                fault(item, "\"send\" is missing", "write  { send: final, after: 2s }");
                return null;
            }
            var act = act(send);
            return act == null ? null : new Course.Step(act, time(its, "after"));
        }
        var act = act(item);
        return act == null ? null : new Course.Step(act, Duration.ZERO);
    }

    private @Nullable Act act(Yaml at) {
        var word = text(at, "send");
        var act = Act.of(role, word).orElse(null);
        if (act == null && !word.isEmpty())
            fault(
                    at,
                    "a " + role.word() + " sends no \"" + word + "\"",
                    Nearest.hint(word, Act.words(role)));
        return act;
    }

    private Optional<Traffic> traffic(@Nullable Yaml sends) {
        if (sends == null) return Optional.empty();
        var its = mapping(sends, "sends");
        keys(its, "sends", List.of("patients", "orders", "referrals", "each", "tests", "message"));
        var tests = new ArrayList<String>();
        for (var test : list(its.get("tests"), "tests", one -> text(one, "tests"))) tests.add(test);
        var message = "OML";
        var said = its.get("message");
        if (said != null) {
            message = text(said, "message");
            if (!ORDER_MESSAGES.contains(message))
                fault(
                        said,
                        "message: no order is sent as \"" + message + "\"",
                        Nearest.hint(message, ORDER_MESSAGES));
        }
        return Optional.of(
                new Traffic(
                        number(its, "patients", 1, MAX_NUMBER, 5),
                        number(its, "orders", 0, MAX_NUMBER, 0),
                        number(its, "referrals", 0, MAX_NUMBER, 0),
                        its.get("each") == null ? USUAL_EACH : time(its, "each"),
                        tests.isEmpty() ? USUAL_TESTS : tests,
                        message));
    }

    private Chance chance(Mapping its) {
        var every = its.get("every");
        var oneIn = its.get("one-in");
        if (every != null && oneIn != null)
            fault(every, "every and one-in together", "keep one of them");
        if (every != null) return new Chance.Every(number(its, "every", 1, MAX_NUMBER, 1));
        if (oneIn != null) return new Chance.OneIn(number(its, "one-in", 1, MAX_NUMBER, 1));
        return new Chance.Always();
    }

    private <T> List<T> list(@Nullable Yaml at, String key, Function<Yaml, @Nullable T> reading) {
        if (at == null) return List.of();
        if (!(at instanceof Items items)) {
            fault(at, key + ": wanted a list, got " + at.kind(), "begin each with  -");
            return List.of();
        }
        int most = key.equals("then") ? MAX_STEPS : MAX_RULES;
        if (items.all().size() > most)
            fault(at, key + ": " + items.all().size() + " of them", "wanted at most " + most);
        var read = new ArrayList<T>();
        for (var item : items.all()) {
            var one = reading.apply(item);
            if (one != null) read.add(one);
        }
        return read;
    }

    private int number(Mapping its, String key, int least, int most, int otherwise) {
        var at = its.get(key);
        if (at == null) return otherwise;
        var text = text(at, key);
        if (text.matches("[0-9]{1,10}")) {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) return (int) number;
        }
        fault(
                at,
                key + ": \"" + text + "\"",
                "wanted a whole number from " + least + " to " + most);
        return least;
    }

    private boolean yes(Mapping its, String key, boolean otherwise) {
        var at = its.get(key);
        if (at == null) return otherwise;
        return switch (text(at, key)) {
            case "true", "yes" -> true;
            case "false", "no" -> false;
            default -> {
                fault(at, key + ": neither true nor false", "write true or false");
                yield otherwise;
            }
        };
    }

    private Duration time(Mapping its, String key) {
        var at = its.get(key);
        if (at == null) return Duration.ZERO;
        var text = text(at, key);
        var found = TIME.matcher(text);
        if (found.matches()) {
            long number = Long.parseLong(found.group(1));
            var time =
                    switch (found.group(2)) {
                        case "ms" -> Duration.ofMillis(number);
                        case "s" -> Duration.ofSeconds(number);
                        case "m" -> Duration.ofMinutes(number);
                        default -> Duration.ofHours(number);
                    };
            if (time.compareTo(MAX_TIME) <= 0) return time;
        }
        fault(at, key + ": \"" + text + "\" is no time", "write 200ms, 5s or 2m, at most 24h");
        return Duration.ZERO;
    }

    private String name(Mapping its, String key, String otherwise) {
        var at = its.get(key);
        if (at == null) return otherwise;
        var text = text(at, key);
        if (!NAME.matcher(text).matches())
            fault(at, key + ": \"" + text + "\"", "wanted up to 40 letters, digits, . _ -");
        return text;
    }

    private String text(Yaml at, String key) {
        if (at instanceof Scalar scalar && !scalar.isNothing()) return scalar.text();
        fault(at, key + ": wanted a word, got " + at.kind(), "write one value behind it");
        return "";
    }

    private Mapping mapping(Yaml at, String what) {
        if (at instanceof Mapping its) return its;
        fault(at, what + ": wanted keys, got " + at.kind(), "write  key: value");
        return new Mapping(List.of(), at.place());
    }

    private void keys(Mapping its, String what, List<String> known) {
        for (var entry : its.entries()) {
            var key = entry.key().text();
            if (!known.contains(key))
                fault(
                        entry.key(),
                        "unknown key \"" + key + "\" of " + what,
                        Nearest.hint(key, known));
        }
    }

    private void fault(Yaml at, String what, String remedy) {
        faulty = true;
        faults.accept(FileFault.at(file, at.place(), what, remedy));
    }
}
