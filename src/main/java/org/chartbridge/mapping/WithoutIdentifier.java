package org.chartbridge.mapping;

import org.chartbridge.chart.RecordKey;
import org.chartbridge.hl7.Hl7Time;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Precision;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What stands for the number of a patient who is named without one: the account (PID-18) or visit
 * (PV1-19) where family name and birth date are sent too, else the order, else the message itself
 * (MSH-10 and MSH-7). It is worth something within its partner only, and says of nobody else that
 * they are the same patient ⚠.
 *
 * <p>Accounts and visits are shared by mother and child and used again; so they count only where a
 * later message can be compared with what is known. Of a patient without a family name nothing is
 * charted.
 */
final class WithoutIdentifier {
    private final Reader reader;

    WithoutIdentifier(Reader reader) {
        this.reader = reader;
    }

    /** Null when nobody is named. */
    @Nullable RecordKey key(Line pid, List<Grouping.Report> reports) {
        int mark = reader.mark();
        if (reader.text(pid, 5, 1, 1, 1).isEmpty()) return null;
        return reader.made(Rule.WITHOUT_IDENTIFIER, mark, sentKey(pid, reports));
    }

    private RecordKey sentKey(Line pid, List<Grouping.Report> reports) {
        if (isDay(reader.text(pid, 7, 1))) {
            var account = reader.key(pid, 18, 1, 1, reader.text(pid, 18, 1));
            if (!account.isEmpty()) return key("account", account);
            var visit = visit(pid);
            if (!visit.isEmpty()) return key("visit", visit);
        }
        for (var report : reports) {
            var order = order(report);
            if (!order.isEmpty()) return key("order", order);
        }
        return key("message", Reader.joined(" ", reader.controlId(), reader.messageTimeAsSent()));
    }

    private static boolean isDay(String birthDate) {
        return Hl7Time.parse(birthDate) instanceof Hl7Time.Parsed.Known(var time)
                && time.precision().compareTo(Precision.DAY) >= 0;
    }

    private RecordKey key(String kind, String value) {
        return RecordKey.unidentified(reader.partner.folder(), kind, value);
    }

    /** PV1-19 of the PV1 that stands between this PID and the next. */
    private String visit(Line pid) {
        for (var line : reader.message.lines()) {
            if (line.index() <= pid.index()) continue;
            if (line.segment().equals("PID")) break;
            if (line.segment().equals("PV1"))
                return reader.key(line, 19, 1, 1, reader.text(line, 19, 1));
        }
        return "";
    }

    /** The filler's number, else the placer's. */
    private String order(Grouping.Report report) {
        for (int field : new int[] {3, 2}) {
            var number = report.hasRequest() ? OrderNumbers.read(report.line, field, reader) : "";
            if (number.isEmpty() && report.order != null)
                number = OrderNumbers.read(report.order, field, reader);
            if (!number.isEmpty()) return number;
        }
        return "";
    }
}
