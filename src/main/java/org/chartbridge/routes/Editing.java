package org.chartbridge.routes;

import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Necessary;
import org.chartbridge.hl7.Reading;
import org.chartbridge.hl7.Rewriting;
import org.chartbridge.hl7.Rewriting.Segment;
import org.chartbridge.partner.Edit;
import org.chartbridge.partner.Edit.Action;
import org.chartbridge.partner.Edit.Place;
import org.chartbridge.partner.EditScript;
import org.chartbridge.partner.EditScript.Change;
import org.chartbridge.partner.EditScript.Step;
import org.chartbridge.partner.EditScript.ToCharset;
import org.chartbridge.partner.EditScript.ToStandardDelimiters;
import org.chartbridge.partner.EditScript.ToVersion;
import org.chartbridge.partner.EditScript.Without;
import org.jspecify.annotations.Nullable;

import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes one message of another by an edit file: read in its own delimiters and character set,
 * changed value by value, written through the encoder. Pure: the same message and file, the same
 * bytes.
 */
final class Editing {
    private final EditScript script;
    private final Message message;
    private final Rewriting text;
    private String type = "";
    private String trigger = "";

    private Editing(EditScript script, Message message) {
        this.script = script;
        this.message = message;
        this.text = Rewriting.of(message);
        this.type = message.header().messageCode();
        this.trigger = message.header().triggerEvent();
    }

    /**
     * The edited message.
     *
     * @param defaultCharset what is meant when MSH-18 is empty
     * @throws NotPossible with file and line, when what would go out is not what the file means
     */
    static byte[] edited(byte[] body, Charset defaultCharset, EditScript script) {
        var message = read(body, defaultCharset);
        if (message == null)
            throw new NotPossible(
                    script.file() + ": what is to be edited is no message that begins with MSH");
        var editing = new Editing(script, message);
        for (var step : script.steps()) editing.step(step);
        return editing.written(defaultCharset);
    }

    private static @Nullable Message read(byte[] body, Charset defaultCharset) {
        return switch (Message.read(body, defaultCharset)) {
            case Reading.Readable(var message) -> message;
            case Reading.Unreadable _ -> null;
        };
    }

    private void step(Step step) {
        try {
            switch (step) {
                case Change(var edit) -> change(edit);
                case ToVersion(_, var version) -> text.useVersion(version);
                case ToCharset(_, var name) -> text.useCharset(name);
                case ToStandardDelimiters _ -> text.useStandardDelimiters();
                case Without _ -> {}
            }
        } catch (Rewriting.NotWritten | Edit.GivenUp e) {
            throw new NotPossible(where(step.line()) + e.getMessage());
        }
    }

    private String where(int line) {
        return script.file() + ":" + line + ": ";
    }

    /** What goes out is read once more: an edit that breaks a message sends none. */
    private byte[] written(Charset defaultCharset) {
        byte[] bytes;
        try {
            bytes = text.bytes();
        } catch (Rewriting.NotWritten e) {
            throw new NotPossible(script.file() + ": " + e.getMessage());
        }
        var again = read(bytes, defaultCharset);
        if (again == null || again.lines().size() != text.segments().size())
            throw new NotPossible(script.file() + ": what came out can't be read as a message");
        if (again.header().messageCode().isEmpty() || again.header().controlId().isEmpty())
            throw new NotPossible(script.file() + ": MSH-9 is empty in what came out");
        checkComplete(again.header().messageCode());
        return bytes;
    }

    /**
     * What the message had and its receiver can't do without, an edit must not take away; what it
     * lacked before is its sender's matter.
     */
    private void checkComplete(String code) {
        var lacking = Necessary.lacking(code, text);
        if (lacking.isEmpty()) return;
        for (var step : script.steps())
            if (step instanceof Without(_, var names)) lacking.keySet().removeAll(names);
        var before = Necessary.lacking(code, Rewriting.of(message));
        for (var lack : lacking.entrySet()) {
            var name = lack.getKey();
            int had = before.getOrDefault(name, 0);
            if (lack.getValue() > had)
                throw new NotPossible(
                        where(lineThatTook(code, name, had))
                                + name
                                + (name.contains("-") ? " is empty" : " is missing")
                                + " in what came out, and no receiver of "
                                + code
                                + " can do without; correct the edit, or write  - without: "
                                + name
                                + "  in the file if this one can");
        }
    }

    private int lineThatTook(String code, String name, int had) {
        var again = new Editing(script, message);
        int line = 1;
        int last = had;
        for (var step : script.steps()) {
            again.step(step);
            int now = Necessary.lacking(code, again.text).getOrDefault(name, 0);
            if (now > last) line = step.line();
            last = now;
        }
        return line;
    }

    private void change(Edit edit) {
        if (!edit.isFor(type, trigger)) return;
        switch (edit.action()) {
            case Action.Remove _ -> remove(edit);
            case Action.Insert(var before, var beside) ->
                    text.insert(edit.at().segment(), Set.copyOf(chosen(edit, beside)), before);
            case Action.Copy(var to) -> copy(edit, to, false);
            case Action.Move(var to) -> copy(edit, to, true);
            case Action.Parts(var texts) -> {
                for (var segment : chosen(edit, edit.at().segment())) {
                    int last = last(edit, segment);
                    for (int i = first(edit, segment); i <= last; i++)
                        text.setComponents(segment, edit.at().field(), i, texts);
                }
            }
            case Action.Value action -> {
                for (var segment : chosen(edit, edit.at().segment())) value(edit, action, segment);
            }
        }
    }

    private void remove(Edit edit) {
        var found = new HashSet<Segment>();
        for (var name : names(edit.at().segment())) found.addAll(chosen(edit, name));
        text.remove(found);
    }

    private Set<String> names(String pattern) {
        if (!pattern.endsWith("*")) return Set.of(pattern);
        var begin = pattern.substring(0, pattern.length() - 1);
        var names = new HashSet<String>();
        for (var segment : text.segments())
            if (segment.name().startsWith(begin)) names.add(segment.name());
        return names;
    }

    private void value(Edit edit, Action.Value action, Segment segment) {
        var at = edit.at();
        int last = last(edit, segment);
        for (int i = first(edit, segment); i <= last; i++) {
            var value = text.value(segment, at.field(), i, at.component(), at.subcomponent());
            if (action instanceof Action.Table table && table.misses(value))
                throw new NotPossible(
                        where(edit.line())
                                + "the table has nothing for what stands in "
                                + at
                                + "; add the row");
            var next = action.of(value);
            if (next.isPresent() && !next.get().equals(value))
                text.set(segment, at.field(), i, at.component(), at.subcomponent(), next.get());
        }
    }

    private int first(Edit edit, Segment segment) {
        int sent = text.repetitions(segment, edit.at().field());
        return switch (edit.repetition()) {
            case Edit.EVERY -> 1;
            case Edit.LAST -> Math.max(1, sent);
            case Edit.NEW -> sent + 1;
            default -> edit.repetition();
        };
    }

    private int last(Edit edit, Segment segment) {
        return edit.repetition() == Edit.EVERY
                ? Math.max(1, text.repetitions(segment, edit.at().field()))
                : first(edit, segment);
    }

    /** To each segment of the place's name, from the one that {@link #nearest} tells. */
    private void copy(Edit edit, Place to, boolean move) {
        var from = edit.at();
        var sources = nearest(from.segment());
        var copied = new LinkedHashSet<Segment>();
        for (var target : chosen(edit, to.segment())) {
            var source = sources.get(target);
            if (source == null) continue;
            if (edit.repetition() == Edit.NEW) {
                if (copy(source, from, 1, target, to, text.repetitions(target, to.field()) + 1))
                    copied.add(source);
                continue;
            }
            int last = isWhole(edit, to) ? 0 : last(edit, source);
            for (int i = isWhole(edit, to) ? 0 : first(edit, source); i <= last; i++)
                if (copy(source, from, i, target, to, i)) copied.add(source);
        }
        if (!move) return;
        for (var source : copied) {
            // Of what went as a whole nothing is left, not even its delimiters.
            int first =
                    isWhole(edit, to) ? 0 : edit.repetition() == Edit.NEW ? 1 : first(edit, source);
            int last =
                    isWhole(edit, to) || edit.repetition() == Edit.NEW ? first : last(edit, source);
            for (int i = first; i <= last; i++)
                text.setAsSent(source, from.field(), i, from.component(), from.subcomponent(), "");
        }
    }

    private static boolean isWhole(Edit edit, Place to) {
        return edit.repetition() == Edit.EVERY && edit.at().depth() == 1 && to.depth() == 1;
    }

    /** Whether there was anything to copy. */
    private boolean copy(
            Segment source, Place from, int repetition, Segment target, Place to, int into) {
        var sent =
                text.asSent(
                        source, from.field(), repetition, from.component(), from.subcomponent());
        if (sent.isEmpty()) return false;
        // What has parts can't stand as it is where only a part has room.
        if (to.depth() > from.depth())
            text.set(
                    target,
                    to.field(),
                    into,
                    to.component(),
                    to.subcomponent(),
                    text.value(
                            source,
                            from.field(),
                            repetition,
                            from.component(),
                            from.subcomponent()));
        else text.setAsSent(target, to.field(), into, to.component(), to.subcomponent(), sent);
        return true;
    }

    /** The segments of a name for which the edit's condition holds. */
    private List<Segment> chosen(Edit edit, String name) {
        var named = text.segments().stream().filter(s -> s.name().equals(name)).toList();
        var when = edit.when();
        if (when == null || named.isEmpty()) return named;
        var at = when.field();
        var looked = nearest(at.segment());
        return named.stream()
                .filter(segment -> when.test().holds(value(looked.get(segment), at)))
                .toList();
    }

    private String value(@Nullable Segment segment, Place at) {
        return segment == null
                ? ""
                : text.value(segment, at.field(), 1, at.component(), at.subcomponent());
    }

    /**
     * For every segment the one of a name that it goes with: itself, else the nearest before it,
     * else the first; nothing where there is none.
     */
    private Map<Segment, Segment> nearest(String name) {
        var found = new HashMap<Segment, Segment>();
        Segment nearest = null;
        for (var segment : text.segments()) {
            if (segment.name().equals(name)) {
                nearest = segment;
                for (var earlier : text.segments()) {
                    if (earlier == segment || found.containsKey(earlier)) break;
                    found.put(earlier, segment);
                }
            }
            if (nearest != null) found.put(segment, nearest);
        }
        return found;
    }
}
