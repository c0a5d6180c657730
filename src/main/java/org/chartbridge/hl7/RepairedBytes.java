package org.chartbridge.hl7;

import org.chartbridge.hl7.Message.Change;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Writes changed values into normalised bytes. What is read at a changed place leads back to the
 * bytes that stood there, or to where they would have stood.
 */
final class RepairedBytes {
    private final Normaliser.Normalised before;
    private final Charset charset;

    private RepairedBytes(Normaliser.Normalised before, Charset charset) {
        this.before = before;
        this.charset = charset;
    }

    /** From and to in the bytes before, and what is put there; delimiters in front of a new one. */
    private record Splice(int from, int to, String padding, String text) {}

    static Normaliser.Normalised of(
            Normaliser.Normalised before, Charset charset, List<Change> changes) {
        return new RepairedBytes(before, charset).with(changes);
    }

    private Normaliser.Normalised with(List<Change> changes) {
        var splices = new ArrayList<Splice>();
        for (var change : changes) splices.add(splice(change));
        splices.sort(Comparator.comparingInt(Splice::from));
        var out = new ByteArrayOutputStream(before.bytes().length + 256);
        var edits = new Edits();
        var starts = before.starts().clone();
        var ends = before.ends().clone();
        int at = 0;
        for (var splice : splices) {
            if (splice.from() < at) continue; // Two changes of one place: the first is taken.
            out.write(before.bytes(), at, splice.from() - at);
            out.writeBytes(splice.padding().getBytes(charset));
            int start = out.size();
            out.writeBytes(splice.text().getBytes(charset));
            if (out.size() > start) edits.replaced(start, splice.from(), splice.to());
            edits.resume(out.size(), splice.to());
            int grown =
                    splice.padding().getBytes(charset).length
                            + out.size()
                            - start
                            - (splice.to() - splice.from());
            for (int i = 0; i < before.count(); i++) {
                if (before.starts()[i] > splice.from()) starts[i] += grown;
                if (before.ends()[i] >= splice.to()) ends[i] += grown;
            }
            at = splice.to();
        }
        out.write(before.bytes(), at, before.bytes().length - at);
        return new Normaliser.Normalised(
                out.toByteArray(),
                edits.over(before.cut()),
                before.transcoded(),
                before.sent(),
                before.delimiters(),
                before.names(),
                starts,
                ends,
                before.count(),
                true,
                before.suspicious(),
                before.remarks());
    }

    private Splice splice(Change change) {
        var d = before.delimiters();
        int index = change.line().index();
        int start = before.starts()[index];
        int end = before.ends()[index];
        var text = change.asSent() ? change.text() : SegmentText.escaped(change.text(), d);
        long found =
                find(
                        start,
                        end,
                        change.field(),
                        change.repetition(),
                        change.component(),
                        change.subcomponent());
        if (found != 0) return new Splice((int) (found >>> 32), (int) found, "", text);
        long field = find(start, end, change.field(), change.repetition(), 0, 0);
        if (field == 0) {
            int fields = count(start, end, d.field());
            var padding =
                    new StringBuilder().repeat(d.field(), Math.max(0, change.field() - fields));
            return new Splice(end, end, padding + lead(change), text);
        }
        long component =
                find(start, end, change.field(), change.repetition(), change.component(), 0);
        if (component == 0) {
            int to = (int) field;
            int parts = 1 + count((int) (field >>> 32), to, d.component());
            var padding = new StringBuilder().repeat(d.component(), change.component() - parts);
            return new Splice(to, to, padding + subLead(change), text);
        }
        int to = (int) component;
        int parts = 1 + count((int) (component >>> 32), to, d.subcomponent());
        return new Splice(
                to,
                to,
                String.valueOf(d.subcomponent()).repeat(change.subcomponent() - parts),
                text);
    }

    private long find(
            int start, int end, int field, int repetition, int component, int subcomponent) {
        return Extents.find(
                before.bytes(),
                start,
                end,
                before.delimiters(),
                false,
                field,
                repetition,
                component,
                subcomponent);
    }

    /** Delimiters in front of a component of a field that is new. */
    private String lead(Change change) {
        return String.valueOf(before.delimiters().component())
                        .repeat(Math.max(0, change.component() - 1))
                + subLead(change);
    }

    private String subLead(Change change) {
        return String.valueOf(before.delimiters().subcomponent())
                .repeat(Math.max(0, change.subcomponent() - 1));
    }

    private int count(int from, int to, char delimiter) {
        int count = 0;
        for (int i = from; i < to; i++) if (before.bytes()[i] == delimiter) count++;
        return count;
    }
}
