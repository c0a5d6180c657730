package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.LAB;

import org.chartbridge.partner.Partner;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;

/**
 * Any order of arrival gives the same chart, by its hash (HL7-RULES §4 and §6), through the whole
 * of intake: groups, holding, and going on.
 *
 * <p>{@code -Dchartbridge.shuffles=1000} tries a thousand orders of each life, {@code
 * -Dchartbridge.seed=…} the ones of an earlier run.
 */
class AnyOrderTests {
    private static final int SHUFFLES = Integer.getInteger("chartbridge.shuffles", 6);
    private static final long SEED = Long.getLong("chartbridge.seed", System.nanoTime());

    private static final String DOE = "M1^^^CLINIC^MR||DOE^Jane||19710203|F";
    private static final Partner CREATING =
            AdtEngine.partner(
                    "northlab",
                    Partner.Demographics.EVIDENCE,
                    Partner.Empty.KEEP,
                    Partner.Patients.CREATE);

    private record Said(Partner by, String message) {}

    /**
     * Preliminaries, finals, corrections, a deletion and its later final, values resent late and
     * twice, ties of every kind, a narrative that gets shorter, a report withdrawn by OBR-25.
     */
    @Test
    void aLifeOfResults() {
        var said = new ArrayList<Said>();
        result(said, "A-1", "0800", "", "P", "4.1");
        result(said, "A-1", "0810", "", "F", "4.2");
        result(said, "A-1", "0810", "", "F", "4.2"); // The same again under another MSH-10.
        result(said, "A-1", "0820", "", "C", "4.6");
        result(said, "A-1", "0900", "", "F", "4.2"); // ⚠ The old final, resent with a fresh MSH-7.
        result(said, "A-1", "0830", "", "C", "4.7");
        result(said, "A-1", "0830", "", "C", "4.8"); // A tie, other values.
        result(said, "A-1", "0840", "0835", "A", "4.9"); // With OBR-22.
        result(said, "A-2", "0800", "", "F", "5.1");
        result(said, "A-2", "0805", "", "D", "");
        result(said, "A-2", "0806", "", "D", "");
        result(said, "A-2", "0810", "", "F", "5.3");
        result(said, "A-2", "0802", "", "P", "5.0");
        result(said, "A-3", "0800", "", "F", "6.1");
        result(said, "A-3", "0803", "", "W", "6.1");
        result(said, "A-4", "0800", "", "X", "");
        result(said, "A-4", "0801", "", "P", "7.0");
        result(said, "A-4", "0802", "", "F", "7.1");
        // Times that are less exact in a correction than in the value, or not sent.
        result(said, "A-6", "0831", "=20261122083000", "F", "8.1");
        result(said, "A-6", "0930", "=20261122", "C", "8.2");
        result(said, "A-6", "0945", "=202611220930", "C", "8.3");
        result(said, "A-6", "1000", "", "F", "8.2");
        result(said, "A-6", "1010", "=2026112208", "F", "8.3");
        result(said, "A-7", "0831", "0830", "F", "9.1");
        result(said, "A-7", "0930", "=20261122", "D", "");
        result(said, "A-7", "0940", "", "F", "9.2");
        narrative(said, "A-5", "0800", "P", "Small nodule.", "Left upper lobe.", "Call back.");
        narrative(said, "A-5", "0810", "F", "Small nodule.", "Left lower lobe.");
        narrative(said, "A-5", "0820", "C", "No nodule.");

        givesTheSameChart(said, CREATING);
    }

    /** ⚠ Finals and corrections without a value, before and behind what has one, and alone. */
    @Test
    void aLifeOfFinalsWithoutAValue() {
        var said = new ArrayList<Said>();
        result(said, "A-1", "0800", "", "F", "4.1");
        result(said, "A-1", "0810", "", "F", "");
        result(said, "A-1", "0820", "", "F", "4.2");
        result(said, "A-1", "0830", "", "C", "");
        result(said, "A-2", "0800", "", "P", "5.1");
        result(said, "A-2", "0810", "", "A", "\"\"");
        result(said, "A-3", "0800", "", "F", "");
        result(said, "A-3", "0810", "", "F", "6.1");
        result(said, "A-3", "0820", "", "D", "");
        result(said, "A-3", "0830", "", "F", "");
        result(said, "A-3", "0840", "", "P", "");
        result(said, "A-4", "0800", "", "X", "LOST");
        result(said, "A-4", "0810", "", "F", "");
        result(said, "A-5", "0800", "", "X", "");
        result(said, "A-5", "0810", "", "F", "");
        result(said, "A-6", "0810", "", "F", "7.1");
        result(said, "A-6", "0810", "", "F", ""); // A tie.
        narrative(said, "A-7", "0800", "F", "Small nodule.");
        narrative(said, "A-7", "0810", "F", "");

        givesTheSameChart(said, CREATING);
    }

    /**
     * What is said again, but for the moment, the unit, the range, the flag, the method, the code.
     */
    @Test
    void aLifeOfWhatStandsBesideAValue() {
        var said = new ArrayList<Said>();
        var request = "OBR|1||A-1|K^Potassium^L|||20261122074500||||||||||||||||||F";
        for (var obx :
                List.of(
                        "4.1|mmol/L|3.5-5.1|H|||F|||20261122074600||||20261122080000",
                        "4.1|mmol/L|3.5-5.1|H|||F|||202611220746",
                        "4.1|mmol/L|3.5-5.1|H|||F",
                        "4.1|mmol/L|3.5-5.1|H|||F|||20261122074700",
                        "4.1|mmol/L|3.5-5.1|H|||F|||20261122074700||Bob|Rapid",
                        "4.1|mmol/L|3.5-5.0|H|||F|||20261122074700",
                        "4.1|mmol/L|3.5-5.0|HH|||F|||20261122074700",
                        "4.1|mg/dL|3.5-5.0|HH|||C|||20261122074700",
                        "4.1|mg/dL|3.5-5.0|HH|||F|||20261122074800",
                        "4.1|mg/dL|3.5-5.0|HH|||V|||20261122074900",
                        "|mg/dL|||||U|||20261122075000"))
            request(said, "08" + (10 + said.size()), request, "OBX|1|NM|K^K^L||" + obx);
        // All at once.
        for (int i = 0; i < 4; i++)
            request(
                    said,
                    "0900",
                    request.replace("A-1", "A-2"),
                    "OBX|1|CWE|ORG^Organism^L||E%d^E. coli^L|||||F|||2026112207460%d"
                            .formatted(i / 2, i % 2));

        givesTheSameChart(said, CREATING);
    }

    /** Fields, notes and words that a later message does not say again, and a late X. */
    @Test
    void aLifeOfWhatIsNotSaidAgain() {
        var said = new ArrayList<Said>();
        var full =
                "OBR|1|Z1^EMR|%s|K^Potassium^L|R||20261122074500||||||||SER^Serum^HL70487"
                        + "|77^Rao^Ann^^^^^^CLINIC|||||||||F";
        var bare = "OBR|1||%s|K^Potassium^L|||||||||||||||||||||%s";
        for (var number : List.of("A-1", "A-2", "A-3")) {
            var first = full.formatted(number);
            request(said, "0800", first, "OBX|1|NM|K^K^L||9|mmol/L|||||F\nNTE|1|L|Haemolysed.");
            request(said, "0805", first + "\nNTE|1|L|Called.", "OBX|1|NM|K^K^L||9|mmol/L|||||F");
            request(said, "0810", bare.formatted(number, "C"), "OBX|1|NM|K^K^L||8|mmol/L|||||C");
            if (number.equals("A-1")) continue;
            request(
                    said,
                    "0815",
                    bare.formatted(number, "P"),
                    "OBX|1|NM|NA^Na^L||140|mmol/L|||||P");
            request(
                    said,
                    "0820",
                    first.replace("20261122074500", "20261122074800") + "\nNTE|1|L|\"\"",
                    "OBX|1|NM|K^K^L||8|mmol/L|||||C\nNTE|1|L|By hand.");
            request(said, "0825", bare.formatted(number, "X"), "OBX|1|ST|K^K^L||LOST||||||X");
            if (number.equals("A-2")) continue;
            request(said, "0830", bare.formatted(number, "C"), "OBX|1|NM|K^K^L||8|mmol/L|||||C");
            request(said, "0835", bare.formatted(number, "C"), "OBX|1|NM|K^K^L||||||||D");
            request(
                    said,
                    "0840",
                    bare.formatted(number, "F"),
                    "OBX|1|NM|NA^Na^L||141|mmol/L|||||F");
        }
        var text = full.formatted("A-4");
        request(said, "0800", text, "OBX|1|TX|DX^Diagnosis^L||Carcinoma.||||||F\nNTE|1|L|Two.");
        request(said, "0805", text, "OBX|1|TX|DX^Diagnosis^L||ER positive.||||||B");
        request(said, "0810", text, "OBX|1|TX|DX^Diagnosis^L||PR negative.||||||B");
        request(said, "0815", text, "OBX|1|TX|DX^Diagnosis^L||ER positive.||||||B");
        request(said, "0820", text, "OBX|1|TX|DX^Diagnosis^L||||||||V");
        request(said, "0825", text, "OBX|1|TX|DX^Diagnosis^L||Carcinoma.||||||F");

        givesTheSameChart(said, CREATING);
    }

    /**
     * Preliminary reports that have only the placer's number: followed by a final with the
     * filler's, coming late, corrected, of two tests, of a number that is used again, and where
     * several reports could be meant (decision 0068).
     */
    @Test
    void aLifeOfReportsWithoutAFillersNumber() {
        var said = new ArrayList<Said>();
        // One final: one report.
        placed(said, "0800", "P1^EMR", "", "K", "P", "4.1");
        placed(said, "0830", "P1^EMR", "F1^LAB", "K", "F", "4.2");
        placed(said, "0840", "P1^EMR", "", "K", "P", "4.0");
        placed(said, "0850", "", "F1^LAB", "K", "C", "4.4");
        // Two tests of one order.
        placed(said, "0801", "P1^EMR", "", "NA", "P", "141");
        placed(said, "0831", "P1^EMR", "F2", "NA", "F", "142");
        // A filler that gives two numbers: all apart.
        placed(said, "0802", "P3", "", "K", "P", "5.1");
        placed(said, "0803", "P3", "", "K", "F", "5.2");
        placed(said, "0832", "P3", "F31", "K", "F", "5.3");
        placed(said, "0833", "P3", "F32", "K", "F", "5.4");
        placed(said, "0834", "P3", "F31", "K", "C", "5.5");
        // Used again after a month.
        placed(said, "0804", "P4", "", "K", "P", "6.1");
        placed(said, "0835", "P4", "F41", "K", "F", "6.2", "20261022");
        placed(said, "0836", "P4", "F42", "K", "F", "6.3");

        givesTheSameChart(said, CREATING);
    }

    private static void placed(
            List<Said> said,
            String time,
            String placer,
            String filler,
            String test,
            String status,
            String value,
            String... day) {
        request(
                said,
                time,
                "OBR|1|%s|%s|%s^Test^L|||%s074500||||||||||||||||||%s"
                        .formatted(
                                placer, filler, test, day.length > 0 ? day[0] : "20261122", status),
                "OBX|1|NM|%s^Value^L||%s|mmol/L|||||%s\nNTE|1|L|Said at %s."
                        .formatted(test, value, status, time));
    }

    private static void request(List<Said> said, String time, String request, String values) {
        said.add(
                new Said(
                        LAB,
                        """
                        MSH|^~\\&|LIS|NORTHLAB|EMR|CLINIC|20261122%s00||ORU^R01|R%d|P|2.5.1
                        PID|1||%s
                        %s
                        %s
                        """
                                .formatted(time, said.size(), DOE, request, values)));
    }

    /** Registration, visits, allergies, merges and links, and results under every number. */
    @Test
    void aLifeOfPatientsWhoAreMerged() {
        var said = new ArrayList<Said>();
        adt(said, "A28", "0700", pid("M1"), "AL1|1|DA|P^Penicillin^L|SV");
        adt(said, "A28", "0701", pid("M2"));
        adt(said, "A28", "0702", pid("M3"), "AL1|1|FA|^Peanut");
        adt(said, "A01", "0710", pid("M1"), "PV1|1|I|W^1||||||||||||||||V1^^^EMR");
        adt(said, "A08", "0720", pid("M2") + "|||9 New Rd^^Springfield");
        adt(said, "A08", "0715", pid("M2") + "|||1 Old Rd^^Springfield");
        adt(said, "A40", "0730", pid("M2"), "MRG|M1^^^CLINIC^MR");
        adt(said, "A24", "0740", pid("M2"), pid("M3"));
        adt(said, "A03", "0750", pid("M1"), "PV1|1|I|W^1||||||||||||||||V1^^^EMR");
        result(said, "A-1", "0800", "", "P", "4.1");
        result(said, "A-1", "0810", "", "F", "4.2");
        result(said, "A-1", "0820", "", "C", "4.6");
        said.add(new Said(LAB, oru(said.size(), "M3", "A-2", "0800", "", "F", "5.1")));
        said.add(new Said(LAB, oru(said.size(), "M3", "A-2", "0810", "", "F", "5.2")));
        said.add(new Said(LAB, oru(said.size(), "M2", "A-3", "0800", "", "F", "6.2")));

        givesTheSameChart(said, LAB);
    }

    /** Visits and an account that go to other patients and back (A45, A44), one of them merged. */
    @Test
    void aLifeOfVisitsThatAreMoved() {
        var said = new ArrayList<Said>();
        var v1 = "PV1|1|I|W^1||||||||||||||||V1^^^EMR";
        var v2 = "PV1|1|I|W^2||||||||||||||||V2^^^EMR";
        var ofAccount = "||||||||||ACC1^^^BILL";
        for (var number : List.of("M1", "M2", "M3", "M4")) adt(said, "A28", "0700", pid(number));
        adt(said, "A01", "0710", pid("M1") + ofAccount, v1, "DG1|1||R50.9^Fever^I10|||A");
        adt(said, "A02", "0745", pid("M1") + ofAccount, v1.replace("W^1", "ICU^5"));
        adt(said, "A03", "0910", pid("M3"), v1, "DG1|1||J18.9^Pneumonia^I10|||F");
        adt(said, "A45", "0800", pid("M2"), "MRG|M1^^^CLINIC^MR||||V1^^^EMR");
        adt(said, "A45", "0820", pid("M1"), "MRG|M2^^^CLINIC^MR||||V1^^^EMR");
        adt(said, "A45", "0900", pid("M3"), "MRG|M2^^^CLINIC^MR||||V1^^^EMR");
        adt(said, "A01", "0715", pid("M1") + ofAccount, v2);
        adt(said, "A08", "0840", pid("M2"), v2);
        adt(said, "A44", "0810", pid("M2") + ofAccount, "MRG|M1^^^CLINIC^MR||ACC1^^^BILL");
        adt(said, "A40", "0920", pid("M4"), "MRG|M3^^^CLINIC^MR");
        result(said, "A-1", "0800", "", "F", "4.2");

        givesTheSameChart(said, LAB);
    }

    /** A visit that is deleted (A23) and said anew, with what was diagnosed in it. */
    @Test
    void aLifeOfAVisitThatIsDeleted() {
        var said = new ArrayList<Said>();
        var v1 = "PV1|1|I|W^1||||||||||||||||V1^^^EMR";
        var pneumonia = "DG1|1||J18.9^Pneumonia^I10|||A";
        adt(said, "A28", "0700", pid("M1"));
        adt(said, "A01", "0710", pid("M1"), v1, pneumonia);
        adt(said, "A08", "0720", pid("M1"), v1, pneumonia, "DG1|2||R50.9^Fever^I10|||A");
        adt(said, "A23", "0730", pid("M1"), v1);
        adt(said, "A01", "0740", pid("M1"), v1, "DG1|1||I10^Hypertension^I10|||A");
        adt(said, "A23", "0715", pid("M1"), v1);
        adt(said, "A45", "0750", pid("M2"), "MRG|M1^^^CLINIC^MR||||V1^^^EMR");
        adt(said, "A28", "0700", pid("M2"));

        givesTheSameChart(said, LAB);
    }

    /** A culture whose isolates are numbered anew ⚠, and what is said late of old numbers. */
    @Test
    void aLifeOfACulture() {
        var said = new ArrayList<Said>();
        culture(said, "0800", "P", "1=Gram negative rods");
        culture(said, "0900", "P", "1=Escherichia coli", "2=Staphylococcus aureus");
        culture(said, "1000", "F", "1=Staphylococcus aureus", "2=Escherichia coli");
        culture(said, "1000", "F", "3=Klebsiella oxytoca");
        culture(said, "1100", "F", "1=Escherichia coli");
        culture(said, "1200", "C", "2=Staphylococcus aureus", "3=Escherichia coli");
        culture(said, "1300", "D", "2=");

        givesTheSameChart(said, CREATING);
    }

    /**
     * HL7-RULES §4: what confirms without a value (B, U, V) has the value before it in the lab's
     * order, whatever arrived when; where it came first it waits for one.
     */
    @Test
    void aLifeOfConfirmations() {
        var said = new ArrayList<Said>();
        result(said, "A-1", "0800", "", "P", "4.1");
        result(said, "A-1", "0805", "", "V", "");
        result(said, "A-1", "0810", "", "F", "4.2");
        result(said, "A-1", "0815", "", "U", "");
        result(said, "A-1", "0820", "", "C", "4.6");
        result(said, "A-1", "0825", "", "V", "");
        result(said, "A-1", "0830", "", "F", "4.2");
        result(said, "A-2", "0800", "", "F", "5.1");
        result(said, "A-2", "0805", "", "D", "");
        result(said, "A-2", "0810", "", "B", "");
        result(said, "A-2", "0815", "", "F", "5.3");
        result(said, "A-2", "0820", "", "U", "");
        result(said, "A-3", "0800", "", "U", "");
        result(said, "A-3", "0805", "", "F", "6.1");
        result(said, "A-4", "0800", "", "F", "QNS");
        result(said, "A-4", "0805", "", "V", "");
        result(said, "A-4", "0810", "", "C", "7.1");
        // Flags and ranges, their own and those of what they confirm.
        said.add(new Said(LAB, flagged(said.size(), "0800", "F", "8.1", "3.5-5.1|HH")));
        said.add(new Said(LAB, flagged(said.size(), "0805", "V", "", "|")));
        said.add(new Said(LAB, flagged(said.size(), "0810", "U", "", "|A")));
        said.add(new Said(LAB, flagged(said.size(), "0815", "B", "", "3-5|")));
        said.add(new Said(LAB, flagged(said.size(), "0807", "C", "8.0", "|H")));
        said.add(new Said(LAB, flagged(said.size(), "0820", "F", "8.0", "3-5|HH")));
        said.add(new Said(LAB, flagged(said.size(), "0825", "V", "", "|")));

        givesTheSameChart(said, CREATING);
    }

    /**
     * Only a laboratory knows these patients, and says of them now this and now that: the record is
     * that of the message that was sent first.
     */
    @Test
    void aLifeOfPatientsWhomOnlyALaboratoryKnows() {
        var said = new ArrayList<Said>();
        only(said, "L1", "0805", "DOE^Jane^Q||19710203|F|||1 Old Rd^^Springfield||555-0101");
        only(said, "L1", "0800", "DOE^Jane Mary|||F|||2 New Rd^^Springfield");
        only(said, "L1", "0810", "DOE^Jane||19710203|U||||555-0199");
        only(said, "L1", "0800", "DOE^Jane||19710203");
        only(said, "L2", "0805", "ROE^Richard||1980|M");
        only(said, "L2", "0806", "ROE^Richard||19800101|M");
        only(said, "L2", "0801", "ROE|||");
        // Its owner speaks of this one, before or after.
        only(said, "M4", "0701", "DOE^Jane||19710203|F|||9 Lab Rd^^Springfield");
        adt(said, "A28", "0900", pid("M4") + "|||1 Main St^^Springfield");
        only(said, "M4", "1000", "DOE^Jane||19710203|F|||8 Lab Rd^^Springfield");
        // A mere number, before or after.
        only(said, "M5", "0800", "DOE^Jane||19710203|F");
        adt(said, "A28", "0710", pid("M6"));
        adt(said, "A40", "0730", pid("M6"), "MRG|M5^^^CLINIC^MR");

        givesTheSameChart(said, CREATING);
    }

    private static void culture(List<Said> said, String time, String status, String... isolates) {
        var text =
                new StringBuilder(
                        """
                        MSH|^~\\&|LIS|NORTHLAB|EMR|CLINIC|20261102%s00||ORU^R01|C%d|P|2.5.1
                        PID|1||%s
                        OBR|1||C-1|630-4^Urine culture^LN|||20261102060000
                        """
                                .formatted(time, said.size(), DOE));
        for (var isolate : isolates)
            text.append(
                    "OBX|1|ST|11475-1^Organism^LN|%s||||||%s\n"
                            .formatted(isolate.replace("=", "|"), status));
        said.add(new Said(LAB, text.toString().replace('\n', '\r')));
    }

    /** A laboratory names patients without a number: by account, visit, order, and not at all. */
    @Test
    void aLifeOfPatientsWithoutNumbers() {
        var said = new ArrayList<Said>();
        var doe = "DOE^Jane||19710203|F||||||||||";
        unnumbered(said, "O-1", "0800", "P", "4.1", doe + "ACC1");
        unnumbered(said, "O-1", "0810", "F", "4.2", doe + "ACC1");
        unnumbered(said, "O-2", "0805", "F", "5.1", "DOE^Jane^Q||19710203|||||||||||ACC1");
        unnumbered(said, "O-3", "0800", "F", "6.1", "ROE^Richard||1980|M");
        unnumbered(said, "O-3", "0820", "C", "6.3", "ROE^Richard||19800101|M");
        unnumbered(said, "O-3", "0810", "F", "6.2", "ROE||1980");
        unnumbered(said, "", "0830", "F", "7.1", doe);
        adt(said, "A28", "0700", pid("M1"));
        said.add(new Said(LAB, oru(said.size(), "M1", "A-1", "0800", "", "F", "8.1")));

        givesTheSameChart(said, IdentityEngine.alone("northlab", "patients: create"));
    }

    // ------------------------------------------------------------ how

    private static void givesTheSameChart(List<Said> said, Partner lab) {
        System.out.println("AnyOrderTests seed " + SEED + ", " + SHUFFLES + " orders");
        var random = new Random(SEED);
        try (var engine = new IdentityEngine(EMR, lab)) {
            var wanted = chart(engine, said, lab, false);
            var shuffled = new ArrayList<>(said);
            for (int i = 0; i < SHUFFLES; i++) {
                Collections.shuffle(shuffled, random);
                engine.forget();

                var chart = chart(engine, shuffled, lab, random.nextBoolean());

                assertThat(chart.text())
                        .as("seed %d, order %d: %s", SEED, i, engine.order())
                        .isEqualTo(wanted.text());
                assertThat(chart.hash()).isEqualTo(wanted.hash());
            }
        }
    }

    /** What the chart has come to: its hash, and what it is the hash of. */
    private record Chart(String hash, String text) {}

    /**
     * @param together whether nobody waits for an answer before the next is sent
     */
    private static Chart chart(
            IdentityEngine engine, List<Said> said, Partner lab, boolean together) {
        var begun = new ArrayList<CompletionStage<Reception.Reply>>();
        for (var one : said) {
            begun.add(
                    engine.begin(
                            one.by().folder().equals(lab.folder()) ? lab : EMR, one.message()));
            if (!together) begun.forEach(IdentityEngine::text);
        }
        begun.forEach(IdentityEngine::text);
        await("all are charted")
                .atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .untilAsserted(
                        () ->
                                assertThat(
                                                engine.list(
                                                        "select control_id || ' ' || state || ' '"
                                                            + " || reasons from journal where state"
                                                            + " <> 'charted'"))
                                        .isEmpty());
        return new Chart(engine.hash(), engine.facts());
    }

    private static void result(
            List<Said> said,
            String number,
            String time,
            String issued,
            String status,
            String value) {
        said.add(new Said(LAB, oru(said.size(), "M1", number, time, issued, status, value)));
    }

    /** A result of a patient as one message of the laboratory has it. */
    private static void only(List<Said> said, String patient, String time, String pid) {
        var number = "O-" + said.size();
        said.add(
                new Said(
                        LAB,
                        oru(said.size(), "M1", number, time, "", "F", "4.0")
                                .replaceFirst(
                                        "PID\\|1\\|\\|.*",
                                        "PID|1||" + patient + "^^^CLINIC^MR||" + pid)));
    }

    private static void unnumbered(
            List<Said> said, String number, String time, String status, String value, String pid) {
        said.add(
                new Said(
                        LAB,
                        oru(said.size(), "M1", number, time, "", status, value)
                                .replaceFirst("PID\\|1\\|\\|.*", "PID|1||||" + pid)));
    }

    private static String flagged(
            int id, String time, String status, String value, String rangeAndFlags) {
        return oru(id, "M1", "A-5", time, "", status, value).replace("3.5-5.1|", rangeAndFlags);
    }

    private static String oru(
            int id,
            String patient,
            String number,
            String time,
            String issued,
            String status,
            String value) {
        return """
        MSH|^~\\&|LIS|NORTHLAB|EMR|CLINIC|20261122%s00||ORU^R01|R%d|P|2.5.1
        PID|1||%s
        OBR|1||%s|2823-3^Potassium^LN|||20261122074500|||||||||||||||%s|||%s
        OBX|1|NM|2823-3^Potassium^LN||%s|mmol/L|3.5-5.1||||%s
        NTE|1|L|Said at %s.
        """
                .formatted(
                        time,
                        id,
                        DOE.replace("M1", patient),
                        number,
                        issued.isEmpty() || issued.startsWith("=")
                                ? issued.replace("=", "")
                                : "20261122" + issued + "00",
                        status.equals("D") || status.equals("W") ? "C" : status,
                        value,
                        status,
                        time);
    }

    private static void narrative(
            List<Said> said, String number, String time, String status, String... lines) {
        var text =
                new StringBuilder(
                        """
                        MSH|^~\\&|LIS|NORTHLAB|EMR|CLINIC|20261122%s00||ORU^R01|R%d|P|2.5.1
                        PID|1||%s
                        OBR|1||%s|24627-2^Chest CT^LN|||20261122074500|||||||||||||||||%s
                        """
                                .formatted(time, said.size(), DOE, number, status));
        for (int i = 0; i < lines.length; i++)
            text.append(
                    "OBX|%d|TX|59776-5^Findings^LN||%s||||||%s\n"
                            .formatted(i + 1, lines[i], status));
        said.add(new Said(LAB, text.toString()));
    }

    private static void adt(List<Said> said, String trigger, String time, String... segments) {
        said.add(new Said(EMR, AdtTests.message("R" + said.size(), trigger, time, "", segments)));
    }

    private static String pid(String number) {
        return "PID|1||" + DOE.replace("M1", number);
    }
}
