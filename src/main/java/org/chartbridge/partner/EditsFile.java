package org.chartbridge.partner;

import org.chartbridge.partner.Edit.Action;
import org.chartbridge.partner.Edit.Otherwise;
import org.chartbridge.partner.Edit.Place;
import org.chartbridge.partner.Edit.Test;
import org.chartbridge.partner.Edit.When;
import org.chartbridge.partner.Yaml.Items;
import org.chartbridge.partner.Yaml.Mapping;
import org.chartbridge.partner.Yaml.Scalar;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Reads {@code .edit.yaml} files; long because each word of the language is read in its own way.
 * Every fault is told with its line. Repairs are read by the same rules, and may say less.
 */
public final class EditsFile {
    static final int MAX_EDITS = 100;
    static final int MAX_TABLE_ROWS = 1_000;
    static final int MAX_PATTERN_CHARACTERS = 200;
    static final int MAX_TEXT_CHARACTERS = 1_000;

    /** A field of more repetitions or components than this is none that anybody edits. */
    static final int MAX_REPETITION = 999;

    /** What an edit file may be called; its name stands in the uri of a step. */
    public static final Pattern NAME =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}\\.edit\\.yaml");

    static final List<String> VERSIONS =
            List.of("2.1", "2.2", "2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6", "2.7", "2.8");

    /** Names of table 0211 that can be written. */
    static final List<String> CHARSETS =
            List.of(
                    "ASCII",
                    "8859/1",
                    "8859/2",
                    "8859/5",
                    "8859/7",
                    "8859/9",
                    "8859/15",
                    "UNICODE UTF-8");

    private static final Pattern PATH =
            Pattern.compile(
                    "([A-Z][A-Z0-9]{2})-([1-9][0-9]{0,2})(?:\\.([1-9][0-9]{0,2})(?:\\.([1-9][0-9]{0,2}))?)?");
    private static final Pattern SEGMENT = Pattern.compile("[A-Z][A-Z0-9]{2}");
    private static final Pattern SEGMENTS = Pattern.compile("[A-Z][A-Z0-9]{0,2}\\*?");
    private static final Pattern NEEDED = Pattern.compile("[A-Z][A-Z0-9]{2}(-[1-9][0-9]?)?");
    private static final Pattern TYPE = Pattern.compile("[A-Z0-9]{3}(\\^[A-Z0-9]{3})?");
    private static final Pattern GROUP = Pattern.compile("\\\\.|\\$(.?)", Pattern.DOTALL);
    private static final List<String> WHEN_KEYS = List.of("field", "is", "matches", "empty");

    /**
     * Which of the language a file may use.
     *
     * @param word of its items
     * @param edits whether it is about what goes out, where more can be said
     */
    private record Kind(String word, boolean edits, List<String> actions, List<String> keys) {
        static final Kind REPAIRS =
                of(
                        "repair",
                        List.of("set", "default", "delete", "move", "table", "pattern"),
                        List.of("id", "types", "when", "at", "with", "note"));
        static final Kind EDITS =
                of(
                        "edit",
                        List.of(
                                "set", "default", "delete", "move", "copy", "table", "pattern",
                                "remove", "insert"),
                        List.of(
                                "id",
                                "types",
                                "when",
                                "at",
                                "repeat",
                                "with",
                                "otherwise",
                                "note"));

        private static Kind of(String word, List<String> actions, List<String> others) {
            var keys = new ArrayList<>(others);
            keys.addAll(actions);
            return new Kind(word, word.equals("edit"), actions, List.copyOf(keys));
        }
    }

    private final FolderFiles folder;
    private final Kind kind;
    private final String file;
    private final Consumer<FileFault> faults;
    private boolean faulty;

    private EditsFile(FolderFiles folder, Kind kind, String name, Consumer<FileFault> faults) {
        this.folder = folder;
        this.kind = kind;
        this.file = folder.name() + "/" + name;
        this.faults = faults;
    }

    /** The repairs of a folder in their order; none where there is no file, or it has faults. */
    static List<Edit> repairs(FolderFiles folder, Consumer<FileFault> faults) {
        return read(folder, Kind.REPAIRS, Edit.REPAIRS, faults)
                .map(
                        steps ->
                                steps.stream()
                                        .map(step -> ((EditScript.Change) step).edit())
                                        .toList())
                .orElse(List.of());
    }

    /**
     * The edit files of a folder by name, repairs not among them; empty where a file has faults.
     */
    public static Map<String, Optional<EditScript>> scripts(
            FolderFiles folder, Consumer<FileFault> faults) {
        var scripts = new TreeMap<String, Optional<EditScript>>();
        for (var name : folder.contents().keySet()) {
            if (!name.endsWith(Edit.SUFFIX) || name.equals(Edit.REPAIRS)) continue;
            if (!NAME.matcher(name).matches()) {
                faults.accept(
                        FileFault.ofFile(
                                folder.name() + "/" + name,
                                "a name that no step can say",
                                "name it with letters, digits, _ and -, for example"
                                        + " orders.edit.yaml"));
                scripts.put(name, Optional.empty());
                continue;
            }
            scripts.put(
                    name,
                    read(folder, Kind.EDITS, name, faults)
                            .map(steps -> new EditScript(folder.name() + "/" + name, steps)));
        }
        return scripts;
    }

    private static Optional<List<EditScript.Step>> read(
            FolderFiles folder, Kind kind, String name, Consumer<FileFault> faults) {
        var content = folder.contents().get(name);
        if (content == null) return Optional.empty();
        var reader = new EditsFile(folder, kind, name, faults);
        return Yaml.read(reader.file, content, faults)
                .map(reader::steps)
                .filter(_ -> !reader.faulty);
    }

    private List<EditScript.Step> steps(Yaml yaml) {
        var begin = "begin with  - " + kind.word + ":";
        if (!(yaml instanceof Items items)) {
            fault(yaml, "wanted a list of " + kind.word + "s, got " + yaml.kind(), begin);
            return List.of();
        }
        if (items.all().isEmpty()) fault(yaml, "an empty list", begin + ", or delete the file");
        if (items.all().size() > MAX_EDITS)
            fault(yaml, items.all().size() + " " + kind.word + "s", "wanted at most " + MAX_EDITS);
        var steps = new ArrayList<EditScript.Step>();
        for (var item : items.all()) {
            var step = step(item);
            if (step != null) steps.add(step);
        }
        return steps;
    }

    private EditScript.@Nullable Step step(Yaml item) {
        if (item instanceof Mapping outer && outer.entries().size() == 1) {
            var entry = outer.entries().getFirst();
            var word = entry.key().text();
            if (word.equals(kind.word) && entry.value() instanceof Mapping its) {
                var edit = edit(its);
                return edit == null ? null : new EditScript.Change(edit);
            }
            int line = item.place().line();
            var text = kind.edits && entry.value() instanceof Scalar s ? s.text() : null;
            switch (word) {
                case "version" -> {
                    if (text == null) break;
                    listed(entry.value(), "version", text, VERSIONS);
                    return new EditScript.ToVersion(line, text);
                }
                case "charset" -> {
                    if (text == null) break;
                    listed(entry.value(), "charset", text, CHARSETS);
                    return new EditScript.ToCharset(line, text);
                }
                case "without" -> {
                    if (!kind.edits) break;
                    var names = texts(entry.value(), "without");
                    for (var name : names)
                        if (!NEEDED.matcher(name).matches())
                            fault(
                                    entry.value(),
                                    "without: \"" + name + "\" is no segment or field",
                                    "write what the cause names, for example PID-5");
                    return new EditScript.Without(line, names);
                }
                case "delimiters" -> {
                    if (text == null) break;
                    listed(entry.value(), "delimiters", text, List.of("standard"));
                    return new EditScript.ToStandardDelimiters(line);
                }
                default -> {}
            }
        }
        fault(
                item,
                "wanted " + (kind.edits ? "an edit" : "a repair") + ", got " + item.kind(),
                kind.edits
                        ? "begin each with  - edit:  (or  - version:, - charset:, - delimiters:, -"
                                + " without:)"
                        : "begin each with  - repair:");
        return null;
    }

    private void listed(Yaml at, String key, String text, List<String> known) {
        if (!known.contains(text))
            fault(at, key + ": \"" + text + "\" can't be written", Nearest.hint(text, known));
    }

    private @Nullable Edit edit(Mapping its) {
        keys(its, kind.keys, kind.edits ? "an edit" : "a repair");
        var whole = its.get("remove") != null || its.get("insert") != null;
        var at = whole && kind.edits ? segment(its) : place(its, "at");
        var action = action(its, at);
        var types = texts(its.get("types"), "types");
        for (var type : types)
            if (!TYPE.matcher(type).matches())
                fault(its, "types: no message type", "write for example  types: [ORU, ADT^A08]");
        var when = its.get("when") == null ? null : when(its.get("when"));
        int repetition = repetition(its, at);
        if (at == null || action == null) return null;
        if (!(action instanceof Action.Copy)) writable(its, at, "at");
        if (action instanceof Action.Copy(var to)) writable(its, to, "copy");
        if (action instanceof Action.Move(var to)) writable(its, to, "move");
        if (kind.edits) written(its, at, action);
        var id = text(its, "id");
        int line = its.place().line();
        return new Edit(
                id == null ? "line " + line : id, line, types, when, at, repetition, action);
    }

    /** MSH is what makes the others readable, and MSH-10 what answers are known by. */
    private void writable(Mapping its, Place place, String key) {
        if (!place.segment().startsWith("MSH")
                && !"MSH".startsWith(place.segment().replace("*", ""))) return;
        if (!kind.edits) {
            fault(
                    its,
                    key + ": MSH says how a message is read and answered, and stays as it came",
                    "repair what stands behind it");
            return;
        }
        switch (place.field()) {
            case 0 -> fault(its, key + ": MSH begins every message", "name another segment");
            case 1, 2 ->
                    fault(
                            its,
                            key + ": " + place + " holds the delimiters",
                            "write  - delimiters: standard  as an item of its own");
            case 10 ->
                    fault(
                            its,
                            key + ": MSH-10 is what the answer is known by, and stays",
                            "leave it out; copy  from it is possible");
            case 12 ->
                    fault(
                            its,
                            key + ": MSH-12 is written with what the version asks for",
                            "write  - version: 2.5.1  as an item of its own");
            case 18 ->
                    fault(
                            its,
                            key + ": MSH-18 is written with the bytes that it names",
                            "write  - charset: UNICODE UTF-8  as an item of its own");
            default -> {}
        }
    }

    /** What would arrive as something else than it looks like. */
    private void written(Mapping its, Place at, Action action) {
        var text =
                switch (action) {
                    case Action.Set(var set) -> set;
                    case Action.Default(var set) -> set;
                    default -> "";
                };
        if (at.depth() == 1 && text.contains("^"))
            fault(
                    its,
                    "a text with ^ in it: it would arrive as one component, with the ^ escaped",
                    "write the components as a list: set: ["
                            + String.join(", ", text.split("\\^", -1))
                            + "]; for a real ^ name the component: at: "
                            + at
                            + ".1");
        if (action instanceof Action.Parts && at.depth() != 1)
            fault(its, "set: a list at " + at, "name a field, for example at: PID-5");
    }

    private @Nullable Place segment(Mapping its) {
        var text = text(its, "at");
        if (text == null) {
            if (its.get("at") == null) fault(its, "\"at\" is missing", "add  at: ZL1");
            return null;
        }
        var remove = its.get("remove") != null;
        if ((remove ? SEGMENTS : SEGMENT).matcher(text).matches()
                && (text.length() == 3 || text.endsWith("*"))) return new Place(text, 0, 0, 0);
        fault(
                its,
                "at: \"" + text + "\" is no segment",
                remove
                        ? "write its name, ZL1, or Z* for all that begin so; delete: yes  empties a"
                                + " field"
                        : "write its name, for example ZL1");
        return null;
    }

    private int repetition(Mapping its, @Nullable Place at) {
        if (its.get("repeat") == null || !kind.edits) return Edit.EVERY;
        var text = text(its, "repeat");
        if (at != null && at.depth() == 0)
            fault(its, "repeat: of a segment", "leave it out, or choose by  when");
        if (text == null) return Edit.EVERY;
        if (text.matches("[1-9][0-9]{0,2}")) return Integer.parseInt(text);
        return switch (text) {
            case "every" -> Edit.EVERY;
            case "first" -> 1;
            case "last" -> Edit.LAST;
            case "new" -> Edit.NEW;
            default -> {
                fault(
                        its,
                        "repeat: \"" + text + "\"",
                        "wanted every, first, last, new or a number to "
                                + MAX_REPETITION
                                + ": which repetition of the field");
                yield Edit.EVERY;
            }
        };
    }

    private @Nullable Action action(Mapping its, @Nullable Place at) {
        var found = kind.actions.stream().filter(key -> its.get(key) != null).toList();
        if (found.size() != 1) {
            fault(
                    its,
                    found.isEmpty() ? "says not what to do" : found.size() + " things to do",
                    "write one of " + String.join(", ", kind.actions));
            return null;
        }
        var key = found.getFirst();
        if (!key.equals("pattern") && its.get("with") != null)
            fault(its, "with: only beside pattern", "remove it");
        if (!key.equals("table") && its.get("otherwise") != null)
            fault(its, "otherwise: only beside table", "remove it");
        return switch (key) {
            case "set" -> {
                if (kind.edits && its.get("set") instanceof Items)
                    yield new Action.Parts(texts(its.get("set"), "set"));
                var text = text(its, "set");
                yield text == null ? null : new Action.Set(text);
            }
            case "default" -> {
                var text = text(its, "default");
                yield text == null ? null : new Action.Default(text);
            }
            case "delete" -> {
                if (!"yes".equals(text(its, "delete")))
                    fault(its, "delete: wanted yes", "write  delete: yes");
                yield new Action.Delete();
            }
            case "move", "copy" -> {
                var to = place(its, key);
                if (to == null) yield null;
                if (!kind.edits && at != null && !to.segment().equals(at.segment()))
                    fault(its, "move: to another segment", "name a place of " + at.segment());
                if (to.equals(at)) fault(its, key + ": to itself", "name another place");
                else if (at != null && kind.edits && key.equals("move") && overlap(at, to))
                    fault(its, "move: to a part of itself", "name another place, or  copy");
                yield key.equals("copy") ? new Action.Copy(to) : new Action.Move(to);
            }
            case "remove" -> {
                if (!"yes".equals(text(its, "remove")))
                    fault(its, "remove: wanted yes", "write  remove: yes");
                yield new Action.Remove();
            }
            case "insert" -> {
                var text = String.valueOf(text(its, "insert"));
                var place = text.split(" ", -1);
                if (place.length == 2
                        && (place[0].equals("after") || place[0].equals("before"))
                        && SEGMENT.matcher(place[1]).matches()
                        && !text.equals("before MSH"))
                    yield new Action.Insert(place[0].equals("before"), place[1]);
                fault(its, "insert: no place", "write for example  insert: after PID");
                yield null;
            }
            case "table" -> table(its);
            default -> {
                var pattern = pattern(its, "pattern");
                var with = text(its, "with");
                if (with == null) {
                    fault(its, "\"with\" is missing", "add  with: \"\"  to leave out what matches");
                    yield null;
                }
                yield pattern == null || !groupsAreThere(its, pattern, with)
                        ? null
                        : new Action.Replace(pattern, with);
            }
        };
    }

    private static boolean overlap(Place one, Place other) {
        return one.segment().equals(other.segment())
                && one.field() == other.field()
                && (one.component() == 0
                        || other.component() == 0
                        || (one.component() == other.component()
                                && (one.subcomponent() == 0 || other.subcomponent() == 0)));
    }

    /** Java would find a wrong group only in a message. */
    private boolean groupsAreThere(Mapping its, Pattern pattern, String with) {
        int groups = pattern.matcher("").groupCount();
        var used = GROUP.matcher(with);
        while (used.find()) {
            var digit = used.group(1);
            if (used.group().startsWith("\\")) continue;
            if (digit != null && digit.matches("[0-9]") && Integer.parseInt(digit) <= groups)
                continue;
            fault(
                    its,
                    "with: a $ that names no group of the pattern",
                    "write $1 for the first ( ), and \\$ for the character");
            return false;
        }
        if (with.replace("\\\\", "").endsWith("\\")) {
            fault(its, "with: ends with one \\", "write \\\\ for the character");
            return false;
        }
        return true;
    }

    private @Nullable Action table(Mapping its) {
        var otherwise = otherwise(its);
        var yaml = its.get("table");
        if (kind.edits && yaml instanceof Scalar name && !name.isNothing()) {
            var values =
                    new TableFile(folder, (what, remedy) -> fault(name, what, remedy), faults)
                            .read(name.text());
            if (values.isEmpty()) faulty = true;
            return values.map(v -> new Action.Table(v, otherwise)).orElse(null);
        }
        if (!(yaml instanceof Mapping rows) || rows.entries().isEmpty()) {
            if (yaml != null)
                fault(
                        yaml,
                        "table: wanted rows, got " + yaml.kind(),
                        "write  table: { \"mg%\": mg/dL }"
                                + (kind.edits ? "  or  table: units.csv" : ""));
            return null;
        }
        if (rows.entries().size() > MAX_TABLE_ROWS)
            fault(yaml, "table: too many rows", "wanted at most " + MAX_TABLE_ROWS);
        var values = new HashMap<String, String>();
        for (var entry : rows.entries()) {
            if (entry.value() instanceof Scalar to && isText(to))
                values.put(entry.key().text(), to.text());
            else
                fault(
                        entry.value(),
                        "table: wanted text, got " + entry.value().kind(),
                        "write it in quotes");
        }
        return new Action.Table(values, otherwise);
    }

    private Otherwise otherwise(Mapping its) {
        if (its.get("otherwise") == null) return Otherwise.KEEP;
        return switch (String.valueOf(text(its, "otherwise"))) {
            case "keep" -> Otherwise.KEEP;
            case "empty" -> Otherwise.EMPTY;
            case "fail" -> Otherwise.FAIL;
            default -> {
                fault(
                        its,
                        "otherwise: wanted keep, empty or fail",
                        "write  otherwise: fail  so that nothing goes out that the table lacks");
                yield Otherwise.KEEP;
            }
        };
    }

    private @Nullable When when(@Nullable Yaml yaml) {
        if (!(yaml instanceof Mapping its)) {
            if (yaml != null)
                fault(
                        yaml,
                        "when: wanted keys, got " + yaml.kind(),
                        "write  when: { field: OBX-2, is: NM }");
            return null;
        }
        keys(its, WHEN_KEYS, "when");
        var field = place(its, "field");
        var tests =
                List.of("is", "matches", "empty").stream().filter(k -> its.get(k) != null).toList();
        if (tests.size() != 1) {
            fault(its, "when: wanted one of is, matches, empty", "write for example  is: NM");
            return null;
        }
        Test test =
                switch (tests.getFirst()) {
                    case "is" -> new Test.Is(texts(its.get("is"), "is"));
                    case "matches" -> {
                        var pattern = pattern(its, "matches");
                        yield pattern == null ? null : new Test.Matches(pattern);
                    }
                    default -> {
                        var text = text(its, "empty");
                        if (!"yes".equals(text) && !"no".equals(text))
                            fault(its, "empty: wanted yes or no", "write  empty: yes");
                        yield new Test.Empty("yes".equals(text));
                    }
                };
        return field == null || test == null ? null : new When(field, test);
    }

    // ------------------------------------------------------------ values

    private @Nullable Place place(Mapping its, String key) {
        var text = text(its, key);
        if (text == null) {
            if (its.get(key) == null)
                fault(its, "\"" + key + "\" is missing", "add  " + key + ": OBX-6.1");
            return null;
        }
        var path = PATH.matcher(text);
        if (!path.matches()) {
            fault(
                    its,
                    key + ": no place",
                    "write segment, field and component, for example OBX-6.1");
            return null;
        }
        return new Place(
                path.group(1), number(path.group(2)), number(path.group(3)), number(path.group(4)));
    }

    private static int number(@Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    private @Nullable Pattern pattern(Mapping its, String key) {
        var text = text(its, key);
        if (text == null) return null;
        if (text.length() > MAX_PATTERN_CHARACTERS) {
            fault(
                    its,
                    key + ": a long pattern",
                    "wanted at most " + MAX_PATTERN_CHARACTERS + " characters");
            return null;
        }
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            fault(
                    its,
                    key + ": " + e.getDescription(),
                    "write a Java regular expression in single quotes");
            return null;
        }
    }

    private @Nullable String text(Mapping its, String key) {
        var value = its.get(key);
        if (value == null) return null;
        if (!(value instanceof Scalar scalar) || !isText(scalar)) {
            fault(value, key + ": wanted text, got " + value.kind(), "write it in quotes");
            return null;
        }
        if (scalar.text().length() > MAX_TEXT_CHARACTERS) {
            fault(
                    value,
                    key + ": a long text",
                    "wanted at most " + MAX_TEXT_CHARACTERS + " characters");
            return null;
        }
        return scalar.text();
    }

    private static boolean isText(Scalar scalar) {
        return !scalar.isNothing() && scalar.text().chars().allMatch(c -> c >= ' ' && c != 0x7F);
    }

    private List<String> texts(@Nullable Yaml yaml, String key) {
        var found = new ArrayList<String>();
        switch (yaml) {
            case null -> {}
            case Scalar scalar -> found.add(scalar.text());
            case Items items -> {
                for (var item : items.all()) {
                    if (item instanceof Scalar scalar) found.add(scalar.text());
                    else
                        fault(
                                item,
                                key + ": wanted text, got " + item.kind(),
                                "write it in quotes");
                }
            }
            case Mapping mapping ->
                    fault(mapping, key + ": wanted text or a list", "write [ORU, ADT]");
        }
        return found;
    }

    private void keys(Mapping its, List<String> known, String what) {
        for (var entry : its.entries())
            if (!known.contains(entry.key().text()))
                fault(
                        entry.key(),
                        what + ": unknown key \"" + entry.key().text() + "\"",
                        Nearest.hint(entry.key().text(), known));
    }

    private void fault(Yaml at, String what, String remedy) {
        faulty = true;
        faults.accept(FileFault.at(file, at.place(), what, remedy));
    }
}
