package org.chartbridge.ordering;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import org.chartbridge.delivery.Chosen;
import org.chartbridge.delivery.Leaving;
import org.chartbridge.delivery.StagedDelivery;
import org.chartbridge.delivery.WhereOrdersWent;
import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.FolderFiles;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.PartnerFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Which laboratory gets an order, in which words, and what asks a person. HL7-RULES §5. */
class OrderingTests {
    private static final String MSH =
            "MSH|^~\\&|EMR|CLINIC|CB|CB|20261122080000||OML^O21^OML_O21|E1|P|2.5.1|||AL|NE";
    private static final String PID = "PID|1||M1^^^CLINIC^MR||DOE^Jane||19710203|F";

    private final List<Partner> partners = new ArrayList<>();
    private final Map<String, String> sent = new HashMap<>();
    private final Map<String, String> patients = new HashMap<>();
    private final Map<String, String> adders = new HashMap<>();
    private final Map<String, Instant> said = new HashMap<>();
    private final Map<String, String> messages = new HashMap<>();
    private final Ordering ordering =
            new Ordering(
                    () -> partners,
                    new WhereOrdersWent() {
                        @Override
                        public Optional<String> destination(String sender, String number) {
                            return Optional.ofNullable(sent.get(sender + "|" + number));
                        }

                        @Override
                        public boolean isOfAnother(String sender, String number, String patient) {
                            var its = patients.get(sender + "|" + number);
                            return its != null && !its.equals(patient);
                        }

                        @Override
                        public Optional<String> adder(String number, String patient) {
                            return Optional.ofNullable(adders.get(number));
                        }

                        @Override
                        public Optional<Instant> saidAt(String sender, String number) {
                            return Optional.ofNullable(said.get(sender + "|" + number));
                        }

                        @Override
                        public Optional<byte[]> message(String sender, String number) {
                            return Optional.ofNullable(messages.get(sender + "|" + number))
                                    .map(text -> text.getBytes(UTF_8));
                        }
                    });
    private Partner emr = partner("emr", Map.of());

    // ------------------------------------------------------------ before it is placed

    @Test
    void whatIsForeseenIsWhatIsStagedThen() {
        lab("north", "", "2823-3,K,Potassium,N,,\n2345-7,GLU,Glucose,N,,49541-6");
        lab("south", "", "2951-2,NA,Sodium,S,,");
        var message =
                MSH
                        + "\r"
                        + PID
                        + "\r"
                        + order("NW", "P1", "2951-2^Sodium^LN")
                        + order("NW", "P2", "2345-7^Glucose^LN")
                        + order("NW", "P3", "2823-3^Potassium^LN");

        var foreseen = ordering.foreseen(message.getBytes(UTF_8), emr);

        assertThat(foreseen)
                .extracting(one -> one instanceof Choice.To to ? to.lab().folder() : "nobody")
                .containsExactly("south", "nobody", "north");
        assertThat(((Choice.Nobody) foreseen.get(1)).cause()).contains("asks 49541-6");
        assertThat(ordering.staged(message.getBytes(UTF_8), emr))
                .extracting(StagedDelivery::destination)
                .containsExactlyInAnyOrder("emr/orders-to-place", "south/orders", "north/orders");
    }

    @Test
    void nothingIsForeseenOfWhatIsNoMessage() {
        assertThat(ordering.foreseen("PID|1".getBytes(UTF_8), emr)).isEmpty();
        assertThat(ordering.foreseen((MSH + "\r" + PID).getBytes(UTF_8), emr)).isEmpty();
    }

    @Test
    void aTestIsFoundByCodeNameAndLaboratoryInAllCompendia() {
        lab("north", "name: Northlab", "2823-3,K,Potassium,N,SER,\n2951-2,NA,Sodium,N,SER,");
        lab("south", "name: South", "2823-3,POT,,S,BLD,Q1 Q2");
        var compendia = Compendia.of(partners);

        assertThat(codes(compendia, "potas")).containsExactly("2823-3");
        assertThat(codes(compendia, "2951")).containsExactly("2951-2");
        assertThat(codes(compendia, "POT south")).containsExactly("2823-3");
        assertThat(codes(compendia, "north")).containsExactly("2823-3", "2951-2");
        assertThat(codes(compendia, "sodium south")).isEmpty();
        assertThat(codes(compendia, " ")).hasSize(2);
        assertThat(compendia.found("", 1)).hasSize(1);
        var potassium = compendia.offer("2823-3", "").orElseThrow();
        assertThat(potassium.name()).isEqualTo("Potassium");
        assertThat(potassium.asks()).containsExactly("Q1", "Q2");
        assertThat(potassium.specimen()).as("they do not agree").isEmpty();
        assertThat(compendia.offer("2823-3", "LN")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    LN    | 2951-2^Sodium^LOINC     | true
                    LN    | 2951-2^Sodium^ln        | true
                    LOINC | 2951-2^Sodium^LN        | true
                    LN    | " 2951-2 ^Sodium^ LN "  | true
                    ""    | " 2951-2 ^Sodium"       | true
                    L     | 2951-2^Sodium^l         | true
                    LN    | 2951-2^Sodium^L         | false
                    LN    | 2951-2^Sodium           | false
                    """)
    void aTestIsFoundHoweverItsCodingSystemIsWritten(String system, String sent, boolean found) {
        partners.add(
                partner(
                        "north",
                        Map.of(
                                "compendium.csv",
                                "code,system,lab-code\n2951-2," + system + ",NA\n")));

        var destination = one(order("NW", "P1", sent)).destination();

        assertThat(destination).isEqualTo(found ? "north/orders" : "emr/orders-to-place");
    }

    /** Whoever has to decide is told whom it is about, and whom to ask. */
    @Test
    void whatWaitsSaysWhomItIsAboutAndWhoOrdered() {
        var message =
                MSH + "\r" + PID + "\rORC|NW|P1||||||||||1234^Ordway^Olga\rOBR|1|P1||9^Nothing^L\r";

        var waiting = ordering.waiting(message.getBytes(UTF_8), emr).orElseThrow();

        assertThat(waiting.about()).isEqualTo("DOE, Jane, 1971-02-03, M1");
        assertThat(waiting.asker()).isEqualTo("Ordway, Olga, 1234");
        assertThat(waiting.toString()).doesNotContain("DOE", "Ordway", "P1");
        var nobody = MSH + "\rPID|1\rORC|NW|P1\rOBR|1|P1||9\r";
        assertThat(ordering.waiting(nobody.getBytes(UTF_8), emr).orElseThrow().about()).isEmpty();
    }

    private static List<String> codes(Compendia compendia, String words) {
        return compendia.found(words, 10).stream().map(Compendia.Offer::code).toList();
    }

    // ------------------------------------------------------------ which laboratory

    @Test
    void theOnlyOneThatDoesTheTestGetsIt() {
        lab("north", "orders: { message: ORM^O01, version: 2.3.1 }", "2823-3,K,Potassium,N,,");

        var delivery = one(order("NW", "P1", "2823-3^Potassium^LN"));

        assertThat(delivery.destination()).isEqualTo("north/orders");
        assertThat(delivery.orders()).extracting(Leaving::key).containsExactly("emr|P1|EMR");
    }

    @Test
    void eachLaboratoryGetsItsOwnOrdersOfAMessageInOneMessage() {
        lab("north", "", "2823-3,K,Potassium,N,,\n2951-2,NA,Sodium,N,,");
        lab("south", "", "58410-2,CBC,Blood count,S,,");

        var deliveries =
                staged(
                        order("NW", "P1", "2823-3^Potassium^LN"),
                        order("NW", "P2", "58410-2^CBC^LN"),
                        order("NW", "P3", "2951-2^Sodium^LN"));

        assertThat(deliveries)
                .extracting(StagedDelivery::destination)
                .containsExactly("north/orders", "south/orders");
        assertThat(lines(deliveries.get(0), "ORC"))
                .containsExactly("ORC|NW|P1^EMR", "ORC|NW|P3^EMR");
        assertThat(lines(deliveries.get(0), "OBR"))
                .containsExactly(
                        "OBR|1|P1^EMR||K^Potassium^N^2823-3^Potassium^LN",
                        "OBR|2|P3^EMR||NA^Sodium^N^2951-2^Sodium^LN");
        assertThat(lines(deliveries.get(1), "OBR"))
                .containsExactly("OBR|1|P2^EMR||CBC^Blood count^S^58410-2^CBC^LN");
    }

    @Test
    void anOrderThatNobodyDoesWaitsForAPersonAndHoldsUpNobody() {
        lab("north", "", "2823-3,K,Potassium,N,,");

        var deliveries =
                staged(
                        order("NW", "P1", "1988-5^C reactive protein^LN"),
                        order("NW", "P2", "2823-3^Potassium^LN"));

        assertThat(deliveries)
                .extracting(StagedDelivery::destination)
                .containsExactly("emr/orders-to-place", "north/orders");
        assertThat(lines(deliveries.getFirst(), "OBR"))
                .containsExactly("OBR|1|P1^EMR||1988-5^C reactive protein^LN");
        assertThat(deliveries.getFirst().orders()).isEmpty();
        assertThat(cause(deliveries.getFirst()))
                .isEqualTo(
                        "no laboratory does 1988-5; add it to the compendium.csv of the laboratory"
                                + " that does, or choose one");
    }

    @Test
    void whereTwoDoItAPersonIsAsked() {
        lab("north", "", "2823-3,K,,,,");
        lab("south", "", "2823-3,POT,,,,");

        assertThat(cause(one(order("NW", "P1", "2823-3^K^LN"))))
                .isEqualTo(
                        "north and south both do 2823-3; write an ordering.csv that says which, or"
                                + " choose one");
    }

    @ParameterizedTest
    @CsvSource({
        "2823-3, S, PLAN-1, stat", // STAT goes to the one in the house.
        "2823-3, R, PLAN-1, south", // Coverage.
        "2823-3, R, PLAN-2, north", // The last row fits all.
        "2951-2, S, PLAN-1, south", // stat does not do it, so its row is passed over.
        "2823-3, stat, '', stat", // An older spelling.
        "2951-2, R, '', emr" // north does not do it, and nobody else is named.
    })
    void theFirstRowThatFitsAndDoesTheTestDecides(
            String test, String priority, String plan, String folder) {
        lab("north", "", "2823-3,K,,,,");
        lab("south", "", "2823-3,K,,,,\n2951-2,NA,,,,");
        lab("stat", "", "2823-3,K,,,,");
        emr =
                partner(
                        "emr",
                        Map.of(
                                "ordering.csv",
                                "priority,coverage,lab\nS,,stat\n,PLAN-1,south\n,,north\n"));

        var delivery =
                one(
                        (plan.isEmpty() ? "" : "IN1|1|" + plan + "|9^^^INS\r")
                                + order("NW", "P1", test + "^X^LN")
                                        .replace("OBR|", "TQ1|1||||||||" + priority + "\rOBR|"));

        assertThat(delivery.destination()).startsWith(folder + "/");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "IN1|1|GOLD|ACME, north, 'its payer and plan are in the network'",
        "IN1|1|SILVER|ACME, south, 'another plan of the payer, and the last row fits who is out'",
        "IN1|1|ANY|BETA, north, 'every plan of that payer'",
        "IN1|1|OPEN|OTHER, north, 'a plan that several payers have'",
        "IN1|1|SILVER|ACME+IN1|2|ANY|BETA, south, 'the first insurance decides'",
        "IN1|1|ANY|BETA+IN1|2|SILVER|ACME, north, 'the first insurance decides'",
        "IN1|1|GOLD^x|ACME^^^Y~BETA, north, 'components and repetitions beside them'",
        "IN1|1|gold|acme, south, 'codes are compared as written'",
        "IN1|1, emr, 'an IN1 that names nobody is no insurance'",
        "PV1|1|O, emr, 'without insurance nobody is in a network or out of it'"
    })
    void theNetworkOfALaboratoryIsWhoseFirstInsurancePaysIt(
            String segments, String folder, String why) {
        partners.add(
                partner(
                        "north",
                        Map.of(
                                "compendium.csv",
                                "code\n2823-3\n",
                                "network.csv",
                                "payer,plan,name\nACME,GOLD,Acme Gold\nBETA,,\n,OPEN,\n")));
        lab("south", "", "2823-3,K,,,,");
        emr = partner("emr", Map.of("ordering.csv", "lab,network\nnorth,in\nsouth,out\n"));

        var delivery = one(segments.replace('+', '\r') + "\r" + order("NW", "P1", "2823-3^K^LN"));

        assertThat(delivery.destination()).as(why).startsWith(folder + "/");
    }

    @Test
    void aTestOfAnotherCodingSystemIsAnotherTest() {
        partners.add(partner("north", Map.of("compendium.csv", "code,system,lab-code\nK,L,POT\n")));

        assertThat(one(order("NW", "P1", "K^Potassium^LN")).destination())
                .isEqualTo("emr/orders-to-place");
        assertThat(one(order("NW", "P2", "K^Potassium^L")).destination()).isEqualTo("north/orders");
    }

    // ------------------------------------------------------------ why there

    @Test
    void whyItGoesThereIsSaidOfEachOrder() {
        lab("north", "", "2823-3,K,,,,\n2951-2,NA,,,,");
        lab("south", "", "58410-2,CBC,,,,\n2951-2,NA,,,,");
        emr = partner("emr", Map.of("ordering.csv", "lab,test\nsouth,58410-2\n\nnorth,\n"));
        sent.put("emr|P4|EMR", "north/orders");

        var deliveries =
                staged(
                        order("NW", "P1", "2823-3^Potassium^LN"),
                        order("NW", "P2", "58410-2^CBC^LN"),
                        order("CA", "P4", "2951-2^Sodium^LN"));

        assertThat(deliveries.get(0).chosen())
                .containsExactly(
                        Chosen.row("emr/ordering.csv:4", emr.version())
                                .about("P1", "2823-3")
                                .sentAs("K"),
                        Chosen.follows().about("P4", "2951-2").sentAs("NA"));
        assertThat(deliveries.get(1).chosen())
                .containsExactly(
                        Chosen.row("emr/ordering.csv:2", emr.version())
                                .about("P2", "58410-2")
                                .sentAs("CBC"));
    }

    @Test
    void theOnlyOneThatDoesItIsTheOneOfItsRow() {
        lab("north", "", "2951-2,NA,,,,\n2823-3,K,,,,");

        assertThat(one(order("NW", "P1", "2823-3^Potassium^LN")).chosen())
                .containsExactly(
                        Chosen.only("north/compendium.csv:3", partners.getFirst().version())
                                .about("P1", "2823-3")
                                .sentAs("K"));
    }

    @Test
    void ofWhatWaitsForAPersonNothingIsSaid() {
        assertThat(one(order("NW", "P1", "2823-3^Potassium^LN")).chosen()).isEmpty();
    }

    /** ⚠ A question the laboratory does not know by its code counts as unanswered there. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    49541-6^Fasting^LN    ; FAST^Fasting?^L^49541-6^Fasting^LN
                    49541-6^Fasting^ln    ; FAST^Fasting?^L^49541-6^Fasting^LN
                    49541-6^Fasting^L     ; 49541-6^Fasting^L
                    49541-6^F^LN^OWN^F^L  ; 49541-6^F^LN^OWN^F^L
                    8302-2^Height^LN      ; 8302-2^Height^LN
                    29463-7^Weight^LN     ; 29463-7^Weight^LN
                    """)
    void questionsGoInTheLaboratorysOwnCodesWhereItHasOne(String sent, String wanted) {
        partners.add(
                partner(
                        "north",
                        Map.of(
                                "compendium.csv",
                                "code,lab-code\n2823-3,K\n",
                                "codes.csv",
                                // Two codes of one meaning: nobody knows which.
                                """
                                code,text,unit,loinc,ucum,from
                                FAST,Fasting?,,49541-6,,
                                WT,Weight,,29463-7,,
                                WGT,Weight,,29463-7,,
                                """)));

        var body =
                new String(
                        body(
                                staged(
                                                order("NW", "P1", "2823-3^Potassium^LN")
                                                        + "OBX|1|ST|"
                                                        + sent
                                                        + "||Y||||||O\r")
                                        .getFirst()),
                        UTF_8);

        assertThat(body).contains("OBX|1|ST|" + wanted + "||Y");
    }

    // ------------------------------------------------------------ what follows an order

    /** ORC-1 SN: nothing was sent there, and the laboratory works on it all the same. */
    @ParameterizedTest
    @CsvSource({"CSABC^CHARTBRIDGE", "CSABC", "CSABC^chartbridge", "CSABC^^1.2.840.5^ISO"})
    void aCancelOfWhatALaboratoryAddedGoesToIt(String number) {
        lab("north", "", "2823-3,K,Potassium,N,,");
        lab("south", "", "2951-2,NA,Sodium,S,,");
        adders.put("CSABC^CHARTBRIDGE", "south");

        var cancel = "ORC|CA|" + number + "\rOBR|1|" + number + "||CRP^CRP^L\r";

        assertThat(staged(cancel))
                .extracting(StagedDelivery::destination)
                .containsExactly("south/orders");
        assertThat(staged(cancel.replace("CSABC", "CSOTHER")))
                .extracting(StagedDelivery::destination)
                .containsExactly("emr/orders-to-place");
        assertThat(staged(cancel.replace("ORC|CA", "ORC|NW")))
                .extracting(StagedDelivery::destination)
                .containsExactly("emr/orders-to-place");
    }

    @ParameterizedTest
    @CsvSource({"CA", "XO", "DC", "HD", "RL"})
    void whatFollowsAnOrderGoesWhereItWent(String control) {
        lab("north", "", "2823-3,K,,,,");
        lab("south", "", "2823-3,K,,,,"); // Somebody chose, or the tables were others.
        sent.put("emr|P1|EMR", "south/orders");

        assertThat(one(order(control, "P1", "2823-3^K^LN")).destination())
                .isEqualTo("south/orders");
    }

    /** ⚠ Else it would end the order there, and not here, where the later word stands. */
    @ParameterizedTest
    @CsvSource({
        "CA, 2026-11-22T08:00:04Z, false",
        "XO, 2026-11-22T08:00:04Z, false",
        "CA, 2026-11-22T08:00:00Z, true",
        "CA, 2026-11-22T07:59:00Z, true",
    })
    void whatWasSaidBeforeWhatWasSentAsksAPerson(String control, Instant last, boolean leaves) {
        lab("north", "", "2823-3,K,,,,");
        sent.put("emr|P1|EMR", "north/orders");
        said.put("emr|P1|EMR", last);

        var delivery = one(order(control, "P1", "2823-3^K^LN"));

        assertThat(delivery.destination())
                .isEqualTo(leaves ? "north/orders" : "emr/orders-to-place");
        if (!leaves)
            assertThat(cause(delivery))
                    .startsWith("what was sent to north under this number was said later");
    }

    /** ⚠ It is in no chart and on no list: if it were lost, nobody would ever be told. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "ORC|NW; OBR|1|||2823-3; false",
                "ORC|NW|^EMR; OBR|1|^EMR||2823-3; false",
                "ORC|NW|\"\"; OBR|1|\"\"||2823-3; false",
                "ORC||; OBR|1|||2823-3; false",
                "ORC|RO; OBR|1|||2823-3; false",
                "ORC|NW|P1; OBR|1|||2823-3; true",
                "ORC|NW; OBR|1|P1||2823-3; true",
                "ORC|NW; OBR|1||F1|2823-3; true",
                "ORC|NW|||G1; OBR|1|||2823-3; true",
            })
    void anOrderWithoutAnyNumberAsksAPerson(String orc, String obr, boolean leaves) {
        lab("north", "", "2823-3,K,,,,");

        var delivery = one(orc + "\r" + obr + "\r");

        assertThat(delivery.destination())
                .isEqualTo(leaves ? "north/orders" : "emr/orders-to-place");
        if (leaves) return;
        assertThat(cause(delivery)).startsWith("the order has no number (ORC-2, OBR-2)");
        assertThat(delivery.waits()).isNotNull();
        assertThat(ordering.made(body(delivery), emr, "north", "-17", Chosen.person(17)))
                .isPresent();
    }

    @Test
    void anOrderWithoutANumberInThePlaceOfAnotherWaitsWithIt() {
        lab("north", "", "2823-3,K,,,,\n2951-2,NA,,,,");
        sent.put("emr|P1|EMR", "north/orders");

        var both = one(order("RP", "P1", "2823-3^K^LN") + "ORC|RO\rOBR|1|||2951-2^NA^LN\r");

        assertThat(both.destination()).isEqualTo("emr/orders-to-place");
        assertThat(cause(both)).startsWith("the order has no number");
    }

    /** ⚠ The specimen is where the first test was sent, whatever a table says of the second. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "P1&EMR^F1&LIS; A; ''; 2951-2; north/orders",
                "''; G; P1&EMR^F1&LIS; 2951-2; north/orders",
                "P1; ''; ''; 2951-2; north/orders",
                "P1&EMR; A; ''; 1988-5; its parent (ORC-8, OBR-29)",
                "P9&EMR; A; ''; 2951-2; it is to be done on a specimen that is there",
                "''; a; ''; 2951-2; it is to be done on a specimen that is there",
                "P9&EMR; ''; ''; 2951-2; south/orders",
                "''; L; ''; 2951-2; south/orders",
            })
    void whatIsAddedToASpecimenGoesWhereThatIs(
            String orc8, String obr11, String obr29, String test, String wanted) {
        emr = partner("emr", Map.of("ordering.csv", "lab\nsouth\nnorth\n"));
        lab("north", "", "2823-3,K,,,,\n2951-2,NA,,,,");
        lab("south", "", "2951-2,NA,,,,\n1988-5,CRP,,,,");
        sent.put("emr|P1|EMR", "north/orders");
        sent.put("emr|P1|", "north/orders");

        var delivery =
                one(
                        "ORC|NW|P2^EMR||||||%s\rOBR|1|P2^EMR||%s|||||||%s||||||||||||||||||%s\r"
                                .formatted(orc8, test, obr11, obr29));

        if (wanted.endsWith("/orders")) assertThat(delivery.destination()).isEqualTo(wanted);
        else {
            assertThat(delivery.destination()).isEqualTo("emr/orders-to-place");
            assertThat(cause(delivery)).contains(wanted);
            var parent = orc8.isEmpty() ? List.of() : List.of("emr|" + orc8.replace('&', '|'));
            assertThat(delivery.orders()).extracting(Leaving::key).isEqualTo(parent);
        }
    }

    @Test
    void whatIsAddedToASpecimenGoesToTheOnlyLaboratoryThereIs() {
        lab("north", "", "2951-2,NA,,,,");

        assertThat(one("ORC|NW|P2^EMR\rOBR|1|P2^EMR||2951-2|||||||A\r").destination())
                .isEqualTo("north/orders");
    }

    /** What one message orders below each other, by a number alone, is not yet anywhere. */
    @Test
    void newOrdersOfOneMessageThatNameAParentGoByTheTables() {
        lab("north", "", "2823-3,K,,,,");
        lab("south", "", "2951-2,NA,,,,");

        assertThat(
                        staged(
                                order("NW", "P1", "2823-3^K^LN")
                                        + "ORC|NW|P2^EMR||||||P1&EMR\rOBR|1|P2^EMR||2951-2\r"))
                .extracting(StagedDelivery::destination)
                .containsExactly("north/orders", "south/orders");
    }

    /** ⚠ A laboratory gets no test that it does not do, unless a person or a table sent it so. */
    @ParameterizedTest
    @CsvSource({
        "XO, 2823-3, '',     true",
        "XO, 3016-3, '',     false",
        "XO, 3016-3, 2823-3, false",
        "XO, 3016-3, 3016-3, true",
        "XO, '',     '',     true",
        "CA, 3016-3, '',     true",
        "HD, 3016-3, '',     true",
    })
    void aChangeToATestThatTheLaboratoryDoesNotDoAsksAPerson(
            String control, String test, String before, boolean leaves) {
        lab("north", "", "2823-3,K,,,,");
        lab("south", "", "3016-3,TSH,,,,");
        sent.put("emr|P1|EMR", "north/orders");
        if (!before.isEmpty())
            messages.put("emr|P1|EMR", MSH + "\r" + PID + "\r" + order("NW", "P1", before));

        var delivery = one(order(control, "P1", test));

        assertThat(delivery.destination())
                .isEqualTo(leaves ? "north/orders" : "emr/orders-to-place");
        if (!leaves)
            assertThat(cause(delivery))
                    .startsWith("north, which has the order, does not do 3016-3; cancel the one");
    }

    @Test
    void aCancelMayNameTheOrderByItsNumberAlone() {
        lab("north", "", "2823-3,K,,,,");
        sent.put("emr|P1|EMR", "north/orders");

        var delivery = one("ORC|CA|P1^EMR\r");

        assertThat(delivery.destination()).isEqualTo("north/orders");
        assertThat(lines(delivery, "ORC")).containsExactly("ORC|CA|P1^EMR");
    }

    @Test
    void aCancelOfWhatWasNeverSentAsksAPerson() {
        lab("north", "", "2823-3,K,,,,");

        assertThat(cause(one(order("CA", "P1", "2823-3^K^LN"))))
                .startsWith("nothing with this number was sent to a laboratory");
    }

    @Test
    void aNewOrderOfANumberThatWasSentIsNotSentAgainWithoutAPerson() {
        lab("north", "", "2823-3,K,,,,");
        sent.put("emr|P1|EMR", "north/orders");

        var again = one(order("NW", "P1", "2823-3^K^LN"));

        assertThat(again.destination()).isEqualTo("emr/orders-to-place");
        assertThat(cause(again)).startsWith("an order of this number went to north before");
    }

    /** ⚠ A cancel with another patient's PID stops the test of somebody else. */
    @ParameterizedTest
    @CsvSource({"CA", "XO", "DC", "HD", "RP"})
    void whatFollowsTheOrderOfAnotherPatientAsksAPerson(String control) {
        lab("north", "", "2823-3,K,,,,");
        sent.put("emr|P1|EMR", "north/orders");
        patients.put("emr|P1|EMR", "M2|CLINIC");

        var waiting = one(order(control, "P1", "2823-3^K^LN"));

        assertThat(waiting.destination()).isEqualTo("emr/orders-to-place");
        assertThat(cause(waiting))
                .startsWith("the order of this number was sent to north for another patient");
        assertThat(waiting.toString()).doesNotContain("M1");

        patients.put("emr|P1|EMR", "M1|CLINIC");
        assertThat(one(order(control, "P1", "2823-3^K^LN")).destination())
                .isEqualTo("north/orders");
    }

    /** ⚠ A doubled order is a second blood draw. */
    @Test
    void aNewOrderInSmallLettersIsANewOrder() {
        lab("north", "", "2823-3,K,,,,");

        var first = one(order("nw", "P1", "2823-3^K^LN"));
        assertThat(first.orders()).containsExactly(new Leaving("emr|P1|EMR", true, "M1|CLINIC"));
        assertThat(lines(first, "ORC")).containsExactly("ORC|NW|P1^EMR");

        sent.put("emr|P1|EMR", "north/orders");
        assertThat(cause(one(order("nw", "P1", "2823-3^K^LN"))))
                .startsWith("an order of this number went to north before");
        assertThat(one(order("ca", "P1", "2823-3^K^LN")).destination()).isEqualTo("north/orders");
    }

    @Test
    void anOrderInThePlaceOfAnotherGoesWhereThatOneGoes() {
        lab("north", "", "2823-3,K,,,,\n2951-2,NA,,,,");
        lab("south", "", "2951-2,NA,,,,");
        sent.put("emr|P1|EMR", "north/orders");

        var delivery = one(order("RP", "P1", "2823-3^K^LN") + order("RO", "P2", "2951-2^NA^LN"));

        assertThat(delivery.destination()).isEqualTo("north/orders");
        assertThat(lines(delivery, "ORC")).containsExactly("ORC|RP|P1^EMR", "ORC|RO|P2^EMR");
        assertThat(delivery.orders())
                .containsExactly(
                        new Leaving("emr|P1|EMR", false, ""),
                        new Leaving("emr|P2|EMR", true, "M1|CLINIC"));
    }

    /** ⚠ Half of it would leave the patient with no test, or with both. */
    @ParameterizedTest
    @CsvSource({
        "'', P2, 2951-2, nothing with this number",
        "north/orders, P2, 1988-5, 'north, which has the order that this one belongs to, does not'",
        "north/orders, P2, 2345-7, north asks 49541-6",
        "north/orders, P9, 2951-2, an order of this number went to south before"
    })
    void aReplacementOfWhichOneHalfCannotGoWaitsTogether(
            String went, String number, String test, String cause) {
        lab("north", "", "2823-3,K,,,,\n2951-2,NA,,,,\n2345-7,GLU,,,,49541-6");
        if (!went.isEmpty()) sent.put("emr|P1|EMR", went);
        sent.put("emr|P9|EMR", "south/orders");

        var waiting = one(order("RP", "P1", "2823-3^K^LN") + order("RO", number, test + "^X^LN"));

        assertThat(waiting.destination()).isEqualTo("emr/orders-to-place");
        assertThat(lines(waiting, "ORC")).hasSize(2);
        assertThat(cause(waiting)).startsWith(cause);
        var made = ordering.made(body(waiting), emr, "north", "-1", Chosen.person(1)).orElseThrow();
        assertThat(lines(made, "ORC")).hasSize(2);
        assertThat(made.orders()).hasSize(2);
    }

    @Test
    void aReplacementOfANumberThatStaysIsOne() {
        lab("north", "", "2823-3,K,,,,\n2951-2,NA,,,,");
        sent.put("emr|P1|EMR", "north/orders");

        var delivery = one(order("RP", "P1", "2823-3^K^LN") + order("RO", "P1", "2951-2^NA^LN"));

        assertThat(delivery.destination()).isEqualTo("north/orders");
    }

    @Test
    void aReplacementWithoutWhatIsReplacedAsksAPerson() {
        lab("north", "", "2823-3,K,,,,");
        sent.put("emr|P1|EMR", "north/orders");

        assertThat(cause(one(order("RO", "P2", "2823-3^K^LN")))).startsWith("nothing with this");
        assertThat(one(order("RP", "P1", "2823-3^K^LN")).destination()).isEqualTo("north/orders");
        assertThat(cause(one(order("RO", "P1", "2823-3^K^LN"))))
                .startsWith("an order of this number went to north before");
    }

    @Test
    void aChildGoesWhereItsParentWent() {
        lab("north", "", "2823-3,K,,,,\n2951-2,NA,,,,");
        lab("south", "", "2951-2,NA,,,,");
        sent.put("emr|P1|EMR", "north/orders");
        var child = "ORC|CH|P2^EMR||||||P1&EMR^F1&LAB\rOBR|1|P2^EMR||2951-2^NA^LN\r";

        assertThat(one(child).destination()).isEqualTo("north/orders");
        assertThat(one(order("PA", "P1", "2823-3^K^LN") + child).destination())
                .isEqualTo("north/orders");
        assertThat(cause(one(child.replace("P1&", "P0&")))).startsWith("nothing with this");
        patients.put("emr|P1|EMR", "M2|CLINIC");
        assertThat(cause(one(child)))
                .startsWith("its parent (ORC-8, OBR-29) was sent to north for another");
    }

    /** ⚠ Twice the same number with a blank is twice the same blood. */
    @ParameterizedTest
    @ValueSource(strings = {"P1 ^EMR", " P1^EMR", "P1^EMR ", " P1 ^ EMR"})
    void blanksAroundANumberMakeNoOtherOrder(String number) {
        lab("north", "", "2823-3,K,,,,\n2951-2,NA,,,,");
        sent.put("emr|P1|EMR", "north/orders");
        var order = "ORC|%s|" + number + "\rOBR|1|||2823-3^K^LN\r";

        assertThat(cause(one(order.formatted("NW"))))
                .startsWith("an order of this number went to north before");
        assertThat(one(order.formatted("CA")).destination()).isEqualTo("north/orders");
        var parent = number.replace("^", "&");
        assertThat(one("ORC|CH|P2^EMR||||||" + parent + "\rOBR|1|||2951-2^NA^LN\r").destination())
                .isEqualTo("north/orders");
    }

    @Test
    void aNewOrderOfTheNumberOfAnotherPatientIsToldAsSuch() {
        lab("north", "", "2823-3,K,,,,");
        sent.put("emr|P1|EMR", "north/orders");
        patients.put("emr|P1|EMR", "M2|CLINIC");

        assertThat(cause(one(order("NW", "P1", "2823-3^K^LN"))))
                .startsWith("the order of this number was sent to north for another patient");
    }

    @Test
    void aChildOfAnOrderInTheSameMessageGoesWithIt() {
        lab("north", "", "2823-3,K,,,,\n2951-2,NA,,,,");
        lab("south", "", "2951-2,NA,,,,\n1988-5,CRP,,,,");
        var child = "ORC|CH|P2^EMR||||||P1&EMR\rOBR|1|P2^EMR||%s\r";

        var sodium = one(order("NW", "P1", "2823-3^K^LN") + child.formatted("2951-2^NA^LN"));
        var protein = staged(order("NW", "P1", "2823-3^K^LN") + child.formatted("1988-5^CRP^LN"));

        assertThat(sodium.destination()).isEqualTo("north/orders");
        assertThat(lines(sodium, "ORC"))
                .containsExactly("ORC|NW|P1^EMR", "ORC|CH|P2^EMR||||||P1&EMR");
        assertThat(protein)
                .extracting(StagedDelivery::destination)
                .containsExactly("emr/orders-to-place", "north/orders");
        assertThat(protein.getFirst().orders())
                .as("found again when its parent is sent")
                .extracting(Leaving::key)
                .containsExactly("emr|P1|EMR");
        sent.put("emr|P1|EMR", "north/orders");
        assertThat(cause(protein.getFirst()))
                .startsWith("north, which has its parent (ORC-8, OBR-29), does not do 1988-5");
    }

    /** ⚠ Two connections may bring it in one moment: the look before says that both are new. */
    @Test
    void whatAnotherSentMeanwhileAsksAPersonAndTheRestLeaves() {
        lab("north", "", "2823-3,K,,,,\n2951-2,NA,,,,");
        var delivery = one(order("NW", "P1", "2823-3^K^LN") + order("NW", "P2", "2951-2^NA^LN"));
        sent.put("emr|P2|EMR", "asked once, not again/orders");

        var again = again(delivery, Map.of("emr|P1|EMR", "south/orders"));

        assertThat(again)
                .extracting(StagedDelivery::destination)
                .containsExactly("emr/orders-to-place", "north/orders");
        assertThat(lines(again.getFirst(), "ORC")).containsExactly("ORC|NW|P1^EMR");
        assertThat(lines(again.getLast(), "ORC")).containsExactly("ORC|NW|P2^EMR");
        assertThat(again.getLast().orders())
                .containsExactly(new Leaving("emr|P2|EMR", true, "M1|CLINIC"));
    }

    @Test
    void aCancelBesideAnOrderThatAnotherSentFollowsThatOne() {
        lab("north", "", "2823-3,K,,,,");
        lab("south", "", "2951-2,NA,,,,");
        var delivery = one(order("NW", "P1", "2823-3^K^LN") + order("CA", "P1", "2823-3^K^LN"));

        var again = again(delivery, Map.of("emr|P1|EMR", "south/orders"));

        assertThat(again)
                .extracting(StagedDelivery::destination)
                .containsExactly("emr/orders-to-place", "south/orders");
        assertThat(lines(again.getLast(), "ORC")).containsExactly("ORC|CA|P1^EMR");
        assertThat(again.getLast().orders()).containsExactly(new Leaving("emr|P1|EMR", false, ""));
    }

    @ParameterizedTest
    @CsvSource({"P1^^1.2.840.5^ISO", "P1^\"\"^1.2.840.5^ISO"})
    void withoutANamespaceTheUniversalIdSaysWhoseNumberItIs(String number) {
        lab("north", "", "2823-3,K,,,,\n2951-2,NA,,,,");
        sent.put("emr|P1|1.2.840.5", "north/orders");

        assertThat(one("ORC|CA|" + number + "\rOBR|1|||2823-3^K^LN\r").destination())
                .isEqualTo("north/orders");
        assertThat(cause(one("ORC|CA|P1^^1.2.840.6^ISO\rOBR|1|||2823-3^K^LN\r"))).isNotEmpty();
        var parent = number.replace("^", "&");
        assertThat(one("ORC|CH|P2^EMR||||||" + parent + "\rOBR|1|||2951-2^NA^LN\r").destination())
                .isEqualTo("north/orders");
    }

    @Test
    void theSameNumberOfAnotherNamespaceOrSenderIsAnotherOrder() {
        lab("north", "", "2823-3,K,,,,");
        sent.put("emr|P1|OTHER", "south/orders");
        sent.put("other|P1|EMR", "south/orders");

        assertThat(one(order("NW", "P1", "2823-3^K^LN")).destination()).isEqualTo("north/orders");
    }

    // ------------------------------------------------------------ questions

    @Test
    void aQuestionThatIsNotAnsweredAsksAPerson() {
        lab("north", "", "2345-7,GLU,Glucose,N,,49541-6 8339-4");
        var open = order("NW", "P1", "2345-7^Glucose^LN") + "OBX|1|CE|49541-6^Fasting^LN||Y\r";

        assertThat(cause(one(open)))
                .startsWith("north asks 8339-4 for 2345-7, which is not answered");
        assertThat(cause(one(open + "OBX|2|NM|8339-4^Weight^LN||\r"))).contains("8339-4");
        assertThat(one(open + "OBX|2|NM|8339-4^Weight^LN||71\r").destination())
                .isEqualTo("north/orders");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "^", "^\"\"", "~", "&"})
    void anAnswerOfNothingAnswersNoQuestion(String value) {
        lab("north", "", "2345-7,GLU,Glucose,N,,49541-6");

        assertThat(
                        one(order("NW", "P1", "2345-7^Glucose^LN")
                                        + "OBX|1|CE|49541-6^Fasting^LN||"
                                        + value
                                        + "\r")
                                .destination())
                .isEqualTo("emr/orders-to-place");
    }

    @ParameterizedTest
    @CsvSource({"X, emr", "N, emr", "x, emr", "F, north", "O, north"})
    void anAnswerThatCouldNotBeObtainedAnswersNoQuestion(String status, String folder) {
        lab("north", "", "2345-7,GLU,Glucose,N,,49541-6");

        assertThat(
                        one(order("NW", "P1", "2345-7^Glucose^LN")
                                        + "OBX|1|CE|49541-6^Fasting^LN||-||||||"
                                        + status
                                        + "\r")
                                .destination())
                .startsWith(folder + "/");
    }

    @Test
    void insurancesBehindOneOfTheOrdersGoWithAll() {
        lab("north", "", "2823-3,K,,,,");
        lab("south", "", "2951-2,NA,,,,");
        var orders =
                order("NW", "P1", "2823-3^K^LN")
                        + order("NW", "P2", "2951-2^NA^LN")
                        + "IN1|1|PLAN|9\rGT1|1||DOE^John\r";

        assertThat(staged(orders))
                .allSatisfy(
                        one -> {
                            assertThat(lines(one, "IN1")).containsExactly("IN1|1|PLAN|9");
                            assertThat(lines(one, "GT1")).containsExactly("GT1|1||DOE^John");
                        });
    }

    @Test
    void insurancesThatEachOrderHasOfItsOwnStayWithIt() {
        lab("north", "", "2823-3,K,,,,");
        lab("south", "", "2951-2,NA,,,,");

        var deliveries =
                staged(
                        order("NW", "P1", "2823-3^K^LN") + "IN1|1|A|1\r",
                        order("NW", "P2", "2951-2^NA^LN") + "IN1|1|B|2\r");

        assertThat(lines(deliveries.get(0), "IN1")).containsExactly("IN1|1|A|1");
        assertThat(lines(deliveries.get(1), "IN1")).containsExactly("IN1|1|B|2");
    }

    @Test
    void answersAndDiagnosesAndCoverageGoAlong() {
        lab("north", "", "2823-3,K,,,,");

        var delivery =
                one(
                        "PV1|1|O\rIN1|1|PLAN|1\rGT1|1||DOE^John\r"
                                + order("NW", "P1", "2823-3^K^LN")
                                + "NTE|1||after meals\rDG1|1||E87.5^Hyperkalemia^I10\r"
                                + "OBX|1|CE|49541-6^Fasting^LN||Y\r");

        assertThat(text(delivery))
                .contains("PV1|1|O\r", "IN1|1|PLAN|1\r", "GT1|1||DOE^John\r")
                .contains("\rNTE|1||after meals\rDG1|1||E87.5^Hyperkalemia^I10\rOBX|1|CE|");
    }

    // ------------------------------------------------------------ in its words

    @Test
    void anOldLaboratoryGetsOrmWithoutWhatItDoesNotKnow() {
        lab("north", "orders: { message: ORM^O01, version: 2.3 }", "2823-3,K,Potassium,N,,");

        var delivery =
                one(
                        "ORC|NW|P1^EMR\rTQ1|1||||||||S\rOBR|1|||2823-3^K^LN\r"
                                + "SPM|1|||SER^Serum^HL70487\r");

        assertThat(text(delivery).replace('\r', '\n'))
                .isEqualTo(
                        """
                        MSH|^~\\&|EMR|CLINIC|CB|CB|20261122080000||ORM^O01|E1|P|2.3||||
                        PID|1||M1^^^CLINIC^MR||DOE^Jane||19710203|F
                        ORC|NW|P1^EMR|||||^^^^^S
                        OBR|1|P1^EMR||K^Potassium^N^2823-3^K^LN|||||||||||SER&Serum&HL70487||||||||||||^^^^^S
                        """);
    }

    /** ⚠ When to draw and which tube must not be lost on the way to an old laboratory. */
    @Test
    void anOldLaboratoryIsToldWhenToDrawAndWhatWasDrawn() {
        lab("north", "orders: { message: ORM^O01, version: 2.3 }", "2823-3,K,Potassium,N,,");

        var delivery =
                one(
                        "ORC|NW|P1^EMR\r"
                                + "TQ1|1|2^mL&milliliter|BID&twice a"
                                + " day|0800~2000||5^d|20261123|20261128|S\r"
                                + "TQ1|2||Q6H|||12^fortnight||20261201|R\r"
                                + "OBR|1|||2823-3^K^LN\r"
                                + "NTE|1||fasting\r"
                                + "OBX|1|CE|Q||Y\r"
                                + "SPM|1|T17&EMR^L4||SER^Serum^HL70487||||LA^Left"
                                + " arm^L|||||||||202611230810^202611230815|202611230900\r"
                                + "SPM|2|T18||UR^Urine^HL70487|||||||||||||202611230820\r");

        assertThat(lines(delivery, "ORC"))
                .containsExactly(
                        "ORC|NW|P1^EMR|||||2&mL^BID&0800,2000^D5^20261123^20261128^S~^Q6H^12"
                                + " fortnight^^20261201^R");
        assertThat(lines(delivery, "OBR"))
                .containsExactly(
                        "OBR|1|P1^EMR||K^Potassium^N^2823-3^K^LN|||202611230810|202611230815||||||"
                                + "202611230900|SER&Serum&HL70487^^^LA&Left arm&L||||||||||||"
                                + "2&mL^BID&0800,2000^D5^20261123^20261128^S~^Q6H^12"
                                + " fortnight^^20261201^R");
        assertThat(text(delivery))
                .endsWith(
                        "\r"
                            + "NTE|1||fasting\r"
                            + "NTE|2||Specimen number T17, of the collector L4\r"
                            + "NTE|3||Another specimen, Urine, number T18, collected 202611230820\r"
                            + "OBX|1|CE|Q||Y\r");
    }

    /** ⚠ The tube of the next order is another tube, and may be another laboratory's. */
    @ParameterizedTest
    @CsvSource({"O33", "O35"})
    void whatIsOrderedBySpecimenGoesWithItsOwnSpecimen(String trigger) {
        lab("north", "orders: { message: OML^O21 }", "2951-2,NA,Sodium,N,,");
        lab("old", "orders: { message: ORM^O01, version: 2.3 }", "CBC,CBC,Count,O,,");
        lab("east", "orders: { message: OML^O21 }", "4548-4,A1C,A1c,E,BLD,");

        var deliveries = staged(bySpecimen(trigger), SPECIMENS);

        assertThat(below(deliveries, "north"))
                .containsExactly(
                        "ORC|NW|I1^EMR",
                        "OBR|1|I1^EMR||NA^Sodium^N^2951-2^Sodium^LN",
                        "NTE|1||fasting",
                        "SPM|1|X1&EMR||SER^Serum|||||||||||||20261130004500",
                        "OBX|1|ST|V^Volume||5 mL",
                        "SAC|||C1");
        assertThat(below(deliveries, "east"))
                .containsExactly(
                        "ORC|NW|I3^EMR",
                        "OBR|1|I3^EMR||A1C^A1c^E^4548-4^A1c^LN",
                        "SPM|2|X2&EMR||BLD^Blood|||||||||||||20261130005500",
                        "SAC|||C3",
                        "PID|1||M1",
                        "ORC|RE",
                        "OBR|1|||4548-4^A1c^LN",
                        "OBX|1|NM|4548-4^A1c^LN||6.1");
        assertThat(below(deliveries, "old"))
                .containsExactly(
                        "ORC|NW|I2^EMR",
                        "OBR|1|I2^EMR||CBC^Count^O^CBC^CBC^L|||20261130005500"
                                + "||||||||BLD&Blood",
                        "NTE|1||Specimen number X2",
                        "NTE|2||Container number C2");
    }

    @Test
    void whatWaitsOfOrdersBySpecimenKeepsItsSpecimen() {
        lab("north", "orders: { message: OML^O21 }", "2951-2,NA,Sodium,N,,");

        var deliveries = staged(bySpecimen("O35"), SPECIMENS);

        assertThat(deliveries)
                .extracting(StagedDelivery::destination)
                .containsExactlyInAnyOrder(
                        "emr/orders-to-place", "emr/orders-to-place", "north/orders");
        assertThat(deliveries.stream().map(OrderingTests::text))
                .filteredOn(text -> text.contains("I2"))
                .singleElement()
                .asString()
                .contains("|OML^O21^OML_O21|", "CBC^L\rSPM|2|X2&EMR", "\rSAC|||C2")
                .doesNotContain("X1", "C1", "C3");
    }

    /** Some call it O33 and write it as O21. */
    @Test
    void aSpecimenBelowItsOrderStaysThere() {
        lab("north", "orders: { message: OML^O21 }", "2951-2,NA,Sodium,N,,\nCBC,CBC,Count,N,,");

        var deliveries =
                staged(
                        bySpecimen("O33"),
                        "ORC|NW|I1^EMR\rOBR|1|I1^EMR||2951-2^Sodium^LN\rSPM|1|X1||SER\r"
                                + "ORC|NW|I2^EMR\rOBR|1|I2^EMR||CBC^CBC^L\rSPM|1|X2||BLD\r");

        assertThat(below(deliveries, "north"))
                .containsExactly(
                        "ORC|NW|I1^EMR",
                        "OBR|1|I1^EMR||NA^Sodium^N^2951-2^Sodium^LN",
                        "SPM|1|X1||SER",
                        "ORC|NW|I2^EMR",
                        "OBR|2|I2^EMR||CBC^Count^N^CBC^CBC^L",
                        "SPM|1|X2||BLD");
    }

    private static final String SPECIMENS =
            """
            SPM|1|X1&EMR||SER^Serum|||||||||||||20261130004500
            OBX|1|ST|V^Volume||5 mL
            SAC|||C1
            ORC|NW|I1^EMR
            OBR|1|I1^EMR||2951-2^Sodium^LN
            NTE|1||fasting
            SPM|2|X2&EMR||BLD^Blood|||||||||||||20261130005500
            SAC|||C2
            ORC|NW|I2^EMR
            OBR|1|I2^EMR||CBC^CBC^L
            SAC|||C3
            ORC|NW|I3^EMR
            OBR|1|I3^EMR||4548-4^A1c^LN
            PID|1||M1
            ORC|RE
            OBR|1|||4548-4^A1c^LN
            OBX|1|NM|4548-4^A1c^LN||6.1
            """
                    .replace('\n', '\r');

    private static String bySpecimen(String trigger) {
        return MSH.replace("OML^O21^OML_O21", "OML^" + trigger + "^OML_" + trigger);
    }

    /** What stands below the patient in the one message that a laboratory gets. */
    private static List<String> below(List<StagedDelivery> deliveries, String lab) {
        var its =
                deliveries.stream()
                        .filter(one -> one.destination().equals(lab + "/orders"))
                        .toList();
        assertThat(its).hasSize(1);
        return text(its.getFirst()).lines().skip(2).toList();
    }

    @Test
    void whatAnOrderSaysOfItsTimesInTheOldWayStays() {
        lab("north", "orders: { message: ORM^O01, version: 2.3 }", "2823-3,K,Potassium,N,,");

        var delivery =
                one(
                        "ORC|NW|P1^EMR\rTQ1|1||||||20261123||S\r"
                                + "OBR|1|||2823-3^K^LN|||20261122||||||||||||||||||||^^^20261130\r"
                                + "SPM|1||||||||||||||||20261124\r");

        assertThat(lines(delivery, "OBR"))
                .containsExactly(
                        "OBR|1|P1^EMR||K^Potassium^N^2823-3^K^LN|||20261122||||||||||||||||||||"
                                + "^^^20261130^^S");
        assertThat(lines(delivery, "ORC")).containsExactly("ORC|NW|P1^EMR");
    }

    /** ⚠ A laboratory that reads OBR-27 would do at once, and once, what is to be done later. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    NW; 1^BID^3D^20261210^20261213^S; '';  ''     ; 1^BID^3D^20261210^20261213^S
                    XO; 1^BID^3D^20261210^20261213^S; '';  ''     ; 1^BID^3D^20261210^20261213^S
                    NW; 1^BID^3D^20261210^20261213  ; S ;  ''     ; 1^BID^3D^20261210^20261213^S
                    NW; 1^BID^3D^20261210^20261213  ; '';  ''     ; 1^BID^3D^20261210^20261213
                    NW; 1^BID^^20261210~2^QD        ; '';  ''     ; 1^BID^^20261210~2^QD
                    NW; 1^BID^^20261210^^S          ; '';  ^^^2027; ^^^2027^^S
                    NW; ''                          ; S ;  ''     ; ^^^^^S
                    """)
    void anOldLaboratoryGetsTheTimingOfOrc7Whole(
            String control, String said, String priority, String own, String wanted) {
        lab("north", "orders: { message: ORM^O01, version: 2.3 }", "2823-3,K,,,,");
        if (control.equals("XO")) sent.put("emr|P1|EMR", "north/orders");

        var delivery =
                one(
                        "ORC|%s|P1^EMR|||||%s\rOBR|1|P1^EMR||2823-3^K^LN|%s%s%s\r"
                                .formatted(control, said, priority, "|".repeat(22), own));

        assertThat(lines(delivery, "OBR").getFirst().split("[|]", -1)[27]).isEqualTo(wanted);
        assertThat(lines(delivery, "ORC").getFirst().split("[|]", 8)[7])
                .as("ORC-7 stays as it was")
                .startsWith(said);
    }

    @Test
    void aNewLaboratoryGetsOmlWithSpecimenAndTiming() {
        lab("north", "orders: { message: OML^O21, version: 2.5.1 }", "2823-3,K,Potassium,N,SER,");

        var delivery =
                staged(
                                MSH.replace("OML^O21^OML_O21", "ORM^O01").replace("2.5.1", "2.3"),
                                "ORC|NW|P1^EMR\rOBR|1|P1^EMR||2823-3^K^LN|S\r")
                        .getFirst();

        assertThat(text(delivery).replace('\r', '\n'))
                .contains("||OML^O21^OML_O21|E1|P|2.5.1|")
                .endsWith(
                        """
                        ORC|NW|P1^EMR
                        TQ1|1||||||||S
                        OBR|1|P1^EMR||K^Potassium^N^2823-3^K^LN|S
                        SPM|1|||SER
                        """);
    }

    /** ⚠ When to draw must not be lost on the way to a new laboratory either. */
    @Test
    void aNewLaboratoryIsToldWhenToDrawAndWhenItWasDrawn() {
        lab("north", "orders: { message: OML^O21, version: 2.5.1 }", "2823-3,K,Potassium,N,SER,");

        var delivery =
                one(
                        "ORC|NW|P1^EMR\r"
                            + "OBR|1|P1^EMR||2823-3^K^LN|||20261122080000||||||||SER&Serum^^^LA&Left"
                            + " arm||||||||||||1^Q6H&0600,1200^D5^20261123^20261128^S^^fasting~^BID^X3^20261201^^R\r");

        assertThat(lines(delivery, "TQ1"))
                .containsExactly(
                        "TQ1|1|1|Q6H|0600~1200||5^d|20261123|20261128|S||fasting",
                        "TQ1|2||BID||||20261201||R|||||3");
        assertThat(lines(delivery, "SPM"))
                .containsExactly("SPM|1|||SER^Serum||||LA^Left arm|||||||||20261122080000");
    }

    /** HL7 v2.3 says the priority in ORC-7.6 as well. */
    @Test
    void whatIsUrgentInOrc7AloneIsUrgent() {
        lab("stat", "orders: { message: OML^O21 }", "2823-3,K,,,,");
        lab("north", "orders: { message: OML^O21 }", "2823-3,K,,,,");
        emr = partner("emr", Map.of("ordering.csv", "priority,lab\nS,stat\n,north\n"));

        var delivery = one("ORC|NW|P1^EMR|||||^^^^^S\rOBR|1|P1^EMR||2823-3^K^LN\r");

        assertThat(delivery.destination()).isEqualTo("stat/orders");
        assertThat(lines(delivery, "TQ1")).containsExactly("TQ1|1||||||||S");
    }

    @Test
    void aLaboratoryIsCalledByItsOwnName() {
        lab("north", "sender: { application: LIS, facility: NORTH }", "2823-3,K,,,,");
        lab("south", "sender: { application: A&B }", "2951-2,NA,,,,");

        var deliveries =
                staged(order("NW", "P1", "2823-3^K^LN"), order("NW", "P2", "2951-2^NA^LN"));

        assertThat(text(deliveries.get(0))).startsWith("MSH|^~\\&|EMR|CLINIC|LIS|NORTH|2026");
        assertThat(text(deliveries.get(1))).startsWith("MSH|^~\\&|EMR|CLINIC|A\\T\\B||2026");
    }

    @Test
    void anOrcThatGovernsSeveralBecomesOneForEach() {
        lab("north", "", "2823-3,K,,,,\n2951-2,NA,,,,");

        var delivery =
                one(
                        "ORC|NW|G1^EMR|||||||20261122\rOBR|1|P1^EMR||2823-3^K^LN\r"
                                + "OBR|2|P2^EMR||2951-2^NA^LN\r");

        assertThat(lines(delivery, "ORC"))
                .containsExactly("ORC|NW|P1^EMR|||||||20261122", "ORC|NW|P2^EMR|||||||20261122");
        assertThat(delivery.orders())
                .extracting(Leaving::key)
                .containsExactly("emr|P1|EMR", "emr|P2|EMR");
    }

    /** ⚠ Else the laboratory, and whoever resends it, can't know that it is a new order. */
    @Test
    void anOrderThatDoesNotSayWhatItIsGoesAsANewOne() {
        lab("north", "", "2823-3,K,,,,\n2951-2,NA,,,,");

        var delivery =
                one("ORC||G1^EMR\rOBR|1|P1^EMR||2823-3^K^LN\r" + "OBR|2|P2^EMR||2951-2^NA^LN\r");

        assertThat(lines(delivery, "ORC")).containsExactly("ORC|NW|P1^EMR", "ORC|NW|P2^EMR");
    }

    @Test
    void theOtherLaboratoryOfASharedOrcGetsItToo() {
        lab("north", "", "2823-3,K,,,,");
        lab("south", "", "2951-2,NA,,,,");

        var deliveries =
                staged(
                        "ORC|NW|G1^EMR\rOBR|1|P1^EMR||2823-3^K^LN\r"
                                + "OBR|2|P2^EMR||2951-2^NA^LN\r");

        assertThat(lines(deliveries.get(0), "ORC")).containsExactly("ORC|NW|P1^EMR");
        assertThat(lines(deliveries.get(1), "ORC")).containsExactly("ORC|NW|P2^EMR");
        assertThat(lines(deliveries.get(1), "OBR"))
                .containsExactly("OBR|1|P2^EMR||NA^NA^^2951-2^NA^LN");
    }

    @Test
    void noValueBecomesASegment() {
        partners.add(
                partner(
                        "north",
                        Map.of(
                                "compendium.csv",
                                "code,lab-code,lab-name\n2823-3,K|^~\\&,Potassium | K\n")));

        assertThat(lines(one(order("NW", "P1", "2823-3^K^LN")), "OBR"))
                .containsExactly(
                        "OBR|1|P1^EMR||K\\F\\\\S\\\\R\\\\E\\\\T\\^Potassium \\F\\ K^^2823-3^K^LN");
    }

    @Test
    void lettersOfTheSendersCharacterSetStayWhatTheyAre() {
        lab("north", "", "2823-3,K,,,,");
        var body =
                (MSH + "\r" + PID.replace("DOE", "MÜLLER") + "\r" + order("NW", "P", "2823-3^K^LN"))
                        .getBytes(ISO_8859_1);
        emr = partner("emr", Map.of(), "charset: ISO-8859-1\n");

        var delivery = ordering.staged(body, emr).getFirst();

        assertThat(delivery.body()).asString(ISO_8859_1).contains("||MÜLLER^Jane|");
    }

    // ------------------------------------------------------------ what is none

    /** ⚠ HL7 v2.5.1 §4.4.6 PATIENT_PRIOR: nobody draws blood for what was measured last month. */
    @ParameterizedTest
    @ValueSource(strings = {"", "ORC|RE|OLD^EMR\r"})
    void anEarlierResultIsNoOrderAndGoesWithTheOneItStandsBehind(String orc) {
        lab("north", "", "2823-3,K,,,,\n2951-2,NA,,,,");
        lab("south", "", "58410-2,CBC,,,,");

        var deliveries =
                staged(
                        order("NW", "P1", "2823-3^K^LN")
                                + (PID + "\r" + orc + "OBR|1|OLD^EMR||2951-2^NA^LN\r")
                                + "OBX|1|NM|2951-2^NA^LN||140\r",
                        order("NW", "P2", "58410-2^CBC^LN"));

        assertThat(deliveries)
                .extracting(StagedDelivery::destination)
                .containsExactly("north/orders", "south/orders");
        assertThat(deliveries.getFirst().orders())
                .extracting(Leaving::key)
                .containsExactly("emr|P1|EMR");
        assertThat(text(deliveries.getFirst()))
                .endsWith(
                        "\r"
                                + PID
                                + "\r"
                                + orc
                                + "OBR|1|OLD^EMR||2951-2^NA^LN\rOBX|1|NM|2951-2^NA^LN||140\r");
        assertThat(text(deliveries.getLast())).doesNotContain("OLD");
    }

    @Test
    void aNumberThatAMessageOrdersTwiceIsSentOnce() {
        lab("north", "", "2823-3,K,,,,");

        var deliveries = staged(order("NW", "P1", "2823-3^K^LN"), order("NW", "P1", "2823-3^K^LN"));

        assertThat(deliveries)
                .extracting(StagedDelivery::destination)
                .containsExactly("emr/orders-to-place", "north/orders");
        assertThat(lines(deliveries.getLast(), "OBR")).hasSize(1);
    }

    /** HL7-RULES §5: one ORC governs several OBR, and an empty OBR-2 inherits its number. */
    @ParameterizedTest
    @ValueSource(strings = {"", "R1^EMR"})
    void severalTestsOfOneNumberAreNoRepeats(String own) {
        lab("north", "", "58410-2,CBC,,,,\n24323-8,CMP,,,,");

        var delivery =
                one(
                        "ORC|NW|R1^EMR\rOBR|1|"
                                + own
                                + "||58410-2^CBC^LN\rOBR|2|"
                                + own
                                + "||24323-8^CMP^LN\r");

        assertThat(delivery.destination()).isEqualTo("north/orders");
        assertThat(lines(delivery, "ORC")).containsExactly("ORC|NW|R1^EMR", "ORC|NW|R1^EMR");
        assertThat(lines(delivery, "OBR")).hasSize(2);
        assertThat(delivery.orders()).extracting(Leaving::key).containsExactly("emr|R1|EMR");
        assertThat(delivery.chosen())
                .extracting(Chosen::what)
                .containsExactly("58410-2", "24323-8");
    }

    @Test
    void theSameTestOnceMoreAmongThoseOfANumberWaits() {
        lab("north", "", "58410-2,CBC,,,,\n24323-8,CMP,,,,");

        var deliveries =
                staged(
                        "ORC|NW|R1^EMR\rOBR|1|||58410-2^CBC^LN\rOBR|2|||24323-8^CMP^LN\r"
                                + "OBR|3|||58410-2^CBC^LN\r");

        assertThat(deliveries)
                .extracting(StagedDelivery::destination)
                .containsExactly("emr/orders-to-place", "north/orders");
        assertThat(lines(deliveries.getLast(), "OBR")).hasSize(2);
    }

    @Test
    void anotherTestOfANumberThatWasSentBeforeStillAsksAPerson() {
        lab("north", "", "58410-2,CBC,,,,\n24323-8,CMP,,,,");
        sent.put("emr|R1|EMR", "north/orders");

        assertThat(staged("ORC|NW|R1^EMR\rOBR|1|||58410-2^CBC^LN\rOBR|2|||24323-8^CMP^LN\r"))
                .extracting(StagedDelivery::destination)
                .containsExactly("emr/orders-to-place", "emr/orders-to-place");
    }

    /** ⚠ A later cancel of the number goes to one place: the other would still draw the blood. */
    @Test
    void aTestOfTheSameNumberThatAnotherLaboratoryDoesAsksAPerson() {
        lab("north", "", "58410-2,CBC,,,,");
        lab("south", "", "24323-8,CMP,,,,");

        var deliveries = staged("ORC|NW|R1^EMR\rOBR|1|||58410-2^CBC^LN\rOBR|2|||24323-8^CMP^LN\r");

        assertThat(deliveries)
                .extracting(StagedDelivery::destination)
                .containsExactly("emr/orders-to-place", "north/orders");
        sent.put("emr|R1|EMR", "north/orders");
        var waiting = body(deliveries.getFirst());
        assertThat(causeBeside(waiting, "58410-2"))
                .startsWith("another test of this number goes to north,")
                .endsWith("choose south");
        assertThat(causeBeside(waiting, "24323-8"))
                .as("the same test once more")
                .startsWith("an order of this number went to north before");
        lab("west", "", "24323-8,CMP,,,,");
        assertThat(causeBeside(waiting, "58410-2")).startsWith("south and west both do 24323-8");
        partners.removeIf(partner -> !partner.folder().equals("north"));
        lab("north", "", "24323-8,CMP,,,,");
        partners.removeFirst();
        assertThat(causeBeside(waiting, "58410-2"))
                .startsWith("another test of this number went to north by itself");
    }

    private String causeBeside(byte[] waiting, String other) {
        var left = Map.of("north", List.of(Chosen.only("", "").about("R1", other)));
        var nobody = (Choice.Nobody) ordering.waiting(waiting, emr, left).orElseThrow().choice();
        return nobody.cause() + "; " + nobody.remedy();
    }

    @Test
    void aCancelInTheSameMessageFollowsItsOrder() {
        lab("north", "", "2823-3,K,,,,");

        var delivery = one(order("NW", "P1", "2823-3^K^LN") + order("CA", "P1", "2823-3^K^LN"));

        assertThat(lines(delivery, "ORC")).containsExactly("ORC|NW|P1^EMR", "ORC|CA|P1^EMR");
    }

    @Test
    void anAnswerInWordsAloneIsOne() {
        lab("north", "", "2345-7,GLU,,,,49541-6");

        var delivery =
                one(order("NW", "P1", "2345-7^G^LN") + "OBX|1|CE|49541-6^Fasting^LN||^since 8\r");

        assertThat(delivery.destination()).isEqualTo("north/orders");
    }

    @Test
    void otherMessagesOrderNothing() {
        lab("north", "", "2823-3,K,,,,");

        assertThat(staged(MSH.replace("OML^O21^OML_O21", "ADT^A08"), "PV1|1|O\r")).isEmpty();
        assertThat(staged("ORC|NW|P1^EMR\rRXO|723^Amoxicillin^RX\r")).isEmpty();
        assertThat(ordering.staged("no message".getBytes(UTF_8), emr)).isEmpty();
    }

    @Test
    void anOrderWithoutATestIsSaid() {
        lab("north", "", "2823-3,K,,,,");

        assertThat(cause(one("ORC|NW|P1^EMR\rOBR|1|P1^EMR\r")))
                .isEqualTo("the order names no test (OBR-4); ask whoever ordered it");
    }

    @Test
    void aPersonsChoiceIsMadeInTheWordsOfTheOneChosen() {
        lab("north", "", "2823-3,K,,,,");
        var waiting = one(order("NW", "P1", "1988-5^CRP^LN"));

        var made =
                ordering.made(body(waiting), emr, "north", "-17", Chosen.person(17)).orElseThrow();

        assertThat(made.destination()).isEqualTo("north/orders");
        assertThat(made.chosen()).containsExactly(Chosen.person(17).about("P1", "1988-5"));
        assertThat(made.orders()).extracting(Leaving::key).containsExactly("emr|P1|EMR");
        assertThat(text(made)).contains("||ORM^O01^ORM_O01|E1-17|P|").contains("||1988-5^CRP^LN");
        assertThat(ordering.made(body(waiting), emr, "nobody", "-17", Chosen.person(17))).isEmpty();
    }

    // ------------------------------------------------------------ tools

    private static List<StagedDelivery> again(StagedDelivery delivery, Map<String, String> went) {
        var step = delivery.again();
        assertThat(step).isNotNull();
        return step == null ? List.of() : step.given(went);
    }

    private StagedDelivery one(String orders) {
        var deliveries = staged(orders);
        assertThat(deliveries).hasSize(1);
        return deliveries.getFirst();
    }

    private List<StagedDelivery> staged(String... orders) {
        var header = orders[0].startsWith("MSH") ? "" : MSH + "\r" + PID + "\r";
        var text =
                orders[0].startsWith("MSH")
                        ? orders[0] + "\r" + PID + "\r" + orders[1]
                        : header + String.join("", orders);
        return ordering.staged(text.getBytes(UTF_8), emr);
    }

    private static String order(String control, String number, String test) {
        return "ORC|" + control + "|" + number + "^EMR\rOBR|1|" + number + "^EMR||" + test + "\r";
    }

    private String cause(StagedDelivery waiting) {
        var choice = ordering.waiting(body(waiting), emr).orElseThrow().choice();
        var nobody = (Choice.Nobody) choice;
        return nobody.cause() + "; " + nobody.remedy();
    }

    private static byte[] body(StagedDelivery delivery) {
        var body = delivery.body();
        assertThat(body).isNotNull();
        return body == null ? new byte[0] : body;
    }

    private static String text(StagedDelivery delivery) {
        return new String(body(delivery), UTF_8);
    }

    private static List<String> lines(StagedDelivery delivery, String segment) {
        return text(delivery)
                .lines()
                .filter(line -> line.startsWith(segment))
                .collect(Collectors.toList());
    }

    private void lab(String folder, String orders, String tests) {
        partners.add(
                partner(
                        folder,
                        Map.of(
                                "compendium.csv",
                                "code,lab-code,lab-name,lab-system,specimen,ask\n" + tests + "\n"),
                        orders + "\n"));
    }

    private static Partner partner(String folder, Map<String, String> files) {
        return partner(folder, files, "");
    }

    private static Partner partner(String folder, Map<String, String> files, String more) {
        var contents = new TreeMap<String, byte[]>();
        var sender = more.startsWith("sender:") ? "" : "sender: any\n";
        contents.put("partner.yaml", (sender + "zone: UTC\n" + more).getBytes(UTF_8));
        files.forEach((name, text) -> contents.put(name, text.getBytes(UTF_8)));
        var faults = new ArrayList<FileFault>();
        var partner = PartnerFile.read(new FolderFiles(folder, contents), Map.of(), faults::add);
        assertThat(faults).isEmpty();
        return partner.orElseThrow();
    }
}
