package org.chartbridge.partner;

import org.jspecify.annotations.Nullable;

import java.nio.charset.Charset;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * Who a partner is and how it behaves: what its {@code partner.yaml} says, with every default
 * filled in; long because each setting has words of its own.
 *
 * @param folder name of its folder in {@code routes/}; what screens, logs and the journal call it
 * @param title {@code name:} for people; the folder's name when not given
 * @param senders what its messages say in MSH-3 and MSH-4; empty means any sender that nobody else
 *     claims
 * @param certificates {@code certificate:} one of them must be shown by every connection that
 *     brings its messages; empty when none is asked for
 * @param charset {@code charset:} used when MSH-18 is empty
 * @param zone {@code zone:} of its times that carry no offset; never the server's own
 * @param acknowledge when the ACK goes out
 * @param ack {@code ack:} which answers it gets, over MSH-15 and MSH-16
 * @param applicationAcks {@code application-acks:} the destination of application acknowledgements
 *     that follow an accept acknowledgement; empty when none are sent
 * @param answerAs {@code answer-as:} the message type of application acknowledgements
 * @param uncharted {@code uncharted:} what becomes of types that are not charted
 * @param processing {@code processing:} the MSH-11 values that are taken, the first of them for an
 *     empty MSH-11
 * @param testMessages what becomes of taken messages whose MSH-11 is not P
 * @param patients what becomes of a patient who is not in the chart yet
 * @param demographics whether its word changes who the chart says a patient is
 * @param empty what an empty field of its ADT messages means
 * @param patientIds {@code patient-ids:} what the identifiers in its PID fields are; a field that
 *     names a patient and stands here goes before those that don't, in this order
 * @param tls {@code tls:} how connections to it are secured; null for not at all
 * @param login {@code login:} what is shown to it beside a certificate; null for nothing
 * @param caller {@code caller:} what it shows where it posts messages to us; null for nothing
 * @param trusts {@code trusts:} authorities of whose numbers it may say that they are one patient
 * @param merges {@code merges:} which number of MRG belongs to which of PID
 * @param deduplicates {@code deduplicates:} whether it discards what it knows by MSH-10, so that an
 *     order may be sent to it again
 * @param unnamed {@code unnamed-results:} what becomes of results that name no patient
 * @param results {@code results:} what a report says by leaving a value out
 * @param backLoad {@code back-load:} results collected before that day are charted and go to
 *     nobody; null where there are none
 * @param unidentified {@code unidentified:} what becomes of a patient who is named without a number
 * @param words {@code not-performed:} what it writes in place of a value
 * @param toldApart {@code series:} and {@code instance-ids:}: what tells values under one OBR apart
 * @param codes {@code codes:} and {@code codes.csv}: what its codes are in LOINC and UCUM
 * @param orders {@code orders:}, {@code compendium.csv}, {@code network.csv}, {@code ordering.csv}:
 *     who does which tests
 * @param referrals {@code referrals:}, {@code providers.csv}, {@code referring.csv}: who is
 *     referred to
 * @param screening {@code screening:} what becomes of its orders that an alert is about
 * @param expect {@code expect:} within what time it answers orders and referrals
 * @param givesNumbers {@code gives-numbers:} patients' numbers that it may ask for
 * @param ownProviders {@code clinic-providers.csv}: who is at the clinic, where it is one
 * @param repairs {@code repairs.edit.yaml}: what is put right before its messages are mapped
 * @param version content hash of the folder this was read from, lower-case hex
 */
public record Partner(
        String folder,
        String title,
        List<Sender> senders,
        List<ClientCertificate> certificates,
        Charset charset,
        ZoneId zone,
        Acknowledge acknowledge,
        Ack ack,
        String applicationAcks,
        AnswerAs answerAs,
        Uncharted uncharted,
        List<String> processing,
        TestMessages testMessages,
        Patients patients,
        Demographics demographics,
        Empty empty,
        List<PatientIds> patientIds,
        List<String> trusts,
        Merges merges,
        @Nullable Tls tls,
        @Nullable Login login,
        @Nullable Login caller,
        boolean deduplicates,
        Unnamed unnamed,
        ResultsSent results,
        @Nullable LocalDate backLoad,
        Unidentified unidentified,
        ResultWords words,
        ToldApart toldApart,
        Codes codes,
        Orders orders,
        Referrals referrals,
        ScreeningPolicy screening,
        Turnaround expect,
        List<NumberRange> givesNumbers,
        List<Clinician> ownProviders,
        List<Edit> repairs,
        String version) {

    public Partner {
        givesNumbers = List.copyOf(givesNumbers);
        ownProviders = List.copyOf(ownProviders);
        repairs = List.copyOf(repairs);
        senders = List.copyOf(senders);
        certificates = List.copyOf(certificates);
        processing = List.copyOf(processing);
        patientIds = List.copyOf(patientIds);
        trusts = List.copyOf(trusts);
    }

    /** One that is trusted for nobody's numbers and has no words of its own. */
    public Partner(
            String folder,
            String title,
            List<Sender> senders,
            List<ClientCertificate> certificates,
            Charset charset,
            ZoneId zone,
            Acknowledge acknowledge,
            Ack ack,
            String applicationAcks,
            AnswerAs answerAs,
            Uncharted uncharted,
            List<String> processing,
            TestMessages testMessages,
            Patients patients,
            Demographics demographics,
            Empty empty,
            List<PatientIds> patientIds,
            @Nullable Tls tls,
            boolean deduplicates,
            Codes codes,
            String version) {
        this(
                folder,
                title,
                senders,
                certificates,
                charset,
                zone,
                acknowledge,
                ack,
                applicationAcks,
                answerAs,
                uncharted,
                processing,
                testMessages,
                patients,
                demographics,
                empty,
                patientIds,
                List.of(),
                Merges.POSITION,
                tls,
                null,
                null,
                deduplicates,
                Unnamed.REFUSE,
                ResultsSent.UPDATE,
                null,
                Unidentified.REFUSE,
                ResultWords.STANDARD,
                ToldApart.NO_FURTHER,
                codes,
                Orders.NONE,
                Referrals.NONE,
                ScreeningPolicy.STANDARD,
                Turnaround.UNKNOWN,
                List.of(),
                List.of(),
                List.of(),
                version);
    }

    /** The same partner, trusted for the numbers of these authorities. */
    public Partner trusting(String... authorities) {
        return with(List.of(authorities), backLoad, screening);
    }

    /** The same partner, whose results collected before this day are history. */
    public Partner backLoading(LocalDate before) {
        return with(trusts, before, screening);
    }

    /** The same partner, whose orders are treated so. */
    public Partner screened(ScreeningPolicy policy) {
        return with(trusts, backLoad, policy);
    }

    private Partner with(
            List<String> trusts, @Nullable LocalDate backLoad, ScreeningPolicy screening) {
        return new Partner(
                folder,
                title,
                senders,
                certificates,
                charset,
                zone,
                acknowledge,
                ack,
                applicationAcks,
                answerAs,
                uncharted,
                processing,
                testMessages,
                patients,
                demographics,
                empty,
                patientIds,
                trusts,
                merges,
                tls,
                login,
                caller,
                deduplicates,
                unnamed,
                results,
                backLoad,
                unidentified,
                words,
                toldApart,
                codes,
                orders,
                referrals,
                screening,
                expect,
                givesNumbers,
                ownProviders,
                repairs,
                version);
    }

    /**
     * Whether a message that is taken is for the chart.
     *
     * @param processingId MSH-11.1, which may be empty
     */
    public boolean charts(String processingId) {
        return testMessages == TestMessages.CHART
                || "P"
                        .equalsIgnoreCase(
                                processingId.isEmpty() ? processing.getFirst() : processingId);
    }

    /** What was said of the identifiers in a field of PID, 2 to 4; empty when nothing was. */
    public Optional<PatientIds> patientIds(int field) {
        return patientIds.stream().filter(ids -> ids.field() == field).findFirst();
    }

    /**
     * MSH-3 and MSH-4 of a sender, compared by their first component.
     *
     * @param facility null when any facility of the application is meant
     */
    public record Sender(String application, @Nullable String facility) {}

    /**
     * {@code tls:} the PEM files of connections that are opened to the partner. Their paths begin
     * at the routes folder.
     *
     * @param trust whom its certificate must come from; null for the authorities that come with
     *     Java
     * @param certificate what it is shown; null for none
     * @param key of the certificate; null where that is
     * @param place of the key in the file
     */
    public record Tls(
            @Nullable String trust,
            @Nullable String certificate,
            @Nullable String key,
            Yaml.Place place) {}

    /**
     * How its codes are translated.
     *
     * @param unknown what becomes of a code that the table does not have
     */
    public record Codes(UnknownCodes unknown, CodeTable table) {
        /** Nothing is translated, and nothing is missed. */
        public static final Codes AS_SENT = new Codes(UnknownCodes.KEEP, CodeTable.EMPTY);

        /** Whether a look into the table could say nothing. */
        public boolean isNothing() {
            return unknown == UnknownCodes.KEEP && table.size() == 0;
        }
    }

    /** {@code codes:} what becomes of a test without a LOINC code. */
    public enum UnknownCodes {
        /** It is charted as sent. */
        KEEP,
        /** It is charted as sent, and listed for an analyst. */
        FLAG,
        /** Its order waits until an analyst has looked it up; a critical value never does. */
        HOLD
    }

    /** {@code acknowledge:} what must be on disk before the ACK leaves. */
    public enum Acknowledge {
        /** The message and what it did to the chart. */
        CHARTED,
        /** The message; it is charted afterwards. */
        STORED
    }

    /** {@code ack:} the acknowledgement mode, HL7 v2.5.1 §2.9.2. */
    public enum Ack {
        /** As MSH-15 and MSH-16 ask. */
        AUTO,
        ORIGINAL,
        ENHANCED,
        NONE
    }

    /** {@code answer-as:} how AA, AE and AR come. */
    public enum AnswerAs {
        /** As ACK, whatever was sent. */
        ACK,
        /** As the response that HL7 defines for the message, such as ORR for ORM. */
        RESPONSE
    }

    /** {@code uncharted:} what becomes of a type that the route charts and the chart has not. */
    public enum Uncharted {
        /** It is kept, ignored and answered AA with a note. */
        ACCEPT,
        /** It is answered AR, so that its sender notices. */
        REFUSE
    }

    /** {@code test-messages:} what becomes of training and debugging (MSH-11 T, D, N). */
    public enum TestMessages {
        /** Read, answered and kept; they reach neither the chart nor a partner. */
        IGNORE,
        /** Charted like any other: for an engine that has no real patients at all. */
        CHART
    }

    /** {@code patients:} whether a message may bring a new patient. */
    public enum Patients {
        /** Only patients who are known; others are held for a person to decide. */
        MATCH,
        CREATE
    }

    /** {@code demographics:} whose word counts for name, birth date, address and the like. */
    public enum Demographics {
        /** Its PID is compared with the chart and never changes it: laboratories. */
        EVIDENCE,
        /** Its ADT messages say who the patient is: the clinic's own system. */
        MASTER
    }

    /** {@code unnamed-results:} what becomes of results that name no patient. */
    public enum Unnamed {
        /** They are refused, so that their sender notices. */
        REFUSE,
        /** They are the patient's whose open order has their number, else held: analyzers. */
        BY_ORDER
    }

    /** {@code results:} what a report that is sent again says by leaving a value out. */
    public enum ResultsSent {
        /** Nothing: only what is new or changed is sent. */
        UPDATE,
        /** That there is no such value any more: an OBR comes with all that is below it. */
        SNAPSHOT
    }

    /** {@code unidentified:} what becomes of a patient who is named without any identifier. */
    public enum Unidentified {
        /** The message is refused, so that its sender notices. */
        REFUSE,
        /** It is charted by itself, or held where the partner may not bring patients. */
        ALONE
    }

    /** {@code merges:} how MRG is paired with PID, HL7 v2.5.1 §3.6.2.1.6. */
    public enum Merges {
        /** Repetition by repetition. */
        POSITION,
        /** By authority and type, wherever they stand. */
        TYPE
    }

    /** {@code empty:} what an empty field means, HL7 v2.5.1 §2.5.3.2. */
    public enum Empty {
        /** Nothing was said: what is known stays. */
        KEEP,
        /** There is nothing: for senders that send whole patients and never {@code ""}. */
        CLEAR
    }

    /**
     * Numbers of patients that may be given out (QBP^Q24).
     *
     * @param authority CX.4.1 of the numbers
     * @param universalId CX.4.2, by which it may be asked for too; empty for none
     * @param type CX.5; empty for none
     * @param digits numbers are written with leading zeros to so many
     */
    public record NumberRange(
            String authority, String universalId, String type, long from, long to, int digits) {}

    /**
     * What the identifiers in one field of PID are.
     *
     * @param field 2, 3 or 4
     * @param authority who gave those that come without CX.4; empty for the partner itself
     * @param type table 0203, of those that come without CX.5; empty for none
     * @param perOrder whether they name an order or specimen and no patient at all
     */
    public record PatientIds(int field, String authority, String type, boolean perOrder) {}

    /** Whether its word joins numbers of an authority, in whatever letters that is written. */
    public boolean isTrustedFor(String authority) {
        return trusts.stream().anyMatch(authority::equalsIgnoreCase);
    }
}
