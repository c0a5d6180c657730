package org.chartbridge.partner;

import org.chartbridge.partner.Partner.PatientIds;
import org.chartbridge.partner.Yaml.Mapping;
import org.chartbridge.partner.Yaml.Place;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads the key {@code patient-ids} of {@code partner.yaml}. */
final class PatientIdsReader {
    private static final List<String> FIELDS = List.of("PID-2", "PID-3", "PID-4");
    private static final List<String> KEYS = List.of("authority", "type", "use");
    private static final List<String> USES = List.of("persistent", "per-order");

    private final String file;
    private final Consumer<FileFault> faults;
    private final ComponentTexts texts;

    PatientIdsReader(String file, Map<String, String> environment, Consumer<FileFault> faults) {
        this.file = file;
        this.faults = faults;
        this.texts = new ComponentTexts(file, environment, faults, KEYS);
    }

    /**
     * One for each field, in the order of the file.
     *
     * @param yaml null when the key is not there
     */
    List<PatientIds> read(@Nullable Yaml yaml) {
        if (yaml == null) return List.of();
        if (!(yaml instanceof Mapping fields) || fields.entries().isEmpty()) {
            fault(
                    yaml.place(),
                    "patient-ids: wanted PID-2, PID-3 or PID-4, got " + yaml.kind(),
                    "write  " + PartnerKey.PATIENT_IDS.example());
            return List.of();
        }
        var all = new ArrayList<PatientIds>();
        for (var entry : fields.entries()) {
            var name = entry.key().text();
            if (!FIELDS.contains(name)) {
                fault(
                        entry.key().place(),
                        "patient-ids: \"" + name + "\" holds no patient identifier",
                        Nearest.hint(name, FIELDS));
                continue;
            }
            var ids = field(FIELDS.indexOf(name) + 2, entry.value());
            if (ids != null) all.add(ids);
        }
        if (all.size() == FIELDS.size() && all.stream().allMatch(PatientIds::perOrder)) {
            fault(
                    yaml.place(),
                    "patient-ids: no field is left that names a patient",
                    "take  use: per-order  away where the patient's number stands");
        }
        return all;
    }

    private @Nullable PatientIds field(int number, Yaml yaml) {
        if (!(yaml instanceof Mapping mapping)) {
            fault(
                    yaml.place(),
                    "patient-ids: wanted {authority, type, use}, got " + yaml.kind(),
                    "write  " + PartnerKey.PATIENT_IDS.example());
            return null;
        }
        texts.checkKeys(mapping);
        var use = texts.text(mapping, "use");
        if (!use.isEmpty() && !USES.contains(use)) {
            var written = mapping.get("use");
            fault(
                    written == null ? mapping.place() : written.place(),
                    "patient-ids: use: wanted persistent or per-order, got \"" + use + "\"",
                    Nearest.hint(use, USES));
        }
        return new PatientIds(
                number,
                texts.text(mapping, "authority"),
                texts.text(mapping, "type"),
                use.equals("per-order"));
    }

    private void fault(Place place, String what, String remedy) {
        faults.accept(FileFault.at(file, place, what, remedy));
    }
}
