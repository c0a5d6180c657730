package org.chartbridge.partner;

import org.chartbridge.partner.Yaml.Mapping;
import org.chartbridge.partner.Yaml.Scalar;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads the keys of a small map in {@code partner.yaml}, each one component of a field. */
record ComponentTexts(
        String file,
        Map<String, String> environment,
        Consumer<FileFault> faults,
        List<String> keys) {

    /** A fault for each key that is none of these. */
    void checkKeys(Mapping mapping) {
        for (var entry : mapping.entries()) {
            var key = entry.key();
            if (!keys.contains(key.text()))
                faults.accept(
                        FileFault.at(
                                file,
                                key.place(),
                                "unknown key \"" + key.text() + "\"",
                                Nearest.hint(key.text(), keys)));
        }
    }

    /** Empty where the key is not there, or where it is no component, which is a fault. */
    String text(Mapping mapping, String key) {
        var yaml = mapping.get(key);
        if (yaml == null) return "";
        if (yaml instanceof Scalar scalar && !scalar.isNothing()) {
            var text = Placeholders.fill(file, scalar, environment, faults).orElse("").strip();
            if (text.length() <= PartnerFile.MAX_TEXT && !text.contains("^")) return text;
        }
        faults.accept(
                FileFault.at(
                        file,
                        yaml.place(),
                        key
                                + ": wanted one component of at most "
                                + PartnerFile.MAX_TEXT
                                + " characters",
                        "write it as it stands in the message, or leave the key out"));
        return "";
    }
}
