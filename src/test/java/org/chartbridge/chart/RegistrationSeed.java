package org.chartbridge.chart;

import org.chartbridge.database.Script;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import javax.sql.DataSource;

/** Charts invented registrations of one patient through the fold and the store, without HL7. */
public final class RegistrationSeed {
    private final DataSource dataSource;
    private final ChartStore store;
    private final PatientClaim patient;
    private final long firstEntry;
    private int entries;

    /**
     * @param firstEntry entries that say it have this id and the ones after it
     */
    public RegistrationSeed(
            DataSource dataSource,
            RecordKey key,
            PersonName name,
            String birthDate,
            long firstEntry) {
        this.dataSource = dataSource;
        this.store = new ChartStore(JdbcClient.create(dataSource));
        this.firstEntry = firstEntry;
        this.patient =
                new PatientClaim(key, "PID-3", List.of(key), name, birthDate, "F", "", "", true);
    }

    /** A person of whom everything is known, with what was said before. */
    public RegistrationSeed write(String words, Instant at) {
        say("A28", at, fields("1 First St", "Oldtown", "555-0100", words), null, List.of());
        say(
                "A01",
                at.plusSeconds(3_600),
                Map.of(),
                visit("A01", "V-1", at.plusSeconds(3_600), "WARD · 1 · " + words),
                List.of(
                        list(
                                ListKind.ALLERGY,
                                "AL1[1-2]",
                                item(
                                        "7980^RXN",
                                        "AL1[1]",
                                        "Penicillin",
                                        "7980",
                                        "DA",
                                        "SV",
                                        "Hives; " + words),
                                item(words, "AL1[2]", words, "", "FA", "MI", "")),
                        list(
                                ListKind.CONDITION,
                                "DG1[1]",
                                item(
                                        "J18.9^I10",
                                        "DG1[1]",
                                        "Pneumonia " + words,
                                        "J18.9",
                                        "A",
                                        "",
                                        "")),
                        list(ListKind.COVERAGE, "IN1[1]", coverage(words))));
        say(
                "A02",
                at.plusSeconds(7_200),
                Map.of(),
                visit("A02", "V-1", at.plusSeconds(7_200), "ICU · 5"),
                List.of());
        say(
                "A12",
                at.plusSeconds(9_000),
                Map.of(),
                visit("A12", "V-1", at.plusSeconds(9_000), "WARD · 1 · " + words),
                List.of());
        say(
                "A31",
                at.plusSeconds(10_000),
                fields("9 New Rd", "Shelbyville", "555-0199", words),
                null,
                List.of());
        care(words, at.plusSeconds(11_000));
        return this;
    }

    /** An order, a prescription, a referral and a document with a text and a file. */
    private void care(String words, Instant at) {
        var text = DocumentContent.of("text/plain", words.getBytes(StandardCharsets.UTF_8));
        var pdf =
                DocumentContent.of(
                        "application/pdf", "%PDF-1.4".getBytes(StandardCharsets.US_ASCII));
        say(
                "O21",
                at,
                Map.of(),
                null,
                List.of(
                        list(
                                ListKind.PLACED_ORDER,
                                "OBR[1]",
                                stated(
                                        "P-1",
                                        Map.of(
                                                ItemField.CODE,
                                                words,
                                                ItemField.PLACER_NUMBER,
                                                "P-1",
                                                ItemField.STATE,
                                                "active",
                                                ItemField.DETAILS,
                                                words)),
                                // An answer to the referral below (360X), and no order.
                                stated(
                                        "R-1",
                                        Map.of(
                                                ItemField.PLACER_NUMBER, "R-1",
                                                ItemField.STATE, "active",
                                                ItemField.CONTROL, "OK",
                                                ItemField.CLINICAL_STATUS, "IP",
                                                ItemField.DETAILS, words))),
                        list(
                                ListKind.MEDICATION_ORDER,
                                "RXO[1]",
                                stated(
                                        "P-2",
                                        Map.of(
                                                ItemField.CODE, words,
                                                ItemField.PLACER_NUMBER, "P-2",
                                                ItemField.STATE, "active",
                                                ItemField.DOSE, words,
                                                ItemField.QUANTITY, "30",
                                                ItemField.REFILLS, "2"))),
                        list(
                                ListKind.REFERRAL,
                                "RF1[1]",
                                stated(
                                        "R-1",
                                        Map.of(
                                                ItemField.NUMBER,
                                                "R-1",
                                                ItemField.STATE,
                                                "requested",
                                                ItemField.REASON,
                                                words,
                                                ItemField.REFERRED_TO,
                                                words)),
                                stated(
                                        "X-9",
                                        Map.of(
                                                ItemField.NUMBER, "R-1",
                                                ItemField.PLACER_NUMBER, "X-9",
                                                ItemField.STATE, "accepted",
                                                ItemField.DETAILS, words))),
                        list(
                                ListKind.CLINICAL_DOCUMENT,
                                "TXA[1]",
                                stated(
                                        "D-1",
                                        Map.of(
                                                ItemField.NUMBER, "D-1-" + patient.key().value(),
                                                ItemField.PARENT_NUMBER, "D-0",
                                                ItemField.RELATION, "appends",
                                                ItemField.CODE, words,
                                                ItemField.CLINICAL_STATUS, "DO"))),
                        list(
                                ListKind.DOCUMENT_BODY,
                                "OBX[1-2]",
                                stated(
                                        "D-1",
                                        Map.of(
                                                ItemField.FILES,
                                                text.line("") + "\n" + pdf.line(words))))),
                List.of(text, pdf));
    }

    private static ListStatement.Item stated(String key, Map<ItemField, String> texts) {
        var fields = new EnumMap<ItemField, FieldValue>(ItemField.class);
        texts.forEach((field, text) -> fields.put(field, FieldValue.of(text, "ORC-2")));
        return new ListStatement.Item(key, "ORC[1]", false, fields);
    }

    /** The sender says that there are no allergies. */
    public RegistrationSeed noAllergies(Instant at) {
        say(
                "A31",
                at,
                fields("2 Second St", "Springfield", "", ""),
                null,
                List.of(
                        new ListStatement(
                                ListKind.ALLERGY, "AL1[1]", true, false, true, List.of())));
        return this;
    }

    public UUID person() {
        return JdbcClient.create(dataSource)
                .sql("select person_id from patient_record where id_value = ?")
                .param(patient.key().value())
                .query(UUID.class)
                .single();
    }

    private void say(
            String trigger,
            Instant at,
            Map<DemographicField, FieldValue> fields,
            @org.jspecify.annotations.Nullable VisitStatement visit,
            List<ListStatement> lists) {
        say(trigger, at, fields, visit, lists, List.of());
    }

    private void say(
            String trigger,
            Instant at,
            Map<DemographicField, FieldValue> fields,
            @org.jspecify.annotations.Nullable VisitStatement visit,
            List<ListStatement> lists,
            List<DocumentContent> contents) {
        var update =
                new Registration(
                        "emr",
                        patient,
                        trigger,
                        true,
                        new EventTimes(null, at, at),
                        fields,
                        visit,
                        lists,
                        contents);
        try (var connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            var group = store.group(at);
            var reading = new Script();
            store.read(reading, group, List.of(update));
            reading.send(connection);
            var applied = group.apply(update, firstEntry + entries++);
            if (!(applied instanceof Applied.Changed))
                throw new IllegalStateException("the seed was held");
            var writing = new Script();
            store.write(writing, group);
            writing.send(connection);
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<DemographicField, FieldValue> fields(
            String street, String city, String phone, String words) {
        var fields = new EnumMap<DemographicField, FieldValue>(DemographicField.class);
        fields.put(DemographicField.STREET, FieldValue.of(street, "PID-11.1"));
        fields.put(DemographicField.CITY, FieldValue.of(city, "PID-11.3"));
        fields.put(DemographicField.PHONE, FieldValue.of(phone, "PID-13"));
        fields.put(DemographicField.LANGUAGE, new FieldValue("English", "en", "HL70296", "PID-15"));
        fields.put(DemographicField.MARITAL_STATUS, new FieldValue("M", "M", "", "PID-16"));
        if (!words.isEmpty())
            fields.put(
                    DemographicField.PRIMARY_CARE, new FieldValue(words, "70001", "emr", "PD1-4"));
        return fields;
    }

    private VisitStatement visit(String trigger, String number, Instant at, String location) {
        var fields = new EnumMap<VisitField, FieldValue>(VisitField.class);
        fields.put(VisitField.CLASS, new FieldValue("I", "I", "", "PV1-2"));
        fields.put(VisitField.LOCATION, FieldValue.of(location, "PV1-3"));
        fields.put(VisitField.ATTENDING, new FieldValue("Ordway, Ann", "70001", "emr", "PV1-7"));
        if (trigger.equals("A01")) {
            fields.put(
                    VisitField.ADMITTED,
                    new FieldValue("20261103090000", at.toString(), "", "PV1-44"));
            fields.put(VisitField.REASON, new FieldValue("Cough for a week", "", "", "PV2-3"));
        }
        return new VisitStatement(
                new VisitKey(VisitKey.Kind.VISIT, "emr", number + "-" + patient.key().value()),
                "PV1",
                VisitEvent.of(trigger).orElseThrow(),
                fields);
    }

    private static ListStatement list(ListKind kind, String path, ListStatement.Item... items) {
        return new ListStatement(
                kind,
                path,
                true,
                kind == ListKind.CONDITION,
                false,
                new ArrayList<>(List.of(items)));
    }

    private static ListStatement.Item item(
            String key,
            String path,
            String text,
            String code,
            String type,
            String severity,
            String reaction) {
        var fields = new EnumMap<ItemField, FieldValue>(ItemField.class);
        fields.put(
                ItemField.CODE,
                new FieldValue(text, code, path.startsWith("DG1") ? "I10" : "RXN", path));
        fields.put(ItemField.TYPE, new FieldValue(type, type, "", path));
        if (!severity.isEmpty())
            fields.put(ItemField.SEVERITY, new FieldValue(severity, severity, "", path));
        if (!reaction.isEmpty()) fields.put(ItemField.REACTION, FieldValue.of(reaction, path));
        fields.put(ItemField.BEGAN, new FieldValue("20261101", "2026-11-01T05:00:00Z", "", path));
        return new ListStatement.Item(key, path, false, fields);
    }

    private static ListStatement.Item coverage(String words) {
        var fields = new EnumMap<ItemField, FieldValue>(ItemField.class);
        fields.put(ItemField.PLAN, new FieldValue("Gold plan", "GOLD", "", "IN1-2"));
        fields.put(ItemField.INSURER, new FieldValue("Acme Health " + words, "ACME", "", "IN1-4"));
        fields.put(ItemField.POLICY_NUMBER, FieldValue.of("POL-30", "IN1-36"));
        fields.put(ItemField.PRIORITY, FieldValue.of("1", "IN1-1"));
        fields.put(ItemField.RELATIONSHIP, new FieldValue("Self", "SEL", "", "IN1-17"));
        fields.put(
                ItemField.BEGAN, new FieldValue("20260101", "2026-01-01T05:00:00Z", "", "IN1-12"));
        fields.put(
                ItemField.ENDED, new FieldValue("20261231", "2026-12-31T05:00:00Z", "", "IN1-13"));
        return new ListStatement.Item("GOLD^ACME^POL-30", "IN1[1]", false, fields);
    }
}
