package org.chartbridge.chart;

import java.util.List;

/**
 * Who a message says the patient is (PID). A claim is evidence, not truth: it is compared with the
 * record it names before anything is charted.
 *
 * @param key the identifier that names the record
 * @param path where that identifier stood, for example {@code PID-3[2]}
 * @param identifiers every identifier sent, the key's among them
 * @param birthDate yyyy, yyyy-MM or yyyy-MM-dd; empty when not sent
 * @param sex PID-8 as sent, table 0001
 * @param address PID-11 in one line, for display
 * @param phone PID-13, for display
 * @param mayCreate whether a patient who is not known yet may be added ({@code patients: create})
 */
public record PatientClaim(
        RecordKey key,
        String path,
        List<RecordKey> identifiers,
        PersonName name,
        String birthDate,
        String sex,
        String address,
        String phone,
        boolean mayCreate) {

    public PatientClaim {
        identifiers = List.copyOf(identifiers);
    }

    /** Prints nothing of the patient. */
    @Override
    public String toString() {
        return "PatientClaim[" + path + "]";
    }
}
