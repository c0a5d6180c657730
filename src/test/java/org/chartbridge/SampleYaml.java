package org.chartbridge;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A YAML file in which every scalar is text: {@code 4.10} keeps its zero, {@code no} is a word. A
 * map keeps its order; a key nobody asks for is a mistake, see {@link Fields#allDone}.
 */
final class SampleYaml {

    private SampleYaml() {}

    static Object read(Path file) throws IOException {
        try (var reader = Files.newBufferedReader(file)) {
            return value(new Yaml(new LoaderOptions()).compose(reader));
        }
    }

    private static Object value(Node node) {
        return switch (node) {
            case ScalarNode scalar -> scalar.getValue();
            case SequenceNode list -> list.getValue().stream().map(SampleYaml::value).toList();
            case MappingNode map -> {
                var values = new LinkedHashMap<String, Object>();
                for (var entry : map.getValue()) {
                    var key = ((ScalarNode) entry.getKeyNode()).getValue();
                    if (values.put(key, value(entry.getValueNode())) != null)
                        throw new IllegalArgumentException("the key " + key + " stands twice");
                }
                yield values;
            }
            default -> throw new IllegalArgumentException("no such node in samples: " + node);
        };
    }

    /** One map, read key by key. */
    static final class Fields {
        private final String where;
        private final Map<?, ?> values;
        private final Set<Object> open;

        Fields(String where, Object node) {
            this.where = where;
            if (!(node instanceof Map<?, ?> map))
                throw new IllegalArgumentException(where + ": wanted a map, got " + node);
            this.values = map;
            this.open = new java.util.HashSet<>(map.keySet());
        }

        boolean has(String key) {
            return values.containsKey(key);
        }

        /** The text of a key that must be there. */
        String text(String key) {
            if (!has(key)) throw new IllegalArgumentException(where + ": no " + key);
            return text(key, "");
        }

        String text(String key, String otherwise) {
            open.remove(key);
            var value = values.get(key);
            if (value == null) return otherwise;
            if (value instanceof String text) return text;
            throw new IllegalArgumentException(where + ": " + key + " is no text");
        }

        Object raw(String key) {
            open.remove(key);
            var value = values.get(key);
            if (value == null) throw new IllegalArgumentException(where + ": no " + key);
            return value;
        }

        /** The maps in a list; none when the key is missing. */
        List<Fields> each(String key) {
            open.remove(key);
            var all = new ArrayList<Fields>();
            if (!(values.get(key) instanceof List<?> list)) {
                if (has(key))
                    throw new IllegalArgumentException(where + ": " + key + " is no list");
                return all;
            }
            for (var item : list)
                all.add(new Fields(where + ": " + key + " " + (all.size() + 1), item));
            return all;
        }

        List<String> texts(String key) {
            open.remove(key);
            return values.get(key) instanceof List<?> list
                    ? list.stream().map(String::valueOf).toList()
                    : List.of();
        }

        /** Refuses keys that nobody has asked for: they would be compared with nothing. */
        void allDone() {
            if (!open.isEmpty())
                throw new IllegalArgumentException(where + ": unknown keys " + open);
        }
    }
}
