package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One report (OBR) as it stands: its current version with its current values.
 *
 * @param series the report's identity, the same for all its versions
 * @param number OBR-3, else OBR-2, else {@code @} and the collection time as sent
 * @param code OBR-4 as sent
 * @param alternate OBR-4.4-6; null when not sent
 * @param status OBR-25, table 0123; empty when not sent
 * @param collectedAt for sorting; null when unknown; its precision is that of {@code
 *     collectedAsSent}
 * @param orderingProvider OBR-16; null when not sent
 * @param interpreter OBR-32; null when not sent
 * @param parent what it goes deeper into
 * @param request what is said of the order that it answers, and of the visit beside it
 * @param observations in the order in which they first came
 * @param notes about the report as a whole; those about a value are with the value
 * @param leftOut how many values, notes and documents there are beyond the limits of a read: a
 *     screen has to say so
 */
public record ReportView(
        long id,
        long series,
        int version,
        Standing standing,
        long entryId,
        Instant recordedAt,
        String path,
        UUID personId,
        String partner,
        String number,
        String placerNumber,
        String code,
        String codeText,
        String codeSystem,
        @Nullable CodingView alternate,
        String status,
        @Nullable Instant collectedAt,
        String collectedAsSent,
        @Nullable Instant issuedAt,
        String controlId,
        @Nullable ProviderView orderingProvider,
        @Nullable ProviderView interpreter,
        Parent parent,
        Map<RequestField, FieldValue> request,
        List<ObservationView> observations,
        List<NoteView> notes,
        List<DocumentView> documents,
        long leftOut) {

    /** OBR-25, table 0123: final, corrected, nothing done. */
    private static final Set<String> FINAL = Set.of("F", "C", "X");

    public ReportView {
        request = Map.copyOf(request);
        observations = List.copyOf(observations);
        notes = List.copyOf(notes);
        documents = List.copyOf(documents);
    }

    /** Whether somebody asked for it by an OBR: observations without one are nobody's order. */
    public boolean isOrdered() {
        return !(number.startsWith(ReportStatement.BY_COLLECTION_TIME)
                && code.isEmpty()
                && codeText.equals(ReportStatement.WITHOUT_ORDER));
    }

    /** When anything of it as it stands was charted last. */
    public Instant changedAt() {
        return Stream.of(
                        Stream.of(recordedAt),
                        observations.stream().map(ObservationView::recordedAt),
                        notes.stream().map(NoteView::recordedAt),
                        documents.stream().map(DocumentView::recordedAt))
                .flatMap(times -> times)
                .max(Comparator.naturalOrder())
                .orElse(recordedAt);
    }

    /** Whether it and all of its values are final: nothing more is announced. */
    public boolean isFinal() {
        return (status.isEmpty() || FINAL.contains(status))
                && observations.stream().noneMatch(value -> value.status().isPreliminary());
    }

    /** Whether a report says that it goes deeper into this one; by number, of one partner. */
    public boolean isParentOf(ReportView other) {
        return series != other.series
                && partner.equals(other.partner)
                && (OneNumber.isOne(other.parent.number(), number)
                        || OneNumber.isOne(other.parent.number(), placerNumber));
    }

    /**
     * The isolate of a culture that a report goes deeper into, as the culture calls it now.
     *
     * @param number OBX-4 of the culture, OBR-26.2 of this one
     * @param name what the culture says grew
     */
    public record Isolate(String number, String name) {
        @Override
        public String toString() {
            return "Isolate[" + number + "]";
        }
    }

    /** Which isolate of its parent it is about; empty of all else, and where that is in doubt. */
    public Optional<Isolate> isolateOf(ReportView parent) {
        var numbers =
                observations.stream()
                        .filter(value -> value.doubt() == null)
                        .map(value -> value.subId().replaceFirst("/.*", ""))
                        .distinct()
                        .toList();
        if (numbers.size() != 1 || numbers.getFirst().isEmpty()) return Optional.empty();
        var number = numbers.getFirst();
        return parent.observations.stream()
                .filter(value -> value.subId().equals(number) && value.isNameOfIsolate())
                .findFirst()
                .map(named -> new Isolate(number, named.valueText()));
    }

    /** Why something of it is not valid as it stands; of each isolate once. */
    public List<ValueDoubt> doubts() {
        return observations.stream()
                .flatMap(value -> Stream.ofNullable(value.doubt()))
                .distinct()
                .toList();
    }

    /** Whether a document was made before another value of the report was corrected. */
    public boolean isOutdated(DocumentView document) {
        return observations.stream()
                .anyMatch(
                        value ->
                                value.id() == document.observationId()
                                        && value.doubt() instanceof OutdatedDocument);
    }

    /** Values that are documents, in doubt where another one was corrected after them. */
    private static List<ObservationView> outdated(
            List<ObservationView> observations, List<DocumentView> documents) {
        if (documents.isEmpty()) return observations;
        var files = documents.stream().map(DocumentView::observationId).collect(Collectors.toSet());
        var corrections =
                observations.stream()
                        .filter(value -> value.corrected() && !files.contains(value.id()))
                        .toList();
        if (corrections.isEmpty()) return observations;
        return observations.stream()
                .map(
                        value ->
                                files.contains(value.id()) && value.doubt() == null
                                        ? corrections.stream()
                                                .filter(one -> isAfter(one, value))
                                                .max(
                                                        Comparator.comparingLong(
                                                                ObservationView::entryId))
                                                .map(
                                                        one ->
                                                                value.doubted(
                                                                        new OutdatedDocument(
                                                                                one.entryId(),
                                                                                one.recordedAt())))
                                                .orElse(value)
                                        : value)
                .toList();
    }

    /** By what the laboratory says (OBR-22, else MSH-7); alike or unsaid, by when it came. */
    private static boolean isAfter(ObservationView correction, ObservationView document) {
        if (correction.entryId() == document.entryId()) return false;
        var said = correction.saidAt();
        var before = document.saidAt();
        if (said == null || before == null || said.equals(before))
            return correction.entryId() > document.entryId();
        return said.isAfter(before);
    }

    ReportView with(
            List<ObservationView> observations,
            List<NoteView> notes,
            List<DocumentView> documents,
            long leftOut) {
        return new ReportView(
                id,
                series,
                version,
                standing,
                entryId,
                recordedAt,
                path,
                personId,
                partner,
                number,
                placerNumber,
                code,
                codeText,
                codeSystem,
                alternate,
                status,
                collectedAt,
                collectedAsSent,
                issuedAt,
                controlId,
                orderingProvider,
                interpreter,
                parent,
                request,
                outdated(observations, documents),
                notes,
                documents,
                leftOut);
    }

    /** Ids only. */
    @Override
    public String toString() {
        return "ReportView[series=" + series + ", version=" + version + "]";
    }
}
