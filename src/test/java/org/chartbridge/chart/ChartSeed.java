package org.chartbridge.chart;

import org.springframework.jdbc.core.simple.JdbcClient;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

import javax.sql.DataSource;

/**
 * Writes invented patients and results with plain SQL, so that reading is tested without writing. A
 * lab five hours behind UTC sends them.
 */
public final class ChartSeed {
    public static final ZoneOffset LAB = ZoneOffset.ofHours(-5);
    private static final DateTimeFormatter HL7 = DateTimeFormatter.ofPattern("uuuuMMddHHmm");

    private final JdbcClient jdbc;
    private long id = 1_000;

    public ChartSeed(DataSource dataSource) {
        this.jdbc = JdbcClient.create(dataSource);
    }

    /** A new id, higher than all before. */
    public long next() {
        return ++id;
    }

    public UUID person() {
        var person = new UUID(0x4000_8000L, next());
        jdbc.sql("insert into person (id, entry_id, recorded_at) values (:id, 1, :at)")
                .param("id", person)
                .param("at", at("2026-01-01T00:00:00Z"))
                .update();
        return person;
    }

    /** A record of a person: {@code authority|type|value}, name {@code FAMILY^Given}. */
    public long record(UUID person, String identifier, String name, String birthDate, String more) {
        var key = identifier.split("\\|", -1);
        var names = name.split("\\^", -1);
        var record = next();
        jdbc.sql(
                        """
                        insert into patient_record (id, person_id, entry_id, recorded_at, path, authority, id_type, id_value,
                            family_name, given_name, middle_name, name_suffix, birth_date, sex, address, phone, identifiers)
                        values (:id, :person, 1, :at, 'PID-3[1]', :authority, :type, :value,
                            :family, :given, '', '', :birthDate, 'F', '1 Invented Way', '555-0100', :identifiers::jsonb)
                        """)
                .param("id", record)
                .param("person", person)
                .param("at", at("2026-01-01T00:00:00Z"))
                .param("authority", key[0])
                .param("type", key[1])
                .param("value", key[2])
                .param("family", names[0])
                .param("given", names[1])
                .param("birthDate", birthDate)
                .param(
                        "identifiers",
                        "[{\"authority\":\"%s\",\"type\":\"%s\",\"value\":\"%s\"}%s]"
                                .formatted(key[0], key[1], key[2], more))
                .update();
        return record;
    }

    public long record(UUID person, String identifier, String name, String birthDate) {
        return record(person, identifier, name, birthDate, "");
    }

    /** The first version of a report, current and final. */
    public Row report(long record, String number, String collected) {
        var report = next();
        return new Row("report", report)
                .set("id", report)
                .set("series", report)
                .set("version", 1)
                .set("standing", "current")
                .set("entry_id", next())
                .set("recorded_at", at("2026-03-01T12:00:00Z"))
                .set("path", "OBR[1]")
                .set("record_id", record)
                .set("order_id", 1L)
                .set("partner", "northlab")
                .set("number", number)
                .set("placer_number", "P-" + number)
                .set("code", "BMP")
                .set("code_text", "Basic metabolic panel")
                .set("code_system", "L")
                .set("status", "F")
                .collected("collected", collected)
                .set("issued_at", at("2026-03-01T11:00:00Z"))
                .set("message_at", at("2026-03-01T11:30:00Z"))
                .set("control_id", "C1")
                .set("content_hash", 1L);
    }

    /** The first version of a value, current and final: a sodium of 140. */
    public Row observation(Row report, String collected) {
        var observation = next();
        return new Row("observation", observation)
                .set("id", observation)
                .set("series", observation)
                .set("version", 1)
                .set("standing", "current")
                .set("corrected", false)
                .set("entry_id", report.get("entry_id"))
                .set("recorded_at", at("2026-03-01T12:00:00Z"))
                .set("path", "OBX[1]")
                .set("record_id", report.get("record_id"))
                .set("report_series", report.get("series"))
                .set("code", "2951-2")
                .set("code_text", "Sodium")
                .set("code_system", "LN")
                .set("sub_id", "")
                .set("status", "F")
                .set("value_type", "NM")
                .set("value_text", "140")
                .set("value_number", new java.math.BigDecimal("140"))
                .set("comparator", "")
                .set("unit", "mmol/L")
                .set("unit_system", "UCUM")
                .set("reference_range", "135-145")
                .set("flags", "")
                .set("method", "")
                .set("performer", "")
                .collected("observed", collected)
                .set("issued_at", at("2026-03-01T11:00:00Z"))
                .set("message_at", at("2026-03-01T11:30:00Z"))
                .set("control_id", "C1")
                .set("content_hash", 1L);
    }

    /** The next version of a report or value: same identity, a later entry. */
    public Row again(Row before) {
        var version = next();
        return new Row(before.table, version)
                .setAll(before.columns)
                .set("id", version)
                .set("version", (int) before.get("version") + 1)
                .set("entry_id", next())
                .set("recorded_at", at("2026-03-02T12:00:00Z"));
    }

    public void note(Row target, String text) {
        var report =
                target.table.equals("report") ? target.get("series") : target.get("report_series");
        jdbc.sql(
                        """
                        insert into note (id, entry_id, recorded_at, path, report_series, target, source, text)
                        values (:id, :entry, :at, 'NTE[1]', :report, :target, 'L', :text)
                        """)
                .param("id", next())
                .param("entry", target.get("entry_id"))
                .param("at", at("2026-03-01T12:00:00Z"))
                .param("report", report)
                .param("target", target.id)
                .param("text", text)
                .update();
    }

    /** A PDF that came with a value. */
    public long document(Row observation, String content) {
        var document = next();
        var hash = sha256(content);
        jdbc.sql(
                        """
                        insert into document_content (hash, media_type, size_bytes, content)
                        values (:hash, 'application/pdf', :size, :content)
                        on conflict do nothing
                        """)
                .param("hash", hash)
                .param("size", content.length())
                .param("content", content.getBytes(StandardCharsets.US_ASCII))
                .update();
        jdbc.sql(
                        """
                        insert into document (id, entry_id, recorded_at, path, record_id, report_series, observation_id, title,
                            declared_type, content_hash)
                        values (:id, :entry, :at, 'OBX[9]-5', :record, :report, :observation, 'Report as PDF', 'AP/PDF', :hash)
                        """)
                .param("id", document)
                .param("entry", observation.get("entry_id"))
                .param("at", at("2026-03-01T12:00:00Z"))
                .param("record", observation.get("record_id"))
                .param("report", observation.get("report_series"))
                .param("observation", observation.id)
                .param("hash", hash)
                .update();
        return document;
    }

    public long provider(String authority, String number, String family, String given) {
        var provider = next();
        jdbc.sql("insert into provider values (:id, :authority, :number, :family, :given)")
                .param("id", provider)
                .param("authority", authority)
                .param("number", number)
                .param("family", family)
                .param("given", given)
                .update();
        return provider;
    }

    public static OffsetDateTime at(String instant) {
        return Instant.parse(instant).atOffset(ZoneOffset.UTC);
    }

    private static byte[] sha256(String content) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(content.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A row on its way to the database. */
    public final class Row {
        private final String table;
        private final long id;
        private final Map<String, Object> columns = new HashMap<>();

        private Row(String table, long id) {
            this.table = table;
            this.id = id;
        }

        public Row set(String column, Object value) {
            columns.put(column, value);
            return this;
        }

        /** Leaves a column null. */
        public Row without(String column) {
            columns.remove(column);
            return this;
        }

        private Row setAll(Map<String, Object> all) {
            columns.putAll(all);
            return this;
        }

        /**
         * A time as the lab writes it, {@code yyyyMMddHHmm} or {@code yyyyMMdd}; empty for none.
         */
        public Row collected(String which, String asSent) {
            columns.put(which + "_as_sent", asSent);
            columns.remove(which + "_at");
            if (!asSent.isEmpty()) {
                var minutes = asSent.length() == 8 ? asSent + "0000" : asSent;
                var local = LocalDateTime.parse(minutes, HL7);
                columns.put(which + "_at", local.atOffset(LAB));
            }
            return this;
        }

        public Object get(String column) {
            return java.util.Objects.requireNonNull(columns.get(column), column);
        }

        public long id() {
            return id;
        }

        public long series() {
            return (long) get("series");
        }

        public Row write() {
            var names = String.join(", ", columns.keySet());
            var values =
                    columns.keySet().stream()
                            .map(c -> isJson(c) ? ":" + c + "::jsonb" : ":" + c)
                            .collect(java.util.stream.Collectors.joining(", "));
            jdbc.sql("insert into %s (%s) values (%s)".formatted(table, names, values))
                    .params(columns)
                    .update();
            return this;
        }

        /** What a later statement does to this one. */
        public Row becomes(String standing, Row by) {
            jdbc.sql(
                            "update %s set standing = :standing, replaced_by_entry = :entry, replaced_at = :at where id = :id"
                                    .formatted(table))
                    .param("standing", standing)
                    .param("entry", by.get("entry_id"))
                    .param("at", by.get("recorded_at"))
                    .param("id", id)
                    .update();
            return this;
        }

        private static boolean isJson(String column) {
            return column.equals("alternate") || column.equals("value_codings");
        }
    }
}
