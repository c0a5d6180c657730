package org.chartbridge.intake;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.chartbridge.chart.ChartHash;
import org.chartbridge.chart.IdentityStore;
import org.chartbridge.database.SecondSchema;
import org.chartbridge.intake.RebuildSpace.Differing;
import org.chartbridge.journal.RebuildReport;
import org.chartbridge.mapping.Mappings;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * The chart from the journal alone, beside the live one, and how the two differ. By the versions of
 * the folders that each message ran with they are equal, or something is wrong: a fault in this
 * program, or a hand in the database. By the folders as they are now the differences are what a
 * change of rules would change in the chart; nothing is changed by looking.
 *
 * <p>The live engine goes on meanwhile and notices nothing but the load. Nothing is answered, sent
 * or announced: there is no route out of the second schema.
 */
public final class Rebuild {

    /** Of how many patients and kinds of facts the differences are looked at one by one. */
    static final int MAX_COMPARED = 20_000;

    /** How many of them are read at once. */
    private static final int COMPARED_AT_ONCE = 500;

    private final RebuildSpace space;
    private final KeptFolders folders;
    private final Mappings mappings;
    private final Clock clock;

    /** Is told how far it is; may be called often. */
    public interface Progress {
        /**
         * Where it is now.
         *
         * @param done entries that were read again, of all
         */
        void now(String what, long done, long all);
    }

    public Rebuild(SecondSchema schema, KeptFolders folders, Mappings mappings, Clock clock) {
        this.space = new RebuildSpace(schema);
        this.folders = folders;
        this.mappings = mappings;
        this.clock = clock;
    }

    /**
     * Does it, and keeps what was found for the page of differences.
     *
     * @param current by the folders as they lie there now
     */
    public RebuildReport run(boolean current, Progress progress)
            throws SQLException, InterruptedException {
        var started = clock.instant();
        progress.now("taking a picture of the live chart", 0, 0);
        space.photograph();
        long all = space.count();
        var replay = replay(current, done -> progress.now("charting", done, all));
        long began = System.nanoTime();
        long entries = replay.run();
        var reading = Duration.ofNanos(System.nanoTime() - began);
        progress.now("comparing", all, all);
        space.sum();
        var remarks = new ArrayList<String>();
        replay.remarks()
                .forEach((what, times) -> remarks.add(times == 1 ? what : times + " × " + what));
        var differences = differences(remarks);
        var live = space.whole("live");
        var report =
                new RebuildReport(
                        started,
                        clock.instant(),
                        current,
                        entries,
                        reading,
                        live.facts(),
                        live.hash(),
                        space.whole("rebuilt").hash(),
                        remarks,
                        differences.all(space.persons(differences.patients())));
        space.keep(report);
        return report;
    }

    private Replay replay(boolean current, LongConsumer progress) {
        var times = new StageTimes(new SimpleMeterRegistry());
        var chart = space.newChart();
        var journal = space.newJournal();
        return new Replay(
                space,
                folders,
                new Preparation(folders, mappings, times),
                new GroupTransaction(
                        journal, chart, space.noDeliveries(), null, null, times, clock),
                new DecisionActs(space.newDecisions(), chart, new IdentityStore()),
                journal,
                current,
                progress);
    }

    private RebuildDifferences differences(List<String> remarks) throws SQLException {
        var differences = new RebuildDifferences();
        for (var became : space.became(RebuildDifferences.MAX_EXAMPLES)) differences.became(became);
        var differing = space.differing(MAX_COMPARED + 1);
        if (differing.size() > MAX_COMPARED)
            remarks.add(
                    "more than "
                            + MAX_COMPARED
                            + " patients and kinds of facts differ; the numbers below are those of"
                            + " the first");
        var byKind = new LinkedHashMap<String, List<Differing>>();
        for (var one : differing.subList(0, Math.min(differing.size(), MAX_COMPARED)))
            byKind.computeIfAbsent(one.kind(), _ -> new ArrayList<>()).add(one);
        int moved = 0;
        for (var kind : byKind.entrySet())
            for (int i = 0; i < kind.getValue().size(); i += COMPARED_AT_ONCE)
                moved +=
                        compare(
                                kind.getKey(),
                                kind.getValue()
                                        .subList(
                                                i,
                                                Math.min(
                                                        i + COMPARED_AT_ONCE,
                                                        kind.getValue().size())),
                                differences);
        if (moved > 0)
            remarks.add(
                    moved
                            + " patients and kinds of facts changed while the chart was rebuilt;"
                            + " run it again to compare them");
        return differences;
    }

    /** Gives of how many the live chart has changed since the picture was taken. */
    private int compare(String kind, List<Differing> some, RebuildDifferences differences)
            throws SQLException {
        var patients = some.stream().map(Differing::patient).toList();
        var live = byPatient(space.facts(true, kind, patients));
        var rebuilt = byPatient(space.facts(false, kind, patients));
        int moved = 0;
        for (var one : some) {
            var facts = live.getOrDefault(one.patient(), List.of());
            if (!sum(facts).equals(one.live())) {
                moved++;
                continue;
            }
            differences.compare(
                    kind, one.patient(), facts, rebuilt.getOrDefault(one.patient(), List.of()));
        }
        return moved;
    }

    private static Map<String, List<ChartHash.Fact>> byPatient(List<ChartHash.Fact> facts) {
        var byPatient = new LinkedHashMap<String, List<ChartHash.Fact>>();
        for (var fact : facts)
            byPatient.computeIfAbsent(fact.patient(), _ -> new ArrayList<>()).add(fact);
        return byPatient;
    }

    /** As the database adds it up. */
    private static BigInteger sum(List<ChartHash.Fact> facts) {
        var sum = BigInteger.ZERO;
        for (var fact : facts) sum = sum.add(hash(fact.key() + fact.said()));
        return sum;
    }

    private static BigInteger hash(String text) {
        try {
            var digest =
                    MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            return new BigInteger(digest, 0, Long.BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }
}
