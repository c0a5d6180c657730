package org.chartbridge.mapping;

import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Fault;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Message.Change;
import org.chartbridge.partner.Edit;
import org.chartbridge.partner.Edit.Action;
import org.chartbridge.partner.Edit.Place;
import org.chartbridge.partner.Partner;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Puts right what a partner's {@code repairs.edit.yaml} names, before anything is mapped: part of
 * mapping, so that an explanation and a rebuild repair alike. Each repair sees what those before it
 * did. Pure; the message as it came is left as it is.
 */
final class Repairs {
    /** Remarks of one message; the others are counted. */
    static final int MAX_REMARKS = 50;

    private final Partner partner;
    private final List<Fault> remarks = new ArrayList<>();
    private final List<Done> done = new ArrayList<>();
    private Message message;
    private int further;

    private Repairs(Message message, Partner partner) {
        this.message = message;
        this.partner = partner;
    }

    /** A message put right, and what was done to it, without its content. */
    record Repaired(Message message, List<Fault> remarks, List<Done> done) {}

    /**
     * A repair that was done.
     *
     * @param by which rule of which file
     */
    record Done(Location place, String by) {

        /** Whether what is read at another place was changed by it. */
        boolean changed(Location read) {
            return place.segment().equals(read.segment())
                    && place.sequence() == read.sequence()
                    && place.field() == read.field()
                    && Math.max(1, place.repetition()) == Math.max(1, read.repetition())
                    && overlap(place.component(), read.component())
                    && overlap(place.subcomponent(), read.subcomponent());
        }

        private static boolean overlap(int one, int other) {
            return one == 0 || other == 0 || one == other;
        }
    }

    static Repaired of(Message message, Partner partner) {
        if (partner.repairs().isEmpty()) return new Repaired(message, List.of(), List.of());
        var repairs = new Repairs(message, partner);
        for (var repair : partner.repairs()) repairs.apply(repair);
        return new Repaired(repairs.message, repairs.remarks(), repairs.done);
    }

    private List<Fault> remarks() {
        if (further > 0)
            remarks.add(
                    Fault.information(
                            null,
                            ErrorCode.ACCEPTED,
                            "repaired",
                            further + " further repairs are not listed."));
        return List.copyOf(remarks);
    }

    private void apply(Edit repair) {
        if (!repair.isFor(message.header().messageCode(), message.header().triggerEvent())) return;
        var changes = new ArrayList<Change>();
        for (var line : message.lines(repair.at().segment())) {
            try {
                if (holds(repair.when(), line)) apply(repair, line, changes);
            } catch (Edit.GivenUp e) {
                remark(repair, line.location(), String.valueOf(e.getMessage()), false);
            }
        }
        if (!changes.isEmpty()) message = message.repaired(changes);
    }

    private boolean holds(Edit.@Nullable When when, Line line) {
        if (when == null) return true;
        var at = when.field();
        var looked = looked(at.segment(), line);
        return when.test()
                .holds(
                        looked == null
                                ? ""
                                : message.value(
                                        looked, at.field(), 1, at.component(), at.subcomponent()));
    }

    /** The segment itself, else the nearest of the name before it, else the first. */
    private @Nullable Line looked(String segment, Line line) {
        if (segment.equals(line.segment())) return line;
        var all = message.lines(segment);
        Line nearest = null;
        for (var one : all) if (nearest == null || one.index() < line.index()) nearest = one;
        return nearest;
    }

    private void apply(Edit repair, Line line, List<Change> changes) {
        var at = repair.at();
        int repetitions = Math.max(1, message.repetitions(line, at.field()));
        for (int i = 1; i <= repetitions; i++) {
            switch (repair.action()) {
                case Action.Value action -> {
                    var value =
                            message.value(line, at.field(), i, at.component(), at.subcomponent());
                    try {
                        var text = action.of(value);
                        if (text.isPresent()) set(repair, line, i, value, text.get(), changes);
                    } catch (Edit.GivenUp e) {
                        var why = String.valueOf(e.getMessage());
                        remark(repair, place(line, i, at), why, false);
                    }
                }
                case Action.Move(var to) -> move(repair, line, i, to, changes);
                case Action.Copy _, Action.Parts _, Action.Remove _, Action.Insert _ ->
                        throw new IllegalStateException("no repair does this");
            }
        }
    }

    private void set(
            Edit repair, Line line, int repetition, String before, String text, List<Change> to) {
        if (text.equals(before)) return;
        var place = place(line, repetition, repair.at());
        if (!message.fits(text)) {
            remark(repair, place, "the character set has not all of its letters", false);
            return;
        }
        to.add(change(line, repetition, repair.at(), text, false));
        done.add(new Done(place, by(repair)));
        remark(repair, place, "", true);
    }

    /** As it was sent, with its parts; never over something else that was sent. */
    private void move(Edit repair, Line line, int repetition, Place to, List<Change> changes) {
        var from = repair.at();
        var sent =
                message.asSent(
                        line, from.field(), repetition, from.component(), from.subcomponent());
        if (sent.isEmpty()) return;
        var place = place(line, repetition, from);
        var there = message.value(line, to.field(), repetition, to.component(), to.subcomponent());
        if (!there.isEmpty()) {
            remark(repair, place, to + " holds something already", false);
            return;
        }
        changes.add(change(line, repetition, from, "", false));
        changes.add(change(line, repetition, to, sent, true));
        done.add(new Done(place, by(repair)));
        done.add(new Done(place(line, repetition, to), by(repair)));
        remark(repair, place, "now at " + to, true);
    }

    private static Change change(Line line, int repetition, Place at, String text, boolean asSent) {
        return new Change(
                line, at.field(), repetition, at.component(), at.subcomponent(), text, asSent);
    }

    private static Location place(Line line, int repetition, Place at) {
        var place = line.location(at.field());
        if (repetition > 1) place = place.repetition(repetition);
        if (at.component() > 0) place = place.component(at.component());
        return at.subcomponent() > 0 ? place.subcomponent(at.subcomponent()) : place;
    }

    private void remark(Edit repair, Location place, String more, boolean done) {
        if (remarks.size() == MAX_REMARKS) {
            further++;
            return;
        }
        var by = by(repair);
        remarks.add(
                done
                        ? Fault.information(
                                place,
                                ErrorCode.ACCEPTED,
                                "repaired",
                                "Repaired by " + by + (more.isEmpty() ? "." : ": " + more + "."))
                        : Fault.warning(
                                place,
                                ErrorCode.ACCEPTED,
                                "repair-not-applied",
                                "Not repaired by " + by + ": " + more + "."));
    }

    private String by(Edit repair) {
        return partner.folder()
                + "/"
                + Edit.REPAIRS
                + ":"
                + repair.line()
                + (repair.id().startsWith("line ") ? "" : " (" + repair.id() + ")");
    }
}
