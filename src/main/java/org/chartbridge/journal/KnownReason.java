package org.chartbridge.journal;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Every reason that an entry can have: why it was refused, held or ignored, and what was remarked
 * while it was charted; long as a list is. A closed list, published in {@code src/docs/reasons.md}:
 * analysts search, count and set rules by these ids, so an id is never given a new meaning.
 */
public enum KnownReason {
    NOT_HL7(
            Effect.REFUSES,
            "No segment MSH with a field separator: not HL7 v2 in its usual encoding."),
    DELIMITERS_UNREADABLE(Effect.REFUSES, "MSH-2 does not hold encoding characters."),
    TOO_MANY_SEGMENTS(Effect.REFUSES, "More segments than the limit."),
    TOO_MANY_FIELDS(Effect.REFUSES, "A segment with more fields than the limit."),
    TOO_MANY_REPETITIONS(Effect.REFUSES, "A field with more repetitions than the limit."),
    FIELD_TOO_LARGE(Effect.REFUSES, "A field larger than the limit."),
    SEVERAL_MESSAGES(
            Effect.REFUSES,
            "More than one MSH in one message, where they could not be taken apart."),
    MESSAGE_TYPE_MISSING(Effect.REFUSES, "MSH-9 does not say what the message is."),
    CHARSET_NOT_ANNOUNCED(
            Effect.REFUSES,
            "An escape sequence switches to a character set that MSH-18 does not name."),
    CONTROL_ID_MISSING(Effect.REFUSES, "MSH-10 is empty."),
    TEXT_NOT_STORABLE(Effect.REFUSES, "NUL or a lone surrogate, which no database takes as text."),
    PROCESSING_ID_NOT_TAKEN(Effect.REFUSES, "MSH-11 is not one that the partner may send."),
    TYPE_NOT_TAKEN(
            Effect.REFUSES, "The sender is known, and no route takes the type that MSH-9 names."),
    SENDER_NOT_CLAIMED(Effect.REFUSES, "No partner on the port claims MSH-3 and MSH-4."),
    ROUTE_STEP_FAILED(Effect.REFUSES, "A step of the route failed; nothing was done."),
    MAPPING_FAILED(Effect.REFUSES, "A fault in Chartbridge while reading the message."),
    CONTINUATION_NOT_TAKEN(
            Effect.REFUSES,
            "A message that goes on elsewhere (DSC) as only answers to queries do, or whose DSC is"
                    + " not its last segment."),
    PATIENT_IDENTIFIER_MISSING(
            Effect.REFUSES,
            "No identifier of the patient in PID-3, PID-2, PID-4 or PID-19; with unidentified:"
                    + " alone no family name either."),
    TWO_PATIENTS_WANTED(Effect.REFUSES, "A link or unlink that does not name two patients."),
    PRIOR_NUMBER_MISSING(Effect.REFUSES, "A merge or move without the number it is about (MRG)."),
    SEVERAL_PATIENTS(Effect.REFUSES, "Several patients where only one can be meant."),
    ORDER_SEGMENT_MISSING(
            Effect.REFUSES, "Results without an OBR, or an order without ORC and OBR."),
    ORDER_NUMBER_MISSING(
            Effect.REFUSES,
            "Neither an order number nor a time of collection tells the report from others; in a"
                    + " correction, nothing says of which report."),
    ORDER_NUMBER_REPEATED(Effect.REFUSES, "One number for two reports of one message."),
    RESULT_CODE_MISSING(Effect.REFUSES, "OBR-4 or OBX-3 is empty."),
    RESULT_STATUS_UNKNOWN(Effect.REFUSES, "OBX-11 holds no status of table 0085."),
    SPECIMEN_ROLES_MIXED(
            Effect.REFUSES, "One OBR with specimens of a patient and of quality control."),
    VALUE_TOO_LONG(Effect.REFUSES, "An identifier, code, name or text longer than any real one."),
    TOO_MANY_ITEMS(Effect.REFUSES, "A list with more entries than the limit."),
    ALLERGY_ACTION_UNKNOWN(Effect.REFUSES, "IAM-6 holds no action of table 0323."),
    BATCH_COUNT_DIFFERS(
            Effect.REFUSES,
            "The envelope of a batch counts other messages than came; those that came were"
                    + " processed."),
    MORE_FAULTS(Effect.REFUSES, "More faults than an answer lists."),
    APPOINTMENT_MISSING(Effect.REFUSES, "An appointment without SCH."),
    ORDER_DETAIL_MISSING(
            Effect.REFUSES,
            "An ORC that stops an order, without its OBR, RXO or RXE; one that asks for a number"
                    + " (SN), without its own or its OBR."),
    DOCUMENT_HEADER_MISSING(Effect.REFUSES, "A document without TXA."),
    DOCUMENT_NUMBER_MISSING(
            Effect.REFUSES, "Neither a number nor type and time tell a document from others."),
    REFERRAL_MISSING(Effect.REFUSES, "A referral without RF1."),
    REFERRAL_NUMBER_MISSING(Effect.REFUSES, "A referral without its number."),
    PROBLEM_MISSING(Effect.REFUSES, "A problem message without PRB."),
    PATIENT_NOT_KNOWN(
            Effect.HOLDS, "The patient is not in the chart, and the partner may not add one."),
    PATIENT_MATCH_UNCERTAIN(
            Effect.HOLDS,
            "The identifier is known; name or birth date is missing on one side, or it is a twin, a"
                    + " newborn, an unknown or a test patient."),
    KNOWN_IDENTIFIER_OTHER_BIRTH_DATE(
            Effect.HOLDS, "The identifier is known with another birth date."),
    KNOWN_IDENTIFIER_OTHER_NAME(
            Effect.HOLDS,
            "The identifier is known with another family name, given name or suffix."),
    KNOWN_IDENTIFIER_OTHER_PERSON(
            Effect.HOLDS,
            "The identifier is known with another name, and the birth date does not say that it is"
                    + " the same person."),
    ROUTE_STEP_NOT_POSSIBLE(
            Effect.HOLDS,
            "A step of the route can't do what its file says with this message, such as an edit"
                    + " that would break it; it goes on when the folder is mended."),
    MESSAGE_FRAGMENT(
            Effect.HOLDS,
            "A part of a message that came in several (DSC, MSH-14); joined and charted when all"
                    + " are here."),
    FRAGMENT_NOT_JOINED(
            Effect.HOLDS,
            "Parts of a message that are not joined: their pointers are not unique, or they are too"
                    + " many or too large."),
    WAITS_FOR_EARLIER(
            Effect.HOLDS, "An earlier message about the patient waits; this one follows."),
    MERGE_NOT_TRUSTED(Effect.HOLDS, "The partner is not trusted to say who is one patient."),
    MERGE_NOT_PAIRED(
            Effect.HOLDS,
            "No number of the same authority and type stands in PID beside the one in MRG."),
    MERGE_WITH_ITSELF(Effect.HOLDS, "A number is merged into or linked with itself."),
    MERGE_IN_A_RING(
            Effect.HOLDS, "The number that is to stay was merged into the other one before."),
    MERGED_ELSEWHERE(Effect.HOLDS, "The number was merged into another patient before."),
    MERGE_OF_STRANGERS(
            Effect.HOLDS,
            "Family name, given name and birth date of the two numbers are all other ones."),
    KEPT_APART(Effect.HOLDS, "Numbers are to be joined that a person said are not one patient."),
    UNLINK_OF_MERGED(Effect.HOLDS, "Numbers that were merged are to be unlinked."),
    UNLINK_OF_JOINED(Effect.HOLDS, "Numbers are to be unlinked that further numbers join."),
    LINK_OF_RELATIVES(
            Effect.HOLDS,
            "A link or merge of parent and child, or of twins; a link of two birth dates."),
    VISIT_OF_ANOTHER_PATIENT(Effect.HOLDS, "The visit number is used for another patient."),
    ORDER_NUMBER_OF_ANOTHER_PATIENT(Effect.HOLDS, "The order number is used for another patient."),
    RESULTS_OF_ANOTHER_PATIENT(
            Effect.REMARKS,
            "Results under the number of this order came before it, and are charted for another"
                    + " patient."),
    ORDER_NUMBER_OF_NOTHING(
            Effect.REMARKS,
            "A report or a note of whoever orders or referrals are sent to names an order or a"
                    + " referral (OBR-2, TXA-14) under whose number nobody has ordered or referred:"
                    + " what it answers, if anything, stays open."),
    ORDER_OF_ANOTHER_PATIENT(
            Effect.HOLDS,
            "The results name an open order (OBR-2) that was placed for another patient than the"
                    + " one in PID."),
    DOCUMENT_OF_ANOTHER_PATIENT(
            Effect.HOLDS, "The document number (TXA-12) is used for another patient."),
    COLLECTED_TOO_FAR_APART(
            Effect.HOLDS,
            "The order number is known with a specimen collected more than seven days apart."),
    ORDER_NOT_KNOWN(
            Effect.HOLDS,
            "No patient is named, and no open order says whose the results are; it goes on when one"
                    + " comes."),
    ORDERS_OF_SEVERAL(
            Effect.HOLDS,
            "No patient is named, and the numbers are those of orders of several patients."),
    STATUS_WITHOUT_RESULT(
            Effect.HOLDS, "A status that confirms a value sent before, and none is known."),
    ORDER_NUMBER_AMBIGUOUS(
            Effect.HOLDS,
            "A report's number came without its namespace and with more than one: nothing says"
                    + " which of them is meant."),
    CODING_SYSTEM_DIFFERS(
            Effect.HOLDS,
            "The code of a test or order is known with its coding system and came without, or the"
                    + " other way round."),
    VALUE_TOLD_APART_OTHERWISE(
            Effect.HOLDS,
            "A value with a time or instance of its own (`series`, `instance-ids`) where the chart"
                    + " has one of this test without, or the other way round."),
    CODE_WRITTEN_OTHERWISE(
            Effect.HOLDS,
            "A test or order is known under its number by another of its codes, in other letters,"
                + " by its text alone, or of another system (OBX-3, OBR-4); charted, it would stand"
                + " beside what it replaces, corrects or takes back."),
    SUB_ID_DIFFERS(
            Effect.HOLDS,
            "A test is known with a sub-id (OBX-4) and came without, or the other way round, or its"
                    + " correction came with another one."),
    CODE_NOT_KNOWN(
            Effect.HOLDS,
            "A test without a LOINC code and without a row in codes.csv, of a partner with codes:"
                    + " hold; remarked where the message may not wait."),
    WAITS_FOR_ORDER(
            Effect.HOLDS,
            "An earlier message of the order waits for a code; this one follows. Remarked where"
                    + " the message may not wait."),
    NOT_STORABLE(
            Effect.HOLDS, "The message could not be charted because of a fault in Chartbridge."),
    QUERY_NOT_SUPPORTED(
            Effect.REFUSES,
            "A query of a kind that is not answered, or no query where one belongs."),
    QUERY_FIELD_WRONG(Effect.REFUSES, "A field of a query is missing or can't be read."),
    QUERY_PARAMETER_UNKNOWN(
            Effect.REFUSES, "A query names a parameter that patients or orders are not found by."),
    QUERY_TOO_BROAD(Effect.REFUSES, "A query for patients without an identifier or a family name."),
    QUERY_NUMBER_UNKNOWN(
            Effect.REFUSES, "The number that a query is about is nobody's, or several patients'."),
    QUERY_DOMAIN_UNKNOWN(
            Effect.REFUSES, "A query names an authority that no number in the chart is of."),
    NUMBER_NOT_GIVEN(
            Effect.REFUSES,
            "A number of an authority is asked for that gives none to this partner (gives-numbers),"
                    + " or whose range is used up."),
    QUERY_CANCELLED(
            Effect.IGNORES, "A query is cancelled; nothing is kept open for one, so all is done."),
    QUERY_FAILED(Effect.REFUSES, "A query could not be answered because the chart can't be read."),
    QUERY_ANSWERED(Effect.IGNORES, "A query: answered from the chart, which it does not change."),
    QUERY_ROWS_LEFT_OUT(
            Effect.REMARKS, "More was found than answers hold; the query has to say more."),
    NOT_OURS(Effect.IGNORES, "A person decided that the message is about nobody of ours."),
    TYPE_NOT_CHARTED(Effect.IGNORES, "Messages of this type are kept and not charted."),
    QUALITY_CONTROL(
            Effect.IGNORES,
            "All specimens of the message are controls or calibrators (SPM-11): kept, neither"
                    + " charted nor sent on."),
    FRAGMENT_JOINED(
            Effect.IGNORES,
            "A part of a message that came in several; what it says is in the message that they"
                    + " were joined into."),
    TEST_MESSAGE(
            Effect.IGNORES, "MSH-11 is not P: read and kept, for neither the chart nor a partner."),
    ACKNOWLEDGEMENT_RECEIVED(
            Effect.IGNORES,
            "An acknowledgement that came after the answer to a delivery, or on a port for"
                    + " messages; noted beside the delivery where it says what became of it."),
    ACKNOWLEDGEMENT_OF_NOTHING(
            Effect.IGNORES,
            "An application acknowledgement whose MSA-2 names nothing that was sent to its"
                    + " sender."),
    REJECTED_AFTER_DELIVERY(
            Effect.IGNORES,
            "An acknowledgement by which an application rejects what had been delivered: it stands"
                    + " on the worklist until somebody saw to it."),
    UTF_16(Effect.REMARKS, "The message is sent as UTF-16 and was read so."),
    BYTE_ORDER_MARK(Effect.REMARKS, "A byte order mark before MSH was left aside."),
    LINE_FEEDS(Effect.REMARKS, "Segments end with line feeds."),
    BLANK_LINES(Effect.REMARKS, "Blank lines between segments were left aside."),
    FRAMING_BYTES(Effect.REMARKS, "MLLP framing bytes inside the message were left aside."),
    TORN_SEGMENT(
            Effect.REMARKS,
            "A line that begins with no segment name was joined to the one before."),
    REPAIRED(
            Effect.REMARKS,
            "A value was put right by the partner's repairs.edit.yaml before it was charted; the"
                    + " bytes are kept as they came."),
    REPAIR_NOT_APPLIED(
            Effect.REMARKS,
            "A repair was left aside: its pattern takes too long, its place is taken, or the"
                    + " character set lacks a letter."),
    DELIMITERS_MISSING(Effect.REMARKS, "MSH-2 is empty; the usual encoding characters were taken."),
    BATCH_ENVELOPE(
            Effect.REMARKS,
            "The envelope of a batch (FHS, BHS, BTS, FTS); its messages are entries of their own."),
    DOCUMENT_PARENT_MISSING(
            Effect.REMARKS,
            "A document that adds to or replaces another one, and doesn't say which, or one that is"
                    + " not known."),
    BATCH_TRAILER_MISSING(
            Effect.REMARKS,
            "The envelope of a batch has no end (BTS, FTS), so that its count can't be verified."),
    CHARSET_MISSPELT(Effect.REMARKS, "MSH-18 is not spelt as in table 0211; its meaning is clear."),
    CHARSET_NOT_DECLARED(
            Effect.REMARKS,
            "MSH-18 is empty and the text is not ASCII: the partner's character set was taken."),
    CHARSET_SWITCH_LAPSED(
            Effect.REMARKS,
            "A switch to another character set ended at a delimiter, and the text went on beyond"
                    + " ASCII without one; read in the first set of MSH-18."),
    CHARSET_UNKNOWN(Effect.REMARKS, "MSH-18 names no character set of table 0211."),
    CHARSET_CONTRADICTED(
            Effect.REMARKS, "The bytes are not in the character set that MSH-18 names."),
    UNDECODABLE_BYTES(
            Effect.REMARKS,
            "Bytes that are no text in the message's character set; shown as escapes. Where letters"
                    + " of several bytes can't be told apart, the message is refused."),
    MORE_REMARKS(Effect.REMARKS, "More remarks of a kind than are listed."),
    FURTHER_REASONS(Effect.REMARKS, "More remarks than the journal keeps."),
    NOT_A_TIME(Effect.REMARKS, "A date or time that can't be read; kept as sent."),
    CONTROL_ID_REUSED(
            Effect.REMARKS, "This MSH-10 was used before for other content; both were processed."),
    EMPTY_SEGMENT(Effect.REMARKS, "A segment without content was left aside."),
    RESULT_BEFORE_ORDER(
            Effect.REMARKS,
            "An OBX before any OBR; charted as an observation about the patient, without an"
                    + " order."),
    PATIENT_WITHOUT_IDENTIFIER(
            Effect.REMARKS,
            "The patient is named without an identifier; charted by themselves until a person says"
                    + " whose it is."),
    ORDER_CODE_MISSING(
            Effect.REMARKS,
            "An OBR that has a time and neither number nor code, as monitors send it; charted as"
                    + " observations about the patient, without an order."),
    NOTE_NOT_CHARTED(Effect.REMARKS, "A note that belongs to no OBR."),
    QUALITY_CONTROL_LEFT_OUT(
            Effect.REMARKS, "Results of quality control in a message about a patient."),
    VALUES_JOINED(
            Effect.REMARKS,
            "Several numbers, also in one OBX-5, lines with OBX of other tests between them, or"
                + " values below several OBR of one number, with the same OBX-3 and OBX-4: charted"
                + " as one text; OBX-4, or `series` or `instance-ids` in partner.yaml, tells OBX"
                + " apart."),
    RESULT_STATUS_ASSUMED(
            Effect.REMARKS,
            "Neither OBX-11 nor OBR-25 says how final a result is; taken as final."),
    UNIT_NOT_ESCAPED(
            Effect.REMARKS,
            "OBX-6 is cut by a ^ that was not escaped (10^3/uL); it is charted as one unit."),
    CODE_NOT_LOINC(
            Effect.REMARKS,
            "OBX-3 calls a code LOINC whose form or check digit LOINC does not have; charted as the"
                    + " sender's own."),
    UNIT_NOT_UCUM(
            Effect.REMARKS,
            "OBX-6 calls a unit UCUM that UCUM does not have; charted as it was sent."),
    VALUE_TYPE_MISSING(Effect.REMARKS, "OBX-2 is empty; OBX-5 is kept as text."),
    VALUE_TYPE_UNKNOWN(Effect.REMARKS, "OBX-2 is no type of table 0125; OBX-5 is kept as text."),
    DOCUMENT_UNREADABLE(Effect.REMARKS, "The content of a document can't be decoded."),
    DOCUMENT_ENCODING_MISSING(
            Effect.REMARKS,
            "OBX-5.4 does not say how a document is encoded, and it is none by Base64; kept as"
                    + " text."),
    DOCUMENT_INCOMPLETE(
            Effect.REMARKS,
            "A PDF without its end: a part of a document, or one that was cut; kept, and not"
                    + " offered as a PDF."),
    VALUE_NOT_A_NUMBER(Effect.REMARKS, "OBX-5 is not the number that OBX-2 says; kept as text."),
    BACK_LOADED(
            Effect.REMARKS,
            "Results collected before the day of `back-load`: charted, and delivered to nobody."),
    FORMATTING_IN_STRING(
            Effect.REMARKS,
            "A value of type ST has line breaks (`\\.br\\` and the like), which are for TX and FT:"
                    + " they are kept."),
    VALUE_WITHOUT_CODE(
            Effect.REMARKS,
            "OBX-5 has neither code nor text where its coded type has them; what it has is kept as"
                    + " text."),
    COLLECTED_IN_FUTURE(
            Effect.REMARKS,
            "OBR-7 more than a day after the message itself: a specimen that was not taken yet, or"
                    + " a wrong date. It is shown as it was sent."),
    ISSUED_IN_FUTURE(
            Effect.REMARKS,
            "OBR-22 more than 15 minutes after the message itself: not used to tell what came"
                    + " later."),
    SENT_IN_FUTURE(
            Effect.REMARKS,
            "MSH-7 more than 15 minutes after the moment at which the message came. For results,"
                + " and for others by more than a day, that moment tells what came later; results"
                + " are not taken to be later than a correction or withdrawal for certain."),
    RESULT_LATE(
            Effect.REMARKS,
            "A later statement about the value is already charted; this one is kept as history and"
                    + " sent on to nobody."),
    REPORT_TAKEN_BACK_WITHOUT_VALUES(
            Effect.REMARKS,
            "A report is cancelled or taken back as a whole (OBR-25 X, D, W) without an OBX for"
                    + " each of its values: the others stay, and it is listed on the page Unmatched"
                    + " until they are taken back or a person says what it was."),
    WITHDRAWAL_BEFORE_VALUE(
            Effect.REMARKS,
            "A withdrawal (D, W) that by its times was said before the value in the chart, which"
                    + " stays; it is listed on the page Unmatched until the value goes, is said"
                    + " again, or a person says what it was."),
    WITHDRAWAL_WITHOUT_RESULT(
            Effect.REMARKS,
            "A withdrawal (D, W) of a result that is not in the chart; it is listed on the page"
                    + " Unmatched until the result comes or a person says what it was."),
    COLLECTED_OTHERWISE(
            Effect.REMARKS,
            "A final value (F) took the place of another final one of its order number and test"
                    + " that was collected at another time, and is not called a correction (C, A)."
                    + " If these are two specimens, each needs an order number of its own, or"
                    + " `series` in partner.yaml."),
    CORRECTION_WITHOUT_RESULT(
            Effect.REMARKS,
            "A correction (C, A) of a result that is not in the chart under its number and code: it"
                + " is charted as it came. If what it corrects was charted under another code or"
                + " number, both stand."),
    RESULT_CORRECTED(Effect.REMARKS, "A value that had been final has changed."),
    RESULT_LEFT_OUT(
            Effect.REMARKS,
            "A report of a partner with `results: snapshot` leaves out final values charted before;"
                    + " they stay."),
    PLACER_NUMBER_OF_SEVERAL(
            Effect.REMARKS,
            "A report came without the filler's number (OBR-3), and several of the same test carry"
                    + " its placer's number (OBR-2): all stand apart."),
    ISOLATES_RENUMBERED(
            Effect.REMARKS,
            "An isolate of a culture has another number in OBX-4 than before; numbered values that"
                    + " are not said again are history."),
    FINAL_WITHOUT_VALUE(
            Effect.REMARKS,
            "A final or corrected result without a value (OBX-5), where the chart has one, which"
                    + " stands; it is sent on to nobody, and listed on the page Unmatched until the"
                    + " laboratory's next word about the value or a person says what it was."),
    RESULT_STATUS_NOT_APPLIED(
            Effect.REMARKS,
            "A status that does not follow from the one before; kept, not shown as current."),
    ALLERGY_CONFLICT(
            Effect.REMARKS,
            "What is ordered, or its class, is what an allergy of the patient names. See"
                    + " Screening."),
    CROSS_REACTION(
            Effect.REMARKS, "What is ordered may react like what the patient is allergic to."),
    INTERACTION(Effect.REMARKS, "What is ordered does not go together with another active order."),
    NOT_SCREENED(
            Effect.REMARKS,
            "The tables of screening don't have what is ordered, a part of it, or an allergy of the"
                    + " patient: it was not checked."),
    HELD_BY_SCREENING(
            Effect.REMARKS,
            "Charted; what the message sends on waits for a person's decision, by `screening: hold`"
                    + " of its sender."),
    NOT_PLACED(
            Effect.REMARKS,
            "An order or referral that no recipient was found for when it came: it was not sent on"
                    + " and waited for a person."),
    EVENT_DIFFERS(Effect.REMARKS, "EVN-1 names another event than MSH-9."),
    EVENT_TIME_IN_FUTURE(Effect.REMARKS, "A time of the event after the message itself; not used."),
    VISIT_MISSING(Effect.REMARKS, "An event of a visit without PV1."),
    VISIT_NOT_IDENTIFIED(
            Effect.REMARKS, "Nothing says which visit it is; the visit is not charted."),
    ITEM_NOT_NAMED(Effect.REMARKS, "An entry of a list that does not say what it is."),
    ORDER_CONTROL_NOT_KNOWN(
            Effect.REMARKS,
            "ORC-1 of an order is no code of table 0119; it is not charted, and changes no order."),
    ORDER_NUMBERS_DIFFER(
            Effect.REMARKS,
            "ORC-2 and OBR-2 of one order are two numbers; it is known by OBR-2, also to whom it is"
                    + " sent."),
    ORDER_NOT_SCREENED(
            Effect.REMARKS,
            "An order of medication or contrast, or a part of one, that is not charted and so is"
                    + " not screened."),
    OBSERVATION_BESIDE(
            Effect.REMARKS,
            "An OBX about an order or an immunization; charted with that, not as a result."),
    OBSERVATION_NOT_CHARTED(Effect.REMARKS, "An OBX that belongs to nothing that is charted."),
    RESOURCE_NOT_CHARTED(
            Effect.REMARKS,
            "A service or resource that is put beside an appointment or taken off it (S18, S20 to"
                    + " S22, or action D); the appointment stays as it is otherwise."),
    ORDER_NOT_CHARTED(
            Effect.REMARKS, "An order of a diet, or one beside a problem; kept and not charted."),
    LIST_LATE(Effect.REMARKS, "A later list of the sender is already charted."),
    NONE_KNOWN_CONTRADICTS_LIST(Effect.REMARKS, "\"None known\" beside entries that stay."),
    DELETE_NOT_FOLLOWED(
            Effect.REMARKS,
            "Two quotation marks in a field that is never deleted (PID-3, PID-5, PID-7)."),
    DEMOGRAPHICS_LATE(Effect.REMARKS, "A later word on the patient is already charted."),
    NAME_CHANGED(Effect.REMARKS, "The patient's family name has changed."),
    BIRTH_DATE_CHANGED(Effect.REMARKS, "The patient's birth date has changed."),
    BIRTH_DATE_IN_FUTURE(
            Effect.REMARKS, "The birth date (PID-7) lies after the message came: none is read."),
    SEX_CHANGED(Effect.REMARKS, "The patient's sex has changed."),
    NOTHING_TO_UNLINK(Effect.REMARKS, "An unlink of numbers that are not linked."),
    NOTHING_TO_CANCEL(
            Effect.REMARKS,
            "A cancellation of an event, document, appointment or order that is not known."),
    REPLACEMENT_CANCELLED(
            Effect.REMARKS,
            "A document was cancelled that had replaced another one, which stays replaced."),
    ALLERGY_NOT_KNOWN(
            Effect.REMARKS,
            "An allergy is deleted (IAM-6 D) that its sender never said of this patient."),
    DOSE_CORRECTION_WITHOUT_NUMBER(
            Effect.REMARKS,
            "A corrected immunization (RXA-21 U) without the filler's number (ORC-3): what it"
                    + " corrects stands beside it, unless vaccine and day are the same."),
    DOSE_NOT_KNOWN(Effect.REMARKS, "An immunization is taken back (RXA-21 D) that is not known."),
    DOSE_NUMBER_USED_AGAIN(
            Effect.REMARKS,
            "The number of an immunization (ORC-3) is known with another vaccine or day.");

    /** What a reason does to its message; the most serious one, where it depends. */
    public enum Effect {
        /** Answered AE or AR, and kept. */
        REFUSES("is refused"),
        /** Kept; waits for a person. */
        HOLDS("is held"),
        /** Kept, and not charted on purpose. */
        IGNORES("is ignored"),
        /** Charted all the same. */
        REMARKS("is charted, with a remark");

        private final String words;

        Effect(String words) {
            this.words = words;
        }

        /** Continues "a message ...". */
        public String words() {
            return words;
        }
    }

    private static final Map<String, KnownReason> BY_ID =
            Arrays.stream(values()).collect(Collectors.toMap(KnownReason::id, r -> r));

    private final Effect effect;
    private final String meaning;

    KnownReason(Effect effect, String meaning) {
        this.effect = effect;
        this.meaning = meaning;
    }

    /** As the journal, ERR-5 and screens have it, for example {@code patient-not-known}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public Effect effect() {
        return effect;
    }

    /** For people, one sentence. */
    public String meaning() {
        return meaning;
    }

    /** Empty for a word that is none of ours. */
    public static Optional<KnownReason> of(String id) {
        return Optional.ofNullable(BY_ID.get(id));
    }
}
