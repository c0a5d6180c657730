package org.chartbridge.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.chart.IdentifierView;
import org.chartbridge.chart.PersonView;
import org.chartbridge.chart.RecordKey;
import org.chartbridge.chart.RecordView;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Who has no number, over FHIR. */
class PatientMapperTests {
    private static final RecordKey MADE = RecordKey.unidentified("northlab", "order", "A-1");

    @Test
    void whoWasNamedWithoutANumberHasAnIdentifierThatSaysSo() {
        var patient = PatientMapper.patient(person(record(1, MADE)));

        assertThat(patient.getIdentifier())
                .singleElement()
                .satisfies(
                        id -> {
                            assertThat(id.getValue()).isNull();
                            assertThat(id.getExtensionFirstRep().getUrl())
                                    .endsWith("/data-absent-reason");
                        });
    }

    @Test
    void onceAPersonSaidWhoItIsTheNumberIsTheirs() {
        var known = record(2, new RecordKey("CLINIC", "MR", "M1"));

        var patient = PatientMapper.patient(person(known, record(1, MADE)));

        assertThat(patient.getIdentifier())
                .singleElement()
                .satisfies(id -> assertThat(id.getValue()).isEqualTo("M1"));
    }

    private static PersonView person(RecordView... records) {
        return new PersonView(new UUID(0, 1), List.of(records));
    }

    private static RecordView record(long id, RecordKey key) {
        return new RecordView(
                id,
                key.authority(),
                key.type(),
                key.value(),
                "DOE",
                "Jane",
                "",
                "",
                "1971-02-03",
                "F",
                "",
                "",
                key.isUnidentified()
                        ? List.of()
                        : List.of(new IdentifierView(key.value(), key.authority(), key.type())),
                Map.of(),
                1,
                "PID-3",
                Instant.EPOCH);
    }
}
