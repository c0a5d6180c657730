package org.chartbridge.journal;

import org.chartbridge.hl7.Fault;

import tools.jackson.databind.json.JsonMapper;

import java.util.List;

/** Why an entry is what it is, as the journal keeps it: a JSON array. */
final class Reasons {

    /**
     * One reason.
     *
     * @param location {@code OBX[3]-5.1}; empty when it concerns the whole message
     * @param code table 0357
     * @param severity E, W or I
     */
    record Reason(String location, int code, String severity, String reason, String text) {}

    private static final JsonMapper MAPPER = JsonMapper.shared();

    private Reasons() {}

    static String toJson(List<Fault> faults) {
        if (faults.isEmpty()) return "[]";
        return MAPPER.writeValueAsString(
                faults.stream()
                        .map(
                                fault ->
                                        new Reason(
                                                fault.location() == null
                                                        ? ""
                                                        : fault.location().toString(),
                                                fault.code().number(),
                                                fault.severity().name(),
                                                fault.reason(),
                                                fault.text()))
                        .toList());
    }
}
