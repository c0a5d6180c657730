package org.chartbridge.routes;

import org.chartbridge.partner.Edit;
import org.chartbridge.partner.EditsFile;
import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.FolderFiles;
import org.chartbridge.partner.PartnerFile;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which files of a partner's folder hold routes, and what they announce. */
final class FolderRoutes {
    private FolderRoutes() {}

    /** Whether a file holds routes; files that seem to and are not read are told. */
    static boolean isOne(String folder, String file, List<FileFault> faults) {
        if (file.equals(PartnerFile.NAME) || file.endsWith(Edit.SUFFIX)) return false;
        var path = folder + "/" + file;
        if (file.endsWith(".yml")) {
            faults.add(FileFault.ofFile(path, "a file that is not read", "name it .yaml"));
        }
        return file.endsWith(".yaml");
    }

    /** The destinations that a folder's files name, read without telling faults. */
    static Set<String> announced(Path root, String name, RouteFile.Environment environment) {
        var files = FolderFiles.read(root.resolve(name), _ -> {}).orElse(null);
        if (files == null) return Set.of();
        var rules = environment.secured(name).with(EditsFile.scripts(files, _ -> {}));
        var found = new TreeSet<String>();
        files.contents()
                .forEach(
                        (file, content) -> {
                            if (!file.endsWith(".yaml") || !mentionsOutbox(content)) return;
                            RouteFile.read(name + "/" + file, content, name, rules, _ -> {})
                                    .ifPresent(
                                            plans -> {
                                                for (var plan : plans)
                                                    if (plan instanceof OutboxPlan outbox)
                                                        found.add(outbox.destination());
                                            });
                        });
        return Set.copyOf(found);
    }

    private static boolean mentionsOutbox(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1).contains("outbox:");
    }
}
