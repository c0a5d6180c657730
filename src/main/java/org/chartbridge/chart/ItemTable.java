package org.chartbridge.chart;

import static org.chartbridge.chart.ItemField.ADDRESS;
import static org.chartbridge.chart.ItemField.AUTHENTICATOR;
import static org.chartbridge.chart.ItemField.AVAILABILITY;
import static org.chartbridge.chart.ItemField.BEGAN;
import static org.chartbridge.chart.ItemField.CATEGORY;
import static org.chartbridge.chart.ItemField.CLINICAL_STATUS;
import static org.chartbridge.chart.ItemField.CLINICIAN;
import static org.chartbridge.chart.ItemField.CODE;
import static org.chartbridge.chart.ItemField.COLLECTED;
import static org.chartbridge.chart.ItemField.CONFIDENTIALITY;
import static org.chartbridge.chart.ItemField.CONTROL;
import static org.chartbridge.chart.ItemField.DETAILS;
import static org.chartbridge.chart.ItemField.DOSE;
import static org.chartbridge.chart.ItemField.DUE;
import static org.chartbridge.chart.ItemField.DURATION;
import static org.chartbridge.chart.ItemField.ENDED;
import static org.chartbridge.chart.ItemField.FILES;
import static org.chartbridge.chart.ItemField.FORM;
import static org.chartbridge.chart.ItemField.FREQUENCY;
import static org.chartbridge.chart.ItemField.FURTHER_NUMBERS;
import static org.chartbridge.chart.ItemField.GROUP;
import static org.chartbridge.chart.ItemField.HINDRANCE;
import static org.chartbridge.chart.ItemField.INSTRUCTIONS;
import static org.chartbridge.chart.ItemField.INSURED;
import static org.chartbridge.chart.ItemField.INSURER;
import static org.chartbridge.chart.ItemField.LOCATION;
import static org.chartbridge.chart.ItemField.LOT;
import static org.chartbridge.chart.ItemField.MANUFACTURER;
import static org.chartbridge.chart.ItemField.MEMBER_NUMBER;
import static org.chartbridge.chart.ItemField.NAME;
import static org.chartbridge.chart.ItemField.NUMBER;
import static org.chartbridge.chart.ItemField.ORDERED;
import static org.chartbridge.chart.ItemField.ORDER_NUMBERS;
import static org.chartbridge.chart.ItemField.PARENT_NUMBER;
import static org.chartbridge.chart.ItemField.PHONE;
import static org.chartbridge.chart.ItemField.PLACER_NUMBER;
import static org.chartbridge.chart.ItemField.PLAN;
import static org.chartbridge.chart.ItemField.POLICY_NUMBER;
import static org.chartbridge.chart.ItemField.PRIORITY;
import static org.chartbridge.chart.ItemField.QUANTITY;
import static org.chartbridge.chart.ItemField.REACTION;
import static org.chartbridge.chart.ItemField.REASON;
import static org.chartbridge.chart.ItemField.REFERRED_TO;
import static org.chartbridge.chart.ItemField.REFILLS;
import static org.chartbridge.chart.ItemField.RELATION;
import static org.chartbridge.chart.ItemField.RELATIONSHIP;
import static org.chartbridge.chart.ItemField.ROUTE;
import static org.chartbridge.chart.ItemField.SEVERITY;
import static org.chartbridge.chart.ItemField.SITE;
import static org.chartbridge.chart.ItemField.SPECIMEN;
import static org.chartbridge.chart.ItemField.SPECIMEN_NUMBER;
import static org.chartbridge.chart.ItemField.STATE;
import static org.chartbridge.chart.ItemField.SUPPORTING;
import static org.chartbridge.chart.ItemField.TITLE;
import static org.chartbridge.chart.ItemField.TYPE;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The tables of the lists, long because it has a row for each column: which column holds which part
 * of which field, and the SQL for them.
 */
enum ItemTable {
    ALLERGY(
            ListKind.ALLERGY,
            text("code_text", CODE),
            code("code", CODE),
            system("code_system", CODE),
            codeOrText("category", TYPE),
            codeOrText("severity", SEVERITY),
            text("reaction", REACTION),
            text("onset_as_sent", BEGAN),
            time("onset_at", BEGAN),
            codeOrText("clinical_status", CLINICAL_STATUS),
            code("supporting", SUPPORTING)),
    CONDITION(
            ListKind.CONDITION,
            text("code_text", CODE),
            code("code", CODE),
            system("code_system", CODE),
            codeOrText("type", TYPE),
            text("onset_as_sent", BEGAN),
            time("onset_at", BEGAN),
            text("abated_as_sent", ENDED),
            time("abated_at", ENDED),
            codeOrText("clinical_status", CLINICAL_STATUS),
            text("clinician", CLINICIAN),
            text("priority", PRIORITY)),
    COVERAGE(
            ListKind.COVERAGE,
            text("plan_text", PLAN),
            code("plan", PLAN),
            text("insurer", INSURER),
            code("insurer_id", INSURER),
            text("group_name", GROUP),
            code("group_number", GROUP),
            text("policy_number", POLICY_NUMBER),
            text("member_number", MEMBER_NUMBER),
            system("member_authority", MEMBER_NUMBER),
            code("further_numbers", FURTHER_NUMBERS),
            text("insured", INSURED),
            codeOrText("relationship", RELATIONSHIP),
            codeOrText("type", TYPE),
            text("priority", PRIORITY),
            text("begins_as_sent", BEGAN),
            time("begins_at", BEGAN),
            text("ends_as_sent", ENDED),
            time("ends_at", ENDED)),
    GUARANTOR(
            ListKind.GUARANTOR,
            text("number", NUMBER),
            system("number_authority", NUMBER),
            text("name", NAME),
            code("name_parts", NAME),
            text("address", ADDRESS),
            code("address_parts", ADDRESS),
            text("phone", PHONE),
            codeOrText("relationship", RELATIONSHIP),
            text("priority", PRIORITY),
            text("begins_as_sent", BEGAN),
            time("begins_at", BEGAN),
            text("ends_as_sent", ENDED),
            time("ends_at", ENDED)),
    IMMUNIZATION(
            ListKind.IMMUNIZATION,
            text("code_text", CODE),
            code("code", CODE),
            system("code_system", CODE),
            text("number", NUMBER),
            text("given_as_sent", BEGAN),
            time("given_at", BEGAN),
            codeOrText("completion", CLINICAL_STATUS),
            text("reason", REASON),
            codeOrText("source", TYPE),
            text("dose", DOSE),
            text("route", ROUTE),
            text("site", SITE),
            text("lot", LOT),
            text("expires_as_sent", ENDED),
            text("manufacturer", MANUFACTURER),
            text("clinician", CLINICIAN),
            text("details", DETAILS),
            code("supporting", SUPPORTING)),
    APPOINTMENT(
            ListKind.APPOINTMENT,
            text("number", NUMBER),
            text("state", STATE),
            codeOrText("state_as_sent", CLINICAL_STATUS),
            text("code_text", CODE),
            code("code", CODE),
            system("code_system", CODE),
            text("type", TYPE),
            text("reason", REASON),
            text("starts_as_sent", BEGAN),
            time("starts_at", BEGAN),
            text("ends_as_sent", ENDED),
            time("ends_at", ENDED),
            text("duration", DURATION),
            text("clinician", CLINICIAN),
            text("location", LOCATION),
            text("order_numbers", ORDER_NUMBERS),
            code("supporting", SUPPORTING)),
    PLACED_ORDER(
            ListKind.PLACED_ORDER,
            text("code_text", CODE),
            code("code", CODE),
            system("code_system", CODE),
            text("placer_number", PLACER_NUMBER),
            text("filler_number", NUMBER),
            text("group_number", GROUP),
            text("state", STATE),
            text("control", CONTROL),
            text("state_as_sent", CLINICAL_STATUS),
            text("priority", PRIORITY),
            text("ordered_as_sent", BEGAN),
            time("ordered_at", BEGAN),
            text("collected_as_sent", COLLECTED),
            time("collected_at", COLLECTED),
            text("due_as_sent", DUE),
            time("due_at", DUE),
            text("clinician", CLINICIAN),
            text("reason", REASON),
            text("specimen", SPECIMEN),
            text("specimen_number", SPECIMEN_NUMBER),
            code("hindrance", HINDRANCE),
            text("hindrance_text", HINDRANCE),
            text("details", DETAILS),
            code("supporting", SUPPORTING)),
    MEDICATION_ORDER(
            ListKind.MEDICATION_ORDER,
            code("code", CODE),
            text("code_text", CODE),
            system("code_system", CODE),
            text("placer_number", PLACER_NUMBER),
            text("filler_number", NUMBER),
            text("group_number", GROUP),
            text("state", STATE),
            text("control", CONTROL),
            codeOrText("state_as_sent", CLINICAL_STATUS),
            text("dose", DOSE),
            text("form", FORM),
            text("route", ROUTE),
            text("site", SITE),
            text("frequency", FREQUENCY),
            text("instructions", INSTRUCTIONS),
            text("quantity", QUANTITY),
            text("refills", REFILLS),
            codeOrText("priority", PRIORITY),
            time("starts_at", BEGAN),
            text("starts_as_sent", BEGAN),
            time("ends_at", ENDED),
            text("ends_as_sent", ENDED),
            time("ordered_at", ORDERED),
            text("ordered_as_sent", ORDERED),
            text("clinician", CLINICIAN),
            text("reason", REASON),
            text("details", DETAILS),
            code("supporting", SUPPORTING)),
    REFERRAL(
            ListKind.REFERRAL,
            text("number", NUMBER),
            text("external_number", PLACER_NUMBER),
            text("state", STATE),
            codeOrText("state_as_sent", CLINICAL_STATUS),
            codeOrText("priority", PRIORITY),
            codeOrText("type", TYPE),
            codeOrText("category", CATEGORY),
            code("code", CODE),
            text("code_text", CODE),
            system("code_system", CODE),
            time("starts_at", BEGAN),
            text("starts_as_sent", BEGAN),
            time("ends_at", ENDED),
            text("ends_as_sent", ENDED),
            text("reason", REASON),
            text("clinician", CLINICIAN),
            text("referred_to", REFERRED_TO),
            text("details", DETAILS),
            code("supporting", SUPPORTING)),
    CLINICAL_DOCUMENT(
            ListKind.CLINICAL_DOCUMENT,
            text("number", NUMBER),
            text("parent_number", PARENT_NUMBER),
            text("relation", RELATION),
            code("code", CODE),
            text("code_text", CODE),
            system("code_system", CODE),
            text("title", TITLE),
            codeOrText("completion", CLINICAL_STATUS),
            codeOrText("confidentiality", CONFIDENTIALITY),
            codeOrText("availability", AVAILABILITY),
            time("activity_at", BEGAN),
            text("activity_as_sent", BEGAN),
            text("clinician", CLINICIAN),
            text("authenticator", AUTHENTICATOR),
            text("order_numbers", ORDER_NUMBERS),
            code("supporting", SUPPORTING)),
    DOCUMENT_BODY(ListKind.DOCUMENT_BODY, text("files", FILES));

    private enum Part {
        TEXT,
        CODE,
        CODE_OR_TEXT,
        SYSTEM,
        TIME
    }

    private record Column(String name, ItemField field, Part part) {}

    /** Columns that every list has; in a class of its own, which is ready before the tables are. */
    private static final class Common {
        static final List<String> COLUMNS =
                List.of(
                        "id bigint",
                        "record_id bigint",
                        "partner text",
                        "visit_id bigint",
                        "item_key text",
                        "entry_id bigint",
                        "recorded_at timestamptz",
                        "path text",
                        "status text",
                        "listed_recorded timestamptz",
                        "listed_message timestamptz",
                        "listed_entry bigint",
                        "removed_recorded timestamptz",
                        "removed_message timestamptz",
                        "removed_entry bigint",
                        "words jsonb");
    }

    private final ListKind kind;

    @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable; its type doesn't say so.
    private final List<Column> columns;

    private final String upsert;
    private final String move;

    ItemTable(ListKind kind, Column... columns) {
        this.kind = kind;
        this.columns = List.of(columns);
        this.upsert = upsertSql();
        this.move = moveSql();
    }

    static ItemTable of(ListKind kind) {
        for (var table : values()) if (table.kind == kind) return table;
        throw new IllegalArgumentException("no table for " + kind);
    }

    ListKind kind() {
        return kind;
    }

    /** Inserts items, or gives known ones what was said last; the common columns go first. */
    String upsert() {
        return upsert;
    }

    /** Changes whether known items are on their list. */
    String move() {
        return move;
    }

    int columns() {
        return columns.size();
    }

    /** The value of one of the table's own columns; null for a time that is not known. */
    @Nullable String value(int column, Map<ItemField, FieldValue> fields) {
        var wanted = columns.get(column);
        var value = fields.get(wanted.field());
        if (value == null) return wanted.part() == Part.TIME ? null : "";
        return switch (wanted.part()) {
            case TEXT -> value.text();
            case CODE -> value.code();
            case CODE_OR_TEXT -> value.code().isEmpty() ? value.text() : value.code();
            case SYSTEM -> value.system();
            case TIME -> value.code().isEmpty() ? null : value.code();
        };
    }

    private String upsertSql() {
        var names = Common.COLUMNS.stream().map(ItemTable::name).collect(Collectors.toList());
        var casts =
                Common.COLUMNS.stream()
                        .map(c -> name(c) + "::" + c.substring(c.indexOf(' ') + 1))
                        .collect(Collectors.toList());
        for (var column : columns) {
            names.add(column.name());
            casts.add(column.part() == Part.TIME ? column.name() + "::timestamptz" : column.name());
        }
        var all = String.join(", ", names);
        return """
        insert into %s (%s)
        select %s
        from unnest(%s) k(%s)
        on conflict (id) do update set %s
        """
                .formatted(
                        kind.text(),
                        all,
                        String.join(", ", casts),
                        names.stream().map(n -> "?").collect(Collectors.joining(", ")),
                        all,
                        names.stream()
                                .filter(n -> !n.equals("id"))
                                .map(n -> n + " = excluded." + n)
                                .collect(Collectors.joining(", ")));
    }

    private String moveSql() {
        return """
        update %s item
        set status = k.status,
            removed_recorded = k.removed_recorded::timestamptz,
            removed_message = k.removed_message::timestamptz,
            removed_entry = k.removed_entry
        from unnest(?, ?, ?, ?, ?) k(id, status, removed_recorded, removed_message, removed_entry)
        where item.id = k.id
        """
                .formatted(kind.text());
    }

    private static String name(String column) {
        return Arrays.asList(column.split(" ", 2)).getFirst();
    }

    private static Column text(String name, ItemField field) {
        return new Column(name, field, Part.TEXT);
    }

    private static Column code(String name, ItemField field) {
        return new Column(name, field, Part.CODE);
    }

    private static Column codeOrText(String name, ItemField field) {
        return new Column(name, field, Part.CODE_OR_TEXT);
    }

    private static Column system(String name, ItemField field) {
        return new Column(name, field, Part.SYSTEM);
    }

    private static Column time(String name, ItemField field) {
        return new Column(name, field, Part.TIME);
    }
}
