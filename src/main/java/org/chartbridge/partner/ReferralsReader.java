package org.chartbridge.partner;

import org.chartbridge.partner.Referrals.Form;
import org.chartbridge.partner.Referrals.Part;
import org.chartbridge.partner.Referrals.Rule;
import org.chartbridge.partner.Yaml.Mapping;
import org.chartbridge.partner.Yaml.Scalar;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Reads the key {@code referrals}, {@code providers.csv} and {@code referring.csv} of a folder. */
final class ReferralsReader {
    static final String PROVIDERS = "providers.csv";
    static final String RULES = "referring.csv";
    static final int MAX_PROVIDERS = 20_000;
    static final int MAX_RULES = 1_000;

    private static final List<String> KEYS =
            List.of("queue", "message", "version", "chart", "days");
    private static final int MAX_DAYS = 3_650;
    private static final List<String> PROVIDER_COLUMNS =
            List.of("id", "family", "given", "specialty");
    private static final List<String> RULE_COLUMNS =
            List.of("to", "specialty", "priority", "coverage");

    private final FolderFiles folder;
    private final String file;
    private final Consumer<FileFault> faults;

    ReferralsReader(FolderFiles folder, String file, Consumer<FileFault> faults) {
        this.folder = folder;
        this.file = file;
        this.faults = faults;
    }

    /** What the folder says, with every fault told. */
    Referrals read(@Nullable Yaml yaml) {
        var queue = Referrals.NONE.queue();
        var form = Referrals.NONE.form();
        var version = "";
        var chart = EnumSet.noneOf(Part.class);
        var results = Referrals.NONE.results();
        if (yaml instanceof Mapping its) {
            var read = new KeyReader(its, file, faults);
            read.known(KEYS);
            if (!folder.contents().containsKey(PROVIDERS))
                read.fault(
                        yaml,
                        "referrals: says how they are sent, and no " + PROVIDERS + " says to whom",
                        "write "
                                + folder.name()
                                + "/"
                                + PROVIDERS
                                + " with the line  "
                                + String.join(",", PROVIDER_COLUMNS));
            queue = read.queue(queue);
            form = form(its, read);
            version = version(its, form, read);
            chart.addAll(chart(its, read));
            results = results(its, read);
        } else if (yaml != null) {
            faults.accept(
                    FileFault.at(
                            file,
                            yaml.place(),
                            "referrals: wanted {queue, message, version, chart, days}, got "
                                    + yaml.kind(),
                            "write  " + PartnerKey.REFERRALS.example()));
        }
        return new Referrals(queue, form, version, chart, results, providers(), rules());
    }

    private static Form form(Mapping its, KeyReader read) {
        var text = read.text("message", Referrals.NONE.form().shown());
        for (var form : Form.values()) if (form.shown().equals(text)) return form;
        var known = Arrays.stream(Form.values()).map(Form::shown).toList();
        read.fault(
                its,
                "message: wanted " + String.join(" or ", known) + ", got \"" + text + "\"",
                Nearest.hint(text, known));
        return Referrals.NONE.form();
    }

    /** What 360X needs (TQ1, MSH-21) came with 2.5; where nothing is said, it is 2.5.1. */
    private static String version(Mapping its, Form form, KeyReader read) {
        var version = read.version();
        if (form != Form.OMG_O19) return version;
        if (version.isEmpty()) return "2.5.1";
        if (version.compareTo("2.5") < 0)
            read.fault(
                    its,
                    "version: a referral as OMG^O19 can't be written in " + version,
                    "write 2.5 or later, or leave it out for 2.5.1");
        return version;
    }

    private static List<Part> chart(Mapping its, KeyReader read) {
        var value = its.get("chart");
        if (value == null) return List.of();
        var known = Arrays.stream(Part.values()).map(Part::word).toList();
        var parts = new ArrayList<Part>();
        if (!(value instanceof Yaml.Items items)) {
            read.fault(
                    value,
                    "chart: wanted a list, got " + value.kind(),
                    "write for example  chart: [problems, allergies]");
            return parts;
        }
        for (var item : items.all()) {
            var word = item instanceof Scalar scalar ? scalar.text().strip() : "";
            if (known.contains(word)) parts.add(Part.valueOf(word.toUpperCase(Locale.ROOT)));
            else
                read.fault(
                        item,
                        "chart: wanted " + String.join(", ", known) + ", got \"" + word + "\"",
                        Nearest.hint(word, known));
        }
        return parts;
    }

    private static Duration results(Mapping its, KeyReader read) {
        var text = read.text("days", "90");
        if (text.matches("[0-9]{1,4}")) {
            int days = Integer.parseInt(text);
            if (days >= 1 && days <= MAX_DAYS) return Duration.ofDays(days);
        }
        read.fault(
                its,
                "days: wanted 1 to " + MAX_DAYS + ", got \"" + text + "\"",
                "write for example  days: 90");
        return Referrals.NONE.results();
    }

    private List<Referrals.Provider> providers() {
        var content = folder.contents().get(PROVIDERS);
        if (content == null) return List.of();
        var csv = new CsvRows(folder.name() + "/" + PROVIDERS, PROVIDER_COLUMNS, faults);
        var providers = new ArrayList<Referrals.Provider>();
        for (var row : csv.read(content).orElse(List.of())) {
            KeyReader.fits(csv, row);
            var one =
                    new Referrals.Provider(
                            row.get("id"),
                            row.get("family"),
                            row.get("given"),
                            row.get("specialty"),
                            row.line());
            if (one.id().isEmpty() && (one.family().isEmpty() || one.given().isEmpty()))
                csv.fault(
                        row.line(),
                        "neither an id nor a whole name",
                        "write what the clinic sends in PRD-7.1, or PRD-2.1 and PRD-2.2");
            if (isFull(csv, row, providers.size(), MAX_PROVIDERS)) break;
            providers.add(one);
        }
        if (providers.isEmpty() && !csv.told())
            csv.fault(
                    1, "no row below the names of the columns", "add somebody, or delete the file");
        return providers;
    }

    private List<Rule> rules() {
        var content = folder.contents().get(RULES);
        if (content == null) return List.of();
        var csv = new CsvRows(folder.name() + "/" + RULES, RULE_COLUMNS, faults);
        var rules = new ArrayList<Rule>();
        for (var row : csv.read(content).orElse(List.of())) {
            KeyReader.fits(csv, row);
            if (row.get("to").isEmpty())
                csv.fault(row.line(), "says not to whom", "write the name of a folder in routes/");
            if (isFull(csv, row, rules.size(), MAX_RULES)) break;
            rules.add(
                    new Rule(
                            row.get("to"),
                            row.get("specialty"),
                            row.get("priority"),
                            row.get("coverage"),
                            row.line()));
        }
        if (rules.isEmpty() && !csv.told())
            csv.fault(1, "no row below the names of the columns", "add a row, or delete the file");
        return rules;
    }

    private static boolean isFull(CsvRows csv, CsvRows.Row row, int size, int limit) {
        if (size < limit) return false;
        csv.fault(row.line(), "more than " + limit + " rows", "leave some out");
        return true;
    }
}
