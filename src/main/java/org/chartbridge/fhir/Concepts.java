package org.chartbridge.fhir;

import org.chartbridge.chart.CodingView;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** Coded ideas with all their codings (v2-to-FHIR CWE[CodeableConcept]). */
final class Concepts {
    private Concepts() {}

    /** A concept of one or two codings; its text is that of the first which has one. */
    static CodeableConcept of(CodingView own, @Nullable CodingView alternate, String partner) {
        var concept = new CodeableConcept();
        add(concept, own, partner);
        if (alternate != null) add(concept, alternate, partner);
        return concept;
    }

    /** The same of any number. */
    static CodeableConcept ofAll(CodingView own, List<CodingView> alternates, String partner) {
        var concept = of(own, null, partner);
        for (var one : alternates) add(concept, one, partner);
        return concept;
    }

    static void add(CodeableConcept concept, CodingView view, String partner) {
        if (!view.code().isEmpty()) {
            var coding = new Coding().setCode(view.code());
            var system = CodeSystems.uri(view.system(), view.code(), partner);
            if (!system.isEmpty()) coding.setSystem(system);
            if (!view.text().isEmpty()) coding.setDisplay(view.text());
            concept.addCoding(coding);
        }
        if (!concept.hasText() && !view.text().isEmpty()) concept.setText(view.text());
    }
}
