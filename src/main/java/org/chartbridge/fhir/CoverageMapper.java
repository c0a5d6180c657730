package org.chartbridge.fhir;

import org.chartbridge.chart.CoverageView;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Coverage;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Date;

/** An insurance as a FHIR Coverage (v2-to-FHIR IN1[Coverage]). */
final class CoverageMapper {
    private static final String SUBSCRIBER_ID =
            "http://hl7.org/fhir/5.0/StructureDefinition/extension-subscriberId";

    private CoverageMapper() {}

    static Coverage of(CoverageView view) {
        var coverage = new Coverage();
        coverage.setId(Long.toString(view.id()));
        coverage.getMeta().setLastUpdated(Date.from(view.source().recordedAt()));
        coverage.setStatus(
                view.active() ? Coverage.CoverageStatus.ACTIVE : Coverage.CoverageStatus.CANCELLED);
        coverage.setBeneficiary(new Reference("Patient/" + view.personId()));
        coverage.addPayor().setDisplay(view.insurer().isEmpty() ? view.planText() : view.insurer());
        numbers(coverage, view);
        if (!view.insured().isEmpty())
            coverage.setSubscriber(new Reference().setDisplay(view.insured()));
        relationship(coverage, view.relationship());
        if (!view.type().isEmpty())
            coverage.setType(
                    new CodeableConcept()
                            .addCoding(
                                    new Coding(
                                            "http://terminology.hl7.org/CodeSystem/v2-0086",
                                            view.type(),
                                            null)));
        if (view.priority().matches("[1-9]\\d{0,3}"))
            coverage.setOrder(Integer.parseInt(view.priority()));
        part(coverage, "group", view.groupNumber(), view.groupName());
        part(coverage, "plan", view.plan(), view.planText());
        var begins = time(view.begins(), view.beginsAsSent());
        var ends = time(view.ends(), view.endsAsSent());
        if (begins != null) coverage.getPeriod().setStartElement(begins);
        if (ends != null) coverage.getPeriod().setEndElement(ends);
        return coverage;
    }

    /** The insured is known by IN1-49; a policy that is no such number is the contract's. */
    private static void numbers(Coverage coverage, CoverageView view) {
        var member = view.memberNumber().isEmpty() ? view.policyNumber() : view.memberNumber();
        if (!member.isEmpty()) coverage.setSubscriberId(member);
        if (!view.memberNumber().isEmpty())
            coverage.addExtension(
                    SUBSCRIBER_ID, identifier("", view.memberNumber(), view.memberAuthority()));
        if (!view.policyNumber().isEmpty() && !view.policyNumber().equals(view.memberNumber()))
            coverage.addIdentifier(identifier("", view.policyNumber(), ""));
        for (var number : view.furtherNumbers())
            coverage.addIdentifier(identifier(number.get(0), number.get(1), number.get(2)));
    }

    private static Identifier identifier(String type, String number, String authority) {
        var identifier = new Identifier().setValue(number);
        var system = CodeSystems.ofAuthority(authority);
        if (!system.isEmpty()) identifier.setSystem(system);
        if (!type.isEmpty())
            identifier.getType().addCoding().setSystem(CodeSystems.IDENTIFIER_TYPE).setCode(type);
        return identifier;
    }

    private static void part(Coverage coverage, String type, String code, String name) {
        if (code.isEmpty() && name.isEmpty()) return;
        var part = coverage.addClass_().setValue(code.isEmpty() ? name : code);
        part.getType()
                .addCoding(
                        new Coding(
                                "http://terminology.hl7.org/CodeSystem/coverage-class",
                                type,
                                null));
        if (!name.isEmpty() && !code.isEmpty()) part.setName(name);
    }

    /** IN1-17, table 0063. */
    private static void relationship(Coverage coverage, String code) {
        if (code.isEmpty()) return;
        var word =
                switch (code) {
                    case "SEL" -> "self";
                    case "SPO" -> "spouse";
                    case "CHD", "DEP", "SCH", "GCH", "FCH", "NCH", "WRD" -> "child";
                    case "PAR", "MTH", "FTH" -> "parent";
                    case "DOM", "LIF" -> "common";
                    default -> "other";
                };
        coverage.setRelationship(
                new CodeableConcept()
                        .setText(code)
                        .addCoding(
                                new Coding(
                                        "http://terminology.hl7.org/CodeSystem/subscriber-relationship",
                                        word,
                                        null)));
    }

    /** IN1-12 and IN1-13 are days; some send a time of day, which is no day without its zone. */
    private static @Nullable DateTimeType time(@Nullable Instant instant, String asSent) {
        return asSent.strip().length() > 8 && Times.dateTime(instant, asSent) != null
                ? Times.dateTime(instant, asSent)
                : date(asSent);
    }

    /** A DT has no zone; what is no date is left out. */
    private static @Nullable DateTimeType date(String asSent) {
        var digits = asSent.strip();
        if (!digits.matches("\\d{8}.*")) return null;
        try {
            return new DateTimeType(
                    LocalDate.of(
                                    Integer.parseInt(digits.substring(0, 4)),
                                    Integer.parseInt(digits.substring(4, 6)),
                                    Integer.parseInt(digits.substring(6, 8)))
                            .toString());
        } catch (DateTimeException _) {
            return null;
        }
    }
}
