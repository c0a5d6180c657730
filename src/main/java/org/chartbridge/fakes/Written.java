package org.chartbridge.fakes;

import org.chartbridge.hl7.Delimiters;
import org.chartbridge.hl7.SegmentText;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** A message being written: segments in order, each value escaped, in UTF-8. */
final class Written {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss.SSSZ").withZone(ZoneOffset.UTC);
    private static final String VERSION = "2.5.1";

    private final List<SegmentText> segments = new ArrayList<>();
    private final String header;
    private final String id;
    private final String type;

    /**
     * Begins one.
     *
     * @param id MSH-10
     */
    Written(Script from, String code, String event, String structure, String id, Instant now) {
        this.id = id;
        type = code + "^" + event;
        header =
                "MSH|^~\\&|%s|%s|CHARTBRIDGE|CLINIC|%s||%s|%s|P|%s||||||UNICODE UTF-8\r"
                        .formatted(
                                from.application(),
                                from.facility(),
                                time(now),
                                type + "^" + structure,
                                id,
                                VERSION);
    }

    /** MSH-10. */
    String id() {
        return id;
    }

    /** {@code ORU^R01}. */
    String type() {
        return type;
    }

    /** Adds an empty segment, to be filled. */
    SegmentText add(String name) {
        var segment = new SegmentText(name);
        segments.add(segment);
        return segment;
    }

    /** PID of whom an order is for. */
    void patient(OrderInHand order) {
        var pid = add("PID").put(1, "1");
        for (var one : order.patient())
            pid.put(
                    one.field(),
                    one.repetition(),
                    one.component(),
                    one.subcomponent(),
                    one.value());
    }

    /** A number with its namespace. */
    static void number(SegmentText segment, int field, String number) {
        var parts = number.split("\\^", 2);
        segment.put(field, 1, parts[0]);
        if (parts.length == 2) segment.put(field, 2, parts[1]);
    }

    static String time(Instant at) {
        return TIME.format(at);
    }

    byte[] bytes() {
        var text = new StringBuilder(header);
        for (var segment : segments) text.append(segment.text(Delimiters.STANDARD)).append('\r');
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
