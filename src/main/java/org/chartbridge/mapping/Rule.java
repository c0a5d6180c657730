package org.chartbridge.mapping;

import java.util.Locale;

/**
 * Every rule that makes a value of the chart out of a message; the list is closed and published as
 * {@code src/docs/rules.md}.
 *
 * <p>Long because it is that list.
 */
public enum Rule {
    // ------------------------------------------------------------ what stands somewhere
    TEXT(
            "What stands at this place, escapes decoded, blanks at both ends left out.",
            "HL7 v2.5.1 §2.7"),
    FIRST_SENT(
            "The first of these places that holds something; where none does, what the partner's"
                    + " folder says, else its name.",
            "HL7-RULES §3"),
    JOINED("What stands at these places, in order, empty ones left out.", "HL7 v2.5.1 §2.A"),
    UPPER_CASE("What stands at this place, in capital letters.", "HL7 v2.5.1 §2.5.3"),
    DELETED(
            "Two quotation marks stand there (or the partner's folder says empty: clear and nothing"
                    + " stands there): what is known is deleted.",
            "HL7 v2.5.1 §2.5.3.2"),
    FIELD("The first component of the field; \"\" deletes what is known.", "HL7 v2.5.1 §2.5.3.2"),
    CODED(
            "The first triplet of code, text and coding system; without it the second; without both"
                    + " the original text (component 9).",
            "HL7 v2.5.1 §2.A.13 (CWE)"),
    CODED_FIELD(
            "Of each repetition the text, else the code, each word once; the first code that was"
                    + " sent and its coding system.",
            "HL7 v2.5.1 §2.A.13 (CWE)"),
    TIME(
            "The time as sent, and its first moment: by its own offset, else by that of MSH-7 where"
                    + " it is the partner's then, else in the partner's zone. For an MSH-7 more"
                    + " than a day after the message came, the moment at which it came.",
            "HL7-RULES §3, HL7 v2.5.1 §2.A.22 (DTM)"),
    TIME_UNTIL(
            "The last moment of a time that was sent less exactly than to the second, or lies in"
                    + " the hour that comes twice; of MSH-7 also where OBR-22 lies behind it.",
            "HL7-RULES §4"),
    PROVIDER(
            "The first repetition with a number or a name: number (1), family (2.1) and given name"
                    + " (3); the number's authority is component 9, else the partner.",
            "HL7 v2.5.1 §2.A.88 (XCN)"),
    INTERPRETER(
            "The person is the first component of OBR-32, in parts; where the second component is a"
                    + " name, the field is read as an XCN.",
            "HL7 v2.5.1 §2.A.47 (NDL)"),
    LOCATION(
            "Point of care, room, bed, building, floor, facility and description, in this order,"
                    + " each once; as sent behind it.",
            "HL7 v2.5.1 §2.A.53 (PL)"),
    NUMBER(
            "The number (1) and who gave it: component 4, else the partner.",
            "HL7 v2.5.1 §2.A.14 (CX)"),
    ORDER_NUMBER(
            "The entity identifier (1), with ^ and its namespace (2, else 3) where one is sent.",
            "HL7 v2.5.1 §2.A.28 (EI)"),
    NUMBER_GIVEN(
            "The filler asks for the placer's number (ORC-1 SN) of an order of its own: one is made"
                    + " of its number (OBR-3, else ORC-3), the patient's, the test (OBR-4) and the"
                    + " partner.",
            "HL7 v2.5.1 §4.5.1.1, table 0119"),
    ADDRESS(
            "Street, other designation, city, state with postal code and country, in one line.",
            "HL7 v2.5.1 §2.A.86 (XAD)"),
    ADDRESS_PART(
            "This part of the home address (type H), else of the first; an address is sent whole,"
                    + " so an empty part of one that says anything is deleted.",
            "HL7 v2.5.1 §2.10.5"),
    PHONE(
            "The number unformatted (12), else as one text (1), else put together (5 to 7), else"
                    + " the address (4).",
            "HL7 v2.5.1 §2.A.89 (XTN)"),
    OTHERS(
            "The repetitions beside the one that is shown first, each with its type; they stand as"
                    + " long as that one does.",
            "HL7 v2.5.1 §3.4.2"),
    ADDRESS_FURTHER(
            "Type (7), street name (1.2), dwelling number (1.3) and addressee (19) of the address"
                    + " that is shown first; they stand as long as it does.",
            "HL7 v2.9 §2.A (XAD)"),
    INSURANCE_NUMBERS(
            "Numbers of the insured in the IN2 behind the IN1, each with its kind (table 0203):"
                    + " Medicare (6), Medicaid (8), military (10), and the patient's as a member"
                    + " (61) with who gave it.",
            "HL7 v2.5.1 §6.5.7"),
    GUARANTOR_PARTS(
            "The first name (family, given, middle, suffix) or address (street, second line, city,"
                    + " state, postal code, country) of the guarantor, for people and in parts.",
            "HL7 v2.5.1 §6.5.5"),
    COUNTY("PID-11.9 of the home address, else PID-12.", "HL7 v2.5.1 §3.4.2.12"),
    PHONE_OF_USE(
            "The first number of its kind: mail addresses by their @, mobile phones by equipment CP"
                    + " or use PRS, all others but fax; what the list does not name is deleted.",
            "HL7 v2.5.1 §2.A.89 (XTN), tables 0201 and 0202"),
    NOTE(
            "NTE-3 of the NTE that follow each other and have the same source (NTE-2), a line for"
                    + " each repetition.",
            "HL7 v2.5.1 §2.15.10"),
    DETAILS(
            "A line for each OBX: its name (OBX-3), its value (OBX-5) and unit (OBX-6); then the"
                    + " notes of an order (NTE-3).",
            "HL7-RULES §5"),
    SUPPORTING(
            "What stands beside it in segments of their own, as data: OBX (3, 5 to 8, 11, 14) that"
                + " were not withdrawn, orders that are named (ORC, OBR), services (AIS-3),"
                + " diagnoses (DG1), further numbers (ORC-33, OBR-53, IAM-7), what it goes deeper"
                + " into (ORC-8, OBR-29, OBR-54), a visit without number (PV1-2, PV1-3); and what"
                + " screening reads: the other codings of an allergy, drug or service (components 4"
                + " to 6 and 10 to 12, original text 9), RXO-1 beside RXE, and what is mixed in"
                + " (RXC-2 to RXC-4).",
            "HL7-RULES §5 and §7"),

    // ------------------------------------------------------------ the message
    PARTNER(
            "The partner whose message it is, by the port it came to and MSH-3 and MSH-4.",
            "partner.yaml sender"),
    SETTING("A setting of the partner's folder says so.", "partner.yaml"),
    SEGMENT("The name of the segment says what it is about.", "HL7 v2.5.1 chapter 3"),
    CONTROL_ID("The message's own id, MSH-10.", "HL7 v2.5.1 §2.15.9.10"),
    EVENT("The event that the message is about, MSH-9.2.", "HL7 v2.5.1 §2.15.9.9"),
    EVENT_HAPPENED(
            "When the event happened, EVN-6. A day alone says nothing against a time of that day in"
                    + " EVN-2, and a time after the message itself (MSH-7) is not used.",
            "HL7-RULES §6"),
    EVENT_ENTERED(
            "When the event was entered, EVN-2; a time after the message itself (MSH-7) is not"
                    + " used.",
            "HL7-RULES §6"),
    EVENT_TIME("The field is empty and the event says when: EVN-6, else EVN-2.", "HL7-RULES §6"),

    // ------------------------------------------------------------ the patient
    IDENTIFIER(
            "The identifier (1), who gave it (4.1, else 4.2, else the authority of patient-ids,"
                    + " else the partner) and its type (5, else that of patient-ids).",
            "HL7 v2.5.1 §2.A.14 (CX), HL7-RULES §6"),
    PATIENT_NUMBER(
            "The identifier that names the record: of the fields in patient-ids the first that"
                + " holds one, else PID-3, PID-2, PID-4; within a field the first of type MR, else"
                + " PI, else the first.",
            "HL7-RULES §6"),
    WITHOUT_IDENTIFIER(
            "No identifier of the patient was sent: the account (PID-18), else the visit (PV1-19),"
                    + " where family name and birth date are; else the order's number (OBR-3,"
                    + " ORC-3, OBR-2, ORC-2), else MSH-10 and MSH-7 stand for it, within this"
                    + " partner.",
            "HL7-RULES §6"),
    ORDER_OF_PATIENT(
            "The message names no patient; its first number of an order or specimen (OBR-2, OBR-3,"
                    + " ORC-2, ORC-3, SPM-2), without namespace, stands for the patient of that"
                    + " order.",
            "HL7-RULES §4, partner.yaml unnamed-results"),
    NAME(
            "The legal name (type L) where several are sent, else the first.",
            "HL7 v2.5.1 §2.A.87 (XPN)"),
    BIRTH_DATE(
            "The date to the precision that was sent; one after the message came is none.",
            "HL7 v2.5.1 §3.4.2.7"),
    YES("Y, in capitals or not, says yes, anything else no.", "table 0136"),

    // ------------------------------------------------------------ results
    REPORT_NUMBER(
            "What identifies the report: OBR-3, else ORC-3, else OBR-2, else ORC-2. An ORC speaks"
                    + " for the OBR behind it and for later ones without numbers of their own.",
            "HL7-RULES §4, §5"),
    REPORT_NUMBER_BY_TIME(
            "No order number was sent: the report is identified by the time of collection (OBR-7;"
                    + " without an OBR by OBX-14, else MSH-7).",
            "HL7-RULES §4"),
    ORDER_NUMBER_OR_ORC(
            "The number in OBR; where it is empty, that of the ORC which speaks for it.",
            "HL7-RULES §5"),
    NO_ORDER(
            "The OBX belong to no OBR, or to one of a monitor that has a time and neither number"
                    + " nor code, and are charted as observations without an order.",
            "HL7 v2.7 §7.3.1"),
    ORDERING_PROVIDER("OBR-16, else ORC-12 of the ORC that speaks for it.", "HL7-RULES §4"),
    STATUS_SENT("OBX-11.", "table 0085"),
    STATUS_OF_REPORT(
            "OBX-11 is empty; OBR-25 says how final the report is, in letters of its own.",
            "HL7-RULES §4, table 0123"),
    STATUS_ASSUMED(
            "Neither OBX-11 nor OBR-25 says how final this is; it is taken as final and flagged.",
            "HL7-RULES §4"),
    STATUS_OF_SEVERAL(
            "Several OBX make the value; the least final of their statuses is the value's,"
                    + " but a correction (C, A) before all.",
            "HL7-RULES §4"),
    SUB_ID("OBX-4; behind that of the organism where OBR-26 names one.", "HL7-RULES §4"),
    INSTANCE(
            "What the partner's `series` (OBX-14, as UTC) or `instance-ids` (OBX-21) tell a value"
                    + " apart by.",
            "HL7-RULES §4"),
    PARENT(
            "The number of the report that this one goes deeper into, OBR-29: the filler's, else"
                    + " the placer's, with ^ and its namespace where one is sent.",
            "HL7-RULES §4, HL7 v2.5.1 §7.4.1.29"),
    FIRST_OF_SEGMENTS("The first of the value's OBX that says it.", "HL7-RULES §4"),
    EACH_ONCE("Every repetition in the value's OBX, each once.", "HL7-RULES §4"),
    RESULT_TIME(
            "OBX-14; where it is empty, the time of collection, OBR-7.", "HL7 v2.5.1 §7.4.2.14"),
    UNIT(
            "OBX-6.1, else the unit's name, OBX-6.2; both with ^ between where an unescaped ^ cut a"
                    + " power of ten apart (10^3/uL).",
            "HL7 v2.5.1 §7.4.2.6"),
    PERFORMER(
            "OBX-23 to 25: name, address and director; without a name the producer, OBX-15.",
            "HL7 v2.5.1 §7.4.2.23"),
    VALUE_NUMBER(
            "OBX-5 as a number (NM), with a limit such as < in front where one stands there; what"
                    + " is no number is kept as text.",
            "HL7-RULES §4"),
    VALUE_STRUCTURED(
            "Comparator, number, separator, number of OBX-5 (SN), written one behind the other.",
            "HL7 v2.5.1 §2.A.74 (SN)"),
    VALUE_TEXT("OBX-5 as text; the OBX of one value are its lines, in order.", "HL7-RULES §4"),
    VALUE_CODED(
            "All three codings of OBX-5; shown is the original text (9), else the first text, else"
                    + " the first code.",
            "HL7 v2.5.1 §2.A.13 (CWE)"),
    VALUE_TIME("OBX-5 as a date or time, to the precision that was sent.", "HL7-RULES §4"),
    VALUE_DOCUMENT(
            "The document in OBX-5.5, decoded as OBX-5.4 says, pieces of it joined in order; its"
                    + " kind by its first bytes.",
            "HL7 v2.5.1 §2.A.24 (ED)"),
    VALUE_PARTS("The parts of OBX-5, in the order of their type in OBX-2.", "HL7 v2.5.1 §2.A"),
    VALUE_UNTYPED("OBX-2 says no type that table 0125 has; OBX-5 is kept as text.", "HL7-RULES §4"),
    NOT_PERFORMED(
            "OBX-5 holds, alone or before a reason, a word that says the test was not done: one of"
                    + " those that laboratories everywhere use, or of the partner's folder; of a"
                    + " coded value by the first coding that has a text. The reason behind a word"
                    + " alone, and of an X (OBX-11) without a value, is why the only specimen was"
                    + " rejected (SPM-21).",
            "HL7-RULES §4, partner.yaml not-performed"),
    CRITICAL_FLAG(
            "OBX-8 has a flag that the partner's folder calls critical: AA (table 0078) is added"
                    + " behind what was sent.",
            "HL7-RULES §4, partner.yaml critical-flags"),
    CODE_SENT("The sender's own code is LOINC, its unit UCUM: as sent.", "HL7-RULES §4"),
    CODE_ROW(
            "The row of codes.csv that holds for the sender's code (OBX-3) and unit (OBX-6) on the"
                    + " day of the result.",
            "codes.csv"),
    CODE_MISSING(
            "No row of codes.csv holds for the sender's code; it stays as sent and waits for a"
                    + " row.",
            "partner.yaml codes"),

    // ------------------------------------------------------------ visits, lists, orders
    VISIT_NUMBER(
            "What identifies the visit: PV1-19, else the account (PID-18), else the patient and the"
                    + " time of admission (PV1-44, else that of the event). Of one that goes on"
                    + " under another number, or to another patient: the former one, MRG-5, of an"
                    + " account MRG-3.",
            "HL7-RULES §6"),
    VISIT_EVENT("What the event (MSH-9.2) does to the visit.", "HL7 v2.5.1 §3.3"),
    LIST_WHOLE(
            "Whether the segments are the sender's whole list: AL1, IN1, GT1 and DG1 without DG1-21"
                    + " are; IAM, PRB and numbered things are not; \"\" in a key field empties it.",
            "HL7 v2.9.1 §2.9.4.1"),
    NONE_KNOWN("The segment says that none are known.", "HL7-RULES §6"),
    ITEM_KEY(
            "What tells the item from others of its list: its number, else code and system, else"
                    + " its words.",
            "HL7-RULES §6"),
    ITEM_REMOVED(
            "The action of the segment says whether the item leaves the list (of an order that of"
                    + " its ORC); or the event does: PC3 of problems, S17 of appointments, T11 of"
                    + " documents, which TXA-19 CA cancels, too.",
            "tables 0206, 0287, 0323, 0119, 0273"),
    STATE(
            "ORC-5 of the filler (table 0038), else ORC-1 (table 0119); of an appointment the"
                    + " event; of a referral the event, else RF1-1 (table 0283).",
            "HL7-RULES §5"),

    HINDRANCE(
            "What the filler says keeps the order from being done, in its words (ORC-16, ORC-25,"
                    + " SPM-21, ORC-20 4, else NTE-3), and of what kind that is: payment, abn, aoe,"
                    + " specimen; of another kind only where the order is held, refused or"
                    + " cancelled. Of a referral that is answered with a rejection (RRI, RF1-1 R),"
                    + " has expired or is cancelled there its first note (NTE-3).",
            "HL7-RULES §5, tables 0339, 0490"),
    NAMED_ORDERS(
            "The numbers of orders and referrals that it names, each once: of a document TXA-14,"
                + " TXA-15 and those of its ORC, of an appointment SCH-26 and SCH-27, of a result"
                + " the orders it goes deeper into (ORC-8, OBR-54) and further numbers of its own"
                + " (ORC-33, OBR-53).",
            "HL7 v2.5.1 chapters 4, 9 and 10"),

    // ------------------------------------------------------------ documents, drugs, referrals
    DOCUMENT_TEXT(
            "The OBX of the document that are no file, a line for each repetition, in order; where"
                    + " they have several names (OBX-3), the name above its lines. What OBX-11"
                    + " calls deleted, not obtained or wrong (D, X, W) is left out. Its kind is"
                    + " always text/plain.",
            "HL7 v2.5.1 chapter 9"),
    DOCUMENT_FILES(
            "A line for each file of the document, its text first: SHA-256, kind and size of the"
                    + " content, and the name of the OBX (OBX-3).",
            "HL7 v2.5.1 chapter 9"),
    DOCUMENT_RELATION(
            "T05 and T06 append to the document of TXA-13, T09 and T10 replace it; one that names"
                    + " itself there does neither.",
            "HL7 v2.5.1 chapter 9"),
    AMOUNT(
            "The amount with its unit (text, else code); from least to most where both are sent and"
                    + " differ.",
            "HL7 v2.5.1 chapter 4"),
    REFERRAL_PROVIDER(
            "The first PRD of the role (PRD-1: RP refers, RT is referred to) that has a name"
                    + " (PRD-2: family, given) or a number (PRD-7).",
            "HL7 v2.5.1 chapter 11, table 0286"),
    REFERRAL_DETAILS(
            "A line for each diagnosis beside the referral (DG1-3, else DG1-4), then its OBX by"
                    + " name, value and unit, then its notes (NTE-3).",
            "HL7 v2.5.1 chapter 11"),

    // ------------------------------------------------------------ who is who
    PRIOR_NUMBER(
            "The number in MRG that went, beside the number of its kind in PID: by position, or by"
                    + " type and authority where the partner's folder says merges: type.",
            "HL7 v2.5.1 §3.6.2.1.6"),
    RELATED("PID-21 of one patient names the other as the mother.", "HL7 v2.5.1 §3.4.2.21");

    private final String sentence;
    private final String source;

    Rule(String sentence, String source) {
        this.sentence = sentence;
        this.source = source;
    }

    /** Its name in the documents, such as {@code result-time}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What it does, for people. */
    public String sentence() {
        return sentence;
    }

    /** Where it comes from. */
    public String source() {
        return source;
    }
}
