package org.chartbridge.hl7;

import ca.uhn.hl7v2.model.Composite;
import ca.uhn.hl7v2.model.Group;
import ca.uhn.hl7v2.model.Segment;
import ca.uhn.hl7v2.model.Type;
import ca.uhn.hl7v2.model.Varies;
import ca.uhn.hl7v2.model.v281.message.ACK;
import ca.uhn.hl7v2.parser.CanonicalModelClassFactory;
import ca.uhn.hl7v2.parser.ModelClassFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** What the standard (2.8.1, through HAPI) calls a segment, its fields and their parts. */
final class StandardNames {
    /** One field, component or subcomponent. */
    record Part(String name, boolean known, boolean composite, List<Part> children) {
        static final Part UNKNOWN = new Part("", false, false, List.of());

        Part child(int number) {
            return number <= children.size() ? children.get(number - 1) : UNKNOWN;
        }
    }

    private static final Map<String, StandardNames> CACHE = new ConcurrentHashMap<>();
    private static final StandardNames UNKNOWN = new StandardNames("", false, List.of());

    /** HAPI names components only in its getters: getXpn1_FamilyName. */
    private static final Pattern GETTER = Pattern.compile("get[A-Z][A-Za-z0-9]*?(\\d+)_(\\w+)");

    private static final Pattern WORDS =
            Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");

    /** HAPI knows the segments by their letters only. */
    private static final Map<String, String> SEGMENTS =
            Map.ofEntries(
                    Map.entry("ADD", "Addendum"),
                    Map.entry("AIG", "Appointment, general resource"),
                    Map.entry("AIL", "Appointment, location"),
                    Map.entry("AIP", "Appointment, personnel"),
                    Map.entry("AIS", "Appointment, service"),
                    Map.entry("AL1", "Allergy"),
                    Map.entry("ARQ", "Appointment request"),
                    Map.entry("BLG", "Billing"),
                    Map.entry("CTD", "Contact"),
                    Map.entry("CTI", "Clinical trial"),
                    Map.entry("DB1", "Disability"),
                    Map.entry("DG1", "Diagnosis"),
                    Map.entry("DSC", "Continuation pointer"),
                    Map.entry("ERR", "Error"),
                    Map.entry("EVN", "Event"),
                    Map.entry("FT1", "Financial transaction"),
                    Map.entry("GT1", "Guarantor"),
                    Map.entry("IAM", "Adverse reaction"),
                    Map.entry("IN1", "Insurance"),
                    Map.entry("IN2", "Insurance, additional"),
                    Map.entry("IN3", "Insurance, certification"),
                    Map.entry("INV", "Inventory"),
                    Map.entry("MRG", "Merge"),
                    Map.entry("MSA", "Acknowledgement"),
                    Map.entry("MSH", "Message header"),
                    Map.entry("NK1", "Next of kin"),
                    Map.entry("NTE", "Note"),
                    Map.entry("OBR", "Observation request"),
                    Map.entry("OBX", "Observation"),
                    Map.entry("ORC", "Common order"),
                    Map.entry("PD1", "Patient, additional demographics"),
                    Map.entry("PID", "Patient"),
                    Map.entry("PR1", "Procedure"),
                    Map.entry("PRB", "Problem"),
                    Map.entry("PRD", "Provider"),
                    Map.entry("PRT", "Participation"),
                    Map.entry("PV1", "Visit"),
                    Map.entry("PV2", "Visit, additional"),
                    Map.entry("QAK", "Query acknowledgement"),
                    Map.entry("QPD", "Query parameters"),
                    Map.entry("RCP", "Response control"),
                    Map.entry("RF1", "Referral"),
                    Map.entry("RGS", "Resource group"),
                    Map.entry("ROL", "Role"),
                    Map.entry("RXA", "Administration"),
                    Map.entry("RXC", "Pharmacy component"),
                    Map.entry("RXD", "Dispense"),
                    Map.entry("RXE", "Encoded pharmacy order"),
                    Map.entry("RXG", "Give"),
                    Map.entry("RXO", "Pharmacy order"),
                    Map.entry("RXR", "Route of administration"),
                    Map.entry("SAC", "Specimen container"),
                    Map.entry("SCH", "Schedule"),
                    Map.entry("SFT", "Software"),
                    Map.entry("SPM", "Specimen"),
                    Map.entry("TQ1", "Timing"),
                    Map.entry("TXA", "Document"),
                    Map.entry("UAC", "User authentication"));

    private final String segment;
    private final boolean known;
    private final List<Part> fields;

    private StandardNames(String segment, boolean known, List<Part> fields) {
        this.segment = segment;
        this.known = known;
        this.fields = fields;
    }

    static StandardNames of(String segment) {
        return SegmentNames.isStandard(segment)
                ? CACHE.computeIfAbsent(segment, StandardNames::read)
                : UNKNOWN;
    }

    String segment() {
        return segment;
    }

    boolean known() {
        return known;
    }

    Part field(int number) {
        return number <= fields.size() ? fields.get(number - 1) : Part.UNKNOWN;
    }

    private static StandardNames read(String name) {
        var title = SEGMENTS.getOrDefault(name, "");
        try {
            ModelClassFactory factory = new CanonicalModelClassFactory("2.8.1");
            var host = new ACK(factory);
            var type =
                    Class.forName(ACK.class.getPackageName().replace("message", "segment.") + name);
            var segment =
                    (Segment)
                            type.getConstructor(Group.class, ModelClassFactory.class)
                                    .newInstance(host, factory);
            var fields = new ArrayList<Part>();
            var names = segment.getNames();
            for (int i = 1; i <= segment.numFields(); i++)
                fields.add(part(names[i - 1], segment.getField(i, 0), 0));
            return new StandardNames(title, true, List.copyOf(fields));
        } catch (ReflectiveOperationException | ca.uhn.hl7v2.HL7Exception e) {
            // Withdrawn before 2.8.1 or newer than it: known, but without names.
            return new StandardNames(title, true, List.of());
        }
    }

    private static Part part(String name, Type type, int depth) {
        if (type instanceof Varies || !(type instanceof Composite composite) || depth > 1)
            return new Part(name, true, false, List.of());
        var names = componentNames(composite.getClass());
        var children = new ArrayList<Part>();
        var components = composite.getComponents();
        for (int i = 0; i < components.length; i++)
            children.add(part(i < names.size() ? names.get(i) : "", components[i], depth + 1));
        return new Part(name, true, true, List.copyOf(children));
    }

    private static List<String> componentNames(Class<?> type) {
        var names = new ArrayList<String>();
        for (var method : type.getMethods()) {
            var m = GETTER.matcher(method.getName());
            if (!m.matches() || method.getParameterCount() > 0) continue;
            int number = Integer.parseInt(m.group(1));
            while (names.size() < number) names.add("");
            names.set(number - 1, WORDS.matcher(m.group(2)).replaceAll(" "));
        }
        return names;
    }
}
