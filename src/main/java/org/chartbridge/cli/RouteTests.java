package org.chartbridge.cli;

import org.chartbridge.cli.RouteTest.Result;
import org.chartbridge.intake.Rehearsal;
import org.chartbridge.mapping.Explainer;
import org.chartbridge.mapping.Mappings;
import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.FolderFiles;
import org.chartbridge.routes.Rehearsing;
import org.chartbridge.screening.ScreeningInRehearsal;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The tests of a routes folder, and what they are played by. No port opens, nothing is sent. */
final class RouteTests implements AutoCloseable {
    private final Path root;
    private final AnnotationConfigApplicationContext mapping =
            new AnnotationConfigApplicationContext("org.chartbridge.mapping");
    private final Rehearsing routes;
    private final Rehearsal rehearsal;
    private final ScreeningInRehearsal screening;

    /** Loads a routes folder as the engine does. */
    RouteTests(Path root, Map<String, String> variables) {
        this.root = root;
        this.routes = new Rehearsing(root, variables);
        this.screening = new ScreeningInRehearsal(root);
        this.rehearsal =
                new Rehearsal(
                        routes.runner(),
                        mapping.getBean(Mappings.class),
                        mapping.getBean(Explainer.class),
                        screening);
    }

    /** All tests, by partner and name; a wanted file without messages is one too, and is broken. */
    static List<RouteTest> all(Path root) throws IOException {
        var tests = new ArrayList<RouteTest>();
        try (var folders = Files.list(root)) {
            for (var folder : folders.filter(Files::isDirectory).sorted().toList()) {
                var place = folder.resolve(RouteTest.FOLDER);
                if (FolderFiles.isLeftover(folder) || !Files.isDirectory(place)) continue;
                var partner = String.valueOf(folder.getFileName());
                for (var file : FolderFiles.list(place)) {
                    var name = String.valueOf(file.getFileName());
                    if (name.endsWith(RouteTest.MESSAGES))
                        tests.add(new RouteTest(partner, without(name, RouteTest.MESSAGES), file));
                    else if (name.endsWith(RouteTest.EXPECTED)) {
                        var its = without(name, RouteTest.EXPECTED);
                        var messages = file.resolveSibling(its + RouteTest.MESSAGES);
                        if (!Files.exists(messages))
                            tests.add(new RouteTest(partner, its, messages));
                    }
                }
            }
        }
        return tests;
    }

    /** Names, sizes and times of all that a test depends on: other whenever something changes. */
    static String state(Path root) throws IOException {
        var state = new StringBuilder();
        try (var files = Files.walk(root, 3)) {
            for (var file : files.sorted().toList())
                if (Files.isRegularFile(file))
                    state.append(file)
                            .append(' ')
                            .append(Files.size(file))
                            .append(' ')
                            .append(Files.getLastModifiedTime(file))
                            .append('\n');
        } catch (UncheckedIOException | NoSuchFileException _) {
            // A file that goes while it is looked at is a change.
            return state.append("changing").toString();
        }
        return state.toString();
    }

    private static String without(String name, String end) {
        return name.substring(0, name.length() - end.length());
    }

    Result run(RouteTest test) throws IOException {
        if (!Files.exists(test.messages()))
            return new Result.Broken(
                    test,
                    List.of(
                            test.expected().getFileName()
                                    + " has no messages; add "
                                    + root.relativize(test.messages())
                                    + ", or delete it"));
        // An order that could not be screened would pass as one that nothing speaks against.
        if (!screening.faults().isEmpty())
            return new Result.Broken(
                    test, screening.faults().stream().map(FileFault::toString).toList());
        return test.run(routes, rehearsal);
    }

    @Override
    public void close() {
        routes.close();
        mapping.close();
    }
}
