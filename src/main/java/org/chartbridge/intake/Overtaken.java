package org.chartbridge.intake;

import org.chartbridge.chart.Applied;
import org.chartbridge.delivery.StagedDelivery;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.chartbridge.mapping.WithoutOvertaken;
import org.chartbridge.mapping.WithoutOvertaken.Left;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Values that a later word had overtaken when they were charted, and final words without a value
 * where one stands: no receiver's last word ⚠.
 */
final class Overtaken {
    private static final Set<String> LATE = Set.of("result-late", "final-without-value");

    /** One OBX, or those of one text. */
    private static final Pattern VALUE = Pattern.compile("OBX\\[(\\d+)(?:-(\\d+))?].*");

    private Overtaken() {}

    /** Which OBX of the message, counted from 1. */
    static BitSet in(List<Applied.Remark> remarks) {
        var found = new BitSet();
        for (var remark : remarks) {
            if (!LATE.contains(remark.reason())) continue;
            var place = VALUE.matcher(remark.path());
            if (!place.matches()) continue;
            int first = Integer.parseInt(place.group(1));
            int last = place.group(2) == null ? first : Integer.parseInt(place.group(2));
            found.set(first, last + 1);
        }
        return found;
    }

    /** What is sent on without them. */
    static List<StagedDelivery> leftOut(
            List<StagedDelivery> deliveries, BitSet overtaken, byte[] raw, Charset charset) {
        if (deliveries.isEmpty()
                || overtaken.isEmpty()
                || !(Message.read(raw, charset) instanceof Reading.Readable(var came)))
            return deliveries;
        var left = new ArrayList<StagedDelivery>();
        for (var one : deliveries) {
            var body = one.body();
            var sent = came;
            if (body != null) {
                if (!(Message.read(body, came.charset()) instanceof Reading.Readable(var edited))) {
                    left.add(one);
                    continue;
                }
                sent = edited;
            }
            switch (WithoutOvertaken.of(sent, came, overtaken)) {
                case Left.All() -> left.add(one);
                case Left.Some(var shorter) -> left.add(one.with(shorter));
                case Left.Nothing() -> {}
            }
        }
        return left;
    }
}
