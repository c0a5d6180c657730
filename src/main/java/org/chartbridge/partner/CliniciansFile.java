package org.chartbridge.partner;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.function.Consumer;

/** Reads {@code clinic-providers.csv}: who is at the clinic and may be sent results. */
final class CliniciansFile {
    static final String NAME = "clinic-providers.csv";
    static final int MAX_CLINICIANS = 20_000;

    private static final List<String> COLUMNS =
            List.of("number", "authority", "family", "given", "from", "to");

    private final CsvRows csv;

    private CliniciansFile(FolderFiles folder, Consumer<FileFault> faults) {
        this.csv = new CsvRows(folder.name() + "/" + NAME, COLUMNS, faults);
    }

    /** Empty where the folder has none. */
    static List<Clinician> read(FolderFiles folder, Consumer<FileFault> faults) {
        var content = folder.contents().get(NAME);
        return content == null ? List.of() : new CliniciansFile(folder, faults).read(content);
    }

    private List<Clinician> read(byte[] content) {
        var all = new ArrayList<Clinician>();
        var lines = new HashMap<List<String>, Integer>();
        for (var row : csv.read(content).orElse(List.of())) {
            KeyReader.fits(csv, row);
            if (row.get("number").isEmpty())
                csv.fault(
                        row.line(),
                        "no number",
                        "write what laboratories send in OBR-16.1; nobody is recognised by a name");
            if (all.size() == MAX_CLINICIANS) {
                csv.fault(row.line(), "more than " + MAX_CLINICIANS + " rows", "leave some out");
                break;
            }
            var from = day(row, "from");
            var to = day(row, "to");
            if (from != null && to != null && to.isBefore(from))
                csv.fault(row.line(), "to is before from", "write the last day behind the first");
            var earlier =
                    lines.putIfAbsent(
                            List.of(row.get("number"), row.get("authority"), row.get("from")),
                            row.line());
            if (earlier != null)
                csv.fault(
                        row.line(),
                        "the same number stands in line " + earlier,
                        "leave one of them out, or say from when the second counts");
            all.add(
                    new Clinician(
                            row.get("number"),
                            row.get("authority"),
                            row.get("family"),
                            row.get("given"),
                            from,
                            to,
                            row.line()));
        }
        if (all.isEmpty() && !csv.told())
            csv.fault(
                    1,
                    "no row below the names of the columns",
                    "add whoever is at the clinic, or delete the file");
        return all;
    }

    private @Nullable LocalDate day(CsvRows.Row row, String column) {
        var text = row.get(column);
        if (text.isEmpty()) return null;
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException _) { // Says no more than this.
            csv.fault(
                    row.line(),
                    column + ": \"" + text + "\" is no day",
                    "write it as 2026-11-03, or leave it empty");
            return null;
        }
    }
}
