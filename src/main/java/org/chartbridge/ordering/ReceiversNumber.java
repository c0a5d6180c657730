package org.chartbridge.ordering;

import org.chartbridge.chart.OwnNumbers;
import org.chartbridge.chart.RecordKey;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.chartbridge.hl7.Rewriting;
import org.chartbridge.hl7.Rewriting.Segment;
import org.chartbridge.partner.OwnNumber;
import org.springframework.stereotype.Service;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;

/**
 * Names the patient by the receiver's own number (decision 59): PID-3 begins with it, what was sent
 * follows, and PID-2 and PID-4 hold nothing that could be taken for it.
 *
 * <p>⚠ Whose number is not found out again: it is that of the patient whom the message was charted
 * for, as that stands now. What was sent may name somebody else.
 */
@Service
public class ReceiversNumber {
    /** What stands for the number where there is no chart to look it up. */
    public static final String STAND_IN = "RECEIVERS-NUMBER";

    private static final String OID = "[0-9]+(?:[.][0-9]+)+";

    private final OwnNumbers numbers;

    ReceiversNumber(OwnNumbers numbers) {
        this.numbers = numbers;
    }

    /** It can't be said; the text is for people, with the remedy, and holds no content. */
    public static final class NotKnown extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotKnown(String why) {
            super(why, null, false, false);
        }
    }

    /**
     * The body with the receiver's number; itself when it names no patient.
     *
     * @param entryId of the message that caused the delivery
     * @param charset in which a body without MSH-18 is read
     * @throws NotKnown when the patient has no such number
     */
    public byte[] with(OwnNumber wanted, long entryId, byte[] body, Charset charset) {
        if (!(Message.read(body, charset) instanceof Reading.Readable(var message))
                || message.lines("PID").isEmpty()) return body;
        if (numbers.patients(entryId) > 1)
            throw new NotKnown(
                    "the message holds results of two patients, because a person filed some of them"
                            + " elsewhere: enter them by hand, then take it out");
        var known = numbers.of(entryId, wanted.authority(), wanted.type());
        if (known.isEmpty())
            throw new NotKnown(
                    "the patient has no number of "
                            + wanted.authority()
                            + (wanted.type().isEmpty() ? "" : ", type " + wanted.type())
                            + ": have the patient registered, or link or merge them with the one"
                            + " who has it; it then goes on by itself");
        return with(
                wanted,
                known.getFirst(),
                message,
                (value, authorities) -> numbers.isAnothers(entryId, value, authorities));
    }

    /** The same, with a stand-in for the number. */
    public static byte[] withStandIn(OwnNumber wanted, byte[] body, Charset charset) {
        return Message.read(body, charset) instanceof Reading.Readable(var message)
                        && !message.lines("PID").isEmpty()
                ? with(
                        wanted,
                        new RecordKey(wanted.authority(), wanted.type(), STAND_IN),
                        message,
                        (_, _) -> false)
                : body;
    }

    /** Whether a number is known as another patient's, if one of these authorities gave it. */
    private interface Anothers {
        boolean has(String value, List<String> authorities);
    }

    private static byte[] with(
            OwnNumber wanted, RecordKey number, Message message, Anothers anothers) {
        if (!message.lines("MRG").isEmpty())
            throw new NotKnown(
                    "a message that merges numbers (MRG) is about the numbers that were sent: take"
                            + " it to a queue without patient-id");
        var text = Rewriting.of(message);
        for (var segment : text.segments())
            if (segment.name().equals("PID")) write(wanted, number, text, segment, anothers);
        return text.bytes();
    }

    private static void write(
            OwnNumber wanted, RecordKey number, Rewriting text, Segment pid, Anothers anothers) {
        var sent = new ArrayList<String>();
        if (wanted.keepsSent()) {
            boolean wrong = add(sent, number, text, pid, 3, anothers);
            // Old senders know PID-2 and PID-4 only.
            for (int field : new int[] {2, 4})
                if (sent.isEmpty() && !wrong) wrong = add(sent, number, text, pid, field, anothers);
        }
        for (int field : new int[] {2, 4})
            if (!text.value(pid, field, 1, 1, 1).equals(number.value()))
                text.setAsSent(pid, field, 0, 0, 0, "");
        text.setAsSent(pid, 3, 0, 0, 0, "");
        text.setComponents(pid, 3, 1, List.of(number.value(), "", "", "", number.type()));
        if (number.authority().matches(OID)) {
            text.set(pid, 3, 1, 4, 2, number.authority());
            text.set(pid, 3, 1, 4, 3, "ISO");
        } else text.set(pid, 3, 1, 4, 1, number.authority());
        for (int i = 0; i < sent.size(); i++) text.setAsSent(pid, 3, i + 2, 0, 0, sent.get(i));
    }

    /**
     * The repetitions of a field, but for the receiver's number itself, and ⚠ for what is another
     * patient's number: a person may have said that it is not whom the sender meant.
     *
     * @return whether there was such a one
     */
    private static boolean add(
            List<String> sent,
            RecordKey number,
            Rewriting text,
            Segment pid,
            int field,
            Anothers anothers) {
        boolean wrong = false;
        for (int i = 1; i <= text.repetitions(pid, field); i++) {
            var value = text.value(pid, field, i, 1, 1);
            var by = List.of(text.value(pid, field, i, 4, 1), text.value(pid, field, i, 4, 2));
            // Without an authority the receiver takes it for its own.
            if (by.stream().allMatch(String::isEmpty)) by = List.of(number.authority());
            boolean own =
                    value.equals(number.value())
                            && by.stream().anyMatch(number.authority()::equalsIgnoreCase);
            if (value.isEmpty() || value.equals("\"\"") || own) continue;
            if (anothers.has(value, by)) wrong = true;
            else sent.add(text.asSent(pid, field, i, 0, 0));
        }
        return wrong;
    }
}
