package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import org.chartbridge.hl7.AnswerPlan;
import org.chartbridge.hl7.Header;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.chartbridge.journal.KnownReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Judges reading, mapping and charting by the messages that public projects publish; long because
 * it judges in four ways and prints why. Each file is sent as it is, through the intake and a real
 * PostgreSQL. What became of each is printed, by type and by file. The corpus lies beside the
 * working copy or where CHARTBRIDGE_CORPUS says.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CorpusTests {

    /**
     * Of the files of whole results and registrations so many are charted without a person; what
     * falls below is a step back.
     */
    private static final double WHOLE_CHARTED_AT_LEAST = 0.90;

    /** The same of all files of ORU, OUL and ADT, also those that lack what they must have. */
    private static final double CHARTED_AT_LEAST = 0.71;

    /**
     * What a message lacks that the standard demands of it, so that nobody could chart it: whom it
     * is about, what was examined, its own number. A message that goes on in another one is no
     * whole message either.
     */
    private static final Set<String> LACKS =
            Set.of(
                    "patient-identifier-missing",
                    "order-segment-missing",
                    "result-code-missing",
                    "control-id-missing",
                    "continuation-not-taken");

    /** Where the figures are published; they are compared with what is counted. */
    private static final Path PAGE = Path.of("src/docs/messages.md");

    /** One message of a file, and what became of it. */
    private record Outcome(
            Path file, String type, String state, List<String> reasons, String answer, byte[] raw) {
        boolean is(String word) {
            return state.equals(word);
        }

        boolean isEnvelope() {
            return Set.of("FHS", "BHS", "BTS", "FTS").contains(type);
        }

        boolean isClinical() {
            return Stream.of("ORU", "OUL", "ADT").anyMatch(type::startsWith);
        }

        /** Whether it has what the standard demands, and is about a patient. */
        boolean isWhole() {
            return !(is("refused") && reasons.stream().anyMatch(LACKS::contains))
                    && !isQualityControl();
        }

        /** Never to be charted ⚠ (SPM-11, HL7-RULES §3): the only results that are ignored. */
        private boolean isQualityControl() {
            return is("ignored") && !type.startsWith("ADT");
        }
    }

    private final List<Outcome> outcomes = new ArrayList<>();
    private final Map<String, String> wrongAnswers = new TreeMap<>();
    private final ExpectedAnswers expected = new ExpectedAnswers();
    private final TreeMap<Long, Path> times = new TreeMap<>();
    private final List<String> lostObservations = new ArrayList<>();

    @Test
    void everyFileOfTheCorpusIsDealtWith() throws Exception {
        var folder =
                Path.of(System.getenv().getOrDefault("CHARTBRIDGE_CORPUS", "../shared/corpus"))
                        .resolve("messages");
        if ("true".equals(System.getenv("CI")) && System.getenv("CHARTBRIDGE_CORPUS") != null)
            assertThat(folder).as("CHARTBRIDGE_CORPUS names no corpus").isDirectory();
        assumeThat(folder)
                .as("the corpus is not here; set CHARTBRIDGE_CORPUS to where it is")
                .isDirectory();
        try (var engine = new AdtEngine();
                var walk = Files.walk(folder)) {
            for (var file : walk.filter(Files::isRegularFile).sorted().toList())
                send(engine, folder, file);
        }
        print();
        var page = Files.readString(PAGE);
        var otherAnswers = expected.differences();

        assertSoftly(
                softly -> {
                    softly.assertThat(wrongAnswers)
                            .as("answers that MSH-15 and MSH-16 do not ask for")
                            .isEmpty();
                    softly.assertThat(otherAnswers)
                            .as("answers that differ from those that are kept")
                            .isEmpty();
                    softly.assertThat(lostObservations)
                            .as("OBX that are neither charted nor listed")
                            .isEmpty();
                    softly.assertThat(unknownReasons())
                            .as("reasons that are not on the closed list")
                            .isEmpty();
                    softly.assertThat(outcomes)
                            .filteredOn(o -> !o.is("charted") && o.reasons().isEmpty())
                            .as("not charted, without a reason")
                            .isEmpty();
                    softly.assertThat(outcomes)
                            .flatExtracting(Outcome::reasons)
                            .doesNotContain("mapping-failed", "not-storable");
                    softly.assertThat(page)
                            .as("what is charted, and why the rest is not, in %s", PAGE)
                            .contains(why())
                            .contains(charted());
                    softly.assertThat(share(true))
                            .as("share of the files of whole ORU, OUL, ADT charted")
                            .isGreaterThanOrEqualTo(WHOLE_CHARTED_AT_LEAST);
                    softly.assertThat(share(false))
                            .as("share of the files of ORU, OUL, ADT charted")
                            .isGreaterThanOrEqualTo(CHARTED_AT_LEAST);
                });
    }

    private void send(AdtEngine engine, Path folder, Path file) throws IOException {
        var raw = Files.readAllBytes(file);
        var name = folder.relativize(file);
        // A partner for each file: their patients and numbers were invented without each other.
        var partner = AdtEngine.takingEverything("sample-" + (times.size() + 1));
        engine.forgetWhoIsWho(times.size());
        long before = Long.parseLong(engine.one("select coalesce(max(id), 0) from journal"));
        long start = System.nanoTime();
        var answer = AdtEngine.text(engine.begin(partner, raw));
        times.put(System.nanoTime() - start, name);

        var rows =
                engine.jdbc
                        .sql(
                                """
                                select j.id, j.message_type,
                                       -- held, and to be read once more by the backlog, which is not here
                                       case j.state when 'received' then 'held' else j.state end,
                                       j.answer_code, r.content,
                                       array(select x ->> 'reason' from jsonb_array_elements(j.reasons) x),
                                       array(select o.path from observation o where o.entry_id = j.id),
                                       array(select x ->> 'location' from jsonb_array_elements(j.reasons) x),
                                       array(select i ->> 'path'
                                             from statement s, jsonb_array_elements(s.said -> 'items') i
                                             where s.entry_id = j.id and s.kind = 'document_body')
                                from journal j join raw_message r on r.entry_id = j.id
                                where j.id > :before
                                order by j.id
                                """)
                        .param("before", before)
                        .query(
                                (row, _) -> {
                                    var outcome =
                                            new Outcome(
                                                    name,
                                                    row.getString(2),
                                                    row.getString(3),
                                                    List.of((String[]) row.getArray(6).getArray()),
                                                    row.getString(4),
                                                    row.getBytes(5));
                                    if (outcome.is("charted"))
                                        account(
                                                outcome,
                                                (String[]) row.getArray(7).getArray(),
                                                (String[]) row.getArray(8).getArray(),
                                                (String[]) row.getArray(9).getArray());
                                    return outcome;
                                })
                        .list();
        assertThat(rows).as("%s left no trace", name).isNotEmpty();
        outcomes.addAll(rows);
        compareAnswer(name, rows, answer);
        expected.add(name, answer);
    }

    // ------------------------------------------------------------ answers

    /** Whether the answer's codes are those that each message asks for (HL7-RULES §1). */
    private void compareAnswer(Path name, List<Outcome> rows, String answer) {
        var given = new ArrayList<String>();
        for (var line : answer.split("[\r\n]+", -1))
            if (line.startsWith("MSA")) given.add(line.substring(4, 6));
        var wanted = new ArrayList<String>();
        for (var row : rows) {
            var code = wanted(row);
            if (!code.isEmpty()) wanted.add(code);
        }
        if (!given.equals(wanted))
            wrongAnswers.put(name.toString(), "wanted " + wanted + ", given " + given);
    }

    /** The answer's code on the connection; empty for none. */
    private static String wanted(Outcome row) {
        if (row.isEnvelope()) return "";
        boolean good = !row.is("refused");
        var header = Header.read(row.raw()).orElse(null);
        if (header == null) return "AR";
        var accept = header.field(15);
        var application = header.field(16);
        boolean acknowledges = AnswerPlan.isAcknowledgement(header);
        var bad = row.answer().equals("AR") ? "AR" : "AE";
        if (accept.isEmpty() && application.isEmpty()) return acknowledges ? "" : good ? "AA" : bad;
        // What is kept gets CA, whatever its content is worth (std 2.9.3.2).
        boolean kept = good || !header.controlId().isEmpty();
        if (isDue(accept, kept)) return kept ? "CA" : "CE";
        boolean acceptNever = accept.isEmpty() || accept.equals("NE");
        return !acknowledges && acceptNever && isDue(application, good) ? good ? "AA" : bad : "";
    }

    private static boolean isDue(String condition, boolean good) {
        return switch (condition) {
            case "AL" -> true;
            case "ER" -> !good;
            case "SU" -> good;
            case "NE", "" -> false;
            // Not of table 0155: an answer too many harms less than one too few.
            default -> true;
        };
    }

    // ------------------------------------------------------------ observations

    /** Every OBX of a charted message is in the chart, or a reason says why not. */
    private void account(Outcome outcome, String[] charted, String[] listed, String[] ofDocuments) {
        if (!(Message.read(outcome.raw(), StandardCharsets.UTF_8)
                instanceof Reading.Readable(var message))) return;
        var places = new TreeSet<Integer>();
        var reports = new TreeSet<Integer>();
        for (var path : charted) places.addAll(ordinals("OBX", path));
        for (var path : ofDocuments) places.addAll(ordinals("OBX", path));
        for (var path : listed) {
            if (path == null) continue;
            places.addAll(ordinals("OBX", path));
            reports.addAll(ordinals("OBR", path));
        }
        int report = 0;
        for (var line : message.lines()) {
            if (line.segment().equals("OBR")) report = line.ordinal();
            if (line.segment().equals("OBX")
                    && !places.contains(line.ordinal())
                    && !reports.contains(report))
                lostObservations.add(outcome.file() + " OBX[" + line.ordinal() + "]");
        }
    }

    private static List<Integer> ordinals(String segment, String path) {
        var all = new ArrayList<Integer>();
        var m = Pattern.compile(segment + "\\[(\\d+)(?:-(\\d+))?\\].*").matcher(path);
        if (!m.matches()) return all;
        int from = Integer.parseInt(m.group(1));
        int to = m.group(2) == null ? from : Integer.parseInt(m.group(2));
        for (int i = from; i <= to; i++) all.add(i);
        return all;
    }

    // ------------------------------------------------------------ the list of reasons

    private Set<String> unknownReasons() {
        var unknown = new TreeSet<String>();
        for (var outcome : outcomes)
            for (var reason : outcome.reasons())
                if (KnownReason.of(reason).isEmpty()) unknown.add(reason);
        return unknown;
    }

    /** Files each of whose results and registrations is charted, of those that have any. */
    private double share(boolean wholeOnly) {
        return (double) count(wholeOnly, true) / count(wholeOnly, false);
    }

    private Map<Path, Boolean> files(boolean wholeOnly) {
        var files = new TreeMap<Path, Boolean>();
        for (var o : outcomes)
            if (o.isClinical() && (!wholeOnly || o.isWhole()))
                files.merge(o.file(), o.is("charted"), Boolean::logicalAnd);
        return files;
    }

    /** As the page says it. */
    private String charted() {
        return "Of %d files with ORU, OUL or ADT, %d are charted as they are, %.0f %%. Of the %d"
                .concat(" that have what the standard demands and are not of quality control it is")
                .concat(" %.0f %%")
                .formatted(
                        count(false, false),
                        count(false, true),
                        100 * share(false),
                        count(true, false),
                        100 * share(true));
    }

    private long count(boolean wholeOnly, boolean chartedOnly) {
        return files(wholeOnly).values().stream().filter(is -> is || !chartedOnly).count();
    }

    private double shareOfMessages() {
        long all = outcomes.stream().filter(Outcome::isClinical).count();
        long charted = outcomes.stream().filter(o -> o.isClinical() && o.is("charted")).count();
        return (double) charted / all;
    }

    // ------------------------------------------------------------ what is printed

    /** The reasons that keep ORU, OUL and ADT out of the chart, and how many files each. */
    private String why() {
        var files = new TreeMap<String, Set<Path>>();
        for (var o : outcomes)
            if (o.isClinical() && !o.is("charted"))
                files.computeIfAbsent(
                                o.state() + " | `" + o.reasons().getFirst() + "`",
                                _ -> new TreeSet<>())
                        .add(o.file());
        var table = new StringBuilder();
        files.forEach((reason, of) -> table.append("| %d | %s |\n".formatted(of.size(), reason)));
        return table.toString();
    }

    private void print() {
        for (var o : outcomes)
            System.out.printf(
                    "  %-8s %-8s %-2s %s %s%n",
                    o.state(), o.type(), o.answer(), o.file(), o.reasons());
        var byType = new TreeMap<String, Map<String, Integer>>();
        for (var o : outcomes)
            byType.computeIfAbsent(o.type(), _ -> new TreeMap<>())
                    .merge(o.state(), 1, Integer::sum);
        System.out.printf(
                "%n  %-10s %8s %8s %8s %8s%n", "type", "charted", "held", "ignored", "refused");
        byType.forEach(
                (type, counts) ->
                        System.out.printf(
                                "  %-10s %8d %8d %8d %8d%n",
                                type.isEmpty() ? "?" : type,
                                counts.getOrDefault("charted", 0),
                                counts.getOrDefault("held", 0),
                                counts.getOrDefault("ignored", 0),
                                counts.getOrDefault("refused", 0)));
        System.out.printf(
                "  %d entries of %d files; ORU, OUL, ADT charted: %.1f %% of whole files, %.1f %%"
                        + " of all files, %.1f %% of all messages%n",
                outcomes.size(),
                times.size(),
                100 * share(true),
                100 * share(false),
                100 * shareOfMessages());
        System.out.println(why());
        times.descendingMap().entrySet().stream()
                .limit(5)
                .forEach(
                        one ->
                                System.out.printf(
                                        "  %6.1f ms %s%n", one.getKey() / 1e6, one.getValue()));
    }
}
