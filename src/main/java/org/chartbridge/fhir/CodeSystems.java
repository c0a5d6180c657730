package org.chartbridge.fhir;

import org.chartbridge.partner.Loinc;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Names of coding systems and authorities, as v2 and as FHIR write them. What only one partner
 * knows gets a URN that says so, so that the same letters of two labs never look alike.
 */
final class CodeSystems {
    static final String LOINC = "http://loinc.org";
    static final String SNOMED = "http://snomed.info/sct";
    static final String UCUM = "http://unitsofmeasure.org";
    private static final String RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm";
    private static final String ATC = "http://www.whocc.no/atc";
    private static final String NDC = "http://hl7.org/fhir/sid/ndc";
    static final String INTERPRETATION =
            "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";
    static final String IDENTIFIER_TYPE = "http://terminology.hl7.org/CodeSystem/v2-0203";
    static final String ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
    static final String CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category";
    static final String SECTION = "http://terminology.hl7.org/CodeSystem/v2-0074";

    private static final String LOCAL = "urn:chartbridge:code:";
    private static final String AUTHORITY = "urn:chartbridge:authority:";
    private static final String ORDER_NUMBER = "urn:chartbridge:order-number:";
    private static final String ENTRY = "urn:chartbridge:entry";

    private static final Pattern OID = Pattern.compile("[0-2](\\.(0|[1-9]\\d*)){2,}");

    /** SNOMED CT identifiers are numbers; the older SNOMED codes that SNM also means are not. */
    private static final Pattern SCTID = Pattern.compile("\\d{6,18}");

    private static final Pattern V2_TABLE = Pattern.compile("HL7(\\d{4})");

    private CodeSystems() {}

    /**
     * The system of a code, table 0396; empty when none was sent.
     *
     * @param partner whose code it is
     */
    static String uri(String name, String code, String partner) {
        var upper = name.toUpperCase(Locale.ROOT);
        var table = V2_TABLE.matcher(upper);
        if (table.matches()) return "http://terminology.hl7.org/CodeSystem/v2-" + table.group(1);
        return switch (upper) {
            case "" -> "";
            case "LN", "LOINC" -> Loinc.isCode(code) ? LOINC : local(partner, name);
            case "SCT" -> SNOMED;
            case "SNM" -> SCTID.matcher(code).matches() ? SNOMED : local(partner, name);
            case "I10", "I10C" -> "http://hl7.org/fhir/sid/icd-10-cm";
            case "I9C", "I9CDX" -> "http://hl7.org/fhir/sid/icd-9-cm";
            case "UCUM" -> UCUM;
            case "RXNORM" -> RXNORM;
            case "ATC" -> ATC;
            case "NDC" -> NDC;
            default -> OID.matcher(name).matches() ? "urn:oid:" + name : local(partner, name);
        };
    }

    /** The name by which a v2 message says a coding system (table 0396); others go as they are. */
    static String name(String uri) {
        if (uri.startsWith(LOCAL)) {
            var parts = uri.substring(LOCAL.length()).split(":", 2);
            return parts.length == 2 ? decode(parts[1]) : uri;
        }
        if (uri.equals("http://hl7.org/fhir/sid/icd-10")) return "I10";
        if (uri.equals("http://hl7.org/fhir/sid/icd-10-cm")) return "I10C";
        if (uri.startsWith("http://terminology.hl7.org/CodeSystem/v2-")
                || uri.startsWith("urn:oid:")
                || uri.equals(LOINC)
                || uri.equals(SNOMED)
                || uri.equals(UCUM)
                || uri.equals(RXNORM)
                || uri.equals(ATC)
                || uri.equals(NDC)
                || uri.equals("http://hl7.org/fhir/sid/icd-9-cm"))
            return wanted(uri).names().getFirst();
        return uri;
    }

    /** What a search for a system asks the chart for. */
    record Wanted(List<String> names, String partner) {}

    /** The names under which a system was sent, upper case; the partner is empty for any. */
    static Wanted wanted(String uri) {
        if (uri.isEmpty()) return new Wanted(List.of(""), "");
        if (uri.startsWith(LOCAL)) {
            var parts = uri.substring(LOCAL.length()).split(":", 2);
            var name = parts.length == 2 ? decode(parts[1]) : "";
            return new Wanted(List.of(name.toUpperCase(Locale.ROOT)), decode(parts[0]));
        }
        var table = "http://terminology.hl7.org/CodeSystem/v2-";
        if (uri.startsWith(table))
            return new Wanted(List.of("HL7" + uri.substring(table.length())), "");
        if (uri.startsWith("urn:oid:")) return new Wanted(List.of(uri.substring(8)), "");
        return switch (uri) {
            case LOINC -> new Wanted(List.of("LN", "LOINC"), "");
            case SNOMED -> new Wanted(List.of("SCT", "SNM"), "");
            case "http://hl7.org/fhir/sid/icd-10-cm" -> new Wanted(List.of("I10", "I10C"), "");
            case "http://hl7.org/fhir/sid/icd-9-cm" -> new Wanted(List.of("I9C", "I9CDX"), "");
            case UCUM -> new Wanted(List.of("UCUM"), "");
            case RXNORM -> new Wanted(List.of("RXNORM"), "");
            case ATC -> new Wanted(List.of("ATC"), "");
            case NDC -> new Wanted(List.of("NDC"), "");
            default -> new Wanted(List.of(uri.toUpperCase(Locale.ROOT)), "");
        };
    }

    /** The system of identifiers that an authority gives; empty when the authority is unknown. */
    static String ofAuthority(String authority) {
        if (authority.isEmpty()) return "";
        if (OID.matcher(authority).matches()) return "urn:oid:" + authority;
        if (authority.startsWith("http://") || authority.startsWith("https://")) return authority;
        return AUTHORITY + encode(authority);
    }

    /** The authority that a system means; a plain name is taken as it is. */
    static String authority(String system) {
        if (system.startsWith("urn:oid:")) return system.substring("urn:oid:".length());
        return system.startsWith(AUTHORITY) ? decode(system.substring(AUTHORITY.length())) : system;
    }

    static String orderNumbersOf(String partner) {
        return ORDER_NUMBER + encode(partner);
    }

    /** The system of journal entry ids. */
    static String entries() {
        return ENTRY;
    }

    static String entry(long id) {
        return ENTRY + ":" + id;
    }

    private static String local(String partner, String name) {
        return LOCAL + encode(partner) + ":" + encode(name);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text; // A stray percent sign: nothing of ours, so nothing will be found.
        }
    }
}
