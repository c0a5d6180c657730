package org.chartbridge.partner;

import org.chartbridge.partner.Repair.Action;
import org.chartbridge.partner.Repair.Place;
import org.chartbridge.partner.Repair.Test;
import org.chartbridge.partner.Repair.When;
import org.chartbridge.partner.Yaml.Items;
import org.chartbridge.partner.Yaml.Mapping;
import org.chartbridge.partner.Yaml.Scalar;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads {@code repairs.edit.yaml}; every fault is told with its line. */
final class RepairsFile {
    static final int MAX_REPAIRS = 100;
    static final int MAX_TABLE_ROWS = 1_000;
    static final int MAX_PATTERN_CHARACTERS = 200;
    static final int MAX_TEXT_CHARACTERS = 1_000;

    private static final Pattern PATH =
            Pattern.compile(
                    "([A-Z][A-Z0-9]{2})-([1-9][0-9]{0,2})(?:\\.([1-9][0-9]{0,2})(?:\\.([1-9][0-9]{0,2}))?)?");
    private static final Pattern TYPE = Pattern.compile("[A-Z0-9]{3}(\\^[A-Z0-9]{3})?");
    private static final Pattern GROUP = Pattern.compile("\\\\.|\\$(.?)", Pattern.DOTALL);
    private static final List<String> ACTIONS =
            List.of("set", "default", "delete", "move", "table", "pattern");
    private static final List<String> KEYS =
            List.of(
                    "id", "types", "when", "at", "set", "default", "delete", "move", "table",
                    "pattern", "with", "note");
    private static final List<String> WHEN_KEYS = List.of("field", "is", "matches", "empty");

    private final String file;
    private final Consumer<FileFault> faults;
    private boolean faulty;

    private RepairsFile(String file, Consumer<FileFault> faults) {
        this.file = file;
        this.faults = faults;
    }

    /** The repairs of a folder in their order; none where there is no file, or it has faults. */
    static List<Repair> read(FolderFiles folder, Consumer<FileFault> faults) {
        var content = folder.contents().get(Repair.FILE);
        if (content == null) return List.of();
        var file = folder.name() + "/" + Repair.FILE;
        return Yaml.read(file, content, faults)
                .map(yaml -> new RepairsFile(file, faults).repairs(yaml))
                .orElse(List.of());
    }

    private List<Repair> repairs(Yaml yaml) {
        if (!(yaml instanceof Items items)) {
            fault(yaml, "wanted a list of repairs, got " + yaml.kind(), "begin with  - repair:");
            return List.of();
        }
        if (items.all().size() > MAX_REPAIRS)
            fault(yaml, items.all().size() + " repairs", "wanted at most " + MAX_REPAIRS);
        var repairs = new ArrayList<Repair>();
        for (var item : items.all()) {
            var repair = repair(item);
            if (repair != null) repairs.add(repair);
        }
        return faulty ? List.of() : repairs;
    }

    private @Nullable Repair repair(Yaml item) {
        if (!(item instanceof Mapping outer)
                || outer.entries().size() != 1
                || !(outer.get("repair") instanceof Mapping its)) {
            fault(item, "wanted a repair, got " + item.kind(), "begin each with  - repair:");
            return null;
        }
        keys(its, KEYS, "a repair");
        var at = place(its, "at");
        var action = action(its, at);
        var types = texts(its.get("types"), "types");
        for (var type : types)
            if (!TYPE.matcher(type).matches())
                fault(its, "types: no message type", "write for example  types: [ORU, ADT^A08]");
        var when = its.get("when") == null ? null : when(its.get("when"));
        if (at == null || action == null) return null;
        if (at.segment().equals("MSH"))
            fault(
                    its,
                    "at: MSH says how a message is read and answered, and stays as it came",
                    "repair what stands behind it");
        var id = text(its, "id");
        int line = its.place().line();
        return new Repair(id == null ? "line " + line : id, line, types, when, at, action);
    }

    private @Nullable Action action(Mapping its, @Nullable Place at) {
        var found = ACTIONS.stream().filter(key -> its.get(key) != null).toList();
        if (found.size() != 1) {
            fault(
                    its,
                    found.isEmpty() ? "says not what to do" : found.size() + " things to do",
                    "write one of " + String.join(", ", ACTIONS));
            return null;
        }
        var key = found.getFirst();
        if (!key.equals("pattern") && its.get("with") != null)
            fault(its, "with: only beside pattern", "remove it");
        return switch (key) {
            case "set" -> {
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
            case "move" -> {
                var to = place(its, "move");
                if (to != null && at != null && !to.segment().equals(at.segment()))
                    fault(its, "move: to another segment", "name a place of " + at.segment());
                if (to != null && to.equals(at))
                    fault(its, "move: to itself", "name another place");
                yield to == null ? null : new Action.Move(to);
            }
            case "table" -> table(its.get("table"));
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

    private @Nullable Action table(@Nullable Yaml yaml) {
        if (!(yaml instanceof Mapping rows) || rows.entries().isEmpty()) {
            if (yaml != null) fault(yaml, "table: wanted rows", "write  table: { \"mg%\": mg/dL }");
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
        return new Action.Table(values);
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
