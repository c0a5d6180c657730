package org.chartbridge.routes;

import org.chartbridge.partner.FileFault;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Notices a new or changed {@code ports.yaml}. What it said while it was right goes on. */
final class PortsWatch {
    private static final Logger log = LoggerFactory.getLogger(PortsWatch.class);
    private static final String ABSENT = "absent";

    private final Path root;
    private final Map<String, String> environment;
    private String seen = ABSENT;
    private @Nullable String read;
    private List<FileFault> faults = List.of();

    /**
     * @param root the routes folder
     * @param environment what {@code ${NAME}} stands for
     */
    PortsWatch(Path root, Map<String, String> environment) {
        this.root = root;
        this.environment = environment;
    }

    /** What it says now, nothing where there is no file; empty when it can't be told. */
    Optional<Map<Address, PortSettings>> load() {
        seen = signature();
        return read();
    }

    /**
     * Whether it is being written: what was read may be half of it. The next {@link #refresh} that
     * finds it at rest reads it again.
     */
    boolean isChanging() {
        var now = signature();
        if (now.equals(read)) return false;
        seen = now;
        read = null;
        return true;
    }

    /** What it says, when it has changed and then looked the same twice; empty when not. */
    Optional<Map<Address, PortSettings>> refresh() {
        var now = signature();
        var stable = now.equals(seen);
        seen = now;
        return stable && !now.equals(read) ? read() : Optional.empty();
    }

    /** What is wrong in it. */
    List<FileFault> faults() {
        return faults;
    }

    private Optional<Map<Address, PortSettings>> read() {
        read = seen;
        var found = new ArrayList<FileFault>();
        var ports = content(found);
        found.stream()
                .filter(fault -> !faults.contains(fault))
                .forEach(fault -> log.atWarn().log("not loaded: {}", fault));
        faults = List.copyOf(found);
        return ports;
    }

    private Optional<Map<Address, PortSettings>> content(List<FileFault> found) {
        if (seen.equals(ABSENT)) return Optional.of(Map.of());
        try {
            var content = Files.readAllBytes(root.resolve(PortsFile.NAME));
            return PortsFile.read(content, root, environment, found::add);
        } catch (IOException e) {
            found.add(
                    FileFault.ofFile(
                            PortsFile.NAME,
                            "can't be read (" + e.getClass().getSimpleName() + ")",
                            "check that the engine's user may read it"));
            return Optional.empty();
        }
    }

    private String signature() {
        var file = root.resolve(PortsFile.NAME);
        try {
            return Files.exists(file)
                    ? Files.size(file) + " " + Files.getLastModifiedTime(file)
                    : ABSENT;
        } catch (IOException e) {
            return "unreadable: " + e.getClass().getName();
        }
    }
}
