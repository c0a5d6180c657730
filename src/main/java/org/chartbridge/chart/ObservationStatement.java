package org.chartbridge.chart;

import java.util.List;

/**
 * What one message says about one value: all OBX with equal OBX-3 and OBX-4 under one OBR, which
 * are replaced as a unit.
 *
 * @param path {@code OBX[n]}, or {@code OBX[n-m]} where several segments make the value
 * @param test OBX-3 as sent; its key is never empty
 * @param subId OBX-4; may be empty
 * @param instance what tells it from others with this test and sub-id under the OBR, where its
 *     sender has such: a time (OBX-14) or OBX-21; mostly empty
 * @param parentValue OBR-26.3, what the value that this goes deeper into was called; may be empty
 * @param status OBX-11, else derived from OBR-25, else final
 * @param value the value; {@link Value#NONE} when OBX-5 was empty
 * @param unit OBX-6.1 as sent, else OBX-6.2
 * @param unitSystem OBX-6.3
 * @param translation what test and unit are in LOINC and UCUM
 * @param range OBX-7, for display
 * @param flags OBX-8 as sent, table 0078, repetitions joined by {@code ~}
 * @param method OBX-17
 * @param performer OBX-23, else OBX-15, for display
 * @param observed OBX-14, else OBR-7
 * @param analyzed OBX-19
 * @param notes NTE after these OBX
 * @param documents content that came in OBX-5 (ED)
 */
public record ObservationStatement(
        String path,
        Concept test,
        String subId,
        String instance,
        String parentValue,
        ObservationStatus status,
        Value value,
        String unit,
        String unitSystem,
        Translation translation,
        String range,
        String flags,
        String method,
        String performer,
        ClinicalTime observed,
        ClinicalTime analyzed,
        Said said,
        List<NoteStatement> notes,
        List<DocumentStatement> documents) {

    public ObservationStatement {
        notes = List.copyOf(notes);
        documents = List.copyOf(documents);
        if (test.isEmpty()) throw new IllegalArgumentException("an observation without a test");
    }
}
