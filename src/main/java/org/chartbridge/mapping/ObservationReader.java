package org.chartbridge.mapping;

import org.chartbridge.chart.ClinicalTime;
import org.chartbridge.chart.Concept;
import org.chartbridge.chart.DocumentStatement;
import org.chartbridge.chart.NoteStatement;
import org.chartbridge.chart.ObservationStatement;
import org.chartbridge.chart.ObservationStatus;
import org.chartbridge.chart.Results;
import org.chartbridge.chart.Value;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Line;
import org.chartbridge.mapping.ValueReader.Part;
import org.chartbridge.partner.ToldApart;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads the values of a report; long because what belongs to one value is decided here whole. All
 * OBX with equal OBX-3 and OBX-4 are one value, replaced as a unit (HL7-RULES §4): their lines are
 * joined in order.
 *
 * <p><b>Where the OBX of one value differ in status.</b> Lines with D or W leave the value and the
 * others make it; when nothing else is left, the whole value is withdrawn. Lines with N or O are no
 * result and are left out in the same way. Among the rest the least final one decides (I R P S
 * before B V F U X): a text with one preliminary line is preliminary. C and A go before all of them
 * ⚠: a correction that has to wait for its last line would leave the wrong value standing. A sender
 * who deletes a line of a text has to send the lines that stay, because a value is replaced as a
 * whole.
 *
 * <p><b>Susceptibilities.</b> Where OBR-26 names the OBX-4 of the organism that a report is about,
 * that is part of each value's sub-id: the ampicillin of isolate 1 is not a version of that of
 * isolate 2, although both have the same OBR-3, OBR-4 and OBX-3.
 *
 * <p>Long because each field of an OBX has a rule of its own.
 */
final class ObservationReader {

    /** What makes two OBX the same value. */
    private record Unit(String test, String system, String subId, String instance) {}

    /** One OBX, as far as it has been read. */
    private record Segment(
            ReportReader.Head head,
            Grouping.Observation obx,
            Concept test,
            ObservationStatus status) {
        Line line() {
            return obx.line;
        }
    }

    /** A number with at most a unit, a titer, a finding, or what calls itself a result. */
    private static final Pattern RESULT =
            Pattern.compile(
                    "(?i)([<>]?=?\\s*[0-9]+([.,:][0-9]+)?(\\s*\\S{1,12})?"
                            + "|(not |non[- ]?|no |weakly |strongly )?(detected|reactive|positive"
                            + "|negative|present|absent|growth|normal|abnormal|equivocal"
                            + "|indeterminate|trace)"
                            + "(\\s+(for|to|on)\\b.*|\\s*[.,;:(!].*)?"
                            + "|results?\\s*[:=].*)");

    private final Reader reader;
    private final ValueReader values;
    private final Translations translations;

    ObservationReader(Reader reader) {
        this.reader = reader;
        this.values = new ValueReader(reader);
        this.translations = new Translations(reader);
    }

    /** The values below OBRs that make one report, in order of first appearance. */
    List<ObservationStatement> read(List<ReportReader.Head> heads) {
        var units = new LinkedHashMap<Unit, List<Segment>>();
        for (var head : heads) {
            for (var obx : head.group().observations) {
                if (saysNothing(obx.line)) continue;
                var test = reader.concept(obx.line, 3, 1);
                var status = Statuses.of(obx.line, head.status(), reader);
                if (test.isEmpty()) {
                    reader.findings.error(
                            reader.place(obx.line, 3, 1, 1),
                            ErrorCode.REQUIRED_MISSING,
                            "result-code-missing",
                            "OBX-3 must say what was examined, by a code or a text.");
                    continue;
                }
                if (status == null) continue;
                var unit =
                        new Unit(
                                test.key(),
                                test.system(),
                                subId(obx.line, head),
                                instance(obx.line));
                units.computeIfAbsent(unit, _ -> new ArrayList<>(1))
                        .add(new Segment(head, obx, test, status));
            }
        }
        var statements = new ArrayList<ObservationStatement>(units.size());
        units.forEach((unit, segments) -> statements.add(statement(unit, segments)));
        return statements;
    }

    /** A segment that has at most its counter OBX-1. */
    private boolean saysNothing(Line line) {
        if (!isEmpty(line)) return false;
        reader.findings.inform(
                line.location(),
                ErrorCode.REQUIRED_MISSING,
                "empty-segment",
                "The segment is empty and was left aside.");
        return true;
    }

    /**
     * Whether it has at most its counter, or names no test and has no value: a frame of OBX-2 and
     * the like, such as an ED without content.
     */
    private boolean isEmpty(Line line) {
        if (!reader.text(line, 3).isEmpty()) return false;
        var value = reader.text(line, 5);
        if (value.isEmpty()) {
            int fields = reader.fields(line).count();
            for (int i = 4; i <= fields; i++)
                if (!reader.value(line, i, 1, 0, 0).isBlank()) return false;
            return true;
        }
        return reader.text(line, 2, 1).equals("ED") && reader.text(line, 5, 5).isEmpty();
    }

    private String subId(Line obx, ReportReader.Head head) {
        int mark = reader.mark();
        var own = reader.text(obx, 4);
        var parent = head.parentSubId();
        if (parent.isEmpty()) return own;
        var whole = own.isEmpty() ? parent : parent + "/" + own;
        return reader.made(Rule.SUB_ID, mark, parent.equals(own) ? own : whole, parent);
    }

    /** The time or instance of a value, where the partner's settings tell values apart by it. */
    private String instance(Line obx) {
        var apart = reader.partner.toldApart();
        if (apart.equals(ToldApart.NO_FURTHER)) return "";
        int mark = reader.mark();
        var code = reader.text(obx, 3, 1);
        var text = reader.text(obx, 3, 2);
        var instance = apart.instances().has(code, text) ? OrderNumbers.read(obx, 21, reader) : "";
        if (instance.isEmpty() && apart.series().has(code, text)) {
            var time = reader.time(obx, 14);
            var instant = time.instant();
            instance = instant == null ? time.asSent() : instant.toString();
        }
        return reader.made(Rule.INSTANCE, mark, instance);
    }

    /**
     * Several numbers are seldom lines of one text, and neither are values below two OBR: that each
     * stands for itself is a setting.
     */
    private boolean remarkJoined(List<Segment> segments) {
        if (segments.size() == 1 && reader.repetitions(segments.getFirst().line(), 5) < 2)
            return false;
        int numbers = 0;
        int ofOthers = 0;
        var first = segments.getFirst();
        var value = reader.line(first.line(), 5, 1);
        for (var segment : segments) {
            var own = reader.line(segment.line(), 5, 1);
            var type = reader.text(segment.line(), 2, 1);
            if (type.equals("NM") || type.equals("SN")) {
                if (!own.isEmpty()) numbers++;
                for (int i = 2; i <= reader.repetitions(segment.line(), 5); i++)
                    if (hasDigit(reader.line(segment.line(), 5, i))) numbers++;
            }
            if (own.isEmpty()) continue;
            if (segment.head().group() != first.head().group() && !own.equals(value)) ofOthers++;
        }
        if (numbers <= 1 && ofOthers == 0) return false;
        reader.findings.warn(
                segments.size() == 1
                        ? reader.place(first.line(), 5, 2, 0)
                        : reader.place(segments.get(1).line(), 4, 1, 1),
                ErrorCode.DUPLICATE_KEY,
                "values-joined",
                segments.size() == 1
                        ? numbers
                                + " numbers stand in one OBX-5: charted as one text. Send each in"
                                + " an OBX of its own, told apart by OBX-4."
                        : (ofOthers == 0 ? numbers + " numbers" : "Values below several OBR")
                                + " have the same order number, OBX-3 and OBX-4: charted as one"
                                + " text. Tell them apart by OBX-4, or say in partner.yaml that"
                                + " OBX-14 (series) or OBX-21 (instance-ids) does.");
        return true;
    }

    /**
     * Lines of one value that stand between OBX of other tests: comments of a result each, or
     * isolates each with its susceptibilities. Joined, nothing says which line was where ⚠.
     */
    private void remarkApart(List<Segment> segments) {
        if (segments.size() == 1) return;
        var group = segments.getFirst().head().group();
        int next = group.observations.indexOf(segments.getFirst().obx());
        for (var segment : segments) {
            if (segment.head().group() != group) return;
            if (group.observations.get(next++) == segment.obx()) continue;
            reader.findings.warn(
                    reader.place(segment.line(), 4, 1, 1),
                    ErrorCode.DUPLICATE_KEY,
                    "values-joined",
                    "OBX of other tests stand between those of one OBX-3 and OBX-4: charted as one"
                            + " value, with the flags of all. Which belongs to which is not told;"
                            + " tell them apart by OBX-4.");
            return;
        }
    }

    private static boolean hasDigit(String text) {
        return text.chars().anyMatch(Character::isDigit);
    }

    private ObservationStatement statement(Unit unit, List<Segment> segments) {
        checkCollected(segments);
        var made = segments.stream().filter(segment -> Statuses.adds(segment.status())).toList();
        if (made.isEmpty()) made = segments;
        var status = Statuses.ofValue(made.stream().map(Segment::status).toList());
        var first = made.getFirst();

        var documents = new ArrayList<DocumentStatement>();
        var value = value(made, documents);
        boolean unitsInText = unitsDiffer(made);
        var unitSent =
                unitsInText ? "" : reader.made(Rule.UNIT, reader.mark(), first(made, this::unit));
        var unitSystem = unitsInText ? "" : first(made, line -> Units.system(line, reader));
        var observed = firstTime(made, 14, first.head().collected());
        var notes = new ArrayList<NoteStatement>();
        boolean named = made.stream().filter(this::isCoded).count() > 1;
        for (var segment : made)
            for (var note : Notes.read(segment.obx().notes, reader))
                notes.add(named && isCoded(segment) ? naming(segment, note) : note);

        var statement =
                new ObservationStatement(
                        Paths.of(segments.getFirst().line(), segments.getLast().line()),
                        first.test(),
                        unit.subId(),
                        unit.instance(),
                        first.head().parentValue(),
                        status,
                        value,
                        unitSent,
                        unitSystem,
                        translations.of(first.test(), unitSent, unitSystem, observed),
                        reader.made(
                                Rule.FIRST_OF_SEGMENTS,
                                reader.mark(),
                                first(made, line -> Ranges.read(line, reader))),
                        flags(made),
                        all(made, 17, "; ", true),
                        reader.made(Rule.PERFORMER, reader.mark(), first(made, this::performer)),
                        observed,
                        firstTime(made, 19, ClinicalTime.NOT_SENT),
                        first.head().said(),
                        notes,
                        documents);
        if (!remarkJoined(made)) remarkApart(segments);
        for (var segment : made) Units.remark(segment.line(), reader);
        translations.remark(made.getFirst().line(), first.test(), unitSent, unitSystem);
        Statuses.tell(statement, segments.stream().map(Segment::line).toList(), reader);
        return statement;
    }

    private boolean isCoded(Segment segment) {
        return values.rule(values.type(segment.line())) == Rule.VALUE_CODED
                && !reader.text(segment.line(), 5).isEmpty();
    }

    /** Of several organisms under one test the note says which it is about. */
    private NoteStatement naming(Segment segment, NoteStatement note) {
        var said = values.read(segment.line(), segment.test()).getFirst().text();
        return new NoteStatement(
                note.path(), note.source(), Reader.joined(": ", said, note.text()));
    }

    /** Two OBR with one number are one report only if they are about one specimen. */
    private void checkCollected(List<Segment> segments) {
        var first = segments.getFirst().head();
        for (var segment : segments) {
            var head = segment.head();
            var one = first.requested().instant();
            var other = head.requested().instant();
            if (one == null || other == null || one.equals(other)) continue;
            reader.findings.error(
                    reader.place(head.group().line, 3, 1, 1),
                    ErrorCode.UNKNOWN_KEY,
                    "order-number-repeated",
                    "Two OBR have the same number and test, hold the same OBX and were collected at"
                            + " different times; give each its own number in OBR-3.");
            return;
        }
    }

    // ------------------------------------------------------------ the value

    private Value value(List<Segment> segments, List<DocumentStatement> documents) {
        int mark = reader.mark();
        var sent = sentValue(segments, documents);
        boolean said = sayNotPerformed(segments, sent);
        var rejected = said || isNotObtained(segments, sent) ? whyRejected(segments, sent) : "";
        if (!rejected.isEmpty()) {
            var type = sent.isEmpty() ? first(segments, values::type) : sent.type();
            var text = Reader.joined(": ", sent.text(), rejected);
            var value = new Value(type, text, null, "", sent.codings(), true);
            reader.told(value, "notPerformed", Rule.NOT_PERFORMED, reader.since(mark));
            return reader.made(Rule.NOT_PERFORMED, mark, value);
        }
        if (!said) return reader.made(values.rule(sent.type()), mark, sent);
        var value = new Value(sent.type(), sent.text(), null, "", sent.codings(), true);
        reader.told(value, "notPerformed", Rule.NOT_PERFORMED, reader.since(mark));
        return reader.made(values.rule(sent.type()), mark, value);
    }

    /** OBX-11 X, and nothing in place of the value says why. */
    private static boolean isNotObtained(List<Segment> segments, Value sent) {
        return sent.isEmpty()
                && segments.stream()
                        .allMatch(one -> one.status() == ObservationStatus.CANNOT_BE_OBTAINED);
    }

    /**
     * Why the only specimen was rejected (SPM-21, table 0490); empty where nothing is said, and
     * where the value's own word has a reason behind it.
     */
    private String whyRejected(List<Segment> segments, Value sent) {
        var specimens = segments.getFirst().head().group().specimens;
        if (specimens.size() != 1 || hasReason(sent.text())) return "";
        var specimen = specimens.getFirst();
        var reasons = new ArrayList<String>();
        for (int i = 1; i <= reader.repetitions(specimen, 21); i++) {
            var reason =
                    Reader.firstSaid(
                            reader.text(specimen, 21, i, 2),
                            reader.text(specimen, 21, i, 9),
                            reader.text(specimen, 21, i, 1));
            if (!reason.isEmpty() && !reason.equalsIgnoreCase(sent.text())) reasons.add(reason);
        }
        return String.join("; ", reasons);
    }

    /** {@code QNS: hemolyzed}, and not {@code Q.N.S.} */
    private static boolean hasReason(String text) {
        for (int i = 0; i < text.length(); i++)
            if (":;,(–\n".indexOf(text.charAt(i)) >= 0) return true;
        return text.contains(" - ");
    }

    /**
     * By its text, or by one of its codes: {@code QNS^Quantity too small^L} ⚠. Of what is coded the
     * first coding with a text decides, for every repetition: an alternate one may be called so in
     * another system, and would hide the value. Nor does such a word or code hide what is a result
     * by its text, or a line above.
     */
    private boolean sayNotPerformed(List<Segment> segments, Value value) {
        if (value.number() != null) return false;
        var words = reader.partner.words();
        boolean said = words.sayNotPerformed(value.text());
        for (var coding : value.codings())
            said |= words.sayNotPerformed(coding.code()) || words.sayNotPerformed(coding.text());
        if (said && value.text().lines().anyMatch(ObservationReader::isResult)) return false;
        if (!said || value.codings().isEmpty()) return said;
        boolean first = true;
        for (var segment : segments)
            for (int i = 1; i <= reader.repetitions(segment.line(), 5); i++) {
                var line = reader.line(segment.line(), 5, i);
                if (line.isEmpty()) continue;
                if (isCoded(segment)
                        ? saysOtherwise(segment.line(), i)
                        : first && !words.sayNotPerformed(line)) return false;
                first = false;
            }
        return true;
    }

    private static boolean isResult(String line) {
        return RESULT.matcher(line.strip()).matches();
    }

    /**
     * Whether the first coding with a text has another one; of a repetition without texts no code
     * may say it.
     */
    private boolean saysOtherwise(Line obx, int repetition) {
        var words = reader.partner.words();
        if (words.sayNotPerformed(reader.text(obx, 5, repetition, 9))) return false;
        boolean saysAny = !reader.text(obx, 5, repetition, 9).isEmpty();
        for (int component : new int[] {1, 4, 10}) {
            var coding = reader.triplet(obx, 5, repetition, component);
            if (words.sayNotPerformed(coding.code()) || words.sayNotPerformed(coding.text()))
                return false;
            if (!coding.text().isEmpty()) return true;
            saysAny |= !coding.code().isEmpty();
        }
        return saysAny;
    }

    private Value sentValue(List<Segment> segments, List<DocumentStatement> documents) {
        var whole =
                values.inPieces(
                        segments.stream().map(Segment::line).toList(), segments.getFirst().test());
        if (whole != null) {
            if (whole.document() != null) documents.add(whole.document());
            return new Value(
                    first(segments, values::type), whole.text(), null, "", whole.codings());
        }
        boolean withUnits = unitsDiffer(segments);
        var lines = new ArrayList<String>();
        var codings = new ArrayList<Concept>();
        @Nullable Part only = null;
        int valued = 0;
        for (var segment : segments) {
            for (var read : values.read(segment.line(), segment.test())) {
                var part =
                        segment.status() == ObservationStatus.CANNOT_BE_OBTAINED
                                ? read.withoutNumber()
                                : read;
                if (part.document() != null) documents.add(part.document());
                codings.addAll(part.codings());
                if (part.text().isEmpty()) {
                    lines.add("");
                    continue;
                }
                valued++;
                only = part;
                lines.add(
                        withUnits
                                ? Reader.joined(" ", part.text(), unit(segment.line()))
                                : part.text());
            }
        }
        if (only == null) return Value.NONE;
        var type = first(segments, values::type);
        return valued == 1
                ? new Value(type, Paragraph.of(lines), only.number(), only.comparator(), codings)
                : new Value(type, Paragraph.of(lines), null, "", codings);
    }

    private String unit(Line line) {
        return Units.read(line, reader);
    }

    /** Then each line has to carry its own. */
    private boolean unitsDiffer(List<Segment> segments) {
        if (segments.size() == 1) return false;
        var units = new LinkedHashSet<String>();
        for (var segment : segments) {
            var unit = unit(segment.line());
            if (!unit.isEmpty()) units.add(unit);
        }
        return units.size() > 1;
    }

    // ------------------------------------------------------------ what stands beside it

    private static String first(List<Segment> segments, Function<Line, String> read) {
        for (var segment : segments) {
            var value = read.apply(segment.line());
            if (!value.isEmpty()) return value;
        }
        return "";
    }

    /**
     * OBX-8 as sent; where one is critical in this partner's words only, with table 0078's AA
     * behind it, by which pages, FHIR and holds know.
     */
    private String flags(List<Segment> segments) {
        int sentAt = reader.mark();
        var asSent = reader.made(Rule.EACH_ONCE, sentAt, flagsOnce(segments));
        var capitals = Flags.inCapitals(asSent);
        var sent =
                capitals.equals(asSent)
                        ? asSent
                        : reader.made(Rule.UPPER_CASE, sentAt, capitals, asSent);
        int mark = reader.mark();
        if (!reader.partner.words().sayCritical(sent) || Results.hasCritical(sent)) return sent;
        return reader.made(Rule.CRITICAL_FLAG, mark, sent + "~AA", sent);
    }

    /** Every repetition in every segment, each once. */
    private String all(List<Segment> segments, int field, String between, boolean inWords) {
        return reader.made(
                Rule.EACH_ONCE, reader.mark(), sentOnce(segments, field, between, inWords));
    }

    private String sentOnce(List<Segment> segments, int field, String between, boolean inWords) {
        Collection<String> found = List.of();
        for (var segment : segments) {
            int repetitions = reader.repetitions(segment.line(), field);
            for (int i = 1; i <= repetitions; i++) {
                var code = reader.text(segment.line(), field, i, 1);
                var text =
                        inWords || code.isEmpty()
                                ? Reader.firstSaid(reader.text(segment.line(), field, i, 2), code)
                                : code;
                if (text.isEmpty()) continue;
                if (found.isEmpty()) found = new LinkedHashSet<>();
                found.add(text);
            }
        }
        return String.join(between, found);
    }

    /**
     * The flags of every repetition, each once; since HL7 v2.7 OBX-8 is coded, and may have the
     * laboratory's own flag in front of the table's.
     */
    private String flagsOnce(List<Segment> segments) {
        Collection<String> found = List.of();
        for (var segment : segments) {
            int repetitions = reader.repetitions(segment.line(), 8);
            for (int i = 1; i <= repetitions; i++) {
                var flag = reader.text(segment.line(), 8, i, 1);
                var alternate = reader.text(segment.line(), 8, i, 4);
                if (flag.isEmpty() && alternate.isEmpty())
                    flag = reader.text(segment.line(), 8, i, 2);
                if (flag.isEmpty() && alternate.isEmpty()) continue;
                if (found.isEmpty()) found = new LinkedHashSet<>();
                if (!flag.isEmpty()) found.add(flag);
                if (Flags.isOfTable(alternate) || (flag.isEmpty() && !alternate.isEmpty()))
                    found.add(alternate);
            }
        }
        return String.join("~", found);
    }

    private ClinicalTime firstTime(List<Segment> segments, int field, ClinicalTime otherwise) {
        int mark = reader.mark();
        var time = sentTime(segments, field, otherwise);
        return reader.made(Rule.RESULT_TIME, mark, time, time);
    }

    private ClinicalTime sentTime(List<Segment> segments, int field, ClinicalTime otherwise) {
        for (var segment : segments) {
            var time = reader.time(segment.line(), field);
            if (!time.asSent().isEmpty()) return time;
        }
        return otherwise;
    }

    /** Who examined: name and address and director (OBX-23 to 25), else the producer (OBX-15). */
    private String performer(Line line) {
        var name = Reader.firstSaid(reader.text(line, 23, 1), reader.text(line, 23, 10));
        if (name.isEmpty())
            return Reader.firstSaid(reader.text(line, 15, 2), reader.text(line, 15, 1));
        var address =
                Reader.joined(
                        ", ",
                        reader.text(line, 24, 1, 1, 1),
                        reader.text(line, 24, 2),
                        reader.text(line, 24, 3),
                        Reader.joined(" ", reader.text(line, 24, 4), reader.text(line, 24, 5)));
        var director = Reader.joined(" ", reader.text(line, 25, 3), reader.text(line, 25, 1, 2, 1));
        return Reader.joined(
                "; ",
                Reader.joined(", ", name, address),
                director.isEmpty() ? "" : "director " + director);
    }
}
