package org.chartbridge.mapping;

import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Fault;
import org.chartbridge.hl7.Limits;
import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.Severity;

import java.util.ArrayList;
import java.util.List;

/** What is wrong (E) or doubtful (W, I) in the message being read, in order of finding. */
final class Findings {
    private final Found errors = new Found();
    private final Found remarks = new Found();

    void error(Location place, ErrorCode code, String reason, String text) {
        add(Fault.error(place, code, reason, text));
    }

    void warn(Location place, ErrorCode code, String reason, String text) {
        add(Fault.warning(place, code, reason, text));
    }

    void inform(Location place, ErrorCode code, String reason, String text) {
        add(Fault.information(place, code, reason, text));
    }

    void add(Fault fault) {
        (fault.severity() == Severity.E ? errors : remarks).add(fault);
    }

    boolean hasErrors() {
        return !errors.faults.isEmpty();
    }

    List<Fault> errors() {
        return errors.listed(Severity.E);
    }

    List<Fault> remarks() {
        return remarks.listed(Severity.W);
    }

    /** As many as an answer takes, and how many more there were. */
    private static final class Found {
        final List<Fault> faults = new ArrayList<>();
        int left;

        void add(Fault fault) {
            // By this one a person is asked ⚠: it is never among those that are left out.
            boolean asks =
                    fault.reason().equals(Mapped.NOT_SCREENED)
                            && faults.stream()
                                    .noneMatch(one -> one.reason().equals(Mapped.NOT_SCREENED));
            if (faults.size() < Limits.MAX_ERRORS_ANSWERED - 1 || asks) faults.add(fault);
            else left++;
        }

        List<Fault> listed(Severity severity) {
            if (left == 0) return List.copyOf(faults);
            var all = new ArrayList<>(faults);
            all.add(
                    new Fault(
                            null,
                            ErrorCode.DATA_TYPE,
                            severity,
                            "more-faults",
                            left + " more were found and are not listed."));
            return List.copyOf(all);
        }
    }
}
