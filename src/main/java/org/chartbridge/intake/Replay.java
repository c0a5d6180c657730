package org.chartbridge.intake;

import org.chartbridge.chart.IdentityStore;
import org.chartbridge.chart.IdentityStore.PatientRecord;
import org.chartbridge.chart.IdentityStore.Reported;
import org.chartbridge.chart.RecordKey;
import org.chartbridge.chart.Unfolding;
import org.chartbridge.hl7.AnswerPlan;
import org.chartbridge.hl7.Header;
import org.chartbridge.hl7.Verdict;
import org.chartbridge.intake.DecisionActs.Claim;
import org.chartbridge.intake.DecisionActs.Made;
import org.chartbridge.intake.Decisions.By;
import org.chartbridge.intake.Decisions.NotPossible;
import org.chartbridge.intake.RebuildSpace.Row;
import org.chartbridge.journal.Decision;
import org.chartbridge.journal.Entry;
import org.chartbridge.journal.EntryState;
import org.chartbridge.journal.JournalStore;
import org.chartbridge.partner.Partner;
import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Charts the journal anew, entry by entry in the order of arrival; long because who reads ahead and
 * who writes stand here together. Messages are charted by the same route, map and fold and in
 * groups written as the live engine writes them; decisions at their place. Nobody is answered and
 * nothing is sent: every message counts as answered and its deliveries as staged.
 *
 * <p>What was taken back never happened: a decision that was undone is left out, and of a message
 * whose merge was undone everything else is charted. So a live chart that compares equal shows that
 * to undo is as good as never to have done.
 *
 * <p>One thread reads and maps ahead, the caller's writes.
 */
final class Replay {

    /** Messages in one transaction at most, and their bytes. */
    static final int GROUP_MESSAGES = 256;

    static final int GROUP_BYTES = 4 << 20;

    /** How many groups are mapped ahead. */
    private static final int AHEAD = 3;

    private static final int PAGE = 2_000;

    /** How many entries that were held go on in one transaction. */
    private static final int GOING_ON = 256;

    /** After so many rounds something goes round in circles. */
    private static final int MAX_ROUNDS = 10_000;

    private static final int MAX_CONTENTION = 5;

    private static final long LOOK_FOR_END_MILLIS = 200;

    private static final byte[] KEPT_ELSEWHERE = {};

    private final RebuildSpace space;
    private final KeptFolders folders;
    private final Preparation preparation;
    private final GroupTransaction transaction;
    private final DecisionActs acts;
    private final JournalStore journal;
    private final ChartingAnew anew;
    private final IdentityStore identity = new IdentityStore();
    private final boolean current;
    private final LongConsumer progress;
    private final Map<Long, Long> withdrawn = new HashMap<>();
    private final Map<Long, JsonNode> decided = new HashMap<>();
    private final Map<Long, RebuildSpace.Said> decisions = new HashMap<>();
    private final Map<String, Long> remarks = new TreeMap<>();
    private volatile boolean ended;
    private long done;

    /** A piece of work that was prepared. */
    private sealed interface Step {
        /** Messages that are charted together. */
        record Group(List<Submission> messages) implements Step {}

        /** A message whose merge was taken back. */
        record Undone(Submission message, long undo) implements Step {}

        record Decided(long entry) implements Step {}

        record End(@Nullable Exception why) implements Step {}
    }

    /**
     * @param current read by the folders as they lie there now
     * @param progress is told how many entries were done
     */
    Replay(
            RebuildSpace space,
            KeptFolders folders,
            Preparation preparation,
            GroupTransaction transaction,
            DecisionActs acts,
            JournalStore journal,
            boolean current,
            LongConsumer progress) {
        this.space = space;
        this.folders = folders;
        this.preparation = preparation;
        this.transaction = transaction;
        this.acts = acts;
        this.journal = journal;
        this.anew = new ChartingAnew(transaction, identity, new Unfolding(), this::received);
        this.current = current;
        this.progress = progress;
    }

    /** Charts everything; gives how many entries that were. */
    long run() throws SQLException, InterruptedException {
        readDecisions();
        var steps = new ArrayBlockingQueue<Step>(AHEAD);
        var reader =
                Thread.ofPlatform().name("rebuild-reader").daemon(true).start(() -> read(steps));
        try (var connection = space.writer()) {
            while (true) {
                switch (steps.take()) {
                    case Step.Group(var messages) -> chart(connection, messages);
                    case Step.Undone(var message, var undo) ->
                            chartUndone(connection, message, undo);
                    case Step.Decided(var entry) -> decide(connection, entry);
                    case Step.End(var why) -> {
                        if (why != null)
                            throw new IllegalStateException(
                                    "the journal could not be read: " + why.getClass().getName(),
                                    why);
                        return done;
                    }
                }
                progress.accept(done);
                goOn(connection);
            }
        } finally {
            ended = true;
            reader.join();
        }
    }

    /** What could not be done as it was, and how often. */
    Map<String, Long> remarks() {
        return remarks;
    }

    private synchronized void remark(String what) {
        remarks.merge(what, 1L, Long::sum);
    }

    // ------------------------------------------------------------ reading ahead

    private void readDecisions() throws SQLException {
        for (var said : space.decisions()) {
            try {
                var json = JsonMapper.shared().readTree(said.json());
                decided.put(said.entry(), json);
                decisions.put(said.entry(), said);
                if (json.path("withdraws").isNumber())
                    withdrawn.put(json.path("withdraws").longValue(), said.entry());
            } catch (JacksonException e) {
                remark("a decision can't be read");
            }
        }
    }

    private void read(BlockingQueue<Step> steps) {
        try {
            try {
                long last = 0;
                for (var page = space.after(last, PAGE);
                        !page.isEmpty();
                        page = space.after(last, PAGE)) {
                    last = page.getLast().id();
                    read(page, steps);
                }
                give(steps, new Step.End(null));
            } catch (SQLException | RuntimeException e) {
                give(steps, new Step.End(e));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read(List<Row> page, BlockingQueue<Step> steps)
            throws SQLException, InterruptedException {
        var group = new ArrayList<Row>();
        long bytes = 0;
        for (var row : page) {
            if (!row.isReadAgain()) continue;
            boolean alone = row.isDecision() || withdrawn.containsKey(row.id());
            if (alone || group.size() == GROUP_MESSAGES || bytes + row.bytes() > GROUP_BYTES) {
                giveGroup(group, steps);
                bytes = 0;
            }
            if (row.isDecision()) give(steps, new Step.Decided(row.id()));
            else {
                group.add(row);
                bytes += row.bytes();
                if (alone) giveGroup(group, steps);
            }
        }
        giveGroup(group, steps);
    }

    private void giveGroup(List<Row> group, BlockingQueue<Step> steps)
            throws SQLException, InterruptedException {
        if (group.isEmpty()) return;
        var messages = prepared(group, false);
        var undo = group.size() == 1 ? withdrawn.get(group.getFirst().id()) : null;
        group.clear();
        if (messages.isEmpty()) return;
        if (undo != null) give(steps, new Step.Undone(messages.getFirst(), undo));
        else for (var part : Submission.apart(messages)) give(steps, new Step.Group(part));
    }

    private void give(BlockingQueue<Step> steps, Step step) throws InterruptedException {
        while (!ended && !steps.offer(step, LOOK_FOR_END_MILLIS, TimeUnit.MILLISECONDS)) {
            // Looks again whether the writer is still there.
        }
    }

    private List<Submission> prepared(List<Row> rows, boolean held) throws SQLException {
        var contents = space.contents(rows.stream().map(Row::id).toList());
        var messages = new ArrayList<Submission>(rows.size());
        for (var row : rows) {
            var raw = contents.get(row.id());
            var partner = partner(row);
            if (raw == null) remark("bytes of a message are not kept any more");
            else if (partner.isEmpty())
                remark("a message of " + row.partner() + ": no folder to read it by");
            else messages.add(submission(row, partner.get(), raw, held));
        }
        return messages;
    }

    private Optional<Partner> partner(Row row) {
        var asItRan = folders.kept(row.partner(), row.version());
        if (current) {
            var now = folders.current(row.partner());
            if (now.isPresent()) return now;
            remark(
                    "a message of "
                            + row.partner()
                            + ": its folder is gone or faulty now, read by the version it ran"
                            + " with");
            return asItRan;
        }
        if (asItRan.isPresent()) return asItRan;
        remark(
                "a message of "
                        + row.partner()
                        + ": the version of the folder that it ran with is not kept, read by the"
                        + " folder of now");
        return folders.current(row.partner());
    }

    private Submission submission(Row row, Partner partner, byte[] raw, boolean held) {
        var arrival = new Arrival(partner, row.route(), row.peer(), row.receivedAt(), raw);
        var read = preparation.read(arrival);
        var prepared =
                switch (read.prepared()) {
                    // Its sender was promised that it need not send it again.
                    case Prepared.Decided(var state, _, var faults, var more, _)
                            when state == EntryState.REFUSED ->
                            new Prepared.Decided(EntryState.HELD, Verdict.ACCEPT, faults, more);
                    // Of parts that were joined the whole is charted, an entry of its own.
                    case Prepared.Part part ->
                            new Prepared.Decided(
                                    row.state().equals(EntryState.IGNORED.word())
                                            ? EntryState.IGNORED
                                            : EntryState.HELD,
                                    Verdict.ACCEPT,
                                    part.told(),
                                    List.of());
                    case Prepared other -> other;
                };
        return new Submission(
                row.id(),
                read.partner(),
                row.route(),
                row.peer(),
                row.receivedAt(),
                KEPT_ELSEWHERE,
                Header.read(raw),
                new AnswerPlan.Silent(),
                null,
                prepared,
                held ? entry(row) : null,
                true,
                new CompletableFuture<>());
    }

    private static Entry entry(Row row) {
        return new Entry(
                row.id(),
                row.receivedAt(),
                row.partner(),
                row.route(),
                row.version(),
                row.peer(),
                "",
                "",
                "",
                "",
                "",
                KEPT_ELSEWHERE,
                EntryState.RECEIVED,
                "",
                null,
                List.of(),
                null,
                null,
                null);
    }

    // ------------------------------------------------------------ writing

    private void chart(Connection connection, List<Submission> messages) throws SQLException {
        charted(connection, messages, group -> wentOnIn(connection, group));
        done += messages.size();
    }

    private void chartUndone(Connection connection, Submission message, long undo)
            throws SQLException {
        charted(
                connection,
                List.of(message),
                group -> {
                    acts.neverHeld(connection, message.entryId(), undo);
                    return group.size();
                });
        done++;
    }

    /** What is done in the transaction that charts a group; gives how many of it are to stand. */
    private interface Then {
        int run(List<Submission> group) throws SQLException;
    }

    /**
     * Where in a group a held message went on, by the live journal: what came behind it found it
     * charted ⚠. The size of the group where none did, or only behind all of them.
     */
    private int wentOnIn(Connection connection, List<Submission> group) throws SQLException {
        if (group.size() == 1) return 1;
        int first = group.size();
        for (var settled : space.settledLive(space.released(connection, GOING_ON)))
            for (int i = 1; i < first; i++)
                if (group.get(i).receivedAt().isAfter(settled)) first = i;
        return first;
    }

    /** As a writer of the engine: what can't be stored is found by halves and held. */
    private void charted(Connection connection, List<Submission> group, Then then)
            throws SQLException {
        for (int contentions = 0; ; contentions++) {
            int stand;
            try {
                transaction.runAgain(connection, group, Map.of());
                stand = then.run(group);
                if (stand == group.size()) {
                    connection.commit();
                    return;
                }
                connection.rollback();
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                switch (Failure.of(e)) {
                    case CONNECTION, STORAGE -> throw e;
                    case CONTENTION -> {
                        if (contentions == MAX_CONTENTION) throw e;
                    }
                    case DATA -> {
                        if (group.size() > 1) {
                            int middle = group.size() / 2;
                            charted(connection, group.subList(0, middle), then);
                            charted(connection, group.subList(middle, group.size()), then);
                            return;
                        }
                        if (group.getFirst().prepared() instanceof Prepared.Decided) throw e;
                        charted(
                                connection,
                                List.of(
                                        group.getFirst()
                                                .with(
                                                        new Prepared.Decided(
                                                                EntryState.HELD,
                                                                Verdict.ACCEPT,
                                                                List.of(GroupWork.internal()),
                                                                List.of()))),
                                then);
                        return;
                    }
                }
                continue;
            }
            charted(connection, group.subList(0, stand), then);
            goOn(connection);
            charted(connection, group.subList(stand, group.size()), then);
            return;
        }
    }

    /** Charts what waited and may go on by what was just charted, until nothing more may. */
    private void goOn(Connection connection) throws SQLException {
        for (int round = 0; round < MAX_ROUNDS; round++) {
            var ids = space.goingOn(GOING_ON);
            if (ids.isEmpty()) return;
            for (var group : Submission.apart(prepared(space.rows(ids), true)))
                charted(connection, group, List::size);
        }
        remark("messages that were held go on for ever");
    }

    // ------------------------------------------------------------ decisions

    private void decide(Connection connection, long entry) throws SQLException {
        done++;
        var json = decided.get(entry);
        var said = decisions.get(entry);
        if (json == null || said == null || withdrawn.containsKey(entry)) return;
        var kind = Decision.Kind.of(json.path("decision").asString());
        var made =
                new Made(
                        entry,
                        said.at(),
                        new By(json.path("by").asString(), json.path("why").asString()));
        try {
            decide(connection, kind, made, json);
            connection.commit();
        } catch (NotPossible e) {
            connection.rollback();
            remark("a decision (" + kind.word() + ") can't be made any more: " + e.getMessage());
        }
    }

    private void decide(Connection connection, Decision.Kind kind, Made made, JsonNode json)
            throws SQLException {
        long about = json.path("about").longValue(0);
        switch (kind) {
            case UNDO,
                    OVERRIDE,
                    CLOSE -> {} // What the one took back was left out; the other charts nothing.
            case AGAIN -> acts.again(connection, made, about);
            case NOT_OURS ->
                    acts.notOurs(
                            connection, made, about, claim(about, json, "waiting").fingerprint());
            case CREATE -> acts.create(connection, made, about, claim(about, json, "claim"));
            case LINK ->
                    acts.link(
                            connection,
                            made,
                            about,
                            claim(about, json, "claim"),
                            record(connection, json.path("to")));
            case MERGE ->
                    acts.merge(
                            connection,
                            made,
                            record(connection, json.path("merged")),
                            record(connection, json.path("into")));
            case FILE -> {
                var from = record(connection, json.path("from"));
                var reported =
                        new Reported(
                                json.path("partner").asString(),
                                json.path("number").asString(),
                                from.id());
                var to = record(connection, json.path("to"));
                var _ = acts.file(connection, made, reported, from, to, anew);
            }
            case SPLIT -> {
                var _ =
                        acts.split(
                                connection,
                                made,
                                records(connection, json.path("split")),
                                records(connection, json.path("from")),
                                anew);
            }
        }
    }

    /** For what a split tears. */
    private List<Submission> received(Connection connection, Set<Long> entries)
            throws SQLException {
        var _ = journal.chartAnew(connection, entries);
        return prepared(space.rows(entries), true);
    }

    private List<PatientRecord> records(Connection connection, JsonNode described)
            throws SQLException {
        var records = new ArrayList<PatientRecord>();
        for (var one : described) records.add(record(connection, one));
        return records;
    }

    private Claim claim(long about, JsonNode json, String field) throws SQLException {
        var messages = prepared(space.rows(List.of(about)), true);
        if (messages.isEmpty()
                || !(messages.getFirst().prepared() instanceof Prepared.ToChart(var update, _, _)))
            throw new NotPossible("its message names no patient that can be charted");
        var claim = json.path(field);
        return Decisions.claim(
                update,
                claim.isString()
                        ? Optional.of(UUID.fromString(claim.asString()))
                        : Optional.empty());
    }

    private PatientRecord record(Connection connection, JsonNode described) throws SQLException {
        return identity.record(
                        connection,
                        new RecordKey(
                                described.path("authority").asString(""),
                                described.path("type").asString(""),
                                described.path("value").asString("")),
                        described.path("edition").longValue(0))
                .orElseThrow(() -> new NotPossible("there is no such patient then"));
    }
}
