package org.chartbridge.partner;

import org.chartbridge.partner.Partner.NumberRange;
import org.chartbridge.partner.Yaml.Items;
import org.chartbridge.partner.Yaml.Mapping;
import org.chartbridge.partner.Yaml.Place;
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
    private final Consumer<FileFault> faults;
    private final ComponentTexts texts;

    NumbersReader(String file, Map<String, String> environment, Consumer<FileFault> faults) {
        this.file = file;
        this.faults = faults;
        this.texts = new ComponentTexts(file, environment, faults, KEYS);
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
        texts.checkKeys(mapping);
        var authority = texts.text(mapping, "authority");
        var from = texts.text(mapping, "from");
        var to = texts.text(mapping, "to");
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
                texts.text(mapping, "universal-id"),
                texts.text(mapping, "type"),
                Long.parseLong(from),
                Long.parseLong(to),
                from.length());
    }

    private static boolean isNumber(String text) {
        return text.matches("[0-9]{1," + MAX_DIGITS + "}");
    }

    private void fault(Place place, String what, String remedy) {
        faults.accept(FileFault.at(file, place, what, remedy));
    }
}
