package org.chartbridge.partner;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The keys of {@code partner.yaml}: what each is for, and the table that the help page shows; long
 * as a list is.
 */
public enum PartnerKey {
    NAME(
            "name",
            "text",
            "the folder's name",
            "name: Northlab Reference Laboratory",
            "What screens call the partner."),
    SENDER(
            "sender",
            "`{application, facility}`, a list of them, or `any`",
            "must be given",
            "sender: { application: LIS, facility: NORTHLAB }",
            "What its messages say in MSH-3 and MSH-4, first component, compared letter by letter"
                    + " after removing spaces around it. Without `facility` every facility of the"
                    + " application is meant; where two partners on a port fit, the one that names"
                    + " the facility gets the message. `any` takes whatever nobody else on the port"
                    + " claims."),
    CERTIFICATE(
            "certificate",
            "subject or SHA-256 fingerprint, or a list of them",
            "none",
            "certificate: \"CN=lis,O=Northlab\"",
            "Which client certificate its connections show (mutual TLS, see Ports). Its MSH-3 and"
                    + " MSH-4 are then taken from these connections only, and these connections"
                    + " bring its messages only: whatever else they say is answered AR. Two"
                    + " partners may have the same `sender` when their certificates differ. While a"
                    + " certificate is being renewed, list both fingerprints."),
    CHARSET(
            "charset",
            "name of a character set",
            "`UTF-8`",
            "charset: ISO-8859-1",
            "How its messages are read when MSH-18 is empty. Alternates that MSH-18 names are read"
                + " where escape sequences of ISO 2022 switch to them; one that it does not name"
                + " gets the message refused."),
    ZONE(
            "zone",
            "time zone of the IANA list, or an offset such as `+01:00`",
            "must be given",
            "zone: America/New_York",
            "Where its clocks are: the zone of times that come without an offset. The server's own"
                    + " zone is never used for them."),
    ACKNOWLEDGE(
            "acknowledge",
            "`charted` or `stored`",
            "`charted`",
            "acknowledge: stored",
            "What must be on disk before the answer leaves: the message and what it did to the"
                    + " chart, or the message alone, which is charted afterwards."),
    ACK(
            "ack",
            "`auto`, `original`, `enhanced` or `none`",
            "`auto`",
            "ack: original",
            "Which answers it gets (HL7 v2.5.1 §2.9.2). `auto` does what MSH-15 and MSH-16 of each"
                    + " message ask; the others decide for all messages."),
    APPLICATION_ACKS(
            "application-acks",
            "`partner/queue` or `none`",
            "the folder's name and `/acks`",
            "application-acks: northlab/acks",
            "Where application acknowledgements go that follow an accept acknowledgement, which are"
                    + " messages of their own: deliveries to this destination, for which the"
                    + " partner needs an outbox route. With `none` they are not sent."),
    ANSWER_AS(
            "answer-as",
            "`ack` or `response`",
            "`ack`",
            "answer-as: response",
            "As which message AA, AE and AR come. `response` is for senders that wait for what HL7"
                + " defines beside their message: ORR for ORM, ORL for OML, ORG for OMG, RRI for"
                + " REF, SRR for SRM and the like, with MSH, MSA and ERR. CA, CE and CR, and the"
                + " answers to all other messages, are always ACK."),
    UNCHARTED(
            "uncharted",
            "`accept` or `refuse`",
            "`accept`",
            "uncharted: refuse",
            "What becomes of a message that its route charts and whose type the chart does not"
                    + " know. `accept`: it is kept, ignored, and answered AA with a note of"
                    + " severity I. `refuse`: it is kept and answered AR 200, so that its sender"
                    + " notices. With `acknowledge: stored` the answer has left by then, and it is"
                    + " ignored in both cases."),
    PROCESSING(
            "processing",
            "one or a list of `P`, `T`, `D`, `N` (MSH-11, table 0103)",
            "`[P]`",
            "processing: [P, T]",
            "Which messages it may send: production, training, debugging, non-production. An empty"
                    + " MSH-11 counts as the first of them. Others are answered AR 202."),
    TEST_MESSAGES(
            "test-messages",
            "`ignore` or `chart`",
            "`ignore`",
            "test-messages: ignore",
            "What becomes of the taken messages that are not `P`. `ignore`: they are read, answered"
                    + " like any other and kept, and reach neither the chart nor a partner. `chart`"
                    + " treats them like `P`; it is for an engine that has no real patients."),
    PATIENTS(
            "patients",
            "`match` or `create`",
            "`match`",
            "patients: create",
            "What becomes of a patient who is not in the chart: the message is held for a person to"
                    + " decide, or the patient is created."),
    DEMOGRAPHICS(
            "demographics",
            "`evidence` or `master`",
            "`evidence`",
            "demographics: master",
            "Whether its ADT messages change name, birth date, sex, address and the like. `master`"
                    + " is for the clinic's own system: the later statement stands, field by field."
                    + " What anybody else says (`evidence`, every laboratory) is compared with the"
                    + " chart and never changes it. Results change no demographics, whoever sends"
                    + " them."),
    EMPTY(
            "empty",
            "`keep` or `clear`",
            "`keep`",
            "empty: clear",
            "What an empty field of PID, or an empty field of PV1 in an A08, means: nothing was"
                + " said and what is known stays, or there is nothing. `clear` is for senders of"
                + " whole patients that never send `\"\"`. Identifier, name and birth date are"
                + " never cleared, and neither are lists such as allergies."),
    PATIENT_IDS(
            "patient-ids",
            "`PID-2`, `PID-3`, `PID-4`, each with `authority`, `type`, `use`",
            "none",
            "patient-ids: { PID-4: { authority: CLINIC, type: MR }, PID-3: { use: per-order } }",
            "What the identifiers in these fields are. `authority` and `type` hold for identifiers"
                + " that come without their own (CX.4, CX.5). `use` is `persistent` (default), a"
                + " number of the patient, or `per-order`, such as an accession number, which never"
                + " names a patient. Fields that stand here are looked at first, in this order;"
                + " then PID-3, and PID-2 and PID-4 when PID-3 is empty, and PID-19 when all three"
                + " are."),
    TLS(
            "tls",
            "`{trust, certificate, key}`, PEM files",
            "none: no TLS",
            "tls: { trust: \"${TLS}/northlab-ca.pem\", certificate: \"${TLS}/chain.pem\", key:"
                    + " \"${TLS}/key.pem\" }",
            "TLS 1.3 or 1.2 is spoken on all connections that its outboxes open, and nothing else."
                + " `trust` must be given: the authorities, or single certificates, that the"
                + " partner's certificate must come from, or `public` for the authorities that come"
                + " with Java. The certificate must name the host that the route calls."
                + " `certificate` and `key` are shown when the partner asks who calls (mutual TLS)."
                + " Paths begin at the routes folder; inside { } values with ${NAME} stand in"
                + " quotes. See Ports."),
    LOGIN(
            "login",
            "`{user, password}` or `{token}`; for SFTP `{user, password, host-key}` or `{user, key,"
                    + " host-key}`",
            "none",
            "login: { user: clinic, password: \"${NORTHLAB_PASSWORD}\" }",
            "What is shown to the partner where it asks who calls: over HTTPS a user and a password"
                    + " (Basic), or a token (Bearer); over SFTP a user and a password, or the file"
                    + " of a private key (its path begins at the routes folder). `host-key` is how"
                    + " the SFTP host is known, one fingerprint or a list. Secrets come from the"
                    + " environment; one that stands in the file is refused. New ones hold after a"
                    + " restart. See HTTPS and SFTP."),
    CALLER(
            "caller",
            "`{user, password}` or `{token}`",
            "none",
            "caller: { token: \"${NORTHLAB_TOKEN}\" }",
            "What the partner shows where it posts messages to a route that begins with `https:`;"
                    + " anything else is answered 401. Secrets come from the environment, as in"
                    + " `login`. See HTTPS."),
    TRUSTS(
            "trusts",
            "an authority (CX.4), or a list of them",
            "none",
            "trusts: [CLINIC]",
            "Whose numbers it knows for certain. A number of these authorities finds its patient"
                + " also where the number that names the record is not known yet, if family name"
                + " and birth date agree; and its merges and links of such numbers are followed. A"
                + " `master` needs it for none of its own merges."),
    MERGES(
            "merges",
            "`position` or `type`",
            "`position`",
            "merges: type",
            "How the numbers of MRG-1 are paired with those of PID-3 (HL7 v2.5.1 §3.6.2.1.6): the"
                    + " first with the first, or each with the one of its authority and type. What"
                    + " can't be paired is held."),
    DEDUPLICATES(
            "deduplicates",
            "`true` or `false`",
            "`false`",
            "deduplicates: true",
            "Whether it discards a message whose MSH-10 it knows already. When it is not known"
                    + " whether a new order (ORC-1 NW) or referral (REF^I12) has arrived, it is"
                    + " sent again only if this is true; otherwise its queue waits for a person. A"
                    + " message whose MSH-10 another one had gets one of its own then."),
    UNNAMED_RESULTS(
            "unnamed-results",
            "`refuse` or `by-order`",
            "`refuse`",
            "unnamed-results: by-order",
            "What becomes of results (ORU, OUL) without PID, or with an empty one. `refuse`: AE, so"
                + " that the sender notices. `by-order` is for analyzers: they are the patient's of"
                + " the open order with their number (OBR-2, OBR-3, ORC-2, ORC-3, SPM-2), their"
                + " test and a time at most 30 days apart, if all of the message lead to one"
                + " patient; else the message is held and goes on by itself when such an order"
                + " comes."),
    RESULTS(
            "results",
            "`update` or `snapshot`",
            "`update`",
            "results: snapshot",
            "What it says by leaving a value out of a report that it sends again (the same order"
                + " number and OBR-4). `update`: nothing, the value stands. `snapshot`: an OBR"
                + " always comes with all OBX below it; a preliminary value that a later one leaves"
                + " out is history, a final one stays and is remarked (`result-left-out`). Other"
                + " OBR are not touched. Whatever is set, isolates of a culture that get other"
                + " numbers (OBX-4) replace those before them."),
    BACK_LOAD(
            "back-load",
            "a day",
            "none",
            "back-load: 2026-03-01",
            "Results collected before that day, in the partner's zone, are an archive that it sends"
                + " so that the chart has it: they are charted like any other (`back-loaded`), and"
                + " their message is delivered to nobody and goes before no other on the page"
                + " Unmatched. Counts where all reports of a message were collected before; a"
                + " report without a time was not."),
    UNIDENTIFIED(
            "unidentified",
            "`refuse` or `alone`",
            "`refuse`",
            "unidentified: alone",
            "What becomes of results (ORU, OUL) and registrations (ADT) that name a patient and"
                + " have no identifier of them. `refuse`: AE, so that the sender notices. `alone`:"
                + " they are charted on a record of their own, which nothing joins to another"
                + " patient by itself, until a person says who it is; with `patients: match` the"
                + " message is held."),
    NOT_PERFORMED(
            "not-performed",
            "a text, or a list of them",
            "none of its own",
            "not-performed: [NO SPECIMEN, LAB ACCIDENT]",
            "What it writes in OBX-5 where a test was not done, beside what laboratories everywhere"
                + " write (TNP, QNS, NOT DONE, NOT PERFORMED, TEST NOT PERFORMED, TEST NOT DONE,"
                + " QUANTITY NOT SUFFICIENT, CANCELLED, TEST CANCELLED, CANCELLED BY …, UNABLE TO"
                + " PERFORM …, SPECIMEN REJECTED, SAMPLE REJECTED, DUPLICATE ORDER). Such a word"
                + " alone, or with a reason behind it (`QNS: hemolyzed`), is shown as *not"
                + " performed* with the reason and never as a value. Capital letters make no"
                + " difference, nor do dots (`Q.N.S.`)."),
    CRITICAL_FLAGS(
            "critical-flags",
            "a flag, or a list of them",
            "none of its own",
            "critical-flags: [C, PH, \"*\"]",
            "What it writes in OBX-8 of a value that nobody may miss, beside LL, HH and AA (table"
                + " 0078). Such a value is marked critical on every page and over FHIR (AA, beside"
                + " the flag as sent), and never waits for a code. Capital letters make no"
                + " difference; `*` needs quotes. They count for messages that come from then on."),
    SERIES(
            "series",
            "`true`, or a code or text of OBX-3, or a list of them",
            "`false`",
            "series: [GLU, 8867-4]",
            "Tests of which one OBR has a value for each time (OBX-14): a glucose profile, the"
                + " readings of a monitor. Each time is a value of its own, with its own"
                + " corrections. Without it OBX with the same OBX-3 and OBX-4 are one value, and"
                + " several numbers become lines of one text (`values-joined`). It counts for"
                + " messages that come from then on; a value of such a test that was charted"
                + " without it is never corrected unseen (`value-told-apart-otherwise`)."),
    INSTANCE_IDS(
            "instance-ids",
            "`true`, or a code or text of OBX-3, or a list of them",
            "`false`",
            "instance-ids: true",
            "Tests whose OBX-21 (observation instance identifier) tells values with the same OBX-3"
                + " and OBX-4 apart, before `series`. Only for senders that give a corrected value"
                + " the OBX-21 it had: with a new one it would stand beside the wrong value."),
    ORDERS(
            "orders",
            "`{queue, message, version}`",
            "`orders`, `ORM^O01`, as sent",
            "orders: { message: OML^O21, version: 2.5.1 }",
            "How a laboratory with a `compendium.csv` wants orders: the queue of its outbox"
                + " (`outbox:folder/queue`), the message (`ORM^O01`, `OML^O21` or `OMG^O19`) and"
                + " its version. See Orders."),
    REFERRALS(
            "referrals",
            "`{queue, message, version, chart, days}`",
            "`referrals`, `REF^I12`, as sent, nothing, 90",
            "referrals: { version: 2.5.1, chart: [problems, allergies, results], days: 90 }",
            "How one with a `providers.csv` wants referrals: the queue of its outbox"
                + " (`outbox:folder/queue`), the message (`REF^I12`, or `OMG^O19` as 360X has it,"
                + " in 2.5.1 where no version is said), its version, and what a new one takes along"
                + " from the chart: `problems`, `allergies`, `medications`, `results` of so many"
                + " days, `documents`. Direct and XDM are a gateway's work. See Referrals."),
    SCREENING(
            "screening",
            "`{high, moderate, low, not-screened}`, each `none`, `warn` or `hold`",
            "`none` for `low`, else `warn`",
            "screening: { high: hold, moderate: warn }",
            "What becomes of its orders of medication and contrast that an alert is about, by the"
                + " severity of the alert. `warn`: the answer carries an ERR with severity W for"
                + " each. `hold`: as well, and what the order's message sends on waits until a"
                + " person has decided, also where the alert comes while it waits for something"
                + " else. `none`: only the pages tell. The order is charted, and the alert stands,"
                + " each time. See Screening."),
    GIVES_NUMBERS(
            "gives-numbers",
            "`{authority, universal-id, type, from, to}`, or a list of them",
            "none",
            "gives-numbers: { authority: CLINIC, type: MR, from: 500000, to: 599999 }",
            "Numbers of new patients that it may ask for (QBP^Q24), one range for each authority."
                    + " Each is given once, in order, and never one that the chart has; leading"
                    + " zeros of `from` are kept. `universal-id` is CX.4.2, by which the authority"
                    + " may be named too. Nobody else may give numbers of the range. See"
                    + " Queries."),
    CODES(
            "codes",
            "`keep`, `flag` or `hold`",
            "`keep`",
            "codes: flag",
            "What becomes of a test that comes without a LOINC code and is not in `codes.csv`."
                + " `keep`: it is charted as sent. `flag`: it is charted, and listed under"
                + " Worklist, Codes. `hold`: results with it wait until its row is written, and so"
                + " do later ones of their order; other orders are charted, and so is every message"
                + " with a critical value. See Codes."),
    EXPECT(
            "expect",
            "a time, or times by code with `default`; `30min`, `4h`, `3d`, `2w`",
            "what is learned",
            "expect: { default: 3d, \"24323-8\": 4h }",
            "Within what time it answers an order or a referral, by the code of what was ordered"
                    + " (OBR-4.1) as it was sent. After it, what is not final is overdue: see Open"
                    + " orders. Without it, three times the median of what it took before, where at"
                    + " least 20 of a test were answered; else nothing is expected."),
    HOLDS(
            "holds",
            "times by `payment`, `abn`, `aoe`, `specimen`; `30min`, `4h`, `3d`, `2w`",
            "`payment: 7d`, `abn: 3d`, `aoe: 1d`, `specimen: 1d`",
            "holds: { payment: 14d, aoe: 4h }",
            "Of orders that it holds: how long each may wait for what hinders it. "
                    + "`payment`: held for payment. `abn`: an Advance Beneficiary Notice is "
                    + "to be signed. `aoe`: a question of order entry is unanswered. "
                    + "`specimen`: it was rejected, or nothing could be measured, and a new "
                    + "one is to be taken. The time runs from when the order stands so; "
                    + "meanwhile `expect` does not. After it, the order is overdue with an "
                    + "alert of its own: see Open orders.");

    private final String key;
    private final String type;
    private final String standard;
    private final String example;
    private final String meaning;

    PartnerKey(String key, String type, String standard, String example, String meaning) {
        this.key = key;
        this.type = type;
        this.standard = standard;
        this.example = example;
        this.meaning = meaning;
    }

    /** As it is written in the file. */
    public String key() {
        return key;
    }

    String example() {
        return example;
    }

    static Optional<PartnerKey> of(String key) {
        return Arrays.stream(values()).filter(k -> k.key.equals(key)).findFirst();
    }

    static List<String> names() {
        return Arrays.stream(values()).map(PartnerKey::key).toList();
    }

    /** The table of all keys, in Markdown. */
    public static String markdown() {
        var table =
                new StringBuilder(
                        """
                        | key | value | default | example | meaning |
                        |---|---|---|---|---|
                        """);
        for (var k : values()) {
            table.append(
                    "| `%s` | %s | %s | `%s` | %s |\n"
                            .formatted(k.key, k.type, k.standard, k.example, k.meaning));
        }
        return table.toString();
    }
}
