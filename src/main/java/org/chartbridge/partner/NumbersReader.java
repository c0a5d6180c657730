package org.chartbridge.partner;

import org.chartbridge.partner.Partner.NumberRange;
import org.chartbridge.partner.Yaml.Items;
import org.chartbridge.partner.Yaml.Mapping;
import org.chartbridge.partner.Yaml.Place;
import org.chartbridge.partner.Yaml.Scalar;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads the key {@code gives-numbers} of {@code partner.yaml}. */
final class NumbersReader {
    private static final List<String> KEYS =
            List.of("authority", "universal-id", "type", "from", "to");

    private static final int MAX_RANGES = 20;
    private static final int MAX_DIGITS = 15;

    private final String file;
    private final Map<String, String> environment;
    private final Consumer<FileFault> faults;

    NumbersReader(String file, Map<String, String> environment, Consumer<FileFault> faults) {
        this.file = file;
        this.environment = environment;
        this.faults = faults;
    }

    /**
     * One for each authority.
     *
     * @param yaml null when the key is not there
     */
    List<NumberRange> read(@Nullable Yaml yaml) {
        if (yaml == null) return List.of();
        var all = yaml instanceof Items items ? items.all() : List.of(yaml);
        if (all.isEmpty() || all.size() > MAX_RANGES)
            fault(
                    yaml.place(),
                    "gives-numbers names " + all.size() + " ranges",
                    "wanted 1 to " + MAX_RANGES);
        var ranges = new ArrayList<NumberRange>();
        for (var one : all) {
            var range = range(one);
            if (range == null) continue;
            if (ranges.stream()
                    .anyMatch(other -> other.authority().equalsIgnoreCase(range.authority())))
                fault(one.place(), "the same authority a second time", "give it one range");
            ranges.add(range);
        }
        return List.copyOf(ranges);
    }

    private @Nullable NumberRange range(Yaml yaml) {
        if (!(yaml instanceof Mapping mapping)) {
            fault(
                    yaml.place(),
                    "gives-numbers: wanted {authority, from, to}, got " + yaml.kind(),
                    "write  " + PartnerKey.GIVES_NUMBERS.example());
            return null;
        }
        for (var entry : mapping.entries())
            if (!KEYS.contains(entry.key().text()))
                fault(
                        entry.key().place(),
                        "unknown key \"" + entry.key().text() + "\"",
                        Nearest.hint(entry.key().text(), KEYS));
        var authority = text(mapping, "authority");
        var from = text(mapping, "from");
        var to = text(mapping, "to");
        if (authority.isEmpty()) {
            fault(
                    mapping.place(),
                    "gives-numbers: \"authority\" is missing",
                    "write CX.4 as it is sent");
            return null;
        }
        if (!isNumber(from) || !isNumber(to) || Long.parseLong(from) > Long.parseLong(to)) {
            fault(
                    mapping.place(),
                    "gives-numbers: from and to are no range of numbers",
                    "write the first and the last number, of 1 to " + MAX_DIGITS + " digits");
            return null;
        }
        return new NumberRange(
                authority,
                text(mapping, "universal-id"),
                text(mapping, "type"),
                Long.parseLong(from),
                Long.parseLong(to),
                from.length());
    }

    private static boolean isNumber(String text) {
        return text.matches("[0-9]{1," + MAX_DIGITS + "}");
    }

    private String text(Mapping mapping, String key) {
        var yaml = mapping.get(key);
        if (yaml == null) return "";
        if (yaml instanceof Scalar scalar && !scalar.isNothing()) {
            var text = Placeholders.fill(file, scalar, environment, faults).orElse("").strip();
            if (text.length() <= PartnerFile.MAX_TEXT && !text.contains("^")) return text;
        }
        fault(
                yaml.place(),
                key + ": wanted one component of at most " + PartnerFile.MAX_TEXT + " characters",
                "write it as it stands in the message, or leave the key out");
        return "";
    }

    private void fault(Place place, String what, String remedy) {
        faults.accept(FileFault.at(file, place, what, remedy));
    }
}
