package org.chartbridge.cli;

import org.chartbridge.chart.ChartInRehearsal;
import org.chartbridge.hl7.MessageFile;
import org.chartbridge.intake.PartsInRehearsal;
import org.chartbridge.intake.Rehearsal;
import org.chartbridge.partner.FileFault;
import org.chartbridge.routes.Rehearsing;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One test beside a partner's routes: messages, and what is to become of them.
 *
 * @param partner the folder
 * @param name of its files, without what stands behind the first dot
 * @param messages the file that is played
 */
record RouteTest(String partner, String name, Path messages) {
    static final String FOLDER = "tests";
    static final String MESSAGES = ".hl7";
    static final String EXPECTED = ".expected.yaml";

    private static final Pattern GROUP = Pattern.compile("(chart|outgoing), [^,]+");

    /** A test with more messages is a load test. */
    static final int MAX_MESSAGES = 1_000;

    /** The file that says what is wanted, there or not. */
    Path expected() {
        return messages.resolveSibling(name + EXPECTED);
    }

    /** {@code northlab/sodium-high}. */
    String title() {
        return partner + "/" + name;
    }

    /** How a test ended. */
    sealed interface Result {
        RouteTest test();

        /** What came out, where there was anything to play. */
        List<PlayedMessage> played();

        record Passed(RouteTest test, List<PlayedMessage> played) implements Result {}

        /**
         * Something else came out than is wanted.
         *
         * @param differences in the order of the file
         */
        record Differs(RouteTest test, List<PlayedMessage> played, List<Difference> differences)
                implements Result {}

        /** There is no expected file. */
        record New(RouteTest test, List<PlayedMessage> played) implements Result {}

        /**
         * It can't be played.
         *
         * @param reasons for people, with the remedy
         */
        record Broken(RouteTest test, List<String> reasons) implements Result {
            @Override
            public List<PlayedMessage> played() {
                return List.of();
            }
        }
    }

    /**
     * One place where something else came than was wanted.
     *
     * @param line of the expected file
     * @param wanted empty where nothing was
     * @param got empty where nothing came
     */
    record Difference(int line, String place, String wanted, String got) {
        private Difference behind(String prefix) {
            return new Difference(line, prefix + place, wanted, got);
        }
    }

    /** Plays it, and compares. */
    Result run(Rehearsing routes, Rehearsal rehearsal) throws IOException {
        var faults = routes.faults(partner);
        if (!faults.isEmpty())
            return new Result.Broken(this, faults.stream().map(FileFault::toString).toList());
        var played = new ArrayList<PlayedMessage>();
        var all = MessageFile.split(onWire(Files.readAllBytes(messages)));
        if (all.size() > MAX_MESSAGES)
            return new Result.Broken(
                    this, List.of(all.size() + " messages; wanted at most " + MAX_MESSAGES));
        var chart = new ChartInRehearsal();
        routes.orders().forget();
        var parts = new PartsInRehearsal();
        for (var raw : all) {
            boolean others = played.stream().anyMatch(one -> !one.route().isEmpty());
            played.add(PlayedMessage.play(partner, raw, routes, rehearsal, chart, parts, others));
            parts.whole()
                    .map(
                            whole ->
                                    PlayedMessage.play(
                                                    partner, whole, routes, rehearsal, chart, parts,
                                                    others)
                                            .joined())
                    .ifPresent(played::add);
        }
        if (!Files.exists(expected())) return new Result.New(this, played);
        var broken = new ArrayList<String>();
        var wanted =
                ExpectedFile.read(
                        partner + "/" + FOLDER + "/" + expected().getFileName(),
                        Files.readAllBytes(expected()),
                        fault -> broken.add(fault.toString()));
        if (wanted.isEmpty()) return new Result.Broken(this, broken);
        var differences = differences(wanted.get(), played);
        return differences.isEmpty()
                ? new Result.Passed(this, played)
                : new Result.Differs(this, played, differences);
    }

    /** An editor's line feeds as the carriage returns that are sent; other files as they are. */
    private static byte[] onWire(byte[] file) {
        for (var b : file) if (b == '\r' || b == 0) return file;
        var sent = file.clone();
        for (int i = 0; i < sent.length; i++) if (sent[i] == '\n') sent[i] = '\r';
        return sent;
    }

    /** Writes what came out as what is wanted. */
    void update(List<PlayedMessage> played) throws IOException {
        Files.writeString(
                expected(),
                ExpectedFile.written(String.valueOf(messages.getFileName()), played),
                StandardCharsets.UTF_8);
    }

    private static List<Difference> differences(
            List<ExpectedFile.Message> wanted, List<PlayedMessage> played) {
        var differences = new ArrayList<Difference>();
        if (wanted.size() != played.size())
            differences.add(
                    new Difference(
                            wanted.isEmpty() ? 1 : wanted.getLast().line(),
                            "messages",
                            String.valueOf(wanted.size()),
                            String.valueOf(played.size())));
        for (int i = 0; i < Math.min(wanted.size(), played.size()); i++) {
            var prefix = played.size() == 1 ? "" : "message " + (i + 1) + ", ";
            compare(wanted.get(i), played.get(i), prefix, differences);
        }
        return differences;
    }

    private static void compare(
            ExpectedFile.Message wanted,
            PlayedMessage played,
            String prefix,
            List<Difference> differences) {
        var got = played.places();
        var places = new LinkedHashSet<>(wanted.places().keySet());
        places.addAll(got.keySet());
        var whole = new HashSet<String>();
        int line = wanted.line();
        for (var place : places) {
            var here = wanted.places().get(place);
            if (here != null) line = here.line();
            boolean asked = wanted.sections().contains(place.replaceFirst(",.*", ""));
            // That nobody takes a message is said whatever is asked.
            if (!asked && !(place.equals("route") && played.route().isEmpty())) continue;
            var group = group(place);
            // Why is compared where it is wanted, and by its line where that is.
            boolean why = place.endsWith(PlayedMessage.CHOSEN);
            if (why && here == null) continue;
            var one = here == null ? "" : here.value();
            var other = got.getOrDefault(place, "");
            if (why && ExpectedFile.withoutLine(one).equals(one))
                other = ExpectedFile.withoutLine(other);
            if (one.equals(other) || whole.contains(group)) continue;
            var all = group.isEmpty() ? null : asOne(group, wanted.places().keySet(), got, line);
            if (all != null) whole.add(group);
            var difference = all == null ? new Difference(line, place, one, other) : all;
            differences.add(difference.behind(prefix));
        }
    }

    /** The fact or delivery that a place belongs to; empty for what stands alone. */
    private static String group(String place) {
        var its = GROUP.matcher(place);
        return its.lookingAt() ? its.group() : "";
    }

    /** One line where all of a fact or delivery is missing, new, or can't be made; else null. */
    private static @Nullable Difference asOne(
            String group, Set<String> wanted, Map<String, String> got, int line) {
        var fails = got.get(group + ", fails");
        if (fails != null && !wanted.contains(group + ", fails"))
            return new Difference(line, group, "a message", fails);
        long here = wanted.stream().filter(place -> group(place).equals(group)).count();
        long there = got.keySet().stream().filter(place -> group(place).equals(group)).count();
        if (here > 0 && there > 0) return null;
        var to = got.get(group + ", to");
        return new Difference(
                line,
                group,
                here == 0 ? "" : values(here),
                there == 0 ? "" : values(there) + (to == null ? "" : ", to " + to));
    }

    private static String values(long number) {
        return number == 1 ? "1 value" : number + " values";
    }
}
