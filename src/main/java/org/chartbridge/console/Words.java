package org.chartbridge.console;

import org.chartbridge.chart.ChangedResults;
import org.chartbridge.chart.DocumentView;
import org.chartbridge.chart.HoldReason;
import org.chartbridge.chart.IdentifierView;
import org.chartbridge.chart.Likeness;
import org.chartbridge.chart.ObservationStatus;
import org.chartbridge.chart.ObservationView;
import org.chartbridge.chart.PersonView;
import org.chartbridge.chart.RecordView;
import org.chartbridge.chart.Standing;
import org.chartbridge.chart.WhoIsWho;
import org.chartbridge.delivery.DeliverySearch.DeliveryRow;
import org.chartbridge.journal.Decision;
import org.chartbridge.journal.EntryState;
import org.chartbridge.journal.RebuildReport;
import org.chartbridge.loops.State;
import org.springframework.stereotype.Component;

import java.util.List;

/** A dictionary, and long as one: the words that pages use for what the journal spells in codes. */
@Component("words")
class Words {

    /** The state of a delivery. */
    public String delivery(String state) {
        return switch (state) {
            case "waiting" -> "Waiting";
            case "accepted" -> "Accepted";
            case "confirmed" -> State.CONFIRMED.word();
            case "skipped" -> "Skipped";
            case "replaced" -> "Replaced";
            default -> state;
        };
    }

    /** The same of a delivery that may stand beside its destination. */
    public String delivery(DeliveryRow row) {
        if (row.state().equals("accepted")) return accepted(row);
        if (!row.state().equals("waiting")) return delivery(row.state());
        return switch (beside(row)) {
            case "unmade" -> "Can't be made";
            case "held" -> "Held by an alert";
            case "to-place" -> "To be placed";
            default -> "To be delivered";
        };
    }

    /** A folder answers nothing: nobody has accepted what lies in one. */
    private String accepted(DeliveryRow row) {
        return switch (row.reached()) {
            case ANSWERED -> delivery(row.state());
            case UNASKED -> State.UNASKED.word();
            case FILED -> State.FILED.word();
            case UPLOADED -> State.UPLOADED.word();
        };
    }

    /** Its state once it is settled, where it stood in its own queue. */
    public String settled(DeliveryRow row) {
        return row.state().equals("accepted") ? accepted(row) : delivery(row.state());
    }

    /** Where it is to go: its destination, or who sent what is to be placed. */
    public String deliveredTo(DeliveryRow row) {
        var destination = row.destination();
        return beside(row).equals("to-place")
                ? "from " + destination.substring(0, destination.indexOf('/'))
                : destination.replaceFirst("~.*", "");
    }

    /** The page where it is decided on. */
    public String deliveryPage(DeliveryRow row) {
        if (row.state().equals("waiting"))
            switch (beside(row)) {
                case "unmade" -> {
                    return "/worklist/unmade";
                }
                case "held" -> {
                    return "/alerts";
                }
                case "to-place" -> {
                    return "/worklist/orders";
                }
                default -> {} // Its own.
            }
        return "/deliveries/" + row.destination() + "/" + row.id();
    }

    /** The queue that no route takes, if it stands in one; else empty. */
    private static String beside(DeliveryRow row) {
        var destination = row.destination();
        int suffix = destination.indexOf('~');
        if (suffix >= 0) return destination.substring(suffix + 1);
        return destination.endsWith("/orders-to-place") ? "to-place" : "";
    }

    /** The state of a message whose colour and icon a delivery's has. */
    public String deliveryLook(String state) {
        return switch (state) {
            case "waiting" -> "received";
            case "accepted", "confirmed" -> "charted";
            default -> "ignored";
        };
    }

    /** What a person decided about deliveries. */
    public String decision(String decision) {
        return switch (decision) {
            case "pause" -> "Paused";
            case "resume" -> "Resumed";
            case "skip" -> "Skipped";
            case "has-it" -> State.CONFIRMED.word();
            case "anew" -> "Made anew";
            case "edit" -> "Edited";
            default -> decision;
        };
    }

    /** What a person decided about a patient's identity. */
    public String identityDecision(Decision.Kind kind) {
        return switch (kind) {
            case LINK -> "Linked";
            case CREATE -> "Created a patient";
            case NOT_OURS -> "Not ours";
            case AGAIN -> "Read again";
            case MERGE -> "Merged";
            case SPLIT -> "Split";
            case FILE -> "Filed with another patient";
            case UNDO -> "Took back";
            case OVERRIDE -> "Overrode";
            case CLOSE -> "Closed an order";
        };
    }

    /** What of a fact differs from the one that was made anew. */
    public String difference(RebuildReport.Difference difference) {
        return switch (difference.change()) {
            case CHANGED -> difference.field();
            case ONLY_LIVE -> "only in the live chart";
            case ONLY_REBUILT -> "only in the rebuilt chart";
        };
    }

    public boolean canBeUndone(Decision.Kind kind) {
        return kind != Decision.Kind.AGAIN
                && kind != Decision.Kind.UNDO
                && kind != Decision.Kind.OVERRIDE
                && kind != Decision.Kind.CLOSE;
    }

    /** What somebody did with a chart, by the word of the audit trail. */
    public String deed(String action) {
        return switch (action) {
            case "SIGNED" -> "Signed a report";
            case "TOOK_NOTE" -> "Took note of a change";
            case "PLACED_ORDER" -> "Placed an order";
            default -> "Decided on an alert";
        };
    }

    /** What an assertion says, in one sentence. */
    public String whoIsWho(WhoIsWho.Row row) {
        var from = row.from().number();
        var to = row.to().number();
        return switch (row.kind()) {
            case "merged" -> "%s is used no more; the patient goes on as %s.".formatted(from, to);
            case "linked" -> "%s and %s are one patient.".formatted(from, to);
            case "apart" ->
                    "%s and %s are not one patient, whatever joins them.".formatted(from, to);
            case "filed" ->
                    (from.equals(to)
                                    ? "What is reported under no. %s for %s is theirs, whoever it"
                                            + " was ordered for."
                                    : "What is reported under no. %s for %s is that of %s.")
                            .formatted(row.number(), from, to);
            case "unlinked" -> "%s and %s are not one patient.".formatted(from, to);
            case "moved" ->
                    (row.what().equals("account")
                                    ? "The visits of account %s are not those of %s but of %s."
                                    : "Visit %s is not that of %s but of %s.")
                            .formatted(row.number(), from, to);
            default -> row.kind();
        };
    }

    /** Whether a message of this type says who is one patient, so that it can be taken back. */
    public boolean isAboutIdentity(String type) {
        return type.matches("ADT\\^A(18|24|30|34|36|37|39|40|43|44|45|46|47)");
    }

    /** How two sides of a field agree. */
    public String agreement(Likeness.Evidence evidence) {
        return switch (evidence.agreement()) {
            case SAME -> "Same";
            case CLOSE -> "Close: " + evidence.why();
            case OTHER -> "Other";
            case SILENT -> "";
        };
    }

    public String agreementIcon(Likeness.Agreement agreement) {
        return switch (agreement) {
            case SAME -> "charted";
            case CLOSE -> "warning";
            case OTHER -> "refused";
            case SILENT -> "ignored";
        };
    }

    public String state(EntryState state) {
        return switch (state) {
            case RECEIVED -> "Waiting";
            case CHARTED -> "Charted";
            case HELD -> "Held";
            case IGNORED -> "Ignored";
            case REFUSED -> "Refused";
        };
    }

    /** What it means, for whoever sees it for the first time. */
    public String meaning(EntryState state) {
        return switch (state) {
            case RECEIVED -> "Stored safely, not charted yet.";
            case CHARTED -> "What it says is in the chart.";
            case HELD -> "Kept, not in the chart: waits for a person.";
            case IGNORED -> "Kept, not charted on purpose.";
            case REFUSED -> "Answered with a refusal; its bytes are kept.";
        };
    }

    /** What became of a result that somebody saw. */
    public String changed(ChangedResults.Kind kind) {
        return switch (kind) {
            case WRONG_PATIENT -> "Withdrawn: wrong patient";
            case REFILED -> "Another patient's";
            case DELETED -> "Withdrawn";
            case CORRECTED -> "Corrected";
        };
    }

    /** The same, in a sentence. */
    public String changedMeaning(ChangedResults.Kind kind) {
        return switch (kind) {
            case WRONG_PATIENT ->
                    "The laboratory had reported it for the wrong patient; it is not this patient's"
                            + " and is off the chart.";
            case REFILED ->
                    "It was found to be another patient's and was filed there; it is off this"
                            + " chart.";
            case DELETED -> "The laboratory took it back; it is off the chart.";
            case CORRECTED -> "The chart shows what holds now, with what it was before.";
        };
    }

    /** MSA-1, HL7 table 0008. */
    public String answer(String code) {
        return switch (code) {
            case "" -> "No answer";
            case "AA" -> "Accepted";
            case "CA" -> "Taken";
            case "AE", "CE" -> "Error";
            case "AR", "CR" -> "Rejected";
            default -> code;
        };
    }

    /** PID-8, HL7 table 0001. */
    public String sex(String code) {
        return switch (code) {
            case "F" -> "Female";
            case "M" -> "Male";
            case "O" -> "Other";
            case "U", "" -> "Sex unknown";
            case "A" -> "Ambiguous";
            case "N" -> "Not applicable";
            default -> "Sex " + code;
        };
    }

    /** OBR-25, HL7 table 0123. */
    public String reportStatus(String code) {
        return switch (code) {
            case "" -> "Status not sent";
            case "F" -> "Final";
            case "P" -> "Preliminary";
            case "C" -> "Corrected";
            case "M" -> "Corrected, not final";
            case "A" -> "Some results available";
            case "R" -> "Not verified";
            case "S" -> "Scheduled";
            case "I" -> "Specimen in lab";
            case "X" -> "Cancelled";
            case "O" -> "Order received";
            case "N" -> "Pending";
            default -> "Status " + code;
        };
    }

    /** PID-3.5, HL7 table 0203; the code where there is no common word. */
    public String idType(String code) {
        return switch (code) {
            case "MR", "MRN", "PI", "PT" -> "MRN";
            case "AN" -> "Account";
            case "SS" -> "SSN";
            case "NH", "NI" -> "National id";
            case "DL" -> "Driver's licence";
            case "PPN" -> "Passport";
            default -> code;
        };
    }

    /** NTE-2, HL7 table 0105. */
    public String noteSource(String code) {
        return switch (code) {
            case "P" -> "Orderer's note";
            case "O" -> "Note";
            default -> "Lab's note";
        };
    }

    /** A number of bytes for people. */
    public String bytes(long count) {
        if (count < 1_000) return count + " B";
        if (count < 1_000_000) return "%.1f kB".formatted(count / 1_000.0);
        return "%.1f MB".formatted(count / 1_000_000.0);
    }

    /** OBX-11, HL7 table 0085. */
    public String observationStatus(ObservationStatus status) {
        return switch (status) {
            case SPECIMEN_IN_LAB -> "Specimen in lab";
            case NOT_VERIFIED -> "Not verified";
            case PRELIMINARY -> "Preliminary";
            case PARTIAL -> "Partial";
            case FINAL -> "Final";
            case CORRECTED -> "Corrected";
            case AMENDED -> "Amended";
            case APPENDED -> "Appended";
            case VERIFIED -> "Verified";
            case FINAL_UNCHANGED -> "Final, value unchanged";
            case CANNOT_BE_OBTAINED -> "Can't be obtained";
            case NOT_ASKED -> "Not asked";
            case ORDER_DETAIL -> "Order detail";
            case DELETED -> "Deleted";
            case WRONG_PATIENT -> "Wrong patient";
        };
    }

    /** What a statement counts for among those about the same value. */
    public String standing(Standing standing) {
        return switch (standing) {
            case CURRENT -> "Current";
            case REPLACED -> "Replaced";
            case LATE -> "Came late: a newer one stands";
            case REPEAT -> "Repeat of what was known";
            case WITHDRAWN -> "Withdrawn by the lab";
            case WITHDRAWAL -> "Withdraws a value";
            case NOT_SHOWN -> "Not a result";
            case NOT_APPLIED -> "Not applied: not allowed after what was known";
        };
    }

    /** The same of one version in a history, where a correction shall not be overlooked. */
    public String standing(ObservationView version) {
        var words = standing(version.standing());
        return version.corrected() ? words + ", a correction" : words;
    }

    /** {@code FAMILY, Given Middle}, as a chart is filed. */
    public String name(RecordView record) {
        var given = (record.givenName() + " " + record.middleName()).strip();
        var family = (record.familyName() + " " + record.nameSuffix()).strip();
        if (family.isEmpty() && given.isEmpty()) return "Name not sent";
        return family.isEmpty() ? given : given.isEmpty() ? family : family + ", " + given;
    }

    /** Type and authority of an identifier. */
    public String idLabel(IdentifierView id) {
        var type = idType(id.type());
        if (type.isEmpty()) type = "Id";
        return id.authority().isEmpty() ? type : type + " " + id.authority();
    }

    /** All identifiers of a patient, each once. */
    public List<IdentifierView> identifiers(PersonView person) {
        return person.records().stream()
                .flatMap(record -> record.identifiers().stream())
                .distinct()
                .toList();
    }

    /** Whether a browser may show it. */
    public boolean isShown(DocumentView document) {
        return DocumentPage.isShown(document);
    }

    /**
     * Where on a message's page a path stands; of several segments ({@code OBX[3-5]}) the first.
     */
    public String anchor(String path) {
        return "#"
                + path.strip()
                        .replaceFirst("\\[(\\d+)-\\d+]", "[$1]")
                        .replaceFirst("^([A-Z][A-Z0-9]{2})(?!\\[)", "$1[1]");
    }

    /** Begins with a capital letter. */
    public String sentence(String text) {
        return text.isEmpty() || !Character.isLowerCase(text.charAt(0))
                ? text
                : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    /** What to do about a reason to hold; empty for other reasons, whose text says it. */
    public String remedy(String reason) {
        for (var known : HoldReason.values()) if (known.id().equals(reason)) return remedy(known);
        if (reason.equals("route-step-not-possible"))
            return "Mend the file that it names: what waits for it goes on by itself when the"
                    + " folder is loaded. Have another message read again under Decide.";
        if (reason.equals("message-fragment"))
            return "Nothing, if the other parts are on their way: it goes on by itself. Of what"
                    + " still waits after an hour a part was lost: have the sender send the whole"
                    + " message again, with new control ids.";
        if (reason.equals("fragment-not-joined"))
            return "Have the sender give each message pointers of its own, or send it whole, with"
                    + " new control ids.";
        return "";
    }

    private static String remedy(HoldReason reason) {
        return switch (reason) {
            case PATIENT_NOT_KNOWN ->
                    "Register the patient in the EMR, or let this partner bring patients (patients:"
                            + " create), then have it sent again.";
            case PATIENT_MATCH_UNCERTAIN ->
                    "Ask the sender for name and birth date, and have it sent again with both.";
            case KNOWN_IDENTIFIER_OTHER_BIRTH_DATE, KNOWN_IDENTIFIER_OTHER_NAME ->
                    "Find out whether identifier or person is wrong: it may be somebody else's"
                            + " result. Have it corrected where it is wrong and sent again.";
            case KNOWN_IDENTIFIER_OTHER_PERSON ->
                    "Find out whose number it is. If it is the same person, correct name and birth"
                            + " date one after the other; if not, have the number corrected.";
            case WAITS_FOR_EARLIER ->
                    "Decide on the earlier message; this one then goes on by itself.";
            case MERGE_NOT_TRUSTED ->
                    "Merge the two patients yourself if it is right, or let this partner speak for"
                            + " the authority (trusts) and read it again.";
            case MERGE_NOT_PAIRED ->
                    "Ask the sender to put the old and the new number of a kind in the same place"
                            + " of MRG-1 and PID-3, or set merges: type; then read it again.";
            case MERGE_WITH_ITSELF -> "Have it corrected where it was entered and sent again.";
            case MERGE_IN_A_RING, MERGED_ELSEWHERE ->
                    "Find out which number stays. Take the earlier merge back if it was wrong, then"
                            + " read this one again.";
            case MERGE_OF_STRANGERS ->
                    "Find out whether the two are one patient. If so, merge them yourself, or"
                            + " correct name or birth date in the EMR and read this one again; if"
                            + " not, have the merge corrected there.";
            case KEPT_APART ->
                    "Ask whoever split these numbers, and who sent this. If they are one patient"
                            + " after all, take the split back: this one then goes on by itself.";
            case UNLINK_OF_MERGED ->
                    "If the two are not one patient, take the merge back; HL7 has no message for"
                            + " it.";
            case UNLINK_OF_JOINED ->
                    "If the two are not one patient, take back what joins them with the further"
                            + " numbers; then read this one again.";
            case LINK_OF_RELATIVES ->
                    "A link or merge says that two numbers are one patient. Have a relation sent as"
                            + " such (PID-21, NK1).";
            case VISIT_OF_ANOTHER_PATIENT ->
                    "Find out whose visit it is: a number used twice, or a patient that was merged"
                            + " in the EMR. Nothing was changed in either chart.";
            case ORDER_NUMBER_OF_ANOTHER_PATIENT ->
                    "Ask the laboratory whose specimen it is. Nothing was changed in either chart.";
            case ORDER_OF_ANOTHER_PATIENT ->
                    "Ask the laboratory whose specimen it is, then file the results with the"
                        + " patient of the order, or say that they are the one's whom the message"
                        + " names (Worklist, Decide). Nothing was changed in either chart.";
            case DOCUMENT_OF_ANOTHER_PATIENT ->
                    "Ask the sender whose document it is. If the other patient's was wrong, have it"
                            + " cancelled (T11), then read this one again.";
            case ORDER_NOT_KNOWN ->
                    "Enter the order under this number in the EMR: the message then goes on by"
                            + " itself. Nobody's chart has the result until then.";
            case ORDERS_OF_SEVERAL ->
                    "Find out whose specimen it is, cancel the orders of the others, then read it"
                            + " again. Nothing was changed in any chart.";
            case COLLECTED_TOO_FAR_APART ->
                    "Ask the laboratory whether the number was used twice or the collection time is"
                            + " wrong.";
            case ORDER_NUMBER_MISSING ->
                    "Have it sent again with the order number (OBR-3) of the report it changes.";
            case STATUS_WITHOUT_RESULT ->
                    "Have the laboratory send the result itself; its status says only that an"
                            + " earlier one stands. When it comes, this one goes on by itself.";
            case ORDER_NUMBER_AMBIGUOUS ->
                    "Set the namespace of OBR-3 by repairs.edit.yaml of the partner, then read it"
                            + " again.";
            case CODING_SYSTEM_DIFFERS ->
                    "Set the coding system by repairs.edit.yaml of the partner, then read it again:"
                            + " else the chart would show both values as current.";
            case VALUE_TOLD_APART_OTHERWISE ->
                    "Values of this order came before series or instance-ids was set for the test,"
                            + " or some come without OBX-14 or OBX-21. Have the laboratory take"
                            + " back the value that stands (D) and send all of them, then read"
                            + " this again: else both would be current.";
            case CODE_WRITTEN_OTHERWISE ->
                    "Have one of the codes put in front, or the code written as before, by"
                        + " repairs.edit.yaml of the partner, then read it again. If it is another"
                        + " test after all, write a row of each into codes.csv. The value in the"
                        + " chart stands until then.";
            case SUB_ID_DIFFERS ->
                    "Set or remove OBX-4 by repairs.edit.yaml of the partner, then read it again:"
                            + " the value in the chart stands until then.";
            case CODE_NOT_KNOWN ->
                    "Write the row of the test into the partner's codes.csv (Worklist, Codes); the"
                            + " message then goes on by itself.";
            case WAITS_FOR_ORDER ->
                    "Nothing by itself: it follows the earlier message of its order. Look up what"
                            + " that one waits for (Worklist, Codes).";
        };
    }
}
