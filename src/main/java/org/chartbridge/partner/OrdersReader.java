package org.chartbridge.partner;

import org.chartbridge.partner.Orders.Form;
import org.chartbridge.partner.Orders.Insurance;
import org.chartbridge.partner.Orders.Network;
import org.chartbridge.partner.Orders.Question;
import org.chartbridge.partner.Orders.Rule;
import org.chartbridge.partner.Orders.Test;
import org.chartbridge.partner.Yaml.Mapping;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Reads the key {@code orders}, {@code compendium.csv}, {@code network.csv} and {@code
 * ordering.csv} of a folder.
 */
final class OrdersReader {
    static final String COMPENDIUM = "compendium.csv";
    static final String QUESTIONS = "questions.csv";
    static final String NETWORK = "network.csv";
    static final String RULES = "ordering.csv";
    static final int MAX_RULES = 1_000;

    private static final List<String> KEYS = List.of("queue", "message", "version");
    private static final List<String> TEST_COLUMNS =
            List.of("code", "system", "lab-code", "lab-name", "lab-system", "specimen", "ask");
    private static final List<String> QUESTION_COLUMNS = List.of("code", "text", "answers");
    private static final List<String> NETWORK_COLUMNS = List.of("payer", "plan", "name");
    private static final List<String> RULE_COLUMNS =
            List.of("lab", "test", "priority", "coverage", "network");

    private final FolderFiles folder;
    private final String file;
    private final Consumer<FileFault> faults;

    OrdersReader(FolderFiles folder, String file, Consumer<FileFault> faults) {
        this.folder = folder;
        this.file = file;
        this.faults = faults;
    }

    /** What the folder says, with every fault told. */
    Orders read(@Nullable Yaml yaml) {
        var tests = tests();
        var queue = Orders.NONE.queue();
        var form = Orders.NONE.form();
        var version = "";
        if (yaml != null && !(yaml instanceof Mapping)) {
            fault(
                    yaml,
                    "orders: wanted {queue, message, version}, got " + yaml.kind(),
                    "write  " + PartnerKey.ORDERS.example());
        } else if (yaml instanceof Mapping its) {
            var read = new KeyReader(its, file, faults);
            read.known(KEYS);
            if (tests.isEmpty() && !folder.contents().containsKey(COMPENDIUM))
                fault(
                        yaml,
                        "orders: says how tests are ordered, and no " + COMPENDIUM + " says which",
                        "write "
                                + folder.name()
                                + "/"
                                + COMPENDIUM
                                + " with the line  "
                                + String.join(",", TEST_COLUMNS));
            queue = read.queue(queue);
            version = read.version();
            form = form(its, read);
        }
        return new Orders(queue, form, version, tests, questions(), network(), rules());
    }

    private Form form(Mapping its, KeyReader read) {
        var text = read.text("message", Orders.NONE.form().shown());
        for (var form : Form.values()) if (form.shown().equals(text)) return form;
        var known = Arrays.stream(Form.values()).map(Form::shown).toList();
        fault(
                its,
                "message: wanted " + String.join(", ", known) + ", got \"" + text + "\"",
                Nearest.hint(text, known));
        return Orders.NONE.form();
    }

    private void fault(Yaml at, String what, String remedy) {
        faults.accept(FileFault.at(file, at.place(), what, remedy));
    }

    private Map<String, Test> tests() {
        var content = folder.contents().get(COMPENDIUM);
        if (content == null) return Map.of();
        var csv = new CsvRows(folder.name() + "/" + COMPENDIUM, TEST_COLUMNS, faults);
        var tests = new LinkedHashMap<String, Test>();
        for (var row : csv.read(content).orElse(List.of())) {
            KeyReader.fits(csv, row);
            var code = row.get("code");
            if (code.isEmpty()) {
                csv.fault(row.line(), "no code", "write what the clinic sends in OBR-4.1");
                continue;
            }
            var test =
                    new Test(
                            code,
                            row.get("system"),
                            row.get("lab-code").isEmpty() ? code : row.get("lab-code"),
                            row.get("lab-name"),
                            row.get("lab-system"),
                            row.get("specimen"),
                            row.get("ask").isEmpty()
                                    ? List.of()
                                    : List.of(row.get("ask").split(" +")),
                            row.line());
            var earlier = tests.putIfAbsent(code, test);
            if (earlier != null)
                csv.fault(
                        row.line(),
                        "the same code stands in line " + earlier.line(),
                        "leave one of them out");
        }
        if (tests.isEmpty() && !csv.told())
            csv.fault(1, "no row below the names of the columns", "add a test, or delete the file");
        return tests;
    }

    private Map<String, Question> questions() {
        var content = folder.contents().get(QUESTIONS);
        if (content == null) return Map.of();
        var csv = new CsvRows(folder.name() + "/" + QUESTIONS, QUESTION_COLUMNS, faults);
        var questions = new LinkedHashMap<String, Question>();
        for (var row : csv.read(content).orElse(List.of())) {
            KeyReader.fits(csv, row);
            var code = row.get("code");
            if (code.isEmpty()) {
                csv.fault(
                        row.line(), "no code", "write one that stands in " + COMPENDIUM + ", ask");
                continue;
            }
            var answers =
                    Stream.of(row.get("answers").split("[|]", -1))
                            .map(String::strip)
                            .filter(answer -> !answer.isEmpty())
                            .toList();
            if (questions.putIfAbsent(code, new Question(row.get("text"), answers)) != null)
                csv.fault(row.line(), "the same code stands above", "leave one of them out");
        }
        if (questions.isEmpty() && !csv.told())
            csv.fault(1, "no row below the names of the columns", "add a row, or delete the file");
        return questions;
    }

    private List<Insurance> network() {
        var content = folder.contents().get(NETWORK);
        if (content == null) return List.of();
        var csv = new CsvRows(folder.name() + "/" + NETWORK, NETWORK_COLUMNS, faults);
        if (!folder.contents().containsKey(COMPENDIUM))
            csv.fault(
                    1,
                    "says who pays a laboratory, and no " + COMPENDIUM + " says what it does",
                    "write " + folder.name() + "/" + COMPENDIUM + ", or delete the file");
        var network = new ArrayList<Insurance>();
        for (var row : csv.read(content).orElse(List.of())) {
            KeyReader.fits(csv, row);
            if (row.get("payer").isEmpty() && row.get("plan").isEmpty())
                csv.fault(
                        row.line(),
                        "neither a payer nor a plan",
                        "write what the clinic sends in IN1-3.1 or IN1-2.1");
            else network.add(new Insurance(row.get("payer"), row.get("plan")));
        }
        if (network.isEmpty() && !csv.told())
            csv.fault(1, "no row below the names of the columns", "add a row, or delete the file");
        return network;
    }

    private List<Rule> rules() {
        var content = folder.contents().get(RULES);
        if (content == null) return List.of();
        var csv = new CsvRows(folder.name() + "/" + RULES, RULE_COLUMNS, faults);
        var rules = new ArrayList<Rule>();
        for (var row : csv.read(content).orElse(List.of())) {
            KeyReader.fits(csv, row);
            if (row.get("lab").isEmpty())
                csv.fault(row.line(), "no lab", "write the name of its folder in routes/");
            if (rules.size() == MAX_RULES)
                csv.fault(row.line(), "more than " + MAX_RULES + " rows", "leave some out");
            if (rules.size() >= MAX_RULES) break;
            rules.add(
                    new Rule(
                            row.get("test"),
                            row.get("priority"),
                            row.get("coverage"),
                            asked(csv, row),
                            row.get("lab"),
                            row.line()));
        }
        if (rules.isEmpty() && !csv.told())
            csv.fault(1, "no row below the names of the columns", "add a row, or delete the file");
        return rules;
    }

    private static Network asked(CsvRows csv, CsvRows.Row row) {
        return switch (row.get("network")) {
            case "" -> Network.EITHER;
            case "in" -> Network.IN;
            case "out" -> Network.OUT;
            default -> {
                csv.fault(
                        row.line(),
                        "network: wanted in, out or nothing, got \"" + row.get("network") + "\"",
                        "write in where only an insurance of the laboratory's "
                                + NETWORK
                                + " fits");
                yield Network.EITHER;
            }
        };
    }
}
