package org.chartbridge.partner;

import org.chartbridge.partner.Yaml.Entry;
import org.chartbridge.partner.Yaml.Items;
import org.chartbridge.partner.Yaml.Mapping;
import org.chartbridge.partner.Yaml.Place;
import org.chartbridge.partner.Yaml.Scalar;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Turns the events of the YAML parser into {@link Yaml}. Stricter than YAML: one document, UTF-8,
 * no anchors, no tags, keys are plain words and stand once.
 */
final class YamlReader {
    /** Files are written by hand; a larger one is a mistake. */
    static final int MAX_FILE_BYTES = 256 * 1024;

    static final int MAX_DEPTH = 40;

    private static final LoadSettings SETTINGS =
            LoadSettings.builder().setCodePointLimit(MAX_FILE_BYTES).setUseMarks(true).build();

    private final String file;
    private final Consumer<FileFault> faults;

    YamlReader(String file, Consumer<FileFault> faults) {
        this.file = file;
        this.faults = faults;
    }

    Optional<Yaml> read(byte[] content) {
        try {
            if (content.length > MAX_FILE_BYTES) {
                throw new Refused(
                        FileFault.ofFile(
                                file,
                                content.length + " bytes are more than a file may have",
                                "wanted at most " + MAX_FILE_BYTES));
            }
            return Optional.of(document(text(content)));
        } catch (Refused refused) {
            faults.accept(refused.fault);
        } catch (MarkedYamlEngineException e) {
            faults.accept(broken(e));
        } catch (ReaderException e) {
            faults.accept(
                    FileFault.ofFile(
                            file,
                            "character U+%04X can't stand in YAML".formatted(e.getCodePoint()),
                            "remove it, or write it as an escape in double quotes"));
        } catch (YamlEngineException e) {
            faults.accept(FileFault.ofFile(file, "not YAML: " + e.getMessage(), CHECK));
        }
        return Optional.empty();
    }

    private static final String CHECK =
            "check indentation, colons and quotes here and in the line above";

    private FileFault broken(MarkedYamlEngineException e) {
        var place =
                e.getProblemMark()
                        .or(e::getContextMark)
                        .map(YamlReader::place)
                        .orElse(new Place(1, 1));
        var problem = e.getProblem() == null ? "not YAML" : e.getProblem();
        if (problem.contains("TAB")) {
            return FileFault.at(file, place, "a tab where YAML wants spaces", "indent with spaces");
        }
        return FileFault.at(file, place, "not YAML: " + problem, CHECK);
    }

    private String text(byte[] content) {
        var decoder = StandardCharsets.UTF_8.newDecoder();
        var in = ByteBuffer.wrap(content);
        try {
            return decoder.decode(in).toString();
        } catch (CharacterCodingException e) {
            var line = 1;
            for (var i = 0; i < in.position(); i++) if (content[i] == '\n') line++;
            throw new Refused(
                    FileFault.at(file, new Place(line, 0), "not UTF-8", "save the file as UTF-8"));
        }
    }

    private Yaml document(String text) {
        var events = new Parse(SETTINGS).parseString(text).iterator();
        events.next(); // stream start
        if (events.next().getEventId() == Event.ID.StreamEnd) {
            throw new Refused(
                    FileFault.ofFile(file, "the file is empty", "write it, or delete the file"));
        }
        var root = node(events.next(), events, 0);
        events.next(); // document end
        var after = events.next();
        if (after.getEventId() != Event.ID.StreamEnd) {
            throw refused(after, "a second document", "remove the line --- and what follows");
        }
        return root;
    }

    private Yaml node(Event event, Iterator<Event> events, int depth) {
        if (depth > MAX_DEPTH) {
            throw refused(event, "nested too deep", "wanted at most " + MAX_DEPTH + " levels");
        }
        if (event.getEventId() == Event.ID.Alias
                || (event instanceof NodeEvent node && node.getAnchor().isPresent())) {
            throw refused(event, "an anchor or alias (& or *)", "write the value out, or quote it");
        }
        var tag =
                switch (event) {
                    case ScalarEvent scalar -> scalar.getTag();
                    case CollectionStartEvent collection -> collection.getTag();
                    default -> Optional.<String>empty();
                };
        if (tag.isPresent()) {
            throw refused(event, "a tag (!)", "remove it, or quote the value");
        }
        if (event instanceof ScalarEvent scalar) {
            return new Scalar(scalar.getValue(), !scalar.isPlain(), place(event));
        }
        return event.getEventId() == Event.ID.SequenceStart
                ? items(event, events, depth)
                : mapping(event, events, depth);
    }

    private Items items(Event start, Iterator<Event> events, int depth) {
        var all = new ArrayList<Yaml>();
        for (var e = events.next(); e.getEventId() != Event.ID.SequenceEnd; e = events.next()) {
            all.add(node(e, events, depth + 1));
        }
        return new Items(all, place(start));
    }

    private Mapping mapping(Event start, Iterator<Event> events, int depth) {
        var entries = new ArrayList<Entry>();
        var lines = new HashMap<String, Integer>();
        for (var e = events.next(); e.getEventId() != Event.ID.MappingEnd; e = events.next()) {
            if (!(node(e, events, depth + 1) instanceof Scalar key)) {
                throw refused(e, "a key that is no word", "write  key: value");
            }
            var earlier = lines.put(key.text(), key.place().line());
            if (earlier != null) {
                throw refused(
                        e,
                        "key \"" + key.text() + "\" stands twice, first in line " + earlier,
                        "keep one");
            }
            entries.add(new Entry(key, node(events.next(), events, depth + 1)));
        }
        return new Mapping(entries, place(start));
    }

    private Refused refused(Event event, String what, String remedy) {
        return new Refused(FileFault.at(file, place(event), what, remedy));
    }

    private static Place place(Event event) {
        return event.getStartMark().map(YamlReader::place).orElse(new Place(1, 1));
    }

    private static Place place(Mark mark) {
        return new Place(mark.getLine() + 1, mark.getColumn() + 1);
    }

    /** Leaves the parser; never leaves this class. */
    private static final class Refused extends RuntimeException {
        final transient FileFault fault;

        Refused(FileFault fault) {
            super(fault.toString(), null, false, false);
            this.fault = fault;
        }
    }
}
