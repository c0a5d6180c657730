package org.chartbridge.mapping;

import org.chartbridge.hl7.Batch;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.MessageFile;
import org.chartbridge.hl7.Reading;
import org.chartbridge.partner.FolderFiles;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.PartnerFile;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AssignableTypeFilter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The messages that explaining is judged by: all samples and, where it is there, the corpus. */
final class ExplainedMessages {
    static final Mappings MAPPINGS = new Mappings(families());
    static final Explainer EXPLAINER = new Explainer(MAPPINGS);

    /** One message and the partner that sends it. */
    record Sample(Path file, byte[] raw, Partner partner) {

        /** Null when the bytes are no message. */
        @Nullable Message read() {
            return ExplainedMessages.read(raw, partner);
        }
    }

    private ExplainedMessages() {}

    static @Nullable Message read(byte[] raw, Partner partner) {
        return switch (Message.read(raw, partner.charset())) {
            case Reading.Readable(var message) -> message;
            case Reading.Unreadable _ -> null;
        };
    }

    static List<Sample> samples() throws IOException {
        return below(Path.of("sample-messages"));
    }

    /** What the samples don't have: rules that few messages need. */
    static List<Sample> written() {
        var lab = withCodes(partner("northlab"));
        return List.of(
                new Sample(
                        Path.of("written-1"),
                        """
                        MSH|^~\\&|LIS|NORTHLAB|C|CL|20261103080000-0500||ORU^R01|E1|P|2.5.1|||||||8859/1
                        PID|1||E-1^^^NORTHLAB^MR||EXEMPLAR^Ol\u00e9ve^^Jr~ALIAS^Any^^^^^A||19710412|F|||1 Main St^^Springfield^IL^62701||555-0100
                        ORC|RE|P-1|F-1|||||||||70001^ORDWAY^Otto
                        OBR|1|||^Panel^L^51990-0^Metabolic panel^LN|||20261103070000|||||||||||||||20261103075500|||F|P-1^ISO-1||||||70002&READER&Rita
                        OBX|1|CE|K^Potassium^L|1|260385009^Negative^SCT||||A|||
                        OBX|2|NM|NA^Sodium^L|1|<5.10|mmol/l|3-5|H~A||||||20261103070100|||M1^Electrode||||||Northlab^^^^^^^^^NL1|2 Lab Rd^^Springfield^IL^62701|1^DIRECTOR^Dora
                        OBX|3|DT|DRAWN^Drawn^L|1|20261102
                        OBX|4|XPN|BY^Seen by^L|1|ORDWAY^Otto
                        OBX|5|TX|TXT^Text^L|1|first \\T\\ line||||||F
                        OBX|6|TX|TXT^Text^L|1|second line||||||P
                        OBX|7|ZZ|ODD^Odd^L|1|what it is||||||F
                        OBX|8|NM|OTHER^Not in the table^L|1|7|mmol/l|||||F
                        NTE|1|L|called to
                        """
                                .replace('\n', '\r')
                                .getBytes(StandardCharsets.ISO_8859_1),
                        lab),
                new Sample(
                        Path.of("written-2"),
                        """
                        MSH|^~\\&|LIS|NORTHLAB|C|CL|20261103080000-0500||ORU^R01|E2|P|2.5.1
                        PID|1||E-2^^^NORTHLAB^MR||EXEMPLAR^Olive||19710412|F
                        OBX|1|NM|K^Potassium^L|1|4.1|mmol/l|||||F
                        OBR|1|||51990-0^Metabolic panel^LN|||20261103070000
                        OBX|2|NM|NA^Sodium^L|1|141|mmol/l
                        """
                                .replace('\n', '\r')
                                .getBytes(StandardCharsets.ISO_8859_1),
                        lab),
                new Sample(
                        Path.of("written-3"),
                        """
                        MSH|^~\\&|EMR|CLINIC|C|CL|20261103080000-0500||ADT^A01|E3|P|2.5.1
                        EVN|A01|20261103075900
                        PID|1||E-3^^^CLINIC^MR||EXEMPLAR^Olive||19710412|F||||||||||ACC-1^^^CLINIC
                        PV1|1|I|ICU^1^2
                        AL1|1|DA|P^Penicillin^L|MI|Rash
                        AL1|2|DA|P^Penicillin^L|SV|Anaphylaxis
                        """
                                .replace('\n', '\r')
                                .getBytes(StandardCharsets.ISO_8859_1),
                        partner("emr")),
                new Sample(
                        Path.of("written-4"),
                        """
                        MSH|^~\\&|EMR|CLINIC|C|CL|20261103080000-0500||MDM^T10|E4|P|2.5.1
                        PID|1||E-4^^^CLINIC^MR||EXEMPLAR^Olive||19710412|F
                        TXA|1|PN^Progress note|TX|20261102101500|||||70001^ORDWAY^Otto||||D-9^EMR||||AU||CA
                        OBX|1|TX|H^History|1|No complaints.~None before.||||||F
                        OBX|2|TX|P^Plan|1|Come again.||||||F
                        OBX|3|TX|P^Plan|1|Never said.||||||D
                        OBX|4|NM|W^Weight|1|71|kg|||||F
                        OBX|5|ED|S^Scan|1|^application^pdf^Base64^JVBERi0xLjQKYW4gZXhhbXBsZQolJUVPRgo=||||||F
                        OBX|6|ED|S^Scan|1|^application^pdf^Base64^<not here>||||||F
                        """
                                .replace('\n', '\r')
                                .getBytes(StandardCharsets.ISO_8859_1),
                        partner("anyone")),
                new Sample(
                        Path.of("written-5"),
                        """
                        MSH|^~\\&|EMR|CLINIC|C|CL|20261103080000-0500||OMP^O09|E5|P|2.5.1
                        PID|1||E-5^^^CLINIC^MR||EXEMPLAR^Olive||19710412|F
                        ORC|de|P-5^EMR||G-1^EMR|CM
                        RXO|AMX^Amoxicillin^L|500|500|mg^milligram|CAP^Capsule|||||||30|TAB
                        ORC|NW|P-6^EMR|F-6^LAB||cm
                        RXO|IBU^Ibuprofen^L|1|2|TAB
                        """
                                .replace('\n', '\r')
                                .getBytes(StandardCharsets.ISO_8859_1),
                        partner("anyone")),
                new Sample(
                        Path.of("written-6"),
                        """
                        MSH|^~\\&|EMR|CLINIC|C|CL|20261103080000-0500||RRI^I14|E6|P|2.5.1
                        PID|1||E-6^^^CLINIC^MR||EXEMPLAR^Olive||19710412|F
                        RF1|A|R|MED|||R-6^EMR|20261101|20261201||Pain
                        PRD|RP~PP|ORDWAY^Otto
                        PRD|RT||||||70009^NPI
                        NTE|1|L|no time left
                        DG1|1||M54.5^^I10|Low back pain|20261101|W
                        OBX|1|NM|BP^Pressure|1|120|mmHg|||||F
                        NTE|1|L|call before
                        """
                                .replace('\n', '\r')
                                .getBytes(StandardCharsets.ISO_8859_1),
                        partner("anyone")),
                new Sample(
                        Path.of("written-7"),
                        """
                        MSH|^~\\&|EMR|CLINIC|C|CL|20261103080000-0500||ADT^A50|E7|P|2.5.1
                        EVN|A50|20261103075900
                        PID|1||E-7^^^CLINIC^MR||EXEMPLAR^Olive||19710412|F
                        MRG|E-7^^^CLINIC^MR||||V-1^^^CLINIC
                        PV1|1|O|||||||||||||||||V-2^^^CLINIC
                        """
                                .replace('\n', '\r')
                                .getBytes(StandardCharsets.ISO_8859_1),
                        partner("emr")),
                new Sample(
                        Path.of("written-8"),
                        """
                        MSH|^~\\&|LIS|X|C|CL|20261103080000-0500||ORU^R01|E8|P|2.5.1
                        PID|1||||EXEMPLAR^Olive||1971|F
                        ORC|RE|P-8|F-8
                        OBR|1|||2823-3^Potassium^LN|||20261103070000
                        OBX|1|NM|2823-3^Potassium^LN|1|4.1|mmol/l|||||F
                        """
                                .replace('\n', '\r')
                                .getBytes(StandardCharsets.ISO_8859_1),
                        alone()),
                new Sample(
                        Path.of("written-9"),
                        """
                        MSH|^~\\&|LIS|X|C|CL|20261103080000-0500||ADT^A08|E9|P|2.5.1
                        EVN|A08|20261103075900
                        PID|1||||EXEMPLAR^Olive||19710412|F||||||||||ACC-9
                        """
                                .replace('\n', '\r')
                                .getBytes(StandardCharsets.ISO_8859_1),
                        alone()),
                new Sample(
                        Path.of("written-10"),
                        """
                        MSH|^~\\&|LIS|X|C|CL|20261103080000-0500||ADT^A01|E10|P|2.5.1
                        EVN|A01|20261103075900
                        PID|1||||EXEMPLAR^Olive||19710412|F
                        PV1|1|I|||||||||||||||||V-9^^^CLINIC
                        """
                                .replace('\n', '\r')
                                .getBytes(StandardCharsets.ISO_8859_1),
                        alone()),
                new Sample(
                        Path.of("written-11"),
                        """
                        MSH|^~\\&|LIS|X|C|CL|20261103080000-0500||ADT^A28|E11|P|2.5.1
                        EVN|A28|20261103075900
                        PID|1||||EXEMPLAR^Olive||19710412|F
                        """
                                .replace('\n', '\r')
                                .getBytes(StandardCharsets.ISO_8859_1),
                        alone()),
                new Sample(
                        Path.of("written-12"),
                        """
                        MSH|^~\\&|EMR|CLINIC|C|CL|20261103080000-0500||ADT^A40|E12|P|2.5.1
                        EVN|A40|20261103075900
                        PID|1||E-12^^^CLINIC^MR||EXEMPLAR^Olive||19710412|F
                        MRG|E-13
                        """
                                .replace('\n', '\r')
                                .getBytes(StandardCharsets.ISO_8859_1),
                        partner("emr")),
                new Sample(
                        Path.of("written-13"),
                        """
                        MSH|^~\\&|EMR|CLINIC|C|CL|20261103080000-0500||ADT^A44|E14|P|2.5.1
                        EVN|A44|20261103075900
                        PID|1||E-14^^^CLINIC^MR||EXEMPLAR^Olive||19710412|F||||||||||ACC-15^^^CLINIC
                        MRG|E-13||ACC-14^^^CLINIC~ACC-16
                        """
                                .replace('\n', '\r')
                                .getBytes(StandardCharsets.ISO_8859_1),
                        partner("emr")),
                new Sample(
                        Path.of("written-14"),
                        """
                        MSH|^~\\&|EMR|CLINIC|C|CL|20261103080000-0500||ADT^A45|E15|P|2.5.1
                        EVN|A45|20261103075900
                        PID|1||E-14^^^CLINIC^MR||EXEMPLAR^Olive||19710412|F
                        MRG|E-13^^^OTHER^AN~E-13^^^CLINIC^MR||||V-3^^^&1.2.3&ISO
                        PV1|1|O|||||||||||||||||V-4
                        MRG|E-16||||V-5^^^CLINIC
                        """
                                .replace('\n', '\r')
                                .getBytes(StandardCharsets.ISO_8859_1),
                        partner("emr")),
                new Sample(
                        Path.of("written-15"),
                        """
                        MSH|^~\\&|LIS|NORTHLAB|C|CL|20261103080000-0500||ORU^R01|E16|P|2.5.1
                        PID|1||E-16^^^NORTHLAB^MR||EXEMPLAR^Olive||19710412|F
                        OBR|1||F-16|GTT^Profile^L|||20261103070000
                        OBX|2|NM|GLU^Glucose^L||9.1|mmol/l|||||F|||202611030800
                        OBX|3|NM|POC^Glucose^L||9.2|mmol/l|||||F|||202611030800|||||||I-1^METER
                        OBR|2||F-17|600-7^Culture^LN|||20261103070000
                        OBX|1|ST|600-7^Organism^LN|1|Escherichia coli||||||F
                        OBR|3||F-18|50545-3^Susceptibility^LN|||20261103070000|||||||||||||||||||600-7&Organism&LN^1^Escherichia coli|||^F-17
                        OBX|1|ST|18864-9^Ampicillin^LN||>=32||||||F
                        """
                                .replace('\n', '\r')
                                .getBytes(StandardCharsets.ISO_8859_1),
                        tellingApart()));
    }

    /** One whose values have times and instances of their own. */
    private static Partner tellingApart() {
        var files = new TreeMap<String, byte[]>();
        files.put(
                "partner.yaml",
                "sender: any\nzone: America/New_York\npatients: create\nseries: GLU\ninstance-ids: POC\n"
                        .getBytes(StandardCharsets.UTF_8));
        return PartnerFile.read(
                        new FolderFiles("series", files), Map.of(), ExplainedMessages::fault)
                .orElseThrow();
    }

    /** One that may name patients without a number. */
    private static Partner alone() {
        var files = new TreeMap<String, byte[]>();
        files.put(
                "partner.yaml",
                "sender: any\nzone: America/New_York\npatients: create\nunidentified: alone\n"
                        .getBytes(StandardCharsets.UTF_8));
        return PartnerFile.read(new FolderFiles("alone", files), Map.of(), ExplainedMessages::fault)
                .orElseThrow();
    }

    private static Partner withCodes(Partner lab) {
        var files = new TreeMap<String, byte[]>();
        files.put(
                "partner.yaml",
                "name: Lab\nsender: any\nzone: America/New_York\npatients: create\ncodes: flag\n"
                        .getBytes(StandardCharsets.UTF_8));
        files.put(
                "codes.csv",
                "code,text,unit,loinc,ucum,from\nK,,,6298-4,,\nNA,,mmol/l,2947-0,mmol/L,\n"
                        .getBytes(StandardCharsets.UTF_8));
        return PartnerFile.read(
                        new FolderFiles(lab.folder(), files), Map.of(), ExplainedMessages::fault)
                .orElseThrow();
    }

    /** Empty where there is none. */
    static List<Sample> corpus() throws IOException {
        var folder =
                Path.of(System.getenv().getOrDefault("CHARTBRIDGE_CORPUS", "../shared/corpus"))
                        .resolve("messages");
        return Files.isDirectory(folder) ? below(folder) : List.of();
    }

    private static List<Sample> below(Path folder) throws IOException {
        var partners = new TreeMap<String, Partner>();
        for (var name : List.of("northlab", "emr", "anyone")) partners.put(name, partner(name));
        var all = new ArrayList<Sample>();
        try (var walk = Files.walk(folder)) {
            for (var file : walk.filter(Files::isRegularFile).sorted().toList()) {
                if (folder.startsWith("sample-messages") && !file.toString().endsWith(".hl7"))
                    continue;
                for (var frame : MessageFile.split(Files.readAllBytes(file))) {
                    var batch = Batch.of(frame);
                    for (var raw : batch.map(Batch::messages).orElse(List.of(frame)))
                        all.add(new Sample(folder.relativize(file), raw, sender(raw, partners)));
                }
            }
        }
        return all;
    }

    private static Partner sender(byte[] raw, Map<String, Partner> partners) {
        var anyone = of(partners, "anyone");
        var message = read(raw, anyone);
        if (message == null) return anyone;
        if (message.header().messageCode().equals("ADT")) return of(partners, "emr");
        return message.value("MSH-4.1").equals("NORTHLAB") ? of(partners, "northlab") : anyone;
    }

    private static Partner of(Map<String, Partner> partners, String name) {
        return Objects.requireNonNull(partners.get(name));
    }

    static Partner partner(String folder) {
        var files = FolderFiles.read(Path.of("routes", folder), ExplainedMessages::fault);
        return PartnerFile.read(files.orElseThrow(), Map.of(), ExplainedMessages::fault)
                .orElseThrow();
    }

    private static void fault(Object fault) {
        throw new AssertionError(fault.toString());
    }

    private static List<MessageFamily> families() {
        var scan = new ClassPathScanningCandidateComponentProvider(false);
        scan.addIncludeFilter(new AssignableTypeFilter(MessageFamily.class));
        var all = new ArrayList<MessageFamily>();
        for (var found : scan.findCandidateComponents("org.chartbridge.mapping")) {
            try {
                var made = Class.forName(found.getBeanClassName()).getDeclaredConstructor();
                made.setAccessible(true);
                all.add((MessageFamily) made.newInstance());
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
        return all;
    }
}
