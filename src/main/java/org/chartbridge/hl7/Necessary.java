package org.chartbridge.hl7;

import org.chartbridge.hl7.Rewriting.Segment;
import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What no receiver of a message can do without: required in each version of HL7 that has it (v2.5.1
 * §2.14.9 MSH, §3.4 PID, EVN, PV1, MRG, §4.5 ORC, OBR, §7.4 OBX, §9.6 TXA, §11.6 RF1, PRD), and by
 * which of them an order or a result is known.
 */
public final class Necessary {
    private static final Set<String> ORDERS =
            Set.of("ORM", "OML", "OMG", "OMP", "OMI", "OMN", "OMS", "OMD", "RDE");
    private static final Set<String> RESULTS = Set.of("ORU", "OUL", "OPU", "OSU");

    /** Segments of which one is needed, by MSH-9.1; one of several joined by {@code /}. */
    private static final Map<String, List<String>> SEGMENTS =
            Map.ofEntries(
                    Map.entry("ADT", List.of("EVN", "PID")),
                    Map.entry("BAR", List.of("EVN", "PID")),
                    Map.entry("DFT", List.of("EVN", "PID", "FT1")),
                    Map.entry("MDM", List.of("EVN", "PID", "TXA")),
                    Map.entry("ORU", List.of("PID", "OBR")),
                    Map.entry("OUL", List.of("PID", "OBR")),
                    Map.entry("ORM", List.of("PID", "ORC", "OBR/RXO/RQD/RQ1/ODS/ODT")),
                    Map.entry("OML", List.of("PID", "ORC", "OBR")),
                    Map.entry("OMG", List.of("PID", "ORC", "OBR")),
                    Map.entry("OMP", List.of("PID", "ORC", "RXO")),
                    Map.entry("RDE", List.of("PID", "ORC", "RXE")),
                    Map.entry("REF", List.of("PID", "PRD", "RF1")),
                    Map.entry("RRI", List.of("PID", "PRD")),
                    Map.entry("SIU", List.of("PID", "SCH")),
                    Map.entry("VXU", List.of("PID", "RXA")),
                    Map.entry("PPR", List.of("PID", "PRB")),
                    Map.entry("ACK", List.of("MSA")));

    private static final Map<String, List<Integer>> FIELDS =
            Map.ofEntries(
                    Map.entry("MSH", List.of(11, 12)),
                    Map.entry("PID", List.of(5)),
                    Map.entry("EVN", List.of(2)),
                    Map.entry("PV1", List.of(2)),
                    Map.entry("MRG", List.of(1)),
                    Map.entry("ORC", List.of(1)),
                    Map.entry("OBR", List.of(4)),
                    Map.entry("OBX", List.of(3, 11)),
                    Map.entry("AL1", List.of(3)),
                    Map.entry("TXA", List.of(2, 12)),
                    Map.entry("RF1", List.of(6)),
                    Map.entry("PRD", List.of(1)),
                    Map.entry("RXA", List.of(5)),
                    Map.entry("RXE", List.of(2)),
                    Map.entry("MSA", List.of(1, 2)));

    private final Rewriting text;
    private final String code;
    private final Map<String, Integer> lacking = new TreeMap<>();

    private Necessary(String code, Rewriting text) {
        this.code = code;
        this.text = text;
    }

    /**
     * What a message lacks, how often: segments and fields by their name.
     *
     * @param code MSH-9.1 as it is to be read
     */
    public static Map<String, Integer> lacking(String code, Rewriting text) {
        var looked = new Necessary(code, text);
        looked.look();
        return looked.lacking;
    }

    private void look() {
        var names = new HashSet<String>();
        Segment orc = null;
        boolean used = true; // Whether an OBR has spoken for that ORC.
        for (var segment : text.segments()) {
            names.add(segment.name());
            for (int field : FIELDS.getOrDefault(segment.name(), List.of()))
                if (isEmpty(segment, field)) lacks(segment.name() + "-" + field);
            switch (segment.name()) {
                case "PID" -> {
                    // Some are told the number in PID-2 (until 2.3) or PID-4 only.
                    if (isEmpty(segment, 3) && isEmpty(segment, 2) && isEmpty(segment, 4))
                        lacks("PID-3");
                }
                case "OBX" -> {
                    if (isEmpty(segment, 2) && !isEmpty(segment, 5)) lacks("OBX-2");
                }
                case "ORC" -> {
                    if (!used) number(orc, null);
                    orc = segment;
                    used = false;
                }
                case "OBR" -> {
                    number(orc, segment);
                    used = true;
                }
                default -> {}
            }
        }
        if (!used) number(orc, null);
        for (var wanted : SEGMENTS.getOrDefault(code, List.of()))
            if (List.of(wanted.split("/", -1)).stream().noneMatch(names::contains))
                lacks(wanted.replaceFirst("/.*", ""));
    }

    /** The placer's number of an order; the placer's or the filler's of a result. */
    private void number(@Nullable Segment orc, @Nullable Segment obr) {
        boolean placer = !isEmpty(orc, 2) || !isEmpty(obr, 2);
        if (ORDERS.contains(code) && !placer) lacks("ORC-2");
        if (RESULTS.contains(code) && !placer && isEmpty(orc, 3) && isEmpty(obr, 3)) lacks("OBR-3");
    }

    /** Delimiters and quotation marks alone say nothing. */
    private boolean isEmpty(@Nullable Segment segment, int field) {
        if (segment == null) return true;
        return text.asSent(segment, field, 0, 0, 0)
                .codePoints()
                .noneMatch(Character::isLetterOrDigit);
    }

    private void lacks(String name) {
        lacking.merge(name, 1, Integer::sum);
    }
}
