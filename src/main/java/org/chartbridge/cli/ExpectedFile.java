package org.chartbridge.cli;

import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.Nearest;
import org.chartbridge.partner.Yaml;
import org.chartbridge.partner.Yaml.Items;
import org.chartbridge.partner.Yaml.Mapping;
import org.chartbridge.partner.Yaml.Scalar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** What a test wants: an {@code .expected.yaml} file beside its messages, read and written. */
final class ExpectedFile {
    static final List<String> KEYS =
            List.of(
                    "message",
                    "route",
                    "answer",
                    "becomes",
                    "errors",
                    "remarks",
                    "chart",
                    "orders",
                    "outgoing",
                    "note");
    private static final List<String> OUTGOING_KEYS =
            List.of("to", "waits", "chosen", "fails", "message");

    // What YAML reads back as it stands, without quotes.
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ./_%+^@()-]*");
    private static final Pattern LINE = Pattern.compile("(\\.csv):[0-9]+");
    private static final Pattern KEY =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ./_%+^@()-]*(?:\\[[0-9-]+][A-Za-z0-9 ./()-]*)*");

    private final String file;
    private final Consumer<FileFault> faults;
    private boolean faulty;

    private ExpectedFile(String file, Consumer<FileFault> faults) {
        this.file = file;
        this.faults = faults;
    }

    /**
     * What is wanted at a place.
     *
     * @param line of the file
     */
    record Wanted(String value, int line) {}

    /**
     * What is wanted of one message.
     *
     * @param sections the keys that are given; nothing is compared of the others
     */
    record Message(List<String> sections, Map<String, Wanted> places, int line) {}

    /** Reads a file; empty, with faults told, when it has any. */
    static Optional<List<Message>> read(String file, byte[] content, Consumer<FileFault> faults) {
        var reader = new ExpectedFile(file, faults);
        return Yaml.read(file, content, faults).map(reader::messages).filter(_ -> !reader.faulty);
    }

    private List<Message> messages(Yaml yaml) {
        var messages = new ArrayList<Message>();
        if (!(yaml instanceof Items items)) {
            fault(
                    yaml,
                    "wanted a list of messages, got " + yaml.kind(),
                    "begin with  - answer: AA");
            return messages;
        }
        for (var item : items.all()) {
            if (item instanceof Mapping its) messages.add(message(its));
            else fault(item, "wanted keys, got " + item.kind(), "begin each with  - answer: AA");
        }
        return messages;
    }

    private Message message(Mapping its) {
        var places = new LinkedHashMap<String, Wanted>();
        var sections = new ArrayList<String>();
        for (var entry : its.entries()) {
            var key = entry.key().text();
            if (!KEYS.contains(key)) {
                fault(entry.key(), "unknown key \"" + key + "\"", Nearest.hint(key, KEYS));
                continue;
            }
            sections.add(key);
            switch (key) {
                case "note" -> {}
                case "chart" -> chart(entry.value(), places);
                case "outgoing" -> outgoing(entry.value(), places);
                default -> put(places, key, entry.value());
            }
        }
        return new Message(sections, places, its.place().line());
    }

    private void chart(Yaml yaml, Map<String, Wanted> places) {
        if (isNothing(yaml)) return;
        if (!(yaml instanceof Mapping facts)) {
            fault(yaml, "chart: wanted facts, got " + yaml.kind(), "write  Observation OBX[1]:");
            return;
        }
        for (var fact : facts.entries()) {
            var name = "chart, " + fact.key().text();
            if (isNothing(fact.value())) {
                places.put(name, new Wanted("", fact.key().place().line()));
            } else if (fact.value() instanceof Mapping attributes) {
                for (var attribute : attributes.entries())
                    put(places, name + ", " + attribute.key().text(), attribute.value());
            } else {
                fault(fact.value(), fact.key().text() + ": wanted attributes", "indent them below");
            }
        }
    }

    private void outgoing(Yaml yaml, Map<String, Wanted> places) {
        if (isNothing(yaml)) return;
        if (!(yaml instanceof Items items)) {
            fault(yaml, "outgoing: wanted a list, got " + yaml.kind(), "write  - to: emr/results");
            return;
        }
        int number = 0;
        for (var item : items.all()) {
            var name = "outgoing, " + ++number;
            if (!(item instanceof Mapping its)) {
                fault(item, "outgoing: got " + item.kind(), "write  - to: emr/results");
                continue;
            }
            for (var entry : its.entries()) {
                var key = entry.key().text();
                if (!OUTGOING_KEYS.contains(key))
                    fault(
                            entry.key(),
                            "outgoing: unknown key \"" + key + "\"",
                            Nearest.hint(key, OUTGOING_KEYS));
                else if (key.equals("message") && entry.value() instanceof Scalar text)
                    PlayedMessage.fields(text.text().replace("\r", ""))
                            .forEach(
                                    (path, value) ->
                                            places.put(
                                                    name + ", " + path,
                                                    new Wanted(value, line(text, path))));
                else put(places, name + ", " + key, entry.value());
            }
        }
    }

    /** A segment's line, where the text is a block that begins in the line below its key. */
    private static int line(Scalar text, String path) {
        int dash = path.indexOf('[');
        if (dash < 0) return text.place().line();
        var name = path.substring(0, dash);
        int wanted = Integer.parseInt(path.substring(dash + 1, path.indexOf(']')));
        int line = text.place().line();
        for (var segment : text.text().split("\n", -1)) {
            line++;
            if (segment.startsWith(name) && --wanted == 0) return line;
        }
        return text.place().line();
    }

    private void put(Map<String, Wanted> places, String name, Yaml yaml) {
        switch (yaml) {
            case Scalar text ->
                    places.put(
                            name,
                            new Wanted(text.isNothing() ? "" : text.text(), text.place().line()));
            case Items items -> {
                var texts = new ArrayList<String>();
                for (var item : items.all())
                    if (item instanceof Scalar text) texts.add(text.text());
                    else fault(item, name + ": wanted text, got " + item.kind(), "quote it");
                var between =
                        name.endsWith(PlayedMessage.CHOSEN) || name.equals("orders") ? "; " : ", ";
                places.put(name, new Wanted(String.join(between, texts), items.place().line()));
            }
            case Mapping mapping ->
                    fault(mapping, name + ": wanted text, got keys", "write it in quotes");
        }
    }

    private static boolean isNothing(Yaml yaml) {
        return (yaml instanceof Scalar text && text.isNothing())
                || (yaml instanceof Items items && items.all().isEmpty())
                || (yaml instanceof Mapping mapping && mapping.entries().isEmpty());
    }

    private void fault(Yaml at, String what, String remedy) {
        faulty = true;
        faults.accept(FileFault.at(file, at.place(), what, remedy));
    }

    // ------------------------------------------------------------ writing

    /** A file that wants exactly this. */
    static String written(String messages, List<PlayedMessage> played) {
        var text = new StringBuilder();
        text.append("# What is to become of ").append(messages);
        text.append(". Written by chartbridge test --update: read it before you keep it.\n");
        for (var one : played) message(text, one);
        return text.toString();
    }

    private static void message(StringBuilder text, PlayedMessage played) {
        text.append("- message: ").append(quoted(played.message())).append('\n');
        text.append("  route: ").append(quoted(played.route())).append('\n');
        text.append("  answer: ").append(quoted(played.answer())).append('\n');
        text.append("  becomes: ").append(played.becomes()).append('\n');
        list(text, "errors", played.errors());
        list(text, "remarks", played.remarks());
        text.append(played.chart().isEmpty() ? "  chart: {}\n" : "  chart:\n");
        played.chart()
                .forEach(
                        (fact, attributes) -> {
                            text.append("    ").append(key(fact)).append(":\n");
                            attributes.forEach(
                                    (name, value) ->
                                            text.append("      ")
                                                    .append(key(name))
                                                    .append(": ")
                                                    .append(quoted(value))
                                                    .append('\n'));
                        });
        if (!played.orders().isEmpty()) {
            text.append("  orders:\n");
            for (var one : played.orders()) text.append("    - ").append(quoted(one)).append('\n');
        }
        text.append(played.outgoing().isEmpty() ? "  outgoing: []\n" : "  outgoing:\n");
        for (var one : played.outgoing()) {
            text.append("    - to: ").append(quoted(one.to())).append('\n');
            if (!one.waits().isEmpty())
                text.append("      waits: ").append(one.waits()).append('\n');
            if (!one.chosen().isEmpty()) {
                text.append("      chosen:\n");
                for (var why : one.chosen())
                    text.append("        - ").append(quoted(withoutLine(why))).append('\n');
            }
            if (!one.fails().isEmpty())
                text.append("      fails: ").append(quoted(one.fails())).append('\n');
            else text.append("      message: |\n").append(printable(one.message()).indent(8));
        }
    }

    /** A row that is added above another is no other choice: its line is for people. */
    static String withoutLine(String chosen) {
        return LINE.matcher(chosen).replaceAll("$1");
    }

    private static void list(StringBuilder text, String key, List<String> values) {
        text.append("  ").append(key).append(": ");
        text.append(values.stream().map(ExpectedFile::quoted).toList()).append('\n');
    }

    private static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}&&[^\n]]", "\uFFFD");
    }

    private static String key(String text) {
        return KEY.matcher(text).matches() ? text : quoted(text);
    }

    // Double quotes keep every character one.
    private static String quoted(String text) {
        if (PLAIN.matcher(text).matches() && text.equals(text.strip()) && !text.equals("null"))
            return text;
        var quoted = new StringBuilder("\"");
        text.chars()
                .forEach(
                        c -> {
                            if (c == '"' || c == '\\') quoted.append('\\').append((char) c);
                            else if (c == '\n') quoted.append("\\n");
                            else if (c < ' ' || c == 0x7F) quoted.append("\\x%02X".formatted(c));
                            else quoted.append((char) c);
                        });
        return quoted.append('"').toString();
    }
}
