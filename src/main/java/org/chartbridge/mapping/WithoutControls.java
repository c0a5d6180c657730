package org.chartbridge.mapping;

import org.chartbridge.hl7.Message;
import org.chartbridge.partner.Partner;

import java.util.HashSet;
import java.util.Optional;

/**
 * A message of results without those of quality control ⚠: who gets it would chart them with the
 * patient (HL7-RULES §3).
 */
public final class WithoutControls {
    private final Shortened shorter;

    private WithoutControls(Message message) {
        this.shorter = new Shortened(message);
    }

    /** Empty where there is nothing to leave out, or nothing besides. */
    public static Optional<byte[]> of(Message message, Partner partner) {
        var code = message.header().messageCode();
        if (!code.equals("ORU") && !code.equals("OUL")) return Optional.empty();
        var reader = new Reader(message, partner, new Findings());
        if (message.lines("SPM").stream().noneMatch(line -> Specimens.isControl(line, reader)))
            return Optional.empty();
        var without = new WithoutControls(message);
        without.mark(Grouping.of(message, new Findings()), reader);
        return without.shorter.bytes();
    }

    private void mark(Grouping grouping, Reader reader) {
        var all = grouping.patients.stream().flatMap(one -> one.reports.stream()).toList();
        var controls = new HashSet<Grouping.Report>();
        for (var report : all) if (Specimens.isQualityControl(report, reader)) controls.add(report);
        if (controls.size() < all.size()) shorter.leaveOut(grouping, controls);
    }
}
