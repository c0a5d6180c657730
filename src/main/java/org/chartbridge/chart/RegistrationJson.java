package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** Statements and stated fields as JSON, and back. Empty parts are left out. */
final class RegistrationJson {
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private RegistrationJson() {}

    // ------------------------------------------------------------ what one message said

    /**
     * {@code {"family": {"text": "DOE", "path": "PID-5.1"}}}; a deleted field has only its path.
     */
    static String said(Map<DemographicField, FieldValue> fields) {
        var all = MAPPER.createObjectNode();
        fields.forEach((field, value) -> all.set(field.id(), node(value)));
        return all.toString();
    }

    static String saidOfVisit(Map<VisitField, FieldValue> fields) {
        var all = MAPPER.createObjectNode();
        fields.forEach((field, value) -> all.set(field.id(), node(value)));
        return all.toString();
    }

    /** The same of a result's order; null where nothing was said. */
    static @Nullable String saidOfRequest(Map<RequestField, FieldValue> fields) {
        if (fields.isEmpty()) return null;
        var all = MAPPER.createObjectNode();
        for (var field : RequestField.values()) {
            var value = fields.get(field);
            if (value != null) all.set(field.id(), node(value));
        }
        return all.toString();
    }

    static Map<RequestField, FieldValue> request(@Nullable String json) {
        if (json == null) return Map.of();
        var fields = new EnumMap<RequestField, FieldValue>(RequestField.class);
        for (var entry : MAPPER.readTree(json).properties())
            RequestField.of(entry.getKey())
                    .ifPresent(field -> fields.put(field, value(entry.getValue())));
        fields.values().removeIf(FieldValue::isEmpty); // Taken back by "".
        return fields;
    }

    static String said(ListStatement statement) {
        var all = MAPPER.createObjectNode();
        all.put("snapshot", statement.snapshot());
        if (statement.noneKnown()) all.put("noneKnown", true);
        var items = all.putArray("items");
        for (var item : statement.items()) {
            var one = items.addObject();
            one.put("key", item.key());
            one.put("path", item.path());
            if (item.removed()) one.put("removed", true);
            one.set("fields", fields(item.fields()));
        }
        return all.toString();
    }

    private static ObjectNode fields(Map<ItemField, FieldValue> all) {
        var fields = MAPPER.createObjectNode();
        all.forEach(
                (field, value) -> fields.set(field.name().toLowerCase(Locale.ROOT), node(value)));
        return fields;
    }

    /** Null where nothing was said. */
    static @Nullable String words(SaidOfItem said) {
        if (said.isEmpty()) return null;
        var words = MAPPER.createArrayNode();
        for (var word : said.words()) {
            var one = words.addObject();
            put(one, word.said());
            if (word.whole()) one.put("snapshot", true);
            one.put("path", word.path());
            one.set("fields", fields(word.fields()));
        }
        return words.toString();
    }

    static SaidOfItem words(@Nullable String json) {
        if (json == null) return SaidOfItem.NOTHING;
        var words = new ArrayList<SaidOfItem.Word>();
        for (var word : MAPPER.readTree(json)) words.add(word(word, moment(word)));
        return new SaidOfItem(words);
    }

    /** What a statement says of one item, with whether it is that of a whole list. */
    static SaidOfItem word(@Nullable String json, Moment said) {
        if (json == null || said.equals(Moment.NEVER)) return SaidOfItem.NOTHING;
        return new SaidOfItem(List.of(word(MAPPER.readTree(json), said)));
    }

    private static SaidOfItem.Word word(JsonNode word, Moment said) {
        var fields = new EnumMap<ItemField, FieldValue>(ItemField.class);
        for (var field : word.path("fields").properties())
            fields.put(
                    ItemField.valueOf(field.getKey().toUpperCase(Locale.ROOT)),
                    value(field.getValue()));
        return new SaidOfItem.Word(
                said, word.path("snapshot").asBoolean(false), text(word, "path"), fields);
    }

    static Map<DemographicField, FieldValue> demographics(String json) {
        var fields = new EnumMap<DemographicField, FieldValue>(DemographicField.class);
        for (var entry : MAPPER.readTree(json).properties())
            DemographicField.of(entry.getKey())
                    .ifPresent(field -> fields.put(field, value(entry.getValue())));
        return fields;
    }

    static Map<VisitField, FieldValue> visit(String json) {
        var fields = new EnumMap<VisitField, FieldValue>(VisitField.class);
        for (var entry : MAPPER.readTree(json).properties())
            VisitField.of(entry.getKey())
                    .ifPresent(field -> fields.put(field, value(entry.getValue())));
        return fields;
    }

    /** A statement as rows for people. */
    static List<Registrations.Said> rows(String kind, String json, UUID person) {
        return switch (kind) {
            case "demographics" ->
                    demographics(json).entrySet().stream()
                            .map(one -> row("Person", one.getKey().label(), one.getValue(), person))
                            .toList();
            case "encounter" ->
                    visit(json).entrySet().stream()
                            .map(one -> row("Visit", one.getKey().label(), one.getValue(), person))
                            .toList();
            default -> items(kind, json, person);
        };
    }

    private static Registrations.Said row(
            String about, String field, FieldValue value, UUID person) {
        return new Registrations.Said(
                about, field, value.text(), value.isEmpty(), value.path(), person);
    }

    private static List<Registrations.Said> items(String kind, String json, UUID person) {
        var about =
                switch (kind) {
                    case "placed_order" -> "Order";
                    case "medication_order" -> "Medication";
                    case "clinical_document" -> "Document";
                    case "document_body" -> "Content of the document";
                    default -> kind.substring(0, 1).toUpperCase(Locale.ROOT) + kind.substring(1);
                };
        var rows = new ArrayList<Registrations.Said>();
        for (var item : MAPPER.readTree(json).path("items")) {
            var fields = item.path("fields");
            var named = fields.has("code") ? fields.path("code") : fields.path("insurer");
            if (text(named, "text").isEmpty()) named = fields.path("plan");
            if (text(named, "text").isEmpty()) named = fields.path("number");
            rows.add(
                    new Registrations.Said(
                            about,
                            "",
                            text(named, "text"),
                            item.path("removed").asBoolean(false),
                            text(item, "path"),
                            person));
        }
        return rows;
    }

    // ------------------------------------------------------------ how it stands

    static String stated(Map<DemographicField, Stated> fields) {
        var all = MAPPER.createObjectNode();
        fields.forEach((field, stated) -> all.set(field.id(), node(stated)));
        return all.toString();
    }

    static String statedOfVisit(Map<VisitField, Stated> fields) {
        var all = MAPPER.createObjectNode();
        fields.forEach((field, stated) -> all.set(field.id(), node(stated)));
        return all.toString();
    }

    static Map<DemographicField, Stated> statedDemographics(String json) {
        var fields = new EnumMap<DemographicField, Stated>(DemographicField.class);
        for (var entry : MAPPER.readTree(json).properties())
            DemographicField.of(entry.getKey())
                    .ifPresent(field -> fields.put(field, stated(entry.getValue())));
        return fields;
    }

    static Map<VisitField, Stated> statedVisit(String json) {
        var fields = new EnumMap<VisitField, Stated>(VisitField.class);
        for (var entry : MAPPER.readTree(json).properties())
            VisitField.of(entry.getKey())
                    .ifPresent(field -> fields.put(field, stated(entry.getValue())));
        return fields;
    }

    // ------------------------------------------------------------ parts

    private static ObjectNode node(FieldValue value) {
        var node = MAPPER.createObjectNode();
        put(node, "text", value.text());
        put(node, "code", value.code());
        put(node, "system", value.system());
        node.put("path", value.path());
        return node;
    }

    private static ObjectNode node(Stated stated) {
        var node = node(stated.value());
        put(node, "partner", stated.partner());
        put(node, stated.said());
        return node;
    }

    private static void put(ObjectNode node, Moment said) {
        node.put("weight", said.weight());
        if (said.recorded() != null) node.put("recorded", said.recorded().toString());
        if (said.message() != null) node.put("message", said.message().toString());
        node.put("entry", said.entryId());
    }

    private static void put(ObjectNode node, String name, String text) {
        if (!text.isEmpty()) node.put(name, text);
    }

    private static FieldValue value(JsonNode node) {
        return new FieldValue(
                text(node, "text"), text(node, "code"), text(node, "system"), text(node, "path"));
    }

    private static Stated stated(JsonNode node) {
        return new Stated(value(node), moment(node), text(node, "partner"));
    }

    private static Moment moment(JsonNode node) {
        return new Moment(
                node.path("weight").asInt(Moment.MASTER),
                instant(node, "recorded"),
                instant(node, "message"),
                node.path("entry").asLong(0));
    }

    private static @Nullable Instant instant(JsonNode node, String name) {
        var text = text(node, name);
        return text.isEmpty() ? null : Instant.parse(text);
    }

    private static String text(JsonNode node, String name) {
        return node.path(name).asString("");
    }
}
