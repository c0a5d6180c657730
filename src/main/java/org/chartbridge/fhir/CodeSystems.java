package org.chartbridge.fhir;

import org.chartbridge.partner.Loinc;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Names of coding systems and authorities, as v2 and as FHIR write them. What only one partner
 * knows gets a URN that says so, so that the same letters of two labs never look alike.
 */
final class CodeSystems {
    static final String LOINC = "http://loinc.org";
    static final String SNOMED = "http://snomed.info/sct";
    static final String UCUM = "http://unitsofmeasure.org";
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

    /**
     * A system that everybody knows.
     *
     * @param names of it in v2, table 0396 and what is often sent instead; first the one we write
     */
    private record Shared(String uri, List<String> names) {}

    /** Table 0396 as terminology.hl7.org names its systems in FHIR; "" and HL7nnnn beside it. */
    private static final List<Shared> SHARED =
            List.of(
                    new Shared(LOINC, List.of("LN", "LOINC")),
                    new Shared(SNOMED, List.of("SCT", "SNM")),
                    new Shared(UCUM, List.of("UCUM")),
                    new Shared("http://hl7.org/fhir/sid/icd-10-cm", List.of("I10C", "I10")),
                    new Shared("http://hl7.org/fhir/sid/icd-9-cm", List.of("I9C", "I9CDX", "I9CP")),
                    new Shared("http://www.cms.gov/Medicare/Coding/ICD10", List.of("I10P")),
                    new Shared("http://www.nlm.nih.gov/research/umls/rxnorm", List.of("RXNORM")),
                    new Shared("http://www.whocc.no/atc", List.of("ATC", "WC")),
                    new Shared("http://hl7.org/fhir/sid/ndc", List.of("NDC")),
                    new Shared("http://hl7.org/fhir/sid/cvx", List.of("CVX")),
                    new Shared("http://hl7.org/fhir/sid/mvx", List.of("MVX")),
                    new Shared(
                            "http://www.ama-assn.org/go/cpt", List.of("C4", "CPT", "CPT4", "C5")),
                    new Shared(
                            "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
                            List.of("HCPCS", "HPC")),
                    new Shared("http://www.ada.org/cdt", List.of("CD2", "CDT")),
                    new Shared("http://fdasis.nlm.nih.gov", List.of("UNII")),
                    new Shared("http://hl7.org/fhir/ndfrt", List.of("NDFRT")),
                    new Shared("http://www.nlm.nih.gov/research/umls", List.of("UML", "UMLS")),
                    new Shared("http://nucc.org/provider-taxonomy", List.of("NUCC")),
                    new Shared("urn:oid:2.16.840.1.113883.6.238", List.of("CDCREC")),
                    new Shared("http://dicom.nema.org/resources/ontology/DCM", List.of("DCM")),
                    new Shared("http://varnomen.hgvs.org", List.of("HGVS.C", "HGVS.P", "HGVS.G")),
                    new Shared("http://www.genenames.org", List.of("HGNC-SYMB", "HGNC")),
                    new Shared("http://www.ncbi.nlm.nih.gov/clinvar", List.of("CLINVAR-V")),
                    new Shared("http://www.omim.org", List.of("OMIM")),
                    new Shared("http://pubmed.gov", List.of("PUBMED")),
                    new Shared("urn:iso:std:iso:3166", List.of("ISO3166_1")),
                    new Shared("urn:iso:std:iso:4217", List.of("ISO4217")));

    private static final Map<String, String> URIS = new HashMap<>();
    private static final Map<String, List<String>> NAMES = new HashMap<>();

    static {
        for (var shared : SHARED) {
            NAMES.put(shared.uri(), shared.names());
            for (var name : shared.names()) URIS.put(name, shared.uri());
        }
    }

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
        if (upper.isEmpty()) return "";
        // Others than these are often sent under these names.
        if (upper.equals("LN") || upper.equals("LOINC"))
            return Loinc.isCode(code) ? LOINC : local(partner, name);
        if (upper.equals("SNM"))
            return SCTID.matcher(code).matches() ? SNOMED : local(partner, name);
        var shared = URIS.get(upper);
        if (shared != null) return shared;
        return OID.matcher(name).matches() ? "urn:oid:" + name : local(partner, name);
    }

    /** The name by which a v2 message says a coding system (table 0396); others go as they are. */
    static String name(String uri) {
        if (uri.startsWith(LOCAL)) {
            var parts = uri.substring(LOCAL.length()).split(":", 2);
            return parts.length == 2 ? decode(parts[1]) : uri;
        }
        if (uri.equals("http://hl7.org/fhir/sid/icd-10")) return "I10";
        if (uri.startsWith("http://terminology.hl7.org/CodeSystem/v2-")
                || uri.startsWith("urn:oid:")
                || NAMES.containsKey(uri)) return wanted(uri).names().getFirst();
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
        var names = NAMES.get(uri);
        if (uri.startsWith("urn:oid:")) {
            var all = new ArrayList<>(names == null ? List.<String>of() : names);
            all.add(uri.substring("urn:oid:".length()));
            return new Wanted(all, "");
        }
        return new Wanted(names == null ? List.of(uri.toUpperCase(Locale.ROOT)) : names, "");
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
