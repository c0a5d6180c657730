package org.chartbridge.chart;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.UUID;

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
 * @param multipleBirth PID-24 is Y: name and birth date are those of a twin too
 * @param trusted those of the identifiers whose authority the partner is trusted for ({@code
 *     trusts})
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
        boolean mayCreate,
        boolean multipleBirth,
        List<RecordKey> trusted) {

    public PatientClaim {
        identifiers = List.copyOf(identifiers);
        trusted = List.copyOf(trusted);
    }

    /**
     * A claim of one who was born alone, by a partner whose word on others' numbers is not taken.
     */
    public PatientClaim(
            RecordKey key,
            String path,
            List<RecordKey> identifiers,
            PersonName name,
            String birthDate,
            String sex,
            String address,
            String phone,
            boolean mayCreate) {
        this(
                key,
                path,
                identifiers,
                name,
                birthDate,
                sex,
                address,
                phone,
                mayCreate,
                false,
                List.of());
    }

    /**
     * Further numbers of the kind and authority of the key: of each patient there is one, so two of
     * them may be two patients in one PID ⚠. A number without its type may be of any.
     */
    List<RecordKey> besides() {
        if (identifiers.size() < 2) return List.of();
        return identifiers.stream()
                .filter(
                        one ->
                                !one.value().equals(key.value())
                                        && (one.type().equals(key.type())
                                                || one.type().isEmpty()
                                                || key.type().isEmpty())
                                        && one.authority().equalsIgnoreCase(key.authority()))
                .toList();
    }

    /** A number of which nothing else is known. */
    public static PatientClaim ofNumber(RecordKey key, String path) {
        return new PatientClaim(
                key, path, List.of(key), new PersonName("", "", "", ""), "", "", "", "", true);
    }

    /** Whether it is a mere number. */
    boolean saysNothing() {
        return name.family().isEmpty()
                && name.given().isEmpty()
                && birthDate.isEmpty()
                && sex.isEmpty()
                && address.isEmpty()
                && phone.isEmpty();
    }

    /** The same patient under another of the numbers. */
    public PatientClaim as(RecordKey other, String otherPath) {
        return new PatientClaim(
                other,
                otherPath,
                identifiers,
                name,
                birthDate,
                sex,
                address,
                phone,
                mayCreate,
                multipleBirth,
                trusted);
    }

    /**
     * What a person's decision is about: whoever says again, of the same identifier, the same name
     * and birth date, means the same patient. 128 bits of a hash.
     */
    public UUID fingerprint(String partner) {
        var said =
                String.join(
                        "\u001F",
                        partner,
                        key.authority(),
                        key.type(),
                        key.value(),
                        Names.letters(name.family()),
                        Names.letters(name.given()),
                        Names.letters(name.suffix()),
                        birthDate);
        try {
            var hash =
                    ByteBuffer.wrap(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(said.getBytes(StandardCharsets.UTF_8)));
            return new UUID(hash.getLong(), hash.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Prints nothing of the patient. */
    @Override
    public String toString() {
        return "PatientClaim[" + path + "]";
    }
}
