package org.chartbridge.hl7;

import java.util.ArrayList;
import java.util.List;

/**
 * A message as a tree with names, for people: segments, fields, components, subcomponents, each
 * with its path, its decoded value and what was sent. Empty parts are left out.
 */
public final class NamedTree {
    /** Characters shown of a value that is very long; an embedded PDF is not read by eye. */
    public static final int MAX_SHOWN = 2_000;

    /** A value of more bytes is cut to {@link #MAX_SHOWN}; no character takes more than four. */
    private static final int MAX_BYTES = 4 * MAX_SHOWN;

    /** Nodes of one tree; the rest of a larger message is in its raw view. */
    public static final int MAX_NODES = 20_000;

    /**
     * One part of a message.
     *
     * @param path such as {@code OBX[3]-5.1}
     * @param name the standard's name, "" where the standard (2.8.1) knows none
     * @param value decoded text; for a part with children the whole of it as sent
     * @param asSent escapes as sent, for those who want to see them
     * @param known whether the standard has this part; false for Z-segments and extra fields
     * @param children the parts inside; empty for a plain value
     */
    public record Node(
            Location path,
            String name,
            String value,
            String asSent,
            boolean known,
            List<Node> children) {
        /** Whether escapes stand in what was sent. */
        public boolean escaped() {
            return children.isEmpty() && !value.equals(asSent);
        }
    }

    private final Message message;
    private int nodes;

    private NamedTree(Message message) {
        this.message = message;
    }

    /** One node for each segment; ends early at {@link #MAX_NODES}. */
    public static List<Node> of(Message message) {
        var tree = new NamedTree(message);
        var segments = new ArrayList<Node>();
        for (var line : message.lines()) {
            if (tree.nodes > MAX_NODES) break;
            segments.add(tree.segment(line));
        }
        return List.copyOf(segments);
    }

    private Node segment(Line line) {
        nodes++;
        var names = StandardNames.of(line.segment());
        var children = new ArrayList<Node>();
        int fields = Math.min(message.fields(line), Limits.MAX_FIELDS);
        for (int field = 1; field <= fields; field++) {
            int repetitions = message.repetitions(line, field);
            for (int repetition = 1; repetition <= repetitions; repetition++) {
                if (nodes > MAX_NODES) break;
                children.add(field(line, names, field, repetition));
            }
        }
        var text = asSent(line, line.location());
        return new Node(
                line.location(), names.segment(), text, text, names.known(), List.copyOf(children));
    }

    private Node field(Line line, StandardNames names, int field, int repetition) {
        nodes++;
        var place = line.location(field).repetition(repetition);
        var part = names.field(field);
        var children = new ArrayList<Node>();
        boolean delimiters = Message.isHeader(line) && field <= 2;
        int components = delimiters ? 1 : message.parts(line, field, repetition, 0);
        if (components > 1 || part.composite())
            for (int c = 1; !delimiters && c <= components; c++) {
                if (message.length(line, place.component(c)) == 0) continue;
                children.add(component(line, place.component(c), part.child(c)));
            }
        return node(line, place, part, children);
    }

    private Node component(Line line, Location place, StandardNames.Part part) {
        nodes++;
        var children = new ArrayList<Node>();
        int count = message.parts(line, place.field(), place.repetition(), place.component());
        if (count > 1)
            for (int s = 1; s <= count; s++) {
                var inner = place.subcomponent(s);
                if (message.length(line, inner) == 0) continue;
                nodes++;
                children.add(node(line, inner, part.child(s), List.of()));
            }
        return node(line, place, part, children);
    }

    private Node node(Line line, Location place, StandardNames.Part part, List<Node> children) {
        var asSent = asSent(line, place);
        return new Node(
                place,
                part.name(),
                children.isEmpty() ? value(line, place) : asSent,
                asSent,
                part.known(),
                List.copyOf(children));
    }

    private String value(Line line, Location place) {
        if (message.length(line, place) > MAX_BYTES) return asSent(line, place);
        return message.value(
                line, place.field(), place.repetition(), place.component(), place.subcomponent());
    }

    private String asSent(Line line, Location place) {
        int length = message.length(line, place);
        var text = message.asSent(line, place, MAX_BYTES);
        if (length <= MAX_BYTES) return text;
        int end = Math.min(text.length(), MAX_SHOWN);
        if (Character.isHighSurrogate(text.charAt(end - 1))) end--;
        return text.substring(0, end) + "… (" + length + " bytes)";
    }
}
