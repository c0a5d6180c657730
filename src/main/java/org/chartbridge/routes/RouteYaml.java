package org.chartbridge.routes;

import org.chartbridge.partner.EditScript;
import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.Nearest;
import org.chartbridge.partner.Placeholders;
import org.chartbridge.partner.Yaml;
import org.chartbridge.partner.Yaml.Mapping;
import org.chartbridge.partner.Yaml.Place;
import org.chartbridge.partner.Yaml.Scalar;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What the readers of one route file share: its name, its blocks, and telling what is wrong. */
final class RouteYaml {
    private final String file;
    private final String partner;
    private final RouteFile.Environment environment;
    private final Consumer<FileFault> faults;
    private boolean faulty;

    /**
     * @param file below the routes folder
     * @param partner the folder that it stands in
     */
    RouteYaml(
            String file,
            String partner,
            RouteFile.Environment environment,
            Consumer<FileFault> faults) {
        this.file = file;
        this.partner = partner;
        this.environment = environment;
        this.faults = faults;
    }

    String file() {
        return file;
    }

    String partner() {
        return partner;
    }

    /** Whether any fault was told. */
    boolean isFaulty() {
        return faulty;
    }

    /** The edit files of the folder by name; empty ones have faults. */
    Map<String, Optional<EditScript>> edits() {
        return environment.edits();
    }

    /** Whether this partner may be sent to wherever it is. */
    boolean reachesOut() {
        return environment.allowPlaintext().contains(partner);
    }

    /** A text with its {@code ${NAME}} filled; null, with a fault told, when one can't be. */
    @Nullable String filled(Scalar text) {
        return Placeholders.fill(file, text, environment.variables(), this::told).orElse(null);
    }

    /** The value of the one key that an item may have; null, with a fault told, for others. */
    @Nullable Yaml only(Yaml item, String key, String remedy) {
        if (item instanceof Mapping mapping && mapping.entries().size() == 1) {
            var entry = mapping.entries().getFirst();
            if (entry.key().text().equals(key)) return entry.value();
            fault(
                    entry.key(),
                    "wanted \"" + key + "\", got \"" + entry.key().text() + "\"",
                    remedy);
            return null;
        }
        if (item instanceof Mapping mapping && mapping.get(key) != null) {
            fault(
                    item,
                    "wanted \"" + key + "\" alone, got other keys beside it",
                    "indent them below");
            return null;
        }
        fault(item, "wanted \"" + key + "\", got " + item.kind(), remedy);
        return null;
    }

    /** A block of keys; null, with a fault told, for anything else. */
    @Nullable Mapping block(String what, Yaml yaml) {
        if (yaml instanceof Mapping mapping) return mapping;
        fault(
                yaml,
                what + ": wanted a block of keys, got " + yaml.kind(),
                what.equals("to") ? "write  - to: { uri: chart }" : "indent its keys below it");
        return null;
    }

    /** Tells keys that are not known here. */
    void keys(Mapping mapping, List<String> known, String what) {
        for (var entry : mapping.entries()) {
            var key = entry.key().text();
            if (known.contains(key)) continue;
            var why = Words.REFUSED_KEYS.get(key);
            fault(
                    entry.key(),
                    what + ": " + (why == null ? "unknown key \"" : "key \"") + key + "\"",
                    why == null ? Nearest.hint(key, known) : "it " + why);
        }
    }

    void fault(Yaml at, String what, String remedy) {
        fault(at.place(), what, remedy);
    }

    void fault(Place place, String what, String remedy) {
        told(FileFault.at(file, place, what, remedy));
    }

    private void told(FileFault fault) {
        faulty = true;
        faults.accept(fault);
    }
}
