package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import java.util.List;
import java.util.Map;

/** The few values that the chart keeps as JSON. */
final class Json {

    private record Coding(String code, String text, String system) {}

    private record Identifier(String value, String authority, String type) {}

    private static final JsonMapper MAPPER = JsonMapper.shared();

    private Json() {}

    /** {@code {code, text, system}}; null for null. */
    static @Nullable String concept(@Nullable Concept concept) {
        return concept == null ? null : MAPPER.writeValueAsString(coding(concept));
    }

    /** An array of codings; null for none. */
    static @Nullable String concepts(List<Concept> concepts) {
        return concepts.isEmpty()
                ? null
                : MAPPER.writeValueAsString(concepts.stream().map(Json::coding).toList());
    }

    /** Of each field the version that says it. */
    static String sources(Map<String, ReportTimeline.Version> words) {
        var all = MAPPER.createObjectNode();
        words.forEach((field, version) -> all.put(field, version.id()));
        return all.toString();
    }

    /** Of each field the entry that says it. */
    static String inherited(Map<String, ReportTimeline.Version> words) {
        var all = MAPPER.createObjectNode();
        words.forEach((field, version) -> all.putObject(field).put("entry", version.entryId()));
        return all.toString();
    }

    /** An array of {@code {value, authority, type}}. */
    static String identifiers(List<RecordKey> identifiers) {
        return MAPPER.writeValueAsString(
                identifiers.stream()
                        .map(key -> new Identifier(key.value(), key.authority(), key.type()))
                        .toList());
    }

    private static Coding coding(Concept concept) {
        return new Coding(concept.code(), concept.text(), concept.system());
    }
}
