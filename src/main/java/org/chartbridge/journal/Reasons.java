package org.chartbridge.journal;

import org.chartbridge.hl7.Fault;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.List;

/** Why an entry is what it is, as the journal keeps it: a JSON array of {@link Reason}. */
final class Reasons {
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private Reasons() {}

    static String toJson(List<Fault> faults) {
        if (faults.isEmpty()) return "[]";
        return MAPPER.writeValueAsString(faults.stream().map(Reasons::reason).toList());
    }

    private static Reason reason(Fault fault) {
        var location = fault.location();
        return new Reason(
                location == null ? "" : location.toString(),
                fault.code().number(),
                fault.severity().name(),
                fault.reason(),
                fault.text());
    }

    /** What {@link #toJson} wrote, by this version or another: parts may be missing. */
    static List<Reason> of(String json) {
        var reasons = new ArrayList<Reason>();
        for (var reason : MAPPER.readTree(json))
            reasons.add(
                    new Reason(
                            text(reason, "location"),
                            reason.path("code").asInt(0),
                            text(reason, "severity"),
                            text(reason, "reason"),
                            text(reason, "text")));
        return reasons;
    }

    private static String text(JsonNode reason, String name) {
        return reason.path(name).asString("");
    }
}
