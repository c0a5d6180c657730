package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;

/**
 * An allergy on a sender's list.
 *
 * @param active whether it is still on that list
 * @param alternates other codings of the substance, and its original text
 * @param numbers its sender's numbers of the entry (IAM-7), with {@code ^} and their namespace
 * @param category AL1-2, table 0127; empty when not sent
 * @param severity AL1-4, table 0128; empty when not sent
 * @param clinicalStatus IAM-17, table 0438: the code, else the words; empty when not sent
 * @param patientNumber the patient's number that the list was sent under
 */
public record AllergyView(
        long id,
        UUID personId,
        boolean active,
        CodingView substance,
        List<CodingView> alternates,
        List<String> numbers,
        String category,
        String severity,
        String reaction,
        @Nullable Instant onset,
        String onsetAsSent,
        String clinicalStatus,
        String patientNumber,
        Source source) {

    /** IAM-17, table 0438, and its words: erroneous, and confirmed but inactive. */
    private static final Set<String> NONE =
            Set.of("e", "erroneous", "i", "inactive", "confirmed but inactive", "resolved");

    /** Of these, the ones that never were one. */
    private static final Set<String> IN_ERROR = Set.of("e", "erroneous");

    public AllergyView {
        alternates = List.copyOf(alternates);
        numbers = List.copyOf(numbers);
    }

    /** One that its sender gave no number. */
    public AllergyView(
            long id,
            UUID personId,
            boolean active,
            CodingView substance,
            List<CodingView> alternates,
            String category,
            String severity,
            String reaction,
            @Nullable Instant onset,
            String onsetAsSent,
            String clinicalStatus,
            String patientNumber,
            Source source) {
        this(
                id,
                personId,
                active,
                substance,
                alternates,
                List.of(),
                category,
                severity,
                reaction,
                onset,
                onsetAsSent,
                clinicalStatus,
                patientNumber,
                source);
    }

    /** Whether the patient has it: on the list, and neither inactive nor erroneous ⚠. */
    public boolean counts() {
        return active && !NONE.contains(status());
    }

    /** Whether its sender takes back that there ever was one. */
    public boolean inError() {
        return IN_ERROR.contains(status());
    }

    private String status() {
        return clinicalStatus.strip().toLowerCase(Locale.ROOT);
    }

    /** The id only. */
    @Override
    public String toString() {
        return "AllergyView[id=" + id + "]";
    }
}
