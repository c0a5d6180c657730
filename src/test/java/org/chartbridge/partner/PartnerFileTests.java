package org.chartbridge.partner;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.partner.Partner.Ack;
import org.chartbridge.partner.Partner.Acknowledge;
import org.chartbridge.partner.Partner.Patients;
import org.chartbridge.partner.Partner.Sender;
import org.chartbridge.partner.Turnaround.Hold;
import org.chartbridge.partner.Yaml.Place;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

class PartnerFileTests {
    private static final String MUST = "sender: any\nzone: UTC\n";

    private final List<FileFault> faults = new ArrayList<>();

    @Test
    void aShortFileGetsEveryDefault() {
        var partner = read("sender: { application: LIS }\nzone: Europe/Berlin\n").orElseThrow();

        assertThat(partner.folder()).isEqualTo("lab");
        assertThat(partner.title()).isEqualTo("lab");
        assertThat(partner.senders()).containsExactly(new Sender("LIS", null));
        assertThat(partner.charset()).isEqualTo(StandardCharsets.UTF_8);
        assertThat(partner.zone()).isEqualTo(ZoneId.of("Europe/Berlin"));
        assertThat(partner.acknowledge()).isEqualTo(Acknowledge.CHARTED);
        assertThat(partner.ack()).isEqualTo(Ack.AUTO);
        assertThat(partner.processing()).containsExactly("P");
        assertThat(partner.patients()).isEqualTo(Patients.MATCH);
        assertThat(partner.demographics()).isEqualTo(Partner.Demographics.EVIDENCE);
        assertThat(partner.empty()).isEqualTo(Partner.Empty.KEEP);
        assertThat(partner.patientIds()).isEmpty();
        assertThat(faults).isEmpty();
    }

    @Test
    void theClinicsOwnSystemIsMasterOfDemographics() {
        var partner = read(MUST + "demographics: master\nempty: clear\n").orElseThrow();

        assertThat(partner.demographics()).isEqualTo(Partner.Demographics.MASTER);
        assertThat(partner.empty()).isEqualTo(Partner.Empty.CLEAR);
    }

    @Test
    void numbersAreGivenOfARangeWithItsLeadingZeros() {
        var partner =
                read(MUST + "gives-numbers: { authority: CLINIC, type: MR, from: 0050, to: 99 }\n")
                        .orElseThrow();

        assertThat(partner.givesNumbers())
                .containsExactly(new Partner.NumberRange("CLINIC", "", "MR", 50, 99, 4));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5",
                "{ from: 1, to: 2 }",
                "{ authority: CLINIC, from: 9, to: 2 }",
                "{ authority: CLINIC, from: A1, to: A2 }",
                "{ authority: CLINIC, from: 1 }",
                "{ authority: CLINIC, from: 1, to: 2, step: 2 }",
                "[{ authority: A, from: 1, to: 2 }, { authority: a, from: 3, to: 4 }]"
            })
    void whatIsNoRangeOfNumbersIsRefused(String written) {
        assertThat(read(MUST + "gives-numbers: " + written + "\n")).isEmpty();
        assertThat(faults).isNotEmpty();
    }

    @Test
    void identifiersOfAFieldGetAuthorityAndTypeOrNameNoPatient() {
        var partner =
                read(MUST
                                + """
                                patient-ids:
                                  PID-4: { authority: "${LAB_APP}", type: MR }
                                  PID-3: { use: per-order }
                                """)
                        .orElseThrow();

        assertThat(partner.patientIds())
                .containsExactly(
                        new Partner.PatientIds(4, "LIS", "MR", false),
                        new Partner.PatientIds(3, "", "", true));
        assertThat(partner.patientIds(2)).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void whatCantBePatientIdsIsRefusedWithItsLine(String name, String text, String expected) {
        assertThat(read(MUST + text)).isEmpty();

        assertThat(faults).extracting(FileFault::toString).containsExactly(expected);
    }

    static Stream<Arguments> whatCantBePatientIdsIsRefusedWithItsLine() {
        return Stream.of(
                broken(
                        "another field",
                        "patient-ids:\n  PID-5: { type: MR }\n",
                        "lab/partner.yaml:4: patient-ids: \"PID-5\" holds no patient identifier;"
                                + " did you mean \"PID-2\"?"),
                broken(
                        "a misspelt key",
                        "patient-ids:\n  PID-2: { autority: X }\n",
                        "lab/partner.yaml:4: unknown key \"autority\"; did you mean"
                                + " \"authority\"?"),
                broken(
                        "a wrong word",
                        "patient-ids:\n  PID-2: { use: per-ordr }\n",
                        "lab/partner.yaml:4: patient-ids: use: wanted persistent or per-order, got"
                                + " \"per-ordr\"; did you mean \"per-order\"?"),
                broken(
                        "nothing left",
                        "patient-ids: { PID-2: { use: per-order }, PID-3: { use: per-order },"
                                + " PID-4: { use: per-order } }\n",
                        "lab/partner.yaml:3: patient-ids: no field is left that names a patient;"
                                + " take  use: per-order  away where the patient's number stands"),
                broken(
                        "a list",
                        "patient-ids: [PID-2]\n",
                        "lab/partner.yaml:3: patient-ids: wanted PID-2, PID-3 or PID-4, got a list;"
                                + " write  "
                                + PartnerKey.PATIENT_IDS.example()));
    }

    @Test
    void everyKeyIsRead() {
        var partner =
                read("""
                name: "North: Lab"
                sender:
                  - { application: LIS, facility: NORTHLAB }
                  - { application: "", facility: 007 }
                charset: windows-1252
                zone: +05:30
                acknowledge: stored
                ack: enhanced
                processing: [T, P]
                patients: create
                """)
                        .orElseThrow();

        assertThat(partner.title()).isEqualTo("North: Lab");
        assertThat(partner.senders())
                .containsExactly(new Sender("LIS", "NORTHLAB"), new Sender("", "007"));
        assertThat(partner.charset().name()).isEqualTo("windows-1252");
        assertThat(partner.zone()).isEqualTo(ZoneId.of("+05:30"));
        assertThat(partner.acknowledge()).isEqualTo(Acknowledge.STORED);
        assertThat(partner.ack()).isEqualTo(Ack.ENHANCED);
        assertThat(partner.processing()).containsExactly("T", "P");
        assertThat(partner.patients()).isEqualTo(Patients.CREATE);
    }

    @Test
    void anyMeansNoSenderOfItsOwn() {
        assertThat(read(MUST).orElseThrow().senders()).isEmpty();
    }

    @Test
    void wordsThatYamlTakesForFalseStayNames() {
        var partner = read("sender: { application: NO, facility: ON }\nzone: UTC\n").orElseThrow();

        assertThat(partner.senders()).containsExactly(new Sender("NO", "ON"));
    }

    @Test
    void namesComeFromTheEnvironment() {
        var partner =
                read("sender: { application: \"${LAB_APP}-2\" }\nzone: ${ZONE}\n").orElseThrow();

        assertThat(partner.senders()).containsExactly(new Sender("LIS-2", null));
        assertThat(partner.zone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
    }

    @Test
    void everyFaultOfAFileIsTold() {
        assertThat(read("sendr: any\nacknowledge: later\nzone: Mars\n")).isEmpty();

        assertThat(faults).hasSize(4);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void aBrokenFileIsRefusedWithLineAndRemedy(String name, String text, String expected) {
        assertThat(read(text)).isEmpty();

        assertThat(faults).extracting(FileFault::toString).containsExactly(expected);
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                broken(
                        "empty",
                        "",
                        "lab/partner.yaml: the file is empty; write it, or delete the file"),
                broken(
                        "only a comment",
                        "# soon\n",
                        "lab/partner.yaml: the file is empty; write it, or delete the file"),
                broken(
                        "a list",
                        "- sender: any\n",
                        "lab/partner.yaml:1: wanted keys, got a list; write  key: value  lines"),
                broken(
                        "a sentence",
                        "sender any",
                        "lab/partner.yaml:1: wanted keys, got \"sender any\"; write  key: value "
                                + " lines"),
                broken(
                        "a misspelt key",
                        MUST + "acknowlege: charted\n",
                        "lab/partner.yaml:3: unknown key \"acknowlege\"; did you mean"
                                + " \"acknowledge\"?"),
                broken(
                        "a key in capitals",
                        MUST + "Charset: UTF-8\n",
                        "lab/partner.yaml:3: unknown key \"Charset\"; did you mean \"charset\"?"),
                broken(
                        "a key like no other",
                        MUST + "colour: blue\n",
                        "lab/partner.yaml:3: unknown key \"colour\"; wanted one of: "
                                + String.join(", ", PartnerKey.names())),
                broken(
                        "a key twice",
                        MUST + "zone: UTC\n",
                        "lab/partner.yaml:3: key \"zone\" stands twice, first in line 2; keep one"),
                broken(
                        "a merge key",
                        MUST + "<<: { ack: none }\n",
                        "lab/partner.yaml:3: unknown key \"<<\"; wanted one of: "
                                + String.join(", ", PartnerKey.names())),
                broken(
                        "a tab",
                        "sender:\n\tapplication: LIS\nzone: UTC\n",
                        "lab/partner.yaml:2: a tab where YAML wants spaces; indent with spaces"),
                broken(
                        "a quote that never ends",
                        "sender: any\nname: \"North\nzone: UTC\n",
                        "lab/partner.yaml:4: not YAML: found unexpected end of stream; check"
                                + " indentation, colons and quotes here and in the line above"),
                broken(
                        "wrong indentation",
                        "sender: any\n  zone: UTC\n",
                        "lab/partner.yaml:2: not YAML: mapping values are not allowed here; check"
                                + " indentation, colons and quotes here and in the line above"),
                broken(
                        "a second document",
                        MUST + "---\nname: x\n",
                        "lab/partner.yaml:3: a second document; remove the line --- and what"
                                + " follows"),
                broken(
                        "an alias",
                        "sender: &s any\nname: *s\nzone: UTC\n",
                        "lab/partner.yaml:1: an anchor or alias (& or *); write the value out, or"
                                + " quote it"),
                broken(
                        "a Java tag",
                        "sender: !!java.net.URL [any]\nzone: UTC\n",
                        "lab/partner.yaml:1: a tag (!); remove it, or quote the value"),
                broken(
                        "nested too deep",
                        "name: " + "[".repeat(5_000),
                        "lab/partner.yaml:1: nested too deep; wanted at most 40 levels"),
                broken(
                        "NUL",
                        MUST + "name: a\0b\n",
                        "lab/partner.yaml: character U+0000 can't stand in YAML; remove it, or"
                                + " write it as an escape in double quotes"),
                broken(
                        "no sender",
                        "zone: UTC\n",
                        "lab/partner.yaml:1: key \"sender\" is missing; add  sender: { application:"
                                + " LIS, facility: NORTHLAB }"),
                broken(
                        "no zone",
                        "sender: any\n",
                        "lab/partner.yaml:1: key \"zone\" is missing; add  zone: America/New_York"),
                broken(
                        "a sender in one word",
                        "sender: LIS\nzone: UTC\n",
                        "lab/partner.yaml:1: sender: wanted {application, facility} or any, got"
                            + " \"LIS\"; write  sender: { application: LIS, facility: NORTHLAB }"),
                broken(
                        "a sender of nothing",
                        "sender:\nzone: UTC\n",
                        "lab/partner.yaml:1: sender: wanted {application, facility} or any, got"
                            + " nothing; write  sender: { application: LIS, facility: NORTHLAB }"),
                broken(
                        "no sender in the list",
                        "sender: []\nzone: UTC\n",
                        "lab/partner.yaml:1: sender names 0 senders; wanted 1 to 100, or any"),
                broken(
                        "a facility alone",
                        "sender: { facility: NORTHLAB }\nzone: UTC\n",
                        "lab/partner.yaml:1: sender: \"application\" is missing; write what the"
                                + " sender puts in MSH-3, or \"\" if that is nothing"),
                broken(
                        "a misspelt key of the sender",
                        "sender:\n  application: LIS\n  facilty: NORTHLAB\nzone: UTC\n",
                        "lab/partner.yaml:3: unknown key \"facilty\"; did you mean \"facility\"?"),
                broken(
                        "a whole HD",
                        "sender:\n  application: LIS^2.16^ISO\nzone: UTC\n",
                        "lab/partner.yaml:2: application: not the first component of a field;"
                                + " wanted what stands before the first ^, at most 250 characters"),
                broken(
                        "an application of nothing",
                        "sender: { application: }\nzone: UTC\n",
                        "lab/partner.yaml:1: application: wanted text, got nothing; write it as it"
                                + " stands in the message; \"\" for an empty field"),
                broken(
                        "the same sender twice",
                        "sender:\n  - { application: A }\n  - { application: A }\nzone: UTC\n",
                        "lab/partner.yaml:3: the same sender a second time; remove one"),
                broken(
                        "a misspelt character set",
                        MUST + "charset: ISO-88591\n",
                        "lab/partner.yaml:3: charset: no character set is called \"ISO-88591\"; did"
                                + " you mean ISO-8859-1?"),
                broken(
                        "a character set that is none",
                        MUST + "charset: \"what ever\"\n",
                        "lab/partner.yaml:3: charset: no character set is called \"what ever\";"
                                + " wanted for example UTF-8, ISO-8859-1 or windows-1252"),
                broken(
                        "a character set without ASCII",
                        MUST + "charset: UTF-16\n",
                        "lab/partner.yaml:3: charset: UTF-16 can't carry HL7 over MLLP; wanted one"
                                + " in which ASCII stays ASCII, for example UTF-8 or ISO-8859-1"),
                broken(
                        "a misspelt zone",
                        "sender: any\nzone: america/newyork\n",
                        "lab/partner.yaml:2: zone: no time zone is called \"america/newyork\"; did"
                                + " you mean America/New_York?"),
                broken(
                        "a zone that is none",
                        "sender: any\nzone: Mars\n",
                        "lab/partner.yaml:2: zone: no time zone is called \"Mars\"; wanted for"
                                + " example America/New_York, Europe/Berlin or UTC"),
                broken(
                        "a wrong word",
                        MUST + "acknowledge: committed\n",
                        "lab/partner.yaml:3: acknowledge: wanted charted, stored, got"
                                + " \"committed\"; write  acknowledge: stored"),
                broken(
                        "a word in capitals",
                        MUST + "ack: AUTO\n",
                        "lab/partner.yaml:3: ack: wanted auto, original, enhanced, none, got"
                                + " \"AUTO\"; write  ack: original"),
                broken(
                        "a list of words",
                        MUST + "patients: [match]\n",
                        "lab/partner.yaml:3: patients: wanted match, create, got a list; write "
                                + " patients: create"),
                broken(
                        "an unknown processing id",
                        MUST + "processing: [P, X]\n",
                        "lab/partner.yaml:3: processing: wanted P, T, D, N, got \"X\"; write "
                                + " processing: [P, T]"),
                broken(
                        "no processing id",
                        MUST + "processing: []\n",
                        "lab/partner.yaml:3: processing: an empty list; write  processing: [P]"),
                broken(
                        "a variable that is not set",
                        MUST + "name: ${NOT_SET_HERE}\n",
                        "lab/partner.yaml:3: environment variable NOT_SET_HERE is not set; set it"
                                + " before the engine starts"),
                broken(
                        "a variable without an end",
                        MUST + "name: ${LAB\n",
                        "lab/partner.yaml:3: \"${\" without \"}\"; write ${NAME}"),
                broken(
                        "a variable with a strange name",
                        MUST + "name: ${a.b}\n",
                        "lab/partner.yaml:3: \"${a.b}\" names no environment variable; wanted"
                                + " letters, digits and _, as in ${LAB_PORT}"));
    }

    @Test
    void aFileThatIsNotUtf8NamesTheLine() {
        assertThat(read((MUST + "name: M\u00fcller\n").getBytes(StandardCharsets.ISO_8859_1)))
                .isEmpty();

        assertThat(faults)
                .extracting(FileFault::toString)
                .containsExactly("lab/partner.yaml:3: not UTF-8; save the file as UTF-8");
    }

    @Test
    void aFileOverTheLimitIsNotParsed() {
        assertThat(read(new byte[YamlReader.MAX_FILE_BYTES + 1])).isEmpty();

        assertThat(faults).singleElement().asString().contains("wanted at most 262144");
    }

    @Test
    void aPartnerOfTooManySendersIsRefused() {
        var text = new StringBuilder("zone: UTC\nsender:\n");
        for (var i = 0; i <= PartnerFile.MAX_SENDERS; i++) {
            text.append("  - { application: A").append(i).append(" }\n");
        }

        assertThat(read(text.toString())).isEmpty();
        assertThat(faults)
                .extracting(FileFault::toString)
                .containsExactly(
                        "lab/partner.yaml:3: sender names 101 senders; wanted 1 to 100, or any");
    }

    @Test
    void aFolderWithoutTheFileSaysWhatToDo() {
        assertThat(PartnerFile.read(new FolderFiles("lab", new TreeMap<>()), Map.of(), faults::add))
                .isEmpty();

        assertThat(faults)
                .extracting(FileFault::toString)
                .containsExactly(
                        "lab/partner.yaml: the file is missing; write it (chartbridge new-partner"
                                + " makes one), or delete the folder");
    }

    @Test
    void tlsTowardsThePartnerNamesItsFiles() {
        var tls =
                read("""
                sender: any
                zone: UTC
                tls:
                  trust: ${TLS}/ca.pem
                  certificate: mine.pem
                  key: mine.key
                """)
                        .orElseThrow()
                        .tls();

        assertThat(tls)
                .isEqualTo(new Partner.Tls("/pem/ca.pem", "mine.pem", "mine.key", new Place(4, 3)));
        assertThat(read("sender: any\nzone: UTC\ntls: { trust: public }\n").orElseThrow().tls())
                .isEqualTo(new Partner.Tls(null, null, null, new Place(3, 6)));
        assertThat(read("sender: any\nzone: UTC\n").orElseThrow().tls()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "tls: true ! 3: tls: wanted {trust, certificate, key}, got \"true\"",
                "tls: { certificate: a, key: b } ! 3: tls: \"trust\" is missing",
                "tls: { trust: a, key: b } ! 3: tls: of certificate and key only one is there",
                "tls: { trust: a, certficate: b, key: c } ! 3: unknown key \"certficate\"",
                "tls: { trust: \"${NOWHERE}/a\" } ! 3: environment variable NOWHERE is not set",
                "tls: { trust: [a] } ! 3: trust: wanted a PEM file, got a list",
                "tls: { trust: ~ } ! 3: trust: wanted a PEM file",
            })
    void tlsThatCanNotBeMeantIsRefused(String line, String expected) {
        assertThat(read("sender: any\nzone: UTC\n" + line + "\n")).isEmpty();

        assertThat(faults)
                .extracting(FileFault::toString)
                .anyMatch(fault -> fault.startsWith("lab/partner.yaml:" + expected));
    }

    @Test
    void secretsOfALoginComeFromTheEnvironmentAndAreNeverPrinted() {
        var lab =
                read("sender: any\nzone: UTC\nlogin: { user: clinic, password: \"${TLS}\" }\n")
                        .orElseThrow();

        assertThat(lab.login())
                .isEqualTo(new Login("clinic", "/pem", null, null, List.of(), new Place(3, 8)));
        assertThat(lab.toString()).doesNotContain("/pem").doesNotContain("clinic");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "login: s3cret ! 3: login: wanted a block of keys",
                "login: { user: a, password: s3cret } ! 3: password: a secret stands in the file",
                "login: { token: s3cret } ! 3: token: a secret stands in the file",
                "login: { token: \"${TLS} s3cret\" } ! 3: token: wanted one line",
                "login: { user: a } ! 3: login: wanted user and password, user and key, or token",
                "login: { user: \"a:b\", password: \"${TLS}\" } ! 3: login: a user with a colon",
                "login: { user: a, pasword: \"${TLS}\" } ! 3: unknown key \"pasword\"",
                "login: { user: a, key: k, host-key: s3cret } ! 3: host-key: wanted a fingerprint",
                "login: { token: \"${NOWHERE}\" } ! 3: environment variable NOWHERE is not set",
            })
    void aLoginThatCanNotBeMeantIsRefused(String line, String expected) {
        assertThat(read("sender: any\nzone: UTC\n" + line + "\n")).isEmpty();

        assertThat(faults)
                .extracting(FileFault::toString)
                .anyMatch(fault -> fault.startsWith("lab/partner.yaml:" + expected));
        if (!line.contains("host-key")) assertThat(faults.toString()).doesNotContain("s3cret");
    }

    @Test
    void theHelpPageShowsTheTableOfKeys() throws Exception {
        assertThat(Files.readString(Path.of("src/docs/partner-yaml.md")))
                .contains(PartnerKey.markdown());
    }

    @Test
    void everyExampleOfTheTableIsValid() {
        var text = new StringBuilder();
        for (var key : PartnerKey.values()) text.append(key.example()).append('\n');

        var files = new TreeMap<String, byte[]>();
        files.put(PartnerFile.NAME, text.toString().getBytes(StandardCharsets.UTF_8));
        files.put("compendium.csv", "code\nK\n".getBytes(StandardCharsets.UTF_8));
        files.put("providers.csv", "id\n1003000126\n".getBytes(StandardCharsets.UTF_8));
        assertThat(read(new FolderFiles("lab", files))).isPresent();
    }

    @Test
    void wordsForNotPerformedAreComparedInCapitals() {
        var lab =
                read("sender: any\nzone: UTC\nnot-performed: [no  specimen, Lost]\n").orElseThrow();

        assertThat(lab.words().notPerformed()).containsExactlyInAnyOrder("NO SPECIMEN", "LOST");
        assertThat(faults).isEmpty();
    }

    /** ⚠ A number in the list would hide results; so would nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"0", "[TNP, 5.1]", "'*'", "''", "[]", "[[TNP]]", "{TNP: x}", "~"})
    void whatCouldBeAResultIsNoWordForNotPerformed(String words) {
        var lab = read("sender: any\nzone: UTC\nnot-performed: " + words + "\n");

        assertThat(lab).isEmpty();
        assertThat(faults).hasSize(1);
        assertThat(faults.getFirst().toString()).contains("not-performed").contains("3");
    }

    @Test
    void expectedTimesAreReadByCodeAndAsTheStandardOfAll() {
        var lab =
                read("sender: any\nzone: UTC\nexpect: { default: 3d, \"24323-8\": 4h, K: 30min }\n")
                        .orElseThrow();

        assertThat(lab.expect().of("24323-8")).contains(Duration.ofHours(4));
        assertThat(lab.expect().of("K")).contains(Duration.ofMinutes(30));
        assertThat(lab.expect().of("other")).contains(Duration.ofDays(3));
        assertThat(read("sender: any\nzone: UTC\nexpect: 2w\n").orElseThrow().expect().of(""))
                .contains(Duration.ofDays(14));
        assertThat(read("sender: any\nzone: UTC\n").orElseThrow().expect().of("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "0h", "3", "[3d]", "{ default: }", "{ K: 3 days }", "-1d"})
    void anExpectedTimeThatIsNoneIsRefusedWithItsLine(String time) {
        assertThat(read("sender: any\nzone: UTC\nexpect: " + time + "\n")).isEmpty();

        assertThat(faults.getFirst().toString()).contains("expect: wanted a time").contains("3");
    }

    @Test
    void limitsOfHoldsAreReadByWhatHinders() {
        var lab = read("sender: any\nzone: UTC\nholds: { payment: 2w, aoe: 4h }\n").orElseThrow();

        assertThat(lab.expect().of(Hold.PAYMENT)).contains(Duration.ofDays(14));
        assertThat(lab.expect().of(Hold.AOE)).contains(Duration.ofHours(4));
        assertThat(lab.expect().of(Hold.ABN)).isEmpty();
        assertThat(lab.expect().of("K")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"3d", "[3d]", "{ pay: 3d }", "{ aoe: soon }", "{ abn: }", "~"})
    void limitsOfHoldsThatAreNoneAreRefusedWithTheirLine(String limits) {
        assertThat(read("sender: any\nzone: UTC\nholds: " + limits + "\n")).isEmpty();

        assertThat(faults.getFirst().toString())
                .contains("lab/partner.yaml:3")
                .containsAnyOf("holds: wanted", "unknown key \"pay\"");
    }

    @Test
    void moreWordsThanTheLimitAreRefused() {
        var words = String.join(", ", java.util.Collections.nCopies(101, "TNP"));

        assertThat(read("sender: any\nzone: UTC\nnot-performed: [" + words + "]\n")).isEmpty();
        assertThat(faults.getFirst().toString()).contains("not-performed holds 101 words");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-13-01", "last year", "2026-03", "[2026-03-01]", "~", "''"})
    void whatIsNoDayIsRefusedForBackLoad(String day) {
        assertThat(read("sender: any\nzone: UTC\nback-load: 2026-03-01\n").orElseThrow().backLoad())
                .isEqualTo("2026-03-01");

        assertThat(read("sender: any\nzone: UTC\nback-load: " + day + "\n")).isEmpty();
        assertThat(faults.getFirst().toString()).contains("back-load").contains("3");
    }

    @Test
    void flagsForCriticalValuesMayBeSignsAndAreComparedInCapitals() {
        var lab =
                read("sender: any\nzone: UTC\ncritical-flags: [c, PH, '*']\nnot-performed: LOST\n")
                        .orElseThrow();

        assertThat(lab.words().criticalFlags()).containsExactlyInAnyOrder("C", "PH", "*");
        assertThat(lab.words().notPerformed()).containsExactly("LOST");
        assertThat(faults).isEmpty();
    }

    /** ⚠ A list that is empty by mistake would mark nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"''", "[]", "[[C]]", "{C: x}", "~", "[C, CRITICAL-VALUE-FOUND-HERE]"})
    void whatIsNoFlagForCriticalValuesIsRefused(String flags) {
        assertThat(read("sender: any\nzone: UTC\ncritical-flags: " + flags + "\n")).isEmpty();
        assertThat(faults).hasSize(1);
        assertThat(faults.getFirst().toString()).contains("critical-flags").contains("3");
    }

    private Optional<Partner> read(String text) {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    private Optional<Partner> read(byte[] content) {
        return read(new FolderFiles("lab", new TreeMap<>(Map.of(PartnerFile.NAME, content))));
    }

    private Optional<Partner> read(FolderFiles folder) {
        return PartnerFile.read(
                folder,
                Map.of(
                        "LAB_APP",
                        "LIS",
                        "ZONE",
                        "Asia/Tokyo",
                        "TLS",
                        "/pem",
                        "NORTHLAB_PASSWORD",
                        "invented",
                        "NORTHLAB_TOKEN",
                        "invented"),
                faults::add);
    }

    private static Arguments broken(String name, String text, String expected) {
        return Arguments.of(name, text, expected);
    }
}
