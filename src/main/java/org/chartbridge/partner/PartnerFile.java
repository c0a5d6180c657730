package org.chartbridge.partner;

import org.chartbridge.partner.Partner.Ack;
import org.chartbridge.partner.Partner.Acknowledge;
import org.chartbridge.partner.Partner.AnswerAs;
import org.chartbridge.partner.Partner.Codes;
import org.chartbridge.partner.Partner.Demographics;
import org.chartbridge.partner.Partner.Empty;
import org.chartbridge.partner.Partner.Merges;
import org.chartbridge.partner.Partner.Patients;
import org.chartbridge.partner.Partner.ResultsSent;
import org.chartbridge.partner.Partner.Sender;
import org.chartbridge.partner.Partner.TestMessages;
import org.chartbridge.partner.Partner.Uncharted;
import org.chartbridge.partner.Partner.Unidentified;
import org.chartbridge.partner.Partner.UnknownCodes;
import org.chartbridge.partner.Partner.Unnamed;
import org.chartbridge.partner.ScreeningPolicy.Act;
import org.chartbridge.partner.Turnaround.Hold;
import org.chartbridge.partner.Yaml.Items;
import org.chartbridge.partner.Yaml.Mapping;
import org.chartbridge.partner.Yaml.Place;
import org.chartbridge.partner.Yaml.Scalar;
import org.jspecify.annotations.Nullable;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Reads {@code partner.yaml}; long because each key is read in its own way. Every fault of a file
 * is told, not only the first, so that it can be mended in one go; a file with a fault gives no
 * partner.
 */
public final class PartnerFile {
    public static final String NAME = "partner.yaml";

    /** A partner with more names than this is several partners. */
    static final int MAX_SENDERS = 100;

    /** More than two, the old and the new, are several systems. */
    private static final int MAX_AUTHORITIES = 50;

    /** Words of {@code not-performed:}, flags of {@code critical-flags:}. */
    static final int MAX_WORDS = 100;

    static final int MAX_CERTIFICATES = 20;

    /** The keys of {@code screening:}. */
    private static final List<String> SCREENED = List.of("high", "moderate", "low", "not-screened");

    /** Tests with a time of their own in {@code expect:}. */
    static final int MAX_EXPECTED = 2_000;

    /** MSH-3.1 and MSH-4.1 are 20 characters in HL7 v2.5.1 §2.A.33, 227 and more elsewhere. */
    static final int MAX_TEXT = 250;

    private static final String ASCII =
            "MSH|^~\\&\r ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static final Pattern DESTINATION =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}/[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private static final List<String> PROCESSING_IDS = List.of("P", "T", "D", "N");

    private final String file;
    private final Map<String, String> environment;
    private final Consumer<FileFault> faults;
    private boolean faulty;

    private PartnerFile(String file, Map<String, String> environment, Consumer<FileFault> faults) {
        this.file = file;
        this.environment = environment;
        this.faults = faults;
    }

    /**
     * The partner of a folder.
     *
     * @param environment what {@code ${NAME}} stands for
     * @return empty, with faults told, when the file is absent or has any
     */
    public static Optional<Partner> read(
            FolderFiles folder, Map<String, String> environment, Consumer<FileFault> faults) {
        var file = folder.name() + "/" + NAME;
        var content = folder.contents().get(NAME);
        if (content == null) {
            faults.accept(
                    FileFault.ofFile(
                            file,
                            "the file is missing",
                            "write it (chartbridge new-partner makes one), or delete the folder"));
            return Optional.empty();
        }
        return Yaml.read(file, content, faults)
                .flatMap(yaml -> new PartnerFile(file, environment, faults).partner(folder, yaml));
    }

    private Optional<Partner> partner(FolderFiles folder, Yaml yaml) {
        if (!(yaml instanceof Mapping mapping)) {
            fault(yaml.place(), "wanted keys, got " + yaml.kind(), "write  key: value  lines");
            return Optional.empty();
        }
        mapping.entries().forEach(entry -> known(entry.key(), PartnerKey.names()));
        var partner =
                new Partner(
                        folder.name(),
                        text(mapping, PartnerKey.NAME, folder.name()),
                        senders(mapping),
                        certificates(mapping),
                        charset(mapping),
                        zone(mapping),
                        choice(mapping, PartnerKey.ACKNOWLEDGE, Acknowledge.CHARTED),
                        choice(mapping, PartnerKey.ACK, Ack.AUTO),
                        applicationAcks(mapping, folder.name()),
                        choice(mapping, PartnerKey.ANSWER_AS, AnswerAs.ACK),
                        choice(mapping, PartnerKey.UNCHARTED, Uncharted.ACCEPT),
                        processing(mapping),
                        choice(mapping, PartnerKey.TEST_MESSAGES, TestMessages.IGNORE),
                        choice(mapping, PartnerKey.PATIENTS, Patients.MATCH),
                        choice(mapping, PartnerKey.DEMOGRAPHICS, Demographics.EVIDENCE),
                        choice(mapping, PartnerKey.EMPTY, Empty.KEEP),
                        new PatientIdsReader(file, environment, this::told)
                                .read(mapping.get(PartnerKey.PATIENT_IDS.key())),
                        trusts(mapping),
                        choice(mapping, PartnerKey.MERGES, Merges.POSITION),
                        new TlsReader(file, environment, this::told)
                                .read(mapping.get(PartnerKey.TLS.key())),
                        new LoginReader(PartnerKey.LOGIN, file, environment, this::told)
                                .read(mapping.get(PartnerKey.LOGIN.key())),
                        new LoginReader(PartnerKey.CALLER, file, environment, this::told)
                                .read(mapping.get(PartnerKey.CALLER.key())),
                        yes(mapping, PartnerKey.DEDUPLICATES),
                        choice(mapping, PartnerKey.UNNAMED_RESULTS, Unnamed.REFUSE),
                        choice(mapping, PartnerKey.RESULTS, ResultsSent.UPDATE),
                        day(mapping, PartnerKey.BACK_LOAD),
                        choice(mapping, PartnerKey.UNIDENTIFIED, Unidentified.REFUSE),
                        words(mapping),
                        new ToldApart(
                                tests(mapping, PartnerKey.SERIES),
                                tests(mapping, PartnerKey.INSTANCE_IDS)),
                        codes(folder, mapping),
                        new OrdersReader(folder, file, this::told)
                                .read(mapping.get(PartnerKey.ORDERS.key())),
                        new ReferralsReader(folder, file, this::told)
                                .read(mapping.get(PartnerKey.REFERRALS.key())),
                        screening(mapping),
                        expect(mapping),
                        new NumbersReader(file, environment, this::told)
                                .read(mapping.get(PartnerKey.GIVES_NUMBERS.key())),
                        CliniciansFile.read(folder, this::told),
                        EditsFile.repairs(folder, this::told),
                        folder.version());
        return faulty ? Optional.empty() : Optional.of(partner);
    }

    private Codes codes(FolderFiles folder, Mapping mapping) {
        var table = CodesFile.read(folder, this::told).orElse(CodeTable.EMPTY);
        return new Codes(choice(mapping, PartnerKey.CODES, UnknownCodes.KEEP), table);
    }

    private ScreeningPolicy screening(Mapping mapping) {
        var standard = ScreeningPolicy.STANDARD;
        var yaml = mapping.get(PartnerKey.SCREENING.key());
        if (yaml == null) return standard;
        if (!(yaml instanceof Mapping acts)) {
            fault(
                    yaml.place(),
                    "screening: wanted {high, moderate, low, not-screened}, got " + yaml.kind(),
                    "write  " + PartnerKey.SCREENING.example());
            return standard;
        }
        acts.entries().forEach(entry -> known(entry.key(), SCREENED));
        return new ScreeningPolicy(
                act(acts, SCREENED.get(0), standard.high()),
                act(acts, SCREENED.get(1), standard.moderate()),
                act(acts, SCREENED.get(2), standard.low()),
                act(acts, SCREENED.get(3), standard.notScreened()));
    }

    private Act act(Mapping acts, String key, Act standard) {
        var yaml = acts.get(key);
        if (yaml == null) return standard;
        for (var act : Act.values())
            if (yaml instanceof Scalar scalar
                    && filled(scalar).equals(act.name().toLowerCase(Locale.ROOT))) return act;
        fault(
                yaml.place(),
                "screening: " + key + ": wanted none, warn or hold",
                "write  " + PartnerKey.SCREENING.example());
        return standard;
    }

    private Turnaround expect(Mapping mapping) {
        var yaml = mapping.get(PartnerKey.EXPECT.key());
        var holds = holds(mapping);
        if (yaml == null) return new Turnaround(null, Map.of(), holds);
        if (!(yaml instanceof Mapping times))
            return new Turnaround(time(yaml, PartnerKey.EXPECT), Map.of(), holds);
        @Nullable Duration standard = null;
        var byCode = new HashMap<String, Duration>();
        if (times.entries().size() > MAX_EXPECTED)
            fault(
                    yaml.place(),
                    "expect names " + times.entries().size() + " tests",
                    "wanted at most " + MAX_EXPECTED);
        for (var entry : times.entries()) {
            var time = time(entry.value(), PartnerKey.EXPECT);
            if (time == null) continue;
            if (entry.key().text().equals("default")) standard = time;
            else byCode.put(entry.key().text(), time);
        }
        return new Turnaround(standard, byCode, holds);
    }

    private Map<Hold, Duration> holds(Mapping mapping) {
        var limits = new EnumMap<Hold, Duration>(Hold.class);
        var yaml = mapping.get(PartnerKey.HOLDS.key());
        if (yaml == null) return limits;
        if (!(yaml instanceof Mapping times)) {
            fault(
                    yaml.place(),
                    "holds: wanted times by what hinders, got " + yaml.kind(),
                    "write  " + PartnerKey.HOLDS.example());
            return limits;
        }
        var names = Arrays.stream(Hold.values()).map(Hold::key).toList();
        for (var entry : times.entries()) {
            known(entry.key(), names);
            var time = time(entry.value(), PartnerKey.HOLDS);
            for (var hold : Hold.values())
                if (time != null && hold.key().equals(entry.key().text())) limits.put(hold, time);
        }
        return limits;
    }

    private @Nullable Duration time(Yaml yaml, PartnerKey key) {
        var time =
                yaml instanceof Scalar scalar && !scalar.isNothing()
                        ? Turnaround.read(filled(scalar)).orElse(null)
                        : null;
        if (time == null)
            fault(
                    yaml.place(),
                    key.key()
                            + ": wanted a time such as 30min, 4h, 3d or 2w, got "
                            + (yaml instanceof Scalar scalar
                                    ? "\"" + scalar.text() + "\""
                                    : yaml.kind()),
                    "write  " + key.example());
        return time;
    }

    private void known(Scalar key, List<String> names) {
        if (names.contains(key.text())) return;
        fault(key.place(), "unknown key \"" + key.text() + "\"", Nearest.hint(key.text(), names));
    }

    private List<Sender> senders(Mapping mapping) {
        var yaml = mapping.get(PartnerKey.SENDER.key());
        if (yaml == null) {
            missing(mapping, PartnerKey.SENDER);
            return List.of();
        }
        if (yaml instanceof Scalar scalar && scalar.text().equals("any")) return List.of();
        var all = yaml instanceof Items items ? items.all() : List.of(yaml);
        if (all.isEmpty() || all.size() > MAX_SENDERS) {
            fault(
                    yaml.place(),
                    "sender names " + all.size() + " senders",
                    "wanted 1 to " + MAX_SENDERS + ", or any");
        }
        var senders = new LinkedHashSet<Sender>();
        for (var item : all) {
            var sender = sender(item);
            if (sender != null && !senders.add(sender)) {
                fault(item.place(), "the same sender a second time", "remove one");
            }
        }
        return List.copyOf(senders);
    }

    private @Nullable Sender sender(Yaml yaml) {
        if (!(yaml instanceof Mapping mapping)) {
            fault(
                    yaml.place(),
                    "sender: wanted {application, facility} or any, got " + yaml.kind(),
                    "write  " + PartnerKey.SENDER.example());
            return null;
        }
        mapping.entries().forEach(e -> known(e.key(), List.of("application", "facility")));
        var application = mapping.get("application");
        if (application == null) {
            fault(
                    mapping.place(),
                    "sender: \"application\" is missing",
                    "write what the sender puts in MSH-3, or \"\" if that is nothing");
            return null;
        }
        var facility = mapping.get("facility");
        return new Sender(
                name("application", application),
                facility == null ? null : name("facility", facility));
    }

    private String name(String key, Yaml yaml) {
        if (!(yaml instanceof Scalar scalar) || scalar.isNothing()) {
            fault(
                    yaml.place(),
                    key + ": wanted text, got " + yaml.kind(),
                    "write it as it stands in the message; \"\" for an empty field");
            return "";
        }
        var text = filled(scalar).strip();
        if (text.length() > MAX_TEXT || text.contains("^") || text.contains("|")) {
            fault(
                    yaml.place(),
                    key + ": not the first component of a field",
                    "wanted what stands before the first ^, at most " + MAX_TEXT + " characters");
        }
        return text;
    }

    private String text(Mapping mapping, PartnerKey key, String standard) {
        var yaml = mapping.get(key.key());
        if (yaml == null) return standard;
        if (yaml instanceof Scalar scalar && !scalar.isNothing()) {
            var filled = Placeholders.fill(file, scalar, environment, this::told);
            if (filled.isEmpty()) return standard;
            var text = filled.get().strip();
            if (!text.isEmpty() && text.length() <= MAX_TEXT) return text;
        }
        fault(
                yaml.place(),
                key.key() + ": wanted 1 to " + MAX_TEXT + " characters, got " + yaml.kind(),
                "write  " + key.example());
        return standard;
    }

    private List<ClientCertificate> certificates(Mapping mapping) {
        var yaml = mapping.get(PartnerKey.CERTIFICATE.key());
        if (yaml == null) return List.of();
        var all = yaml instanceof Items items ? items.all() : List.of(yaml);
        if (all.isEmpty() || all.size() > MAX_CERTIFICATES) {
            fault(
                    yaml.place(),
                    "certificate names " + all.size() + " certificates",
                    "wanted 1 to " + MAX_CERTIFICATES);
        }
        var certificates = new LinkedHashSet<ClientCertificate>();
        for (var item : all) {
            var text = item instanceof Scalar scalar ? filled(scalar).strip() : "";
            var certificate = ClientCertificate.parse(text);
            if (certificate.isEmpty()) {
                fault(
                        item.place(),
                        "certificate: wanted a subject with CN, or a SHA-256, got " + item.kind(),
                        "write it in quotes:  " + PartnerKey.CERTIFICATE.example());
            } else if (!certificates.add(certificate.get())) {
                fault(item.place(), "the same certificate a second time", "remove one");
            }
        }
        return List.copyOf(certificates);
    }

    private List<String> trusts(Mapping mapping) {
        var yaml = mapping.get(PartnerKey.TRUSTS.key());
        if (yaml == null) return List.of();
        var all = yaml instanceof Items items ? items.all() : List.of(yaml);
        if (all.isEmpty() || all.size() > MAX_AUTHORITIES) {
            fault(
                    yaml.place(),
                    "trusts names " + all.size() + " authorities",
                    "wanted 1 to " + MAX_AUTHORITIES);
        }
        var authorities = new LinkedHashSet<String>();
        for (var item : all) {
            var authority = name(PartnerKey.TRUSTS.key(), item);
            if (authority.isEmpty())
                fault(item.place(), "trusts: an empty authority", "write CX.4 as it is sent");
            else if (!authorities.add(authority))
                fault(item.place(), "the same authority a second time", "remove one");
        }
        return List.copyOf(authorities);
    }

    private ResultWords words(Mapping mapping) {
        var words = words(mapping, PartnerKey.NOT_PERFORMED, ResultWords.MAX_WORD_CHARACTERS, true);
        var flags =
                words(mapping, PartnerKey.CRITICAL_FLAGS, ResultWords.MAX_FLAG_CHARACTERS, false);
        return words.isEmpty() && flags.isEmpty()
                ? ResultWords.STANDARD
                : ResultWords.of(words, flags);
    }

    private ToldApart.Tests tests(Mapping mapping, PartnerKey key) {
        if (mapping.get(key.key()) instanceof Scalar scalar) {
            if (filled(scalar).equals("true")) return new ToldApart.Tests(true, Set.of());
            if (filled(scalar).equals("false")) return ToldApart.Tests.NONE;
        }
        return new ToldApart.Tests(false, words(mapping, key, MAX_TEXT, false));
    }

    /** One word or a list of them; empty where the key is not there. */
    private Set<String> words(
            Mapping mapping, PartnerKey which, int maxCharacters, boolean inPlaceOfValue) {
        var key = which.key();
        var yaml = mapping.get(key);
        if (yaml == null) return Set.of();
        var all = yaml instanceof Items items ? items.all() : List.of(yaml);
        if (all.isEmpty() || all.size() > MAX_WORDS) {
            fault(
                    yaml.place(),
                    key + " holds " + all.size() + " words",
                    "wanted 1 to " + MAX_WORDS);
        }
        var words = new LinkedHashSet<String>();
        for (var item : all) {
            var word = item instanceof Scalar scalar && !scalar.isNothing() ? filled(scalar) : "";
            if (word.isBlank() || word.length() > maxCharacters)
                fault(
                        item.place(),
                        key + ": wanted 1 to " + maxCharacters + " characters, got " + item.kind(),
                        "write  " + which.example());
            else if (inPlaceOfValue && word.codePoints().noneMatch(Character::isLetter))
                fault(
                        item.place(),
                        key + ": a word without a letter could be a result",
                        "write the words that the laboratory sends in OBX-5");
            else words.add(word);
        }
        return words;
    }

    private Charset charset(Mapping mapping) {
        var name = text(mapping, PartnerKey.CHARSET, "UTF-8");
        var yaml = mapping.get(PartnerKey.CHARSET.key());
        if (yaml == null || !(yaml instanceof Scalar)) return StandardCharsets.UTF_8;
        try {
            var charset = Charset.forName(name);
            if (holdsAscii(charset)) return charset;
            fault(
                    yaml.place(),
                    "charset: " + charset.name() + " can't carry HL7 over MLLP",
                    "wanted one in which ASCII stays ASCII, for example UTF-8 or ISO-8859-1");
        } catch (IllegalArgumentException _) { // no such name, or a name that can't be one
            fault(
                    yaml.place(),
                    "charset: no character set is called \"" + name + "\"",
                    Nearest.to(name, Charset.availableCharsets().keySet())
                            .map(near -> "did you mean " + near + "?")
                            .orElse("wanted for example UTF-8, ISO-8859-1 or windows-1252"));
        }
        return StandardCharsets.UTF_8;
    }

    private static boolean holdsAscii(Charset charset) {
        return charset.canEncode()
                && Arrays.equals(
                        ASCII.getBytes(charset), ASCII.getBytes(StandardCharsets.US_ASCII));
    }

    private ZoneId zone(Mapping mapping) {
        var yaml = mapping.get(PartnerKey.ZONE.key());
        if (yaml == null) {
            missing(mapping, PartnerKey.ZONE);
            return ZoneOffset.UTC;
        }
        var name = text(mapping, PartnerKey.ZONE, "UTC");
        try {
            return ZoneId.of(name);
        } catch (DateTimeException _) {
            fault(
                    yaml.place(),
                    "zone: no time zone is called \"" + name + "\"",
                    Nearest.to(name, ZoneId.getAvailableZoneIds())
                            .map(near -> "did you mean " + near + "?")
                            .orElse("wanted for example America/New_York, Europe/Berlin or UTC"));
            return ZoneOffset.UTC;
        }
    }

    /** The destination; empty for none. */
    private String applicationAcks(Mapping mapping, String folder) {
        var key = PartnerKey.APPLICATION_ACKS;
        var yaml = mapping.get(key.key());
        if (yaml == null) return folder + "/acks";
        var text = yaml instanceof Scalar scalar ? filled(scalar).strip() : "";
        if (text.equals("none")) return "";
        if (DESTINATION.matcher(text).matches()) return text;
        fault(
                yaml.place(),
                key.key() + ": wanted a destination (partner/queue) or none, got " + yaml.kind(),
                "write  " + key.example());
        return "";
    }

    private List<String> processing(Mapping mapping) {
        var yaml = mapping.get(PartnerKey.PROCESSING.key());
        if (yaml == null) return List.of("P");
        var ids = new LinkedHashSet<String>();
        for (var item : yaml instanceof Items items ? items.all() : List.of(yaml)) {
            var id = item instanceof Scalar scalar ? filled(scalar).strip() : item.kind();
            if (!PROCESSING_IDS.contains(id)) {
                fault(
                        item.place(),
                        "processing: wanted "
                                + String.join(", ", PROCESSING_IDS)
                                + ", got "
                                + item.kind(),
                        "write  " + PartnerKey.PROCESSING.example());
            } else if (!ids.add(id)) {
                fault(item.place(), "processing: " + id + " stands twice", "keep one");
            }
        }
        if (ids.isEmpty() && !faulty) {
            fault(yaml.place(), "processing: an empty list", "write  processing: [P]");
        }
        return List.copyOf(ids);
    }

    private <E extends Enum<E>> E choice(Mapping mapping, PartnerKey key, E standard) {
        var yaml = mapping.get(key.key());
        if (yaml == null) return standard;
        var words = new ArrayList<String>();
        for (var constant : standard.getDeclaringClass().getEnumConstants()) {
            var word = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
            if (yaml instanceof Scalar scalar && filled(scalar).equals(word)) return constant;
            words.add(word);
        }
        fault(
                yaml.place(),
                key.key() + ": wanted " + String.join(", ", words) + ", got " + yaml.kind(),
                "write  " + key.example());
        return standard;
    }

    /** {@code true} or {@code false}; not given is false. */
    private @Nullable LocalDate day(Mapping mapping, PartnerKey key) {
        var yaml = mapping.get(key.key());
        if (yaml == null) return null;
        try {
            if (yaml instanceof Scalar scalar) return LocalDate.parse(filled(scalar));
        } catch (DateTimeException _) {
            // Told below, as whatever else is no day.
        }
        fault(
                yaml.place(),
                key.key() + ": wanted a day such as 2026-03-01, got " + yaml.kind(),
                "write  " + key.example());
        return null;
    }

    private boolean yes(Mapping mapping, PartnerKey key) {
        var yaml = mapping.get(key.key());
        if (yaml == null) return false;
        if (yaml instanceof Scalar scalar) {
            if (filled(scalar).equals("true")) return true;
            if (filled(scalar).equals("false")) return false;
        }
        fault(
                yaml.place(),
                key.key() + ": wanted true or false, got " + yaml.kind(),
                "write  " + key.example());
        return false;
    }

    private String filled(Scalar scalar) {
        return Placeholders.fill(file, scalar, environment, this::told).orElse("");
    }

    private void missing(Mapping mapping, PartnerKey key) {
        fault(
                new Place(mapping.place().line(), 0),
                "key \"" + key.key() + "\" is missing",
                "add  " + key.example());
    }

    private void fault(Place place, String what, String remedy) {
        told(FileFault.at(file, place, what, remedy));
    }

    private void told(FileFault fault) {
        faulty = true;
        faults.accept(fault);
    }
}
