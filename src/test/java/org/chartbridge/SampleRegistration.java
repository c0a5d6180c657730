package org.chartbridge;

import org.chartbridge.SampleYaml.Fields;
import org.chartbridge.chart.CareStatements;
import org.chartbridge.chart.OrderedReport;
import org.chartbridge.chart.PersonView;
import org.chartbridge.chart.ReferralLoop;
import org.chartbridge.chart.Registrations;
import org.chartbridge.chart.StatedView;
import org.chartbridge.chart.VisitField;
import org.chartbridge.screening.Alert;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What a sample wants of a patient's demographics, visits and lists; part of {@link SampleChart};
 * long because each kind has fields of its own.
 */
final class SampleRegistration {
    private static final int MANY = 100;

    /** A field with what it was before; {@code was} is null when not compared. */
    record Field(
            String field,
            @Nullable String value,
            @Nullable String path,
            @Nullable List<String> was) {}

    /** Lists of keys and values; null when not compared. */
    record Expected(
            @Nullable String address,
            @Nullable String phone,
            List<Field> fields,
            @Nullable List<Map<String, String>> encounters,
            @Nullable List<Map<String, String>> allergies,
            @Nullable List<Map<String, String>> conditions,
            @Nullable List<Map<String, String>> coverages,
            @Nullable List<Map<String, String>> guarantors,
            @Nullable List<Map<String, String>> immunizations,
            @Nullable List<Map<String, String>> appointments,
            @Nullable List<Map<String, String>> orders,
            @Nullable List<Map<String, String>> medication,
            @Nullable List<Map<String, String>> referrals,
            @Nullable List<Map<String, String>> documents,
            @Nullable List<Map<String, String>> alerts) {}

    private SampleRegistration() {}

    static Expected expected(Fields patient) {
        return new Expected(
                SampleCase.optional(patient, "address"),
                SampleCase.optional(patient, "phone"),
                patient.each("fields").stream().map(SampleRegistration::field).toList(),
                items(
                        patient,
                        "encounters",
                        "number",
                        "status",
                        "class",
                        "location",
                        "attending",
                        "reason",
                        "admitted"),
                items(patient, "allergies", "code", "text", "severity", "reaction"),
                items(patient, "conditions", "code", "text"),
                items(patient, "coverages", "insurer", "plan", "policy-number"),
                items(patient, "guarantors", "name", "relationship", "address", "phone"),
                items(
                        patient,
                        "immunizations",
                        "code",
                        "number",
                        "completion",
                        "reason",
                        "lot",
                        "dose"),
                items(patient, "appointments", "number", "state", "starts", "service", "reason"),
                items(
                        patient,
                        "orders",
                        "code",
                        "placer-number",
                        "state",
                        "priority",
                        "details",
                        "results",
                        "children",
                        "flagged"),
                items(patient, "medication", "code", "placer-number", "state", "sig"),
                items(patient, "referrals", "number", "state", "stands", "reason", "to"),
                items(
                        patient,
                        "documents",
                        "number",
                        "type",
                        "relation",
                        "replaced-by",
                        "text",
                        "files",
                        "sent"),
                items(patient, "alerts", "kind", "severity", "drug", "cause", "order", "act"));
    }

    private static Field field(Fields fields) {
        var field =
                new Field(
                        fields.text("field"),
                        SampleCase.optional(fields, "value"),
                        SampleCase.optional(fields, "path"),
                        fields.has("was") ? fields.texts("was") : null);
        fields.allDone();
        return field;
    }

    private static @Nullable List<Map<String, String>> items(
            Fields patient, String name, String... keys) {
        if (!patient.has(name)) return null;
        var items = new ArrayList<Map<String, String>>();
        for (var fields : patient.each(name)) {
            var item = new LinkedHashMap<String, String>();
            for (var key : keys) if (fields.has(key)) item.put(key, fields.text(key));
            fields.allDone();
            items.add(item);
        }
        return items;
    }

    /** Alerts of orders, the worst first. */
    static void alerts(
            List<String> differences,
            String where,
            @Nullable List<Map<String, String>> wanted,
            List<Alert> alerts) {
        same(
                differences,
                where + ": alerts",
                wanted,
                alerts.stream()
                        .map(
                                one ->
                                        Map.of(
                                                "kind", one.kind().word(),
                                                "severity", one.severity().word(),
                                                "drug", one.drug(),
                                                "cause", one.cause(),
                                                "order", one.number(),
                                                "act", one.clinician()))
                        .toList());
    }

    /** What differs, a line each. */
    static List<String> differences(
            String where,
            Expected wanted,
            PersonView person,
            Registrations registrations,
            CareStatements care) {
        var differences = new ArrayList<String>();
        var record = person.main();
        same(differences, where + ": address", wanted.address(), record.address());
        same(differences, where + ": phone", wanted.phone(), record.phone());
        for (var field : wanted.fields()) field(where, field, person, registrations, differences);
        var of = Registrations.Search.of(person.id());
        same(
                differences,
                where + ": encounters",
                wanted.encounters(),
                registrations.encounters(of, 0, MANY).items().stream()
                        .map(
                                visit ->
                                        Map.of(
                                                "number", visit.number(),
                                                "status", visit.status().text(),
                                                "class", visit.code(VisitField.CLASS),
                                                "location", visit.text(VisitField.LOCATION),
                                                "attending", visit.text(VisitField.ATTENDING),
                                                "reason", visit.text(VisitField.REASON),
                                                "admitted", visit.text(VisitField.ADMITTED)))
                        .toList());
        same(
                differences,
                where + ": allergies",
                wanted.allergies(),
                registrations.allergies(of, 0, MANY).items().stream()
                        .map(
                                allergy ->
                                        Map.of(
                                                "code", allergy.substance().code(),
                                                "text", allergy.substance().text(),
                                                "severity", allergy.severity(),
                                                "reaction", allergy.reaction()))
                        .toList());
        same(
                differences,
                where + ": conditions",
                wanted.conditions(),
                registrations.conditions(of, 0, MANY).items().stream()
                        .map(
                                condition ->
                                        Map.of(
                                                "code", condition.code().code(),
                                                "text", condition.code().text()))
                        .toList());
        same(
                differences,
                where + ": coverages",
                wanted.coverages(),
                registrations.coverages(of, 0, MANY).items().stream()
                        .map(
                                coverage ->
                                        Map.of(
                                                "insurer", coverage.insurer(),
                                                "plan", coverage.planText(),
                                                "policy-number", coverage.policyNumber()))
                        .toList());
        same(
                differences,
                where + ": guarantors",
                wanted.guarantors(),
                registrations.guarantors(of, 0, MANY).items().stream()
                        .map(
                                guarantor ->
                                        Map.of(
                                                "name", guarantor.name(),
                                                "relationship", guarantor.relationship(),
                                                "address", guarantor.address(),
                                                "phone", guarantor.phone()))
                        .toList());
        same(
                differences,
                where + ": immunizations",
                wanted.immunizations(),
                registrations.immunizations(of, 0, MANY).items().stream()
                        .map(
                                one ->
                                        Map.of(
                                                "code", one.vaccine().code(),
                                                "number", one.number(),
                                                "completion", one.completion(),
                                                "reason", one.reason(),
                                                "lot", one.lot(),
                                                "dose", one.dose()))
                        .toList());
        same(
                differences,
                where + ": appointments",
                wanted.appointments(),
                registrations.appointments(of, 0, MANY).items().stream()
                        .map(
                                one ->
                                        Map.of(
                                                "number", one.number(),
                                                "state", one.state(),
                                                "starts", one.startsAsSent(),
                                                "service", one.service().text(),
                                                "reason", one.reason()))
                        .toList());
        same(
                differences,
                where + ": orders",
                wanted.orders(),
                care.orders(person.id()).stream()
                        .map(
                                loop ->
                                        Map.of(
                                                "code", loop.order().service().code(),
                                                "placer-number", loop.order().placerNumber(),
                                                "state", loop.state(),
                                                "priority", loop.order().priority(),
                                                "details", loop.order().details(),
                                                "results", Integer.toString(loop.reports().size()),
                                                "children",
                                                        loop.children().stream()
                                                                .map(OrderedReport::name)
                                                                .collect(
                                                                        java.util.stream.Collectors
                                                                                .joining(", ")),
                                                "flagged",
                                                        loop.isStoppedWithResults() ? "yes" : "no"))
                        .toList());
        same(
                differences,
                where + ": medication",
                wanted.medication(),
                care.medication(of, 0, MANY).items().stream()
                        .map(
                                one ->
                                        Map.of(
                                                "code", one.drug().code(),
                                                "placer-number", one.placerNumber(),
                                                "state", one.state(),
                                                "sig", one.sig()))
                        .toList());
        same(
                differences,
                where + ": referrals",
                wanted.referrals(),
                care.referrals(of, 0, MANY).items().stream()
                        .map(
                                one ->
                                        Map.of(
                                                "number", one.number(),
                                                "state", one.state(),
                                                "stands", stands(care, person.id(), one.id()),
                                                "reason", one.reason(),
                                                "to", one.referredTo()))
                        .toList());
        same(
                differences,
                where + ": documents",
                wanted.documents(),
                care.documents(of, 0, MANY).items().stream()
                        .map(
                                one ->
                                        Map.of(
                                                "number", one.number(),
                                                "type", one.type().code(),
                                                "relation", one.relation(),
                                                "replaced-by", one.replacedBy(),
                                                "text", care.text(one),
                                                "files", Integer.toString(one.parts().size()),
                                                "sent", Integer.toString(one.versions())))
                        .toList());
        return differences;
    }

    /** As all that was said of a referral gives it. */
    private static String stands(CareStatements care, UUID person, long id) {
        return care.referrals(person).stream()
                .filter(
                        loop ->
                                loop.referral().id() == id
                                        || loop.answers().stream().anyMatch(a -> a.id() == id))
                .map(ReferralLoop::state)
                .findFirst()
                .orElse("");
    }

    private static void field(
            String where,
            Field wanted,
            PersonView person,
            Registrations registrations,
            List<String> differences) {
        var place = where + ": " + wanted.field();
        for (var got : registrations.demographics(person.id())) {
            if (!got.field().id().equals(wanted.field())) continue;
            same(differences, place, wanted.value(), got.current().text());
            same(differences, place + ": path", wanted.path(), got.current().path());
            if (wanted.was() != null)
                same(
                        differences,
                        place + ": was",
                        wanted.was().toString(),
                        got.history().stream().map(StatedView::text).toList().toString());
            return;
        }
        differences.add(place + ": wanted, and not there");
    }

    private static void same(
            List<String> differences, String where, @Nullable String wanted, String got) {
        if (wanted != null && !wanted.equals(got))
            differences.add("%s: wanted '%s', got '%s'".formatted(where, wanted, got));
    }

    /** The same items in any order, each compared by the keys that are wanted. */
    private static void same(
            List<String> differences,
            String where,
            @Nullable List<Map<String, String>> wanted,
            List<Map<String, String>> got) {
        if (wanted == null) return;
        var left = new ArrayList<>(got);
        for (var item : wanted) {
            var match =
                    left.stream()
                            .filter(other -> other.entrySet().containsAll(item.entrySet()))
                            .findFirst();
            if (match.isEmpty()) differences.add(where + ": wanted, and not there: " + item);
            else left.remove(match.get());
        }
        for (var other : left) differences.add(where + ": not wanted: " + other);
    }
}
