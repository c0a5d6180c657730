package org.chartbridge.routes;

import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.FolderFiles;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.PartnerFile;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the folder of a new partner. It is checked by the same rules as when the engine loads it,
 * and appears whole: a running engine never sees half of it.
 */
public final class NewFolder {
    static final String ROUTE_FILE = "results.yaml";

    private NewFolder() {}

    /**
     * What the folder is to say.
     *
     * @param application MSH-3, first component
     * @param facility MSH-4, first component; null for any
     * @param address where to listen, without the port
     */
    public record Wanted(
            String name,
            String application,
            @Nullable String facility,
            String address,
            int port,
            Partner.Patients patients,
            String zone) {}

    /** What became of it. */
    public sealed interface Outcome {

        /** The folder is there, and holds these files. */
        record Written(Path folder, List<String> files) implements Outcome {
            public Written {
                files = List.copyOf(files);
            }
        }

        /** Nothing was written. */
        record Refused(List<String> reasons) implements Outcome {
            public Refused {
                reasons = List.copyOf(reasons);
            }
        }
    }

    /**
     * Writes it.
     *
     * @param routes the routes folder; made if there is none
     */
    public static Outcome write(Path routes, Wanted wanted) throws IOException {
        if (!FolderFiles.NAME.matcher(wanted.name).matches()) {
            return refused(
                    "\"" + wanted.name + "\" can't be a partner's name; " + FolderFiles.NAME_RULE);
        }
        var folder = routes.resolve(wanted.name);
        if (Files.exists(folder)) return refused(folder + " exists already; choose another name");
        var files = new TreeMap<String, byte[]>();
        files.put(PartnerFile.NAME, partnerFile(wanted).getBytes(StandardCharsets.UTF_8));
        files.put(ROUTE_FILE, routeFile(wanted).getBytes(StandardCharsets.UTF_8));
        var faults = new ArrayList<FileFault>();
        check(new FolderFiles(wanted.name, files), faults);
        if (!faults.isEmpty()) {
            return new Outcome.Refused(
                    faults.stream().map(f -> f.what() + "; " + f.remedy()).toList());
        }
        var unfinished = Files.createTempDirectory(Files.createDirectories(routes), ".new-");
        try {
            for (var file : files.entrySet()) {
                Files.write(unfinished.resolve(file.getKey()), file.getValue());
            }
            unfinished.toFile().setReadable(true, false);
            unfinished.toFile().setExecutable(true, false);
            Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            if (Files.exists(unfinished)) {
                for (var file : files.keySet()) Files.deleteIfExists(unfinished.resolve(file));
                Files.delete(unfinished);
            }
        }
        return new Outcome.Written(folder, List.copyOf(files.keySet()));
    }

    private static void check(FolderFiles files, List<FileFault> faults) {
        var environment = new RouteFile.Environment(Map.of(), List.of(files.name()));
        var _ = PartnerFile.read(files, Map.of(), faults::add);
        files.contents()
                .forEach(
                        (file, content) -> {
                            if (!FolderRoutes.isOne(files.name(), file, faults)) return;
                            var _ =
                                    RouteFile.read(
                                            files.name() + "/" + file,
                                            content,
                                            files.name(),
                                            environment,
                                            faults::add);
                        });
    }

    private static String partnerFile(Wanted wanted) {
        return """
        # %s. When it stops: write here who to call.
        name: %s
        sender:
          application: %s
        %szone: %s
        patients: %s
        """
                .formatted(
                        wanted.name,
                        wanted.name,
                        quoted(wanted.application),
                        wanted.facility == null
                                ? ""
                                : "  facility: " + quoted(wanted.facility) + "\n",
                        quoted(wanted.zone),
                        wanted.patients.name().toLowerCase(Locale.ROOT));
    }

    private static String routeFile(Wanted wanted) {
        return """
        # Results from %s. When they stop: write here who to call.
        - route:
            id: %s-results
            description: Results of %s, into the chart
            from:
              uri: %s
              steps:
                - to:
                    uri: chart
        """
                .formatted(
                        wanted.name,
                        wanted.name,
                        wanted.name,
                        quoted("mllp:" + wanted.address + ":" + wanted.port));
    }

    // Double quotes keep every character one: nothing given can become another key.
    private static String quoted(String text) {
        var quoted = new StringBuilder("\"");
        text.chars()
                .forEach(
                        c -> {
                            if (c == '"' || c == '\\') quoted.append('\\').append((char) c);
                            else if (c < ' ' || c == 0x7F) quoted.append("\\x%02X".formatted(c));
                            else quoted.append((char) c);
                        });
        return quoted.append('"').toString();
    }

    private static Outcome refused(String reason) {
        return new Outcome.Refused(List.of(reason));
    }
}
