package org.chartbridge.fhir;

import org.chartbridge.chart.IsolateDoubt;
import org.chartbridge.chart.ProviderView;
import org.chartbridge.chart.ReportView;
import org.chartbridge.chart.ValueDoubt;
import org.hl7.fhir.r4.model.Attachment;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.stream.Collectors;

/** A report as it stands as a FHIR DiagnosticReport (v2-to-FHIR OBR[DiagnosticReport]). */
final class ReportMapper {
    /** R4 has no place for notes about a report as a whole; R5 has this one. */
    private static final String NOTE =
            "http://hl7.org/fhir/5.0/StructureDefinition/extension-DiagnosticReport.note";

    /** A number of ours, made of the collection time because the lab sent none. */
    private static final String MADE = "@";

    private static final String OUTDATED = " (made before the correction of this report)";

    private ReportMapper() {}

    /**
     * A report with what it is based on.
     *
     * @param order the order it belongs to, by id; null where nobody sent one, and the laboratory's
     *     own order stands for it
     */
    static DiagnosticReport report(ReportView view, @Nullable Long order) {
        var report = new DiagnosticReport();
        var version = version(view);
        report.setId("DiagnosticReport/" + view.series() + "/_history/" + version);
        report.getMeta()
                .setVersionId(version)
                .setLastUpdated(Date.from(view.recordedAt()))
                .setSource(CodeSystems.entry(view.entryId()));
        numbers(view).forEach(report::addIdentifier);
        var doubts = view.doubts();
        report.setStatus(
                doubts.stream().anyMatch(IsolateDoubt.class::isInstance)
                        ? DiagnosticReport.DiagnosticReportStatus.UNKNOWN
                        : Statuses.ofReport(view.status()));
        if (!doubts.isEmpty())
            report.setConclusion(
                    doubts.stream().map(ValueDoubt::words).collect(Collectors.joining("\n")));
        report.addCategory()
                .addCoding()
                .setSystem(CodeSystems.SECTION)
                .setCode("LAB")
                .setDisplay("Laboratory");
        report.setCode(RequestMapper.service(view));
        report.setSubject(new Reference("Patient/" + view.personId()));
        var effective = Times.dateTime(view.collectedAt(), view.collectedAsSent());
        if (effective != null) report.setEffective(effective);
        if (view.issuedAt() != null) report.setIssued(Date.from(view.issuedAt()));
        report.addPerformer(new Reference().setDisplay(view.partner()));
        if (order != null) report.addBasedOn(new Reference("ServiceRequest/" + order));
        else if (view.isOrdered())
            report.addBasedOn(new Reference("ServiceRequest/" + FillerOrderMapper.id(view)));
        // Of a reflex test or a susceptibility: the order of the report it goes deeper into.
        if (!view.parent().number().isEmpty()) report.addBasedOn(parent(view));
        var specimen = RequestMapper.specimen(view);
        if (specimen != null) report.addSpecimen().setResource(specimen);
        var visit = RequestMapper.visit(view);
        if (visit != null) report.getEncounter().setResource(visit);
        if (view.interpreter() != null) report.addResultsInterpreter(provider(view.interpreter()));
        for (var observation : view.observations())
            report.addResult(new Reference("Observation/" + observation.series()));
        for (var note : view.notes())
            report.addExtension(new Extension(NOTE, ObservationMapper.note(note)));
        for (var document : view.documents()) {
            report.addPresentedForm(
                    new Attachment()
                            .setContentType(document.mediaType())
                            .setUrl("Binary/" + document.id())
                            .setSize(document.sizeBytes())
                            .setTitle(
                                    view.isOutdated(document)
                                            ? (document.title() + OUTDATED).strip()
                                            : document.title()));
        }
        return report;
    }

    /** Another one while its isolate is in doubt, as of its values. */
    private static String version(ReportView view) {
        var doubts = view.doubts();
        return doubts.isEmpty()
                ? Integer.toString(view.version())
                : view.version() + "-" + doubts.getFirst().entryId();
    }

    static Reference parent(ReportView view) {
        var parent = Numbers.of(view.parent().number());
        if (!parent.hasSystem()) parent.setSystem(CodeSystems.orderNumbersOf(view.partner()));
        return new Reference().setType("ServiceRequest").setIdentifier(parent);
    }

    /** The placer's number and the filler's. */
    static List<Identifier> numbers(ReportView view) {
        var numbers = new ArrayList<Identifier>(2);
        if (!view.placerNumber().isEmpty()) numbers.add(Numbers.of("PLAC", view.placerNumber()));
        if (!view.number().startsWith(MADE) && !view.number().equals(view.placerNumber())) {
            var filler = Numbers.of("FILL", view.number());
            if (!filler.hasSystem()) filler.setSystem(CodeSystems.orderNumbersOf(view.partner()));
            numbers.add(filler);
        }
        return numbers;
    }

    static Reference provider(ProviderView view) {
        var reference = new Reference().setDisplay(view.display());
        if (!view.number().isEmpty()) {
            var identifier = new Identifier().setValue(view.number());
            var system = CodeSystems.ofAuthority(view.authority());
            if (!system.isEmpty()) identifier.setSystem(system);
            reference.setIdentifier(identifier);
        }
        return reference;
    }
}
