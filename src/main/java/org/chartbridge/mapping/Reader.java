package org.chartbridge.mapping;

import org.chartbridge.chart.ClinicalTime;
import org.chartbridge.chart.Concept;
import org.chartbridge.chart.ProviderName;
import org.chartbridge.chart.Said;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Fields;
import org.chartbridge.hl7.Hl7Time;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.Message;
import org.chartbridge.partner.Partner;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;

/**
 * Reads values of one message in the chart's terms: text, concepts, times, providers; long because
 * all that is read alike in every message is read here. What is absent or sent as explicit null
 * reads as "".
 */
final class Reader {

    /**
     * Characters of an identifier, order number or code. Real ones have far fewer; PostgreSQL can't
     * index values of more than 2,704 bytes, which four of these fit into.
     */
    static final int MAX_KEY_CHARACTERS = 160;

    /** Characters of a family or given name; PostgreSQL can index two of them together. */
    static final int MAX_NAME_CHARACTERS = 300;

    /** Zones and a date for a time put a message at most so far after the moment it came. */
    static final Duration MAX_AHEAD = Duration.ofDays(1);

    /**
     * Clocks are some minutes off; what is set wrongly (zone, summer time, morning for evening,
     * date) is an hour and more. What lies between decides no order of results.
     */
    static final Duration MAX_FAST = Duration.ofMinutes(15);

    final Message message;
    final Partner partner;
    final Findings findings;

    /** Null but where the message is mapped once more to be explained. */
    final @Nullable Recorder recorder = Recorder.current();

    private final @Nullable Hl7Time messageTime;

    /** Whether MSH-7 lies so far after the moment at which the message came that it can't be. */
    private final boolean sentInFuture;

    private boolean remarkedAsFast;

    /** By the segment's index; cut when first read. */
    private final @Nullable Fields[] cut;

    Reader(Message message, Partner partner, Findings findings) {
        this.message = message;
        this.partner = partner;
        this.findings = findings;
        this.cut = new Fields[message.lines().size()];
        this.messageTime =
                switch (Hl7Time.parse(message.header().messageTime())) {
                    case Hl7Time.Parsed.Known(var time) -> time;
                    case Hl7Time.Parsed.Absent _ -> null;
                    case Hl7Time.Parsed.Wrong(var fault) -> {
                        findings.add(fault.at(message.lines().getFirst().location(7)));
                        yield null;
                    }
                };
        this.sentInFuture = messageTime != null && isInFuture(instant(messageTime));
        if (sentInFuture)
            findings.warn(
                    message.lines().getFirst().location(7),
                    ErrorCode.DATA_TYPE,
                    "sent-in-future",
                    "MSH-7 lies more than a day after the moment at which the message came, which"
                            + " is taken for it. Is the clock of the sender right?");
    }

    // ------------------------------------------------------------ what explains a value

    /** Where the reading of a value begins; for {@link #made}. */
    int mark() {
        return recorder == null ? 0 : recorder.mark();
    }

    /**
     * Tells by which rule a value was made of what was read since a mark. Costs nothing while
     * messages are received.
     *
     * <pre>{@code
     * return made(Rule.ADDRESS, mark(), joined(", ", text(line, field, 1), …));
     * }</pre>
     *
     * @return the value, to be used from here on
     */
    <T> T made(Rule rule, int mark, T value) {
        return recorder == null ? value : recorder.made(rule, mark, value);
    }

    /** The same of what may not have been said. */
    <T> @Nullable T maybe(Rule rule, int mark, @Nullable T value) {
        return recorder == null || value == null ? value : recorder.made(rule, mark, value);
    }

    /** The same, made also of a value that was read before. */
    <T> T made(Rule rule, int mark, T value, @Nullable Object also) {
        return recorder == null ? value : recorder.made(rule, mark, value, also);
    }

    /** All that was read since a mark, to be named as {@code also}; null on the receive path. */
    @Nullable Object since(int mark) {
        return recorder == null ? null : recorder.token(mark);
    }

    /** The same, behind what an earlier call gave. */
    @Nullable Object since(int mark, @Nullable Object before) {
        return recorder == null ? null : recorder.token(mark, before);
    }

    /**
     * Tells the same of a part of a record that is no object of its own, such as an enum, or whose
     * choice among several is what has to be explained.
     *
     * @param read what {@link #since} gave
     */
    void told(Object owner, String part, Rule rule, @Nullable Object read) {
        if (recorder != null) recorder.told(owner, part, rule, read);
    }

    /** MSH-9.2. */
    String trigger() {
        var trigger = message.header().triggerEvent();
        return recorder == null
                ? trigger
                : recorder.read(message.lines().getFirst(), 9, 1, 2, 0, trigger);
    }

    /** MSH-10. */
    String controlId() {
        var sent = message.header().controlId();
        return recorder == null
                ? sent
                : recorder.read(message.lines().getFirst(), 10, 1, 0, 0, sent);
    }

    // ------------------------------------------------------------ text

    static String said(String value) {
        var text = value.strip();
        return text.equals(Message.NULL) ? "" : text;
    }

    static String firstSaid(String... values) {
        var found = "";
        for (var value : values) {
            if (value.isEmpty()) continue;
            found = value;
            break;
        }
        var recorder = Recorder.current();
        return recorder == null ? found : recorder.first(found, values);
    }

    static String joined(String between, String... parts) {
        var joined = new StringBuilder();
        for (var part : parts) {
            if (part.isEmpty()) continue;
            if (!joined.isEmpty()) joined.append(between);
            joined.append(part);
        }
        var recorder = Recorder.current();
        return recorder == null ? joined.toString() : recorder.joined(joined.toString(), parts);
    }

    /** The first repetition of a field, whole. */
    String text(Line line, int field) {
        return text(line, field, 1, 0);
    }

    String text(Line line, int field, int component) {
        return text(line, field, 1, component);
    }

    String text(Line line, int field, int repetition, int component) {
        return text(line, field, repetition, component, 0);
    }

    String text(Line line, int field, int repetition, int component, int subcomponent) {
        var sent = value(line, field, repetition, component, subcomponent);
        return recorder == null ? said(sent) : recorder.same(said(sent), sent);
    }

    /** As sent, escapes decoded; the explicit null is two quotation marks. */
    String value(Line line, int field, int repetition, int component, int subcomponent) {
        var value = fields(line).value(field, repetition, component, subcomponent);
        return recorder == null
                ? value
                : recorder.read(line, field, repetition, component, subcomponent, value);
    }

    int repetitions(Line line, int field) {
        return fields(line).repetitions(field);
    }

    Fields fields(Line line) {
        var known = cut[line.index()];
        if (known != null) return known;
        var fields = message.cut(line);
        cut[line.index()] = fields;
        return fields;
    }

    /** A repetition of a text as a person reads it: whole, blanks in front kept. */
    String line(Line line, int field, int repetition) {
        var sent = value(line, field, repetition, 0, 0);
        var text = sent.stripTrailing();
        if (text.equals(Message.NULL) || text.isBlank()) text = "";
        return recorder == null ? text : recorder.same(text, sent);
    }

    /**
     * Where something stands that is at fault: the component too, where the field was sent as more
     * than one, and the repetition, where there are several.
     *
     * @param component 0 for the repetition as a whole
     */
    Location place(Line line, int field, int repetition, int component) {
        var place = line.location(field);
        var fields = fields(line);
        if (fields.repetitions(field) > 1) place = place.repetition(repetition);
        return component > 0 && fields.hasComponents(field, repetition)
                ? place.component(component)
                : place;
    }

    /** A value that others are found by; refused when it is longer than any real one. */
    String key(Line line, int field, int repetition, int component, String value) {
        return limited(line, field, repetition, component, value, MAX_KEY_CHARACTERS);
    }

    /** Refuses a concept that others are found by when it is longer than any real one. */
    void checkKey(Line line, int field, Concept concept) {
        if (concept.key().length() <= MAX_KEY_CHARACTERS
                && concept.system().length() <= MAX_KEY_CHARACTERS) return;
        int first = triplet(line, field, 1, 1).isEmpty() ? 4 : 1;
        boolean original = first == 4 && triplet(line, field, 1, 4).isEmpty();
        int named = original ? 9 : concept.code().isEmpty() ? first + 1 : first;
        key(line, field, 1, named, concept.key());
        key(line, field, 1, first + 2, concept.system());
    }

    /** A part of a patient's name; refused when it is longer than any real one. */
    String name(Line line, int field, int repetition, int component, String value) {
        return limited(line, field, repetition, component, value, MAX_NAME_CHARACTERS);
    }

    private String limited(
            Line line, int field, int repetition, int component, String value, int limit) {
        if (value.length() <= limit) return value;
        findings.error(
                place(line, field, repetition, component),
                ErrorCode.DATA_TYPE,
                "value-too-long",
                "An identifier, number, code or name here may have at most "
                        + limit
                        + " characters.");
        return value.substring(0, limit);
    }

    // ------------------------------------------------------------ concepts

    /**
     * A CE or CWE; empty when neither code nor text was sent. Without a first triplet the second is
     * taken, and without both the original text (CWE.9).
     */
    Concept concept(Line line, int field, int repetition) {
        return made(Rule.CODED, mark(), sentConcept(line, field, repetition));
    }

    private Concept sentConcept(Line line, int field, int repetition) {
        var first = triplet(line, field, repetition, 1);
        var second = triplet(line, field, repetition, 4);
        if (first.isEmpty() && second.isEmpty())
            return Concept.of("", text(line, field, repetition, 9), first.system());
        if (first.isEmpty()) return second;
        return new Concept(
                first.code(), first.text(), first.system(), second.isEmpty() ? null : second);
    }

    Concept triplet(Line line, int field, int repetition, int component) {
        return Concept.of(
                text(line, field, repetition, component),
                text(line, field, repetition, component + 1),
                text(line, field, repetition, component + 2));
    }

    // ------------------------------------------------------------ times

    /** A time in the partner's zone; one that can't be read is kept as sent and remarked. */
    ClinicalTime time(Line line, int field) {
        return time(line, field, 1);
    }

    ClinicalTime time(Line line, int field, int component) {
        return made(Rule.TIME, mark(), sentTime(line, field, component));
    }

    private ClinicalTime sentTime(Line line, int field, int component) {
        var asSent = text(line, field, component);
        return switch (Hl7Time.parse(asSent)) {
            case Hl7Time.Parsed.Absent _ -> ClinicalTime.NOT_SENT;
            case Hl7Time.Parsed.Known(var time) -> new ClinicalTime(instant(time), asSent);
            case Hl7Time.Parsed.Wrong(var fault) -> {
                findings.add(fault.at(place(line, field, 1, component)));
                yield new ClinicalTime(null, asSent);
            }
        };
    }

    /** Its last moment, where it was sent less exactly than to the second; else null. */
    @Nullable Instant until(ClinicalTime time) {
        if (time.instant() == null
                || !(Hl7Time.parse(time.asSent()) instanceof Hl7Time.Parsed.Known(var known)))
            return null;
        var until = known.until(partner.zone(), messageTime);
        return until == null ? null : made(Rule.TIME_UNTIL, mark(), until, time);
    }

    Instant instant(Hl7Time time) {
        return time.instant(partner.zone(), messageTime);
    }

    /** The day of a time of care at the partner's, else that of MSH-7, else the end of time. */
    LocalDate day(ClinicalTime time) {
        var instant = time.instant() == null ? messageTime() : time.instant();
        return instant == null ? LocalDate.MAX : instant.atZone(partner.zone()).toLocalDate();
    }

    /**
     * MSH-7; where it lies more than a day after the moment at which the message came, that moment
     * ⚠: else nothing could ever come after it.
     */
    @Nullable Instant messageTime() {
        if (messageTime == null) return null;
        int mark = mark();
        messageTimeAsSent();
        var received = message.receivedAt();
        return made(
                Rule.TIME,
                mark,
                sentInFuture && received != null ? received : instant(messageTime));
    }

    /** MSH-7, else the moment at which the message came where a time in it lies far after that. */
    @Nullable Instant messageTime(Line line, int field) {
        var sent = messageTime();
        var received = message.receivedAt();
        if (sent != null || received == null) return sent;
        int mark = mark();
        return Hl7Time.parse(text(line, field, 1)) instanceof Hl7Time.Parsed.Known(var time)
                        && isInFuture(instant(time))
                ? made(Rule.TIME, mark, received)
                : null;
    }

    /** Whether a time lies more than a day after the moment at which the message came. */
    boolean isInFuture(Hl7Time time) {
        return isInFuture(instant(time));
    }

    private boolean isInFuture(Instant time) {
        return isAhead(time, MAX_AHEAD);
    }

    private boolean isAhead(Instant time, Duration most) {
        var received = message.receivedAt();
        return received != null && time.isAfter(received.plus(most));
    }

    /**
     * When a result was said. Where MSH-7, or without it the time of the result, lies clearly after
     * the moment at which the message came, that is known to be the last moment and no more ⚠.
     *
     * @param issued OBR-22
     */
    Said said(ClinicalTime issued) {
        var received = message.receivedAt();
        var claimed = messageTime == null ? issued.instant() : instant(messageTime);
        var sent = lastOfSending(issued.instant());
        var until = sent != null ? sent : issued.instant() == null ? messageUntil() : until(issued);
        if (received == null || claimed == null || !isAhead(claimed, MAX_FAST))
            return new Said(issued.instant(), until, messageTime(), message.header().controlId());
        remarkFast(" and doesn't tell which result is the later one.");
        int mark = mark();
        messageTimeAsSent();
        return new Said(
                issued.instant(),
                issued.instant() == null ? null : until,
                made(Rule.TIME, mark, received),
                claimed,
                message.header().controlId());
    }

    /**
     * The last moment at which the message can have been sent, where OBR-22 lies clearly after that
     * ⚠: as it can't be true, it would keep every correction behind it. Else null.
     */
    private @Nullable Instant lastOfSending(@Nullable Instant issued) {
        if (issued == null || messageTime == null || sentInFuture) return null;
        var last = messageTime.until(partner.zone(), null);
        if (last == null) last = instant(messageTime);
        var received = message.receivedAt();
        if (received != null && received.isBefore(last)) last = received;
        if (!issued.isAfter(last.plus(MAX_FAST))) return null;
        int mark = mark();
        messageTimeAsSent();
        return made(Rule.TIME_UNTIL, mark, last);
    }

    /**
     * Remarks an MSH-7 that can't be right: the clock or its zone is wrong, and so are other times
     * of the message.
     *
     * @param effect what becomes of it, the end of a sentence
     */
    void remarkFast(String effect) {
        if (messageTime == null || sentInFuture || remarkedAsFast) return;
        if (!isAhead(instant(messageTime), MAX_FAST)) return;
        remarkedAsFast = true;
        findings.warn(
                message.lines().getFirst().location(7),
                ErrorCode.DATA_TYPE,
                "sent-in-future",
                "MSH-7 lies more than a quarter of an hour after the moment at which the message"
                        + " came,"
                        + effect
                        + " Is the clock of the sender right, and the zone in partner.yaml?");
    }

    /** The last moment that MSH-7 may mean; null where it is exact to the second. */
    @Nullable Instant messageUntil() {
        var until =
                messageTime == null || sentInFuture
                        ? null
                        : messageTime.until(partner.zone(), null);
        if (until == null) return null;
        int mark = mark();
        messageTimeAsSent();
        return made(Rule.TIME_UNTIL, mark, until);
    }

    /** MSH-7 as sent; empty when it was not. */
    String messageTimeAsSent() {
        var sent = message.header().messageTime();
        return recorder == null
                ? sent
                : recorder.read(message.lines().getFirst(), 7, 1, 1, 0, sent);
    }

    // ------------------------------------------------------------ people and places

    /**
     * An HD component: namespace, else universal id, else the partner, which then is the authority
     * itself.
     */
    String authority(Line line, int field, int repetition, int component) {
        return firstSaid(
                text(line, field, repetition, component, 1),
                text(line, field, repetition, component, 2),
                partner.folder());
    }

    /** XCN: the first provider of a field who has a number or a name. */
    @Nullable ProviderName provider(Line line, int field) {
        return maybe(Rule.PROVIDER, mark(), sentProvider(line, field));
    }

    private @Nullable ProviderName sentProvider(Line line, int field) {
        int repetitions = repetitions(line, field);
        for (int i = 1; i <= repetitions; i++) {
            var provider =
                    provider(
                            authority(line, field, i, 9),
                            text(line, field, i, 1),
                            text(line, field, i, 2, 1),
                            text(line, field, i, 3));
            if (provider != null) return provider;
        }
        return null;
    }

    @Nullable ProviderName provider(String authority, String number, String family, String given) {
        if (number.isEmpty() && family.isEmpty()) return null;
        return new ProviderName(
                bounded(authority), bounded(number), bounded(family), bounded(given));
    }

    private static String bounded(String value) {
        return value.length() <= MAX_KEY_CHARACTERS
                ? value
                : value.substring(0, MAX_KEY_CHARACTERS);
    }

    /** XAD: the first address of a field, on one line. */
    String address(Line line, int field) {
        return made(
                Rule.ADDRESS,
                mark(),
                joined(
                        ", ",
                        text(line, field, 1, 1, 1),
                        text(line, field, 2),
                        text(line, field, 3),
                        joined(" ", text(line, field, 4), text(line, field, 5)),
                        text(line, field, 6)));
    }
}
