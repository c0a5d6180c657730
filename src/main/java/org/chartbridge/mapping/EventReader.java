package org.chartbridge.mapping;

import org.chartbridge.chart.ClinicalTime;
import org.chartbridge.chart.EventTimes;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Message;
import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * Reads when an event happened and was entered (EVN). A time after the message's own can't be true,
 * and would let one wrong message stand over all later ones: it is not used, and flagged.
 */
final class EventReader {

    /**
     * The event.
     *
     * @param trigger MSH-9.2, which counts more than EVN-1
     * @param time EVN-6, else EVN-2, else nothing: when a visit began or ended that doesn't say so
     * @param timePath where that stood
     */
    record Event(String trigger, EventTimes times, ClinicalTime time, String timePath) {}

    private EventReader() {}

    /** Of a message that is about something else: it describes a visit like A08, at no time. */
    static Event beside() {
        return new Event("A08", new EventTimes(null, null, null), ClinicalTime.NOT_SENT, "");
    }

    static Event read(Message message, Reader reader) {
        var trigger = message.header().triggerEvent();
        var lines = message.lines("EVN");
        var sent = reader.messageTime();
        reader.remarkFast(" and stands over what is said until then.");
        if (lines.isEmpty())
            return new Event(trigger, new EventTimes(null, null, sent), ClinicalTime.NOT_SENT, "");
        var evn = lines.getFirst();
        var named = reader.text(evn, 1, 1);
        if (!named.isEmpty() && !named.equals(trigger))
            reader.findings.inform(
                    evn.location(1),
                    ErrorCode.UNSUPPORTED_EVENT,
                    "event-differs",
                    "EVN-1 names another event than MSH-9; MSH-9 counts.");
        if (sent == null) sent = reader.messageTime(evn, 2);
        if (sent == null) sent = reader.messageTime(evn, 6);
        var entered = possible(evn, 2, sent, reader);
        var happened = possible(evn, 6, sent, reader);
        // A day without a time is no help in ordering what happened on it.
        if (isDay(happened) && sameDay(happened, entered)) happened = ClinicalTime.NOT_SENT;
        if (reader.recorder != null)
            happened =
                    reader.recorder.made(
                            Rule.EVENT_HAPPENED, reader.mark(), happened, happened, entered);
        var times = new EventTimes(happened.instant(), entered.instant(), sent);
        return happened.instant() != null
                ? new Event(trigger, times, happened, "EVN-6")
                : new Event(trigger, times, entered, "EVN-2");
    }

    private static ClinicalTime possible(
            Line evn, int field, @Nullable Instant sent, Reader reader) {
        int mark = reader.mark();
        var time = notInFuture(evn, field, sent, reader);
        return reader.made(field == 2 ? Rule.EVENT_ENTERED : Rule.EVENT_HAPPENED, mark, time, sent);
    }

    private static ClinicalTime notInFuture(
            Line evn, int field, @Nullable Instant sent, Reader reader) {
        var time = reader.time(evn, field);
        if (time.instant() == null || sent == null) return time;
        if (!time.instant().isAfter(sent.plus(Reader.MAX_AHEAD))) return time;
        reader.findings.warn(
                reader.place(evn, field, 1, 1),
                ErrorCode.DATA_TYPE,
                "event-time-in-future",
                "The time of the event lies after the message itself and is not used.");
        return ClinicalTime.NOT_SENT;
    }

    private static boolean isDay(ClinicalTime time) {
        return time.instant() != null && time.asSent().strip().length() <= 8;
    }

    private static boolean sameDay(ClinicalTime day, ClinicalTime time) {
        return time.asSent().length() < 8
                || day.asSent().strip().equals(time.asSent().strip().substring(0, 8));
    }
}
