package org.chartbridge.routes;

import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.FolderFiles;
import org.chartbridge.screening.TableFiles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What lies in the routes folder: the partners' folders, and how their files look. */
final class RoutesRoot {
    /** Folders beyond are refused, in the order of their names. */
    static final int MAX_PARTNERS = 1_000;

    private final Path root;

    RoutesRoot(Path root) {
        this.root = root;
    }

    /**
     * The folders.
     *
     * @param faults of what lies beside them
     */
    record Found(List<String> folders, List<FileFault> faults) {
        Found {
            folders = List.copyOf(folders);
            faults = List.copyOf(faults);
        }
    }

    /**
     * Looks into it.
     *
     * @param known the folders that are taken to be there still when it can't be read
     */
    Found look(Collection<String> known) {
        var faults = new ArrayList<FileFault>();
        var names = new ArrayList<String>();
        try (var all = Files.list(root)) {
            for (var path : all.filter(p -> !FolderFiles.isLeftover(p)).sorted().toList()) {
                var name = String.valueOf(path.getFileName());
                if (Files.isDirectory(path)) {
                    // The tables of screening are no partner's.
                    if (!name.equals(TableFiles.FOLDER)) names.add(name);
                } else if (!name.equals(PortsFile.NAME)
                        && (name.endsWith(".yaml") || name.endsWith(".yml"))) {
                    faults.add(
                            FileFault.ofFile(
                                    name,
                                    "a file outside a partner's folder",
                                    "move it into the folder of its partner"));
                }
            }
        } catch (IOException e) {
            // A disk that is away for a moment must not end every partner.
            names.addAll(known);
            faults.add(
                    FileFault.ofFile(
                            root.toAbsolutePath().normalize().toString(),
                            "the routes folder can't be read ("
                                    + e.getClass().getSimpleName()
                                    + ")",
                            "create it, or name another by the setting chartbridge.routes"));
        }
        if (names.size() > MAX_PARTNERS) {
            faults.add(
                    FileFault.ofFile(
                            names.get(MAX_PARTNERS),
                            names.size() + " partners",
                            "wanted at most "
                                    + MAX_PARTNERS
                                    + "; this folder and later ones are left"
                                    + " out"));
            names.subList(MAX_PARTNERS, names.size()).clear();
        }
        return new Found(names, faults);
    }

    /** Names, sizes and times of a folder's files: another one when anything was written. */
    String signature(String name) {
        var signature = new StringBuilder();
        try {
            for (var file : FolderFiles.list(root.resolve(name))) {
                signature
                        .append(file.getFileName())
                        .append(' ')
                        .append(Files.size(file))
                        .append(' ')
                        .append(Files.getLastModifiedTime(file))
                        .append('\n');
            }
            return signature.toString();
        } catch (IOException e) {
            return "unreadable: " + e.getClass().getName();
        }
    }
}
