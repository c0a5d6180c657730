package org.chartbridge;

import org.chartbridge.SampleYaml.Fields;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One folder of {@code sample-messages/}; the README there says what each key means.
 *
 * @param folder its name, such as {@code 01-final-results}
 */
record SampleCase(String folder, List<Exchange> exchanges, ExpectedChart chart) {

    /** What is sent, and what has to come back. */
    record Exchange(
            String file,
            byte[] bytes,
            boolean framed,
            String listener,
            String becomes,
            Expected expected) {}

    sealed interface Expected {
        /** Nothing comes, the connection stays. */
        record Nothing() implements Expected {}

        /** Nothing comes, the engine hangs up. */
        record Closed() implements Expected {}

        /** The bytes of an earlier answer, counted from 1. */
        record SameAs(int exchange) implements Expected {}

        /**
         * An acknowledgement.
         *
         * @param type MSH-9; null when not compared
         * @param errors ERR segments; null when not compared
         */
        record Ack(String code, String to, @Nullable String type, @Nullable List<Fault> errors)
                implements Expected {}
    }

    /** An ERR segment; null is not compared. */
    record Fault(
            String location,
            @Nullable String code,
            @Nullable String severity,
            @Nullable String reason) {}

    record ExpectedChart(List<Patient> patients, List<Spot> present, List<Spot> absent) {}

    /**
     * @param registration what ADT messages bring
     * @param reports null when not compared
     */
    record Patient(
            String identifier,
            @Nullable String authority,
            @Nullable String family,
            @Nullable String given,
            @Nullable String birthDate,
            @Nullable String sex,
            SampleRegistration.Expected registration,
            @Nullable List<Report> reports) {}

    record Report(
            String number, String code, @Nullable String status, List<Observation> observations) {}

    /**
     * @param notPerformed the reason, then there is no value
     * @param notes null when not compared
     * @param history one current version when empty
     */
    record Observation(
            String code,
            String subId,
            @Nullable String value,
            @Nullable String notPerformed,
            @Nullable String unit,
            @Nullable String range,
            @Nullable String flags,
            @Nullable String status,
            boolean corrected,
            @Nullable List<String> notes,
            @Nullable Document document,
            List<Version> history) {}

    record Document(String mediaType, String bytes, String sha256) {}

    record Version(String message, @Nullable String value, String status, String standing) {}

    /** A place in the charts, as far as it is given. */
    record Spot(
            @Nullable String identifier,
            @Nullable String family,
            @Nullable String report,
            @Nullable String code,
            @Nullable String value,
            @Nullable String text) {
        Spot {
            if (value != null && code == null)
                throw new IllegalArgumentException("a value is looked for by its code, or as text");
        }
    }

    @Override
    public String toString() {
        return folder;
    }

    /** Every case there is, by name. */
    static List<SampleCase> all(Path samples) throws IOException {
        var cases = new ArrayList<SampleCase>();
        try (var folders = Files.list(samples)) {
            for (var folder : folders.filter(Files::isDirectory).sorted().toList())
                cases.add(read(folder));
        }
        return cases;
    }

    static SampleCase read(Path folder) throws IOException {
        var name = folder.getFileName().toString();
        var answers = SampleYaml.read(folder.resolve("answer.yaml"));
        if (!(answers instanceof List<?> list))
            throw new IllegalArgumentException(name + "/answer.yaml: wanted a list");
        var exchanges = new ArrayList<Exchange>();
        for (var item : list) {
            var where = name + "/answer.yaml: " + (exchanges.size() + 1);
            exchanges.add(exchange(folder, new Fields(where, item)));
        }
        var file = folder.resolve("chart.yaml");
        return new SampleCase(name, exchanges, chart(new Fields(name, SampleYaml.read(file))));
    }

    private static Exchange exchange(Path folder, Fields fields) throws IOException {
        var file = fields.text("send");
        var exchange =
                new Exchange(
                        file,
                        Files.readAllBytes(folder.resolve(file)),
                        !fields.text("framed", "yes").equals("no"),
                        fields.text("listener", "usual"),
                        fields.text("becomes"),
                        expected(fields));
        fields.allDone();
        return exchange;
    }

    private static Expected expected(Fields fields) {
        if (fields.has("connection")) {
            if (!fields.text("connection").equals("closed"))
                throw new IllegalArgumentException("connection: closed is all there is");
            return new Expected.Closed();
        }
        var node = fields.raw("answer");
        if (node.equals("none")) return new Expected.Nothing();
        var answer = new Fields("answer", node);
        var expected =
                answer.has("same-as")
                        ? new Expected.SameAs(Integer.parseInt(answer.text("same-as")))
                        : new Expected.Ack(
                                answer.text("code"),
                                answer.text("to"),
                                optional(answer, "type"),
                                answer.has("errors")
                                        ? answer.each("errors").stream()
                                                .map(SampleCase::fault)
                                                .toList()
                                        : null);
        answer.allDone();
        return expected;
    }

    private static Fault fault(Fields fields) {
        var fault =
                new Fault(
                        fields.text("location"),
                        optional(fields, "code"),
                        optional(fields, "severity"),
                        optional(fields, "reason"));
        fields.allDone();
        return fault;
    }

    private static ExpectedChart chart(Fields fields) {
        var chart =
                new ExpectedChart(
                        fields.each("patients").stream().map(SampleCase::patient).toList(),
                        fields.each("present").stream().map(SampleCase::spot).toList(),
                        fields.each("absent").stream().map(SampleCase::spot).toList());
        fields.allDone();
        return chart;
    }

    private static Patient patient(Fields fields) {
        var patient =
                new Patient(
                        fields.text("identifier"),
                        optional(fields, "authority"),
                        optional(fields, "family"),
                        optional(fields, "given"),
                        optional(fields, "birth-date"),
                        optional(fields, "sex"),
                        SampleRegistration.expected(fields),
                        fields.has("reports")
                                ? fields.each("reports").stream().map(SampleCase::report).toList()
                                : null);
        fields.allDone();
        return patient;
    }

    private static Report report(Fields fields) {
        var report =
                new Report(
                        fields.text("number"),
                        fields.text("code"),
                        optional(fields, "status"),
                        fields.each("observations").stream().map(SampleCase::observation).toList());
        fields.allDone();
        return report;
    }

    private static Observation observation(Fields fields) {
        var observation =
                new Observation(
                        fields.text("code"),
                        fields.text("sub-id", ""),
                        optional(fields, "value"),
                        optional(fields, "not-performed"),
                        optional(fields, "unit"),
                        optional(fields, "range"),
                        optional(fields, "flags"),
                        optional(fields, "status"),
                        fields.text("corrected", "no").equals("yes"),
                        fields.has("notes") ? fields.texts("notes") : null,
                        fields.has("document") ? document(fields) : null,
                        fields.each("history").stream().map(SampleCase::version).toList());
        fields.allDone();
        return observation;
    }

    private static Document document(Fields observation) {
        var fields = new Fields("document", observation.raw("document"));
        var document =
                new Document(
                        fields.text("media-type"), fields.text("bytes"), fields.text("sha256"));
        fields.allDone();
        return document;
    }

    private static Version version(Fields fields) {
        var version =
                new Version(
                        fields.text("message"),
                        optional(fields, "value"),
                        fields.text("status"),
                        fields.text("standing"));
        fields.allDone();
        return version;
    }

    private static Spot spot(Fields fields) {
        var spot =
                new Spot(
                        optional(fields, "identifier"),
                        optional(fields, "family"),
                        optional(fields, "report"),
                        optional(fields, "code"),
                        optional(fields, "value"),
                        optional(fields, "text"));
        fields.allDone();
        return spot;
    }

    static @Nullable String optional(Fields fields, String key) {
        return fields.has(key) ? fields.text(key) : null;
    }
}
