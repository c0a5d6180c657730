package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Reads the views from rows; the column names are those of the reading stores' statements. */
final class ChartRows {
    private static final JsonMapper JSON = JsonMapper.shared();

    private ChartRows() {}

    static RecordView record(ResultSet row) throws SQLException {
        return new RecordView(
                row.getLong("id"),
                row.getString("authority"),
                row.getString("id_type"),
                row.getString("id_value"),
                row.getString("family_name"),
                row.getString("given_name"),
                row.getString("middle_name"),
                row.getString("name_suffix"),
                row.getString("birth_date"),
                row.getString("sex"),
                row.getString("address"),
                row.getString("phone"),
                identifiers(row.getString("identifiers")),
                demographics(row.getString("demographics")),
                row.getLong("entry_id"),
                row.getString("path"),
                instant(row, "recorded_at"));
    }

    static ReportView report(ResultSet row) throws SQLException {
        return new ReportView(
                row.getLong("id"),
                row.getLong("series"),
                row.getInt("version"),
                Standing.of(row.getString("standing")),
                row.getLong("entry_id"),
                instant(row, "recorded_at"),
                row.getString("path"),
                row.getObject("person_id", UUID.class),
                row.getString("partner"),
                row.getString("known_number"),
                row.getString("placer_number"),
                row.getString("code"),
                row.getString("code_text"),
                row.getString("code_system"),
                coding(row.getString("alternate")),
                row.getString("status"),
                maybeInstant(row, "collected_at"),
                row.getString("collected_as_sent"),
                maybeInstant(row, "issued_at"),
                row.getString("control_id"),
                provider(row, "orderer"),
                provider(row, "interpreter"),
                new Parent(
                        row.getString("parent_number"),
                        row.getString("parent_test"),
                        row.getString("action")),
                RegistrationJson.request(row.getString("request")),
                List.of(),
                List.of(),
                List.of(),
                0);
    }

    static ObservationView observation(ResultSet row) throws SQLException {
        var issued = maybeInstant(row, "issued_at");
        return new ObservationView(
                row.getLong("id"),
                row.getLong("series"),
                row.getInt("version"),
                Standing.of(row.getString("standing")),
                row.getBoolean("corrected"),
                row.getObject("replaced_by_entry", Long.class),
                maybeInstant(row, "replaced_at"),
                row.getLong("entry_id"),
                instant(row, "recorded_at"),
                row.getString("path"),
                row.getObject("person_id", UUID.class),
                row.getString("partner"),
                row.getLong("report_series"),
                row.getString("report_number"),
                row.getString("code"),
                row.getString("code_text"),
                row.getString("code_system"),
                coding(row.getString("alternate")),
                row.getString("sub_id"),
                row.getString("instance"),
                status(row.getString("status")),
                row.getString("value_type"),
                row.getString("value_text"),
                row.getBigDecimal("value_number"),
                row.getString("comparator"),
                codings(row.getString("value_codings")),
                row.getBoolean("not_performed"),
                row.getString("unit"),
                row.getString("unit_system"),
                row.getString("loinc"),
                row.getString("ucum"),
                row.getString("reference_range"),
                row.getString("flags"),
                row.getString("method"),
                row.getString("performer"),
                maybeInstant(row, "observed_at"),
                row.getString("observed_as_sent"),
                maybeInstant(row, "analyzed_at"),
                issued,
                issued == null ? maybeInstant(row, "message_at") : issued,
                row.getString("control_id"),
                null,
                List.of());
    }

    /** What decides a version's place among the others; its value does not. */
    static Timeline.Version version(ResultSet row) throws SQLException {
        return new Timeline.Version(
                row.getLong("id"),
                row.getLong("entry_id"),
                status(row.getString("status")),
                "",
                row.getBoolean("value_inherited"),
                row.getLong("content_hash"),
                new Said(
                        maybeInstant(row, "issued_at"),
                        maybeInstant(row, "issued_until"),
                        maybeInstant(row, "message_at"),
                        maybeInstant(row, "claimed_at"),
                        row.getString("control_id")));
    }

    static NoteView note(ResultSet row) throws SQLException {
        return new NoteView(
                row.getLong("id"),
                row.getString("source"),
                row.getString("text"),
                row.getLong("entry_id"),
                row.getString("path"),
                instant(row, "recorded_at"));
    }

    static DocumentView document(ResultSet row) throws SQLException {
        return new DocumentView(
                row.getLong("id"),
                row.getObject("person_id", UUID.class),
                row.getLong("report_series"),
                row.getLong("shown_at"),
                row.getString("title"),
                row.getString("declared_type"),
                row.getString("media_type"),
                row.getInt("size_bytes"),
                HexFormat.of().formatHex(row.getBytes("content_hash")),
                row.getLong("entry_id"),
                row.getString("path"),
                instant(row, "recorded_at"));
    }

    static EntryFacts.ReportFact reportFact(
            ResultSet row, List<EntryFacts.ObservationFact> observations) throws SQLException {
        return new EntryFacts.ReportFact(
                row.getLong("series"),
                row.getInt("version"),
                Standing.of(row.getString("standing")),
                row.getString("path"),
                row.getObject("person_id", UUID.class),
                row.getString("number"),
                row.getString("code"),
                row.getString("code_text"),
                row.getString("status"),
                observations);
    }

    static EntryFacts.ObservationFact observationFact(ResultSet row) throws SQLException {
        var standing = Standing.of(row.getString("standing"));
        var gone = standing == Standing.WITHDRAWN || standing == Standing.WITHDRAWAL;
        return new EntryFacts.ObservationFact(
                row.getLong("series"),
                row.getInt("version"),
                standing,
                row.getString("path"),
                row.getString("code"),
                row.getString("code_text"),
                row.getString("sub_id"),
                status(row.getString("status")),
                gone ? "" : row.getString("value_text"),
                row.getString("unit"));
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    static @Nullable Instant maybeInstant(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    static ObservationStatus status(String letter) {
        return ObservationStatus.of(letter)
                .orElseThrow(() -> new IllegalStateException("a status outside table 0085"));
    }

    private static @Nullable ProviderView provider(ResultSet row, String role) throws SQLException {
        var id = row.getObject(role + "_id", Long.class);
        if (id == null) return null;
        return new ProviderView(
                id,
                row.getString(role + "_authority"),
                row.getString(role + "_number"),
                row.getString(role + "_family"),
                row.getString(role + "_given"));
    }

    private static Map<DemographicField, StatedView> demographics(String json) {
        var views = new EnumMap<DemographicField, StatedView>(DemographicField.class);
        RegistrationJson.statedDemographics(json)
                .forEach((field, stated) -> views.put(field, StatedView.of(stated)));
        DemographicField.leaveOutFormer(views, StatedView::entryId);
        return views;
    }

    static List<IdentifierView> identifiers(String json) {
        var identifiers = new ArrayList<IdentifierView>();
        for (var node : JSON.readTree(json)) {
            identifiers.add(
                    new IdentifierView(
                            text(node, "value"), text(node, "authority"), text(node, "type")));
        }
        return identifiers;
    }

    private static @Nullable CodingView coding(@Nullable String json) {
        return json == null ? null : coding(JSON.readTree(json));
    }

    private static List<CodingView> codings(@Nullable String json) {
        if (json == null) return List.of();
        var codings = new ArrayList<CodingView>();
        for (var node : JSON.readTree(json)) codings.add(coding(node));
        return codings;
    }

    private static CodingView coding(JsonNode node) {
        return new CodingView(text(node, "code"), text(node, "text"), text(node, "system"));
    }

    private static String text(JsonNode node, String name) {
        return node.path(name).asString("");
    }
}
