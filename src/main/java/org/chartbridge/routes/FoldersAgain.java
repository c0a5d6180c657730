package org.chartbridge.routes;

import org.chartbridge.intake.Arrival;
import org.chartbridge.intake.KeptFolders;
import org.chartbridge.intake.Staged;
import org.chartbridge.journal.FolderVersions;
import org.chartbridge.partner.EditsFile;
import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.FolderFiles;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.PartnerFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Versions of folders in a Camel context of their own, in which nothing listens and nothing is
 * sent: their receiving routes are run by hand, message by message.
 */
public final class FoldersAgain implements KeptFolders {
    private static final Logger log = LoggerFactory.getLogger(FoldersAgain.class);

    /** Stands for a host or secret that is not set here: neither is used. */
    private static final String STAND_IN = "1";

    private final FolderVersions versions;
    private final Path root;
    private final Map<String, String> variables;
    private final CamelSteps camel = new CamelSteps();
    private final Map<String, Optional<Partner>> loaded = new HashMap<>();
    private final Map<String, Running> running = new ConcurrentHashMap<>();

    /**
     * @param root the routes folder, for the versions of now
     * @param variables what {@code ${NAME}} stands for
     */
    public FoldersAgain(FolderVersions versions, Path root, Map<String, String> variables) {
        this.versions = versions;
        this.root = root;
        this.variables = present(variables);
        camel.start();
    }

    @Override
    public synchronized Optional<Partner> kept(String folder, String version) {
        return once(folder + " " + version, () -> versions.find(folder, version));
    }

    @Override
    public synchronized Optional<Partner> current(String folder) {
        return once(
                folder,
                () ->
                        FolderFiles.read(
                                root.resolve(folder),
                                fault ->
                                        log.atWarn()
                                                .addKeyValue("partner", folder)
                                                .log("not read again: {}", fault)));
    }

    private Optional<Partner> once(String key, Supplier<Optional<FolderFiles>> files) {
        var known = loaded.get(key);
        if (known != null) return known;
        var partner = files.get().flatMap(this::load);
        loaded.put(key, partner);
        return partner;
    }

    /** All or nothing: half a folder would read some messages otherwise than the engine did. */
    private Optional<Partner> load(FolderFiles files) {
        var faults = new ArrayList<FileFault>();
        var partner = PartnerFile.read(files, variables, faults::add).orElse(null);
        if (partner == null) return failed(files, faults);
        var rules =
                new RouteFile.Environment(
                        variables, List.of(files.name()), EditsFile.scripts(files, faults::add));
        var started = new ArrayList<Running>();
        for (var file : files.contents().entrySet()) {
            var name = file.getKey();
            if (!FolderRoutes.isOne(files.name(), name, faults)) continue;
            RouteFile.read(
                            files.name() + "/" + name,
                            file.getValue(),
                            files.name(),
                            rules,
                            faults::add)
                    .ifPresent(
                            plans ->
                                    started.addAll(
                                            camel.start(file.getValue(), plans, faults::add)));
        }
        if (!faults.isEmpty()) return failed(files, faults);
        for (var one : started) running.put(key(partner, one.plan().id()), one);
        return Optional.of(partner);
    }

    private static Optional<Partner> failed(FolderFiles files, List<FileFault> faults) {
        for (var fault : faults)
            log.atWarn().addKeyValue("partner", files.name()).log("not read again: {}", fault);
        return Optional.empty();
    }

    private static String key(Partner partner, String route) {
        return partner.folder() + " " + partner.version() + " " + route;
    }

    @Override
    public Staged run(Arrival arrival) {
        var route = running.get(key(arrival.partner(), arrival.route()));
        return Optional.ofNullable(route)
                .flatMap(its -> its.run(arrival))
                .orElseGet(
                        () ->
                                new Staged.Failed(
                                        arrival.partner().folder() + ": " + arrival.route(),
                                        "this version of the folder has no such route"));
    }

    @Override
    public void close() {
        camel.close();
    }

    /** These variables, and a stand-in for every other. */
    static Map<String, String> present(Map<String, String> variables) {
        return new Present(variables);
    }

    /** Every variable is there. */
    private static final class Present extends HashMap<String, String> {
        private static final long serialVersionUID = 1L;

        Present(Map<String, String> variables) {
            super(variables);
        }

        @Override
        public String get(Object name) {
            return getOrDefault(name, STAND_IN);
        }
    }
}
