package org.chartbridge.mapping;

import org.chartbridge.chart.ByOrder;
import org.chartbridge.chart.PatientClaim;
import org.chartbridge.chart.PersonName;
import org.chartbridge.chart.RecordKey;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Location;
import org.chartbridge.partner.Partner;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads which orders results are of that name no patient (HL7-RULES §4): analyzers know a tube by
 * its number, and the laboratory or the clinic knows whose it is.
 */
final class OrderOfPatient {

    private final Reader reader;

    OrderOfPatient(Reader reader) {
        this.reader = reader;
    }

    /** Whether these results name no patient, and their sender may leave that out. */
    boolean isMeant(Grouping grouping) {
        if (reader.partner.unnamed() != Partner.Unnamed.BY_ORDER || grouping.patients.size() > 1)
            return false;
        for (var pid : grouping.patients.getFirst().lines)
            for (int i = 2; i <= reader.fields(pid).count(); i++)
                if (!reader.value(pid, i, 1, 0, 0).isBlank()) return false;
        return true;
    }

    /** Null when one of the reports has no number, which is then a fault. */
    @Nullable ByOrder read(List<Grouping.Report> reports) {
        var wanted = new ArrayList<ByOrder.Wanted>(reports.size());
        for (var report : reports) {
            var numbers = numbers(report);
            if (numbers.isEmpty()) {
                reader.findings.error(
                        reader.place(report.line, 3, 1, 1),
                        ErrorCode.REQUIRED_MISSING,
                        "patient-identifier-missing",
                        "The message names no patient, and no order or specimen of one (OBR-2,"
                                + " OBR-3, ORC-2, ORC-3, SPM-2).");
                return null;
            }
            var collected = reader.time(report.line, report.hasRequest() ? 7 : 14).instant();
            wanted.add(
                    new ByOrder.Wanted(
                            List.copyOf(numbers),
                            reader.concept(report.line, report.hasRequest() ? 4 : 3, 1),
                            collected == null ? reader.messageTime() : collected));
        }
        return new ByOrder(reader.partner.folder(), wanted);
    }

    /** Stands for the patient until the order says who it is. */
    PatientClaim claim(List<Grouping.Report> reports) {
        int mark = reader.mark();
        var first = numbers(reports.getFirst()).iterator().next();
        var meant = ByOrder.key(first);
        var key =
                new RecordKey(
                        meant.authority(),
                        meant.type(),
                        reader.made(Rule.ORDER_OF_PATIENT, mark, meant.value()));
        reader.told(key, "type", Rule.SETTING, null);
        return new PatientClaim(
                key,
                path(reports.getFirst().line),
                List.of(),
                new PersonName("", "", "", ""),
                "",
                "",
                "",
                "",
                false);
    }

    private static String path(Line line) {
        return Location.of(line.segment(), line.ordinal()).toString();
    }

    private Set<String> numbers(Grouping.Report report) {
        var numbers = new LinkedHashSet<String>();
        if (report.hasRequest()) {
            add(numbers, OrderNumbers.read(report.line, 2, reader));
            add(numbers, OrderNumbers.read(report.line, 3, reader));
        }
        if (report.order != null) {
            add(numbers, OrderNumbers.read(report.order, 2, reader));
            add(numbers, OrderNumbers.read(report.order, 3, reader));
        }
        for (var specimen : report.specimens) {
            // EIP: the placer's number of the specimen, and the filler's.
            for (int component = 1; component <= 2; component++) {
                var entity = reader.text(specimen, 2, 1, component, 1);
                var namespace = reader.text(specimen, 2, 1, component, 2);
                if (!entity.isEmpty())
                    add(
                            numbers,
                            reader.key(
                                    specimen,
                                    2,
                                    1,
                                    component,
                                    namespace.isEmpty() ? entity : entity + "^" + namespace));
            }
        }
        return numbers;
    }

    private static void add(Set<String> numbers, String number) {
        if (!number.isEmpty()) numbers.add(number);
    }
}
