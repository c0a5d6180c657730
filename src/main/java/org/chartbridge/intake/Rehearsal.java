package org.chartbridge.intake;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.chartbridge.chart.Applied;
import org.chartbridge.chart.ChartInRehearsal;
import org.chartbridge.chart.ChartInRehearsal.Order;
import org.chartbridge.chart.ChartUpdate;
import org.chartbridge.chart.Results;
import org.chartbridge.delivery.StagedDelivery;
import org.chartbridge.hl7.AckCode;
import org.chartbridge.hl7.Fault;
import org.chartbridge.hl7.Header;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.chartbridge.hl7.Verdict;
import org.chartbridge.journal.EntryState;
import org.chartbridge.mapping.Explained;
import org.chartbridge.mapping.Explainer;
import org.chartbridge.mapping.Mappings;
import org.chartbridge.mapping.OrderAnswer;
import org.chartbridge.screening.ScreeningInRehearsal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Says what would become of a message, by the code that the engine runs and without a database: for
 * tests of partners' folders. A patient who comes for the first time is taken for known. Results
 * are folded behind those played before, and orders are screened against what those said; of all
 * else it is said what it states.
 */
public final class Rehearsal {
    private final Preparation preparation;
    private final Explainer explainer;
    private final ScreeningInRehearsal screening;

    public Rehearsal(
            RouteRunner routes,
            Mappings mappings,
            Explainer explainer,
            ScreeningInRehearsal screening) {
        this.preparation =
                new Preparation(routes, mappings, new StageTimes(new SimpleMeterRegistry()));
        this.explainer = explainer;
        this.screening = screening;
    }

    /**
     * What would become of it.
     *
     * @param state charted, ignored, refused or held
     * @param answers the codes of its answers in their order; none for silence
     * @param told the faults that the answer tells
     * @param remarks what the journal would say besides
     * @param facts what it says for the chart; none unless it is charted or held
     * @param deliveries what would leave
     * @param holds whether they wait until a person has decided about an alert
     * @param orders how the orders of its patients stand afterwards
     * @param stays what its reports leave empty and stays said, by their path
     */
    public record Played(
            EntryState state,
            List<AckCode> answers,
            List<Fault> told,
            List<Fault> remarks,
            List<Explained> facts,
            List<StagedDelivery> deliveries,
            boolean holds,
            List<Order> orders,
            Map<String, String> stays) {
        public Played {
            answers = List.copyOf(answers);
            told = List.copyOf(told);
            remarks = List.copyOf(remarks);
            facts = List.copyOf(facts);
            deliveries = List.copyOf(deliveries);
            orders = List.copyOf(orders);
            stays = Map.copyOf(stays);
        }

        private Played with(List<Order> standing, Map<String, String> said) {
            return new Played(
                    state, answers, told, remarks, facts, deliveries, holds, standing, said);
        }
    }

    /**
     * Plays one message.
     *
     * @param chart what was played before it
     * @param parts is given it where it is a part of a message
     */
    public Played play(Arrival arrival, ChartInRehearsal chart, PartsInRehearsal parts) {
        var read = preparation.read(arrival);
        return switch (read.prepared()) {
            case Prepared.ToChart(var update, var remarks, var deliveries) -> {
                var told = new ArrayList<Fault>();
                var stays = new TreeMap<String, String>();
                var late = new ArrayList<Applied.Remark>();
                var all = folded(update, chart, remarks, told, stays, late);
                boolean held = waits(update) || !told.isEmpty();
                var screened =
                        held
                                ? Screened.CLEAR
                                : screened(
                                        arrival, update, chart, Screened.unread(all), deliveries);
                told.addAll(screened.faults());
                if (!held) sent(chart, deliveries);
                yield played(
                                arrival,
                                held ? EntryState.HELD : EntryState.CHARTED,
                                Verdict.ACCEPT,
                                told,
                                all,
                                facts(arrival),
                                Overtaken.leftOut(
                                        deliveries,
                                        Overtaken.in(late),
                                        arrival.raw(),
                                        arrival.partner().charset()),
                                screened.holds())
                        .with(held ? List.of() : chart.orders(update), held ? Map.of() : stays);
            }
            case Prepared.Decided(var state, var verdict, var told, var remarks, var deliveries) ->
                    played(arrival, state, verdict, told, remarks, List.of(), deliveries, false);
            case Prepared.Acknowledged(_, _, _, var told, var remarks, var deliveries) ->
                    played(
                            arrival,
                            EntryState.IGNORED,
                            Verdict.ACCEPT,
                            told,
                            remarks,
                            List.of(),
                            deliveries,
                            false);
            case Prepared.Part part -> {
                parts.keep(arrival, part);
                yield played(
                        arrival,
                        EntryState.HELD,
                        Verdict.ACCEPT,
                        part.told(),
                        List.of(),
                        List.of(),
                        List.of(),
                        false);
            }
            case Prepared.ToStore _ ->
                    throw new IllegalStateException("a message is read before it is only stored");
            case Prepared.Answered answered ->
                    played(
                            arrival,
                            answered.state(),
                            answered.verdict(),
                            List.of(),
                            List.of(),
                            List.of(),
                            answered.deliveries(),
                            false);
        };
    }

    private static void sent(ChartInRehearsal chart, List<StagedDelivery> deliveries) {
        var waiting = new HashSet<String>();
        var left = new HashSet<String>();
        for (var one : deliveries) {
            for (var chosen : one.chosen()) left.add(chosen.number());
            if (one.waits() != null && one.body() != null)
                for (var named : OrderAnswer.named(one.body())) waiting.add(named.number());
        }
        chart.sent(waiting, left);
    }

    private Screened screened(
            Arrival arrival,
            ChartUpdate update,
            ChartInRehearsal chart,
            List<Fault> unread,
            List<StagedDelivery> deliveries) {
        var found = screening.alerts(update, chart);
        return Screened.of(
                found.alerts(),
                screening.isOff() ? List.of() : unread,
                arrival.partner().screening(),
                found.entryId(),
                !deliveries.isEmpty());
    }

    private static boolean waits(ChartUpdate update) {
        return update.parts().stream()
                .anyMatch(part -> part instanceof Results results && results.waitsForCodes());
    }

    /**
     * The remarks, and those of the fold.
     *
     * @param told is given the reasons why a person has to look
     * @param stays is given what the reports leave empty and stays said
     * @param found is given those of the fold
     */
    private static List<Fault> folded(
            ChartUpdate update,
            ChartInRehearsal chart,
            List<Fault> remarks,
            List<Fault> told,
            Map<String, String> stays,
            List<Applied.Remark> found) {
        var all = remarks;
        for (var part : update.parts()) {
            // Whose the others are is known by an order, and there are none.
            if (!(part instanceof Results results) || results.byOrder() != null) continue;
            switch (chart.fold(results)) {
                case Applied.Held(var doubts) ->
                        doubts.forEach(doubt -> told.add(GroupWork.fault(doubt)));
                case Applied.Changed changed -> {
                    all = GroupWork.with(all, changed.remarks());
                    stays.putAll(ChartInRehearsal.stays(changed));
                    found.addAll(changed.remarks());
                }
            }
        }
        return all;
    }

    private List<Explained> facts(Arrival arrival) {
        return switch (Message.read(arrival.raw(), arrival.partner().charset())) {
            case Reading.Readable(var message) -> explainer.explain(message, arrival.partner());
            case Reading.Unreadable _ -> List.of();
        };
    }

    private static Played played(
            Arrival arrival,
            EntryState decided,
            Verdict verdict,
            List<Fault> told,
            List<Fault> remarks,
            List<Explained> facts,
            List<StagedDelivery> deliveries,
            boolean holds) {
        var mode = Intake.mode(arrival.partner());
        var due = Intake.plan(Header.read(arrival.raw()), mode).due(verdict);
        var state = GroupWork.keptBy(decided, verdict, due);
        boolean free = state == EntryState.CHARTED || state == EntryState.IGNORED;
        var all = new ArrayList<>(told);
        if (free) all.addAll(GroupWork.waiting(deliveries));
        return new Played(
                state,
                Stream.of(due.now(), due.later()).flatMap(Stream::ofNullable).toList(),
                all,
                remarks,
                facts,
                free ? deliveries : List.of(),
                holds,
                List.of(),
                Map.of());
    }
}
