package org.chartbridge.mapping;

import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Fault;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Message.Change;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.Repair;
import org.chartbridge.partner.Repair.Action;
import org.chartbridge.partner.Repair.Place;
import org.chartbridge.partner.Repair.Test;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Puts right what a partner's {@code repairs.edit.yaml} names, before anything is mapped: part of
 * mapping, so that an explanation and a rebuild repair alike. Each repair sees what those before it
 * did. Pure; the message as it came is left as it is.
 */
final class Repairs {
    /** Remarks of one message; the others are counted. */
    static final int MAX_REMARKS = 50;

    /** Characters of a value that a pattern looks at; longer ones stay as they are, remarked. */
    static final int MAX_VALUE_CHARACTERS = 10_000;

    /** Steps of a pattern in one value: one that tries everything is given up, remarked. */
    static final int MAX_STEPS = 200_000;

    private final Partner partner;
    private final List<Fault> remarks = new ArrayList<>();
    private Message message;
    private int further;

    private Repairs(Message message, Partner partner) {
        this.message = message;
        this.partner = partner;
    }

    /** A message put right, and what was done to it, without its content. */
    record Repaired(Message message, List<Fault> remarks) {}

    static Repaired of(Message message, Partner partner) {
        if (partner.repairs().isEmpty()) return new Repaired(message, List.of());
        var repairs = new Repairs(message, partner);
        for (var repair : partner.repairs()) repairs.apply(repair);
        return new Repaired(repairs.message, repairs.remarks());
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

    private void apply(Repair repair) {
        if (!isFor(repair)) return;
        var changes = new ArrayList<Change>();
        for (var line : message.lines(repair.at().segment())) {
            try {
                if (holds(repair.when(), line)) apply(repair, line, changes);
            } catch (TooManySteps | StackOverflowError e) {
                // Java's patterns call themselves for each character of some groups.
                remark(repair, line.location(), "its pattern takes too many steps here", false);
            }
        }
        if (!changes.isEmpty()) message = message.repaired(changes);
    }

    private boolean isFor(Repair repair) {
        if (repair.types().isEmpty()) return true;
        var code = message.header().messageCode();
        return repair.types().contains(code)
                || repair.types().contains(code + "^" + message.header().triggerEvent());
    }

    private boolean holds(Repair.@Nullable When when, Line line) {
        if (when == null) return true;
        var at = when.field();
        var looked =
                at.segment().equals(line.segment())
                        ? line
                        : message.line(at.segment(), 1).orElse(null);
        var value =
                looked == null
                        ? ""
                        : message.value(looked, at.field(), 1, at.component(), at.subcomponent());
        return switch (when.test()) {
            case Test.Is(var values) -> values.contains(value);
            case Test.Matches(var pattern) ->
                    value.length() <= MAX_VALUE_CHARACTERS && found(pattern, value);
            case Test.Empty(var wanted) -> value.isEmpty() == wanted;
        };
    }

    private static boolean found(Pattern pattern, String value) {
        return pattern.matcher(new Limited(value)).find();
    }

    private void apply(Repair repair, Line line, List<Change> changes) {
        var at = repair.at();
        int repetitions = Math.max(1, message.repetitions(line, at.field()));
        for (int i = 1; i <= repetitions; i++) {
            var value = message.value(line, at.field(), i, at.component(), at.subcomponent());
            switch (repair.action()) {
                case Action.Set(var text) -> set(repair, line, i, value, text, changes);
                case Action.Default(var text) -> {
                    if (value.isEmpty()) set(repair, line, i, value, text, changes);
                }
                case Action.Delete _ -> {
                    if (!value.isEmpty()) set(repair, line, i, value, "", changes);
                }
                case Action.Table(var values) -> {
                    var text = values.get(value);
                    if (text != null) set(repair, line, i, value, text, changes);
                }
                case Action.Replace(var pattern, var with) -> {
                    if (value.isEmpty() || value.equals(Message.NULL)) continue;
                    if (value.length() > MAX_VALUE_CHARACTERS)
                        remark(repair, place(line, i, at), "the value is too long for it", false);
                    else if (found(pattern, value))
                        set(
                                repair,
                                line,
                                i,
                                value,
                                pattern.matcher(new Limited(value)).replaceAll(with),
                                changes);
                }
                case Action.Move(var to) -> move(repair, line, i, to, changes);
            }
        }
    }

    private void set(
            Repair repair, Line line, int repetition, String before, String text, List<Change> to) {
        if (text.equals(before)) return;
        var place = place(line, repetition, repair.at());
        if (!message.fits(text)) {
            remark(repair, place, "the character set has not all of its letters", false);
            return;
        }
        to.add(change(line, repetition, repair.at(), text, false));
        remark(repair, place, "", true);
    }

    /** As it was sent, with its parts; never over something else that was sent. */
    private void move(Repair repair, Line line, int repetition, Place to, List<Change> changes) {
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

    private void remark(Repair repair, Location place, String more, boolean done) {
        if (remarks.size() == MAX_REMARKS) {
            further++;
            return;
        }
        var by =
                partner.folder()
                        + "/"
                        + Repair.FILE
                        + ":"
                        + repair.line()
                        + (repair.id().startsWith("line ") ? "" : " (" + repair.id() + ")");
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

    private static final class TooManySteps extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooManySteps() {
            super("too many steps", null, false, false);
        }
    }

    /** A value that a pattern may look at only so often. */
    private static final class Limited implements CharSequence {
        private final String value;
        private int steps;

        Limited(String value) {
            this.value = value;
        }

        @Override
        public char charAt(int index) {
            if (++steps > MAX_STEPS) throw new TooManySteps();
            return value.charAt(index);
        }

        @Override
        public int length() {
            return value.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return value.substring(start, end);
        }

        @Override
        public String toString() {
            return value;
        }
    }
}
