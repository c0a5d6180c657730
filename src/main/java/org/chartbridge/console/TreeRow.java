package org.chartbridge.console;

import org.chartbridge.hl7.NamedTree;

import java.util.ArrayList;
import java.util.List;

/**
 * One line of a message's named tree.
 *
 * @param level 1 for a field, 2 for a component, 3 for a subcomponent
 * @param field path of the field whose only component this is; else empty
 * @param escapes what was sent, when escapes stand in it; else empty
 */
record TreeRow(
        int level,
        String path,
        String field,
        String name,
        String value,
        String escapes,
        boolean known) {
    /** Lines of one page; the rest is in the raw view. */
    static final int MAX_ROWS = 4_000;

    /**
     * A segment with its lines.
     *
     * @param open whether it is unfolded at first
     */
    record Segment(String path, String name, boolean known, boolean open, List<TreeRow> rows) {}

    static List<Segment> of(List<NamedTree.Node> tree) {
        var segments = new ArrayList<Segment>();
        var left = MAX_ROWS;
        for (var node : tree) {
            var rows = new ArrayList<TreeRow>();
            add(rows, node.children(), 1);
            left -= rows.size() + 1;
            if (left < 0) break;
            segments.add(
                    new Segment(
                            node.path().toString(),
                            node.name(),
                            node.known(),
                            segments.size() < 60,
                            rows));
        }
        return segments;
    }

    private static void add(List<TreeRow> rows, List<NamedTree.Node> nodes, int level) {
        for (var node : nodes) {
            var children = node.children();
            if (children.size() == 1 && children.getFirst().children().isEmpty()) {
                var only = children.getFirst();
                var name = node.name().isEmpty() ? only.name() : node.name() + " · " + only.name();
                rows.add(row(level, only, name, node.path().toString()));
            } else if (!children.isEmpty()) {
                rows.add(
                        new TreeRow(
                                level,
                                node.path().toString(),
                                "",
                                node.name(),
                                "",
                                "",
                                node.known()));
                add(rows, children, level + 1);
            } else if (!node.asSent().isEmpty()) {
                rows.add(row(level, node, node.name(), ""));
            }
        }
    }

    private static TreeRow row(int level, NamedTree.Node node, String name, String field) {
        return new TreeRow(
                level,
                node.path().toString(),
                field,
                name,
                node.value(),
                node.escaped() ? node.asSent() : "",
                node.known());
    }
}
