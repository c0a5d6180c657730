package org.chartbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Tests beside routes screen orders as the engine does, and tell to whom orders go and why. */
class TestCommandOrdersTests {
    private static final String ALLERGY =
            """
            MSH|^~\\&|EMR|CLINIC|CB|CLINIC|20261103080000||ADT^A60|A1|P|2.5.1
            PID|1||M1^^^CLINIC^MR||DOSAGE^Dora||19620503|F
            IAM|1|DA|7980^Penicillin^L|SV|Hives|A|1
            """;
    private static final String MEDICATION =
            """
            MSH|^~\\&|EMR|CLINIC|CB|CLINIC|20261103081000||OMP^O09|M1|P|2.5.1
            PID|1||M1^^^CLINIC^MR||DOSAGE^Dora||19620503|F
            ORC|NW|O-1^EMR|||||||20261103081000|||77^Ordway^Olga
            RXO|723^Amoxicillin^RXNORM|500||mg
            """;
    private static final String TEST =
            """
            MSH|^~\\&|EMR|CLINIC|CB|CLINIC|20261103082000||OML^O21|T1|P|2.5.1
            PID|1||M1^^^CLINIC^MR||DOSAGE^Dora||19620503|F
            ORC|NW|O-2^EMR
            OBR|1|O-2^EMR||2823-3^Potassium^LN
            """;

    @TempDir Path routes = Path.of("set by JUnit");

    private final StringWriter out = new StringWriter();

    @BeforeEach
    void aClinicAPharmacyAndTwoLaboratories() throws IOException {
        write(
                "emr/partner.yaml",
                "sender: { application: EMR }\nzone: UTC\nscreening: { high: hold }\n");
        write("emr/ordering.csv", "lab,test,priority\neastlab,,S\nwestlab,,\n");
        write(
                "emr/adt.yaml",
                """
                - route:
                    id: emr-adt
                    from:
                      uri: "mllp:127.0.0.1:2599"
                      steps:
                        - to: { uri: chart }
                        - to: { uri: order }
                        - filter:
                            expression: { language: { language: hl7, expression: "MSH-9.1 == 'OMP'" } }
                            steps:
                              - to: { uri: "deliver:pharmacy/orders" }
                """);
        receiver("pharmacy");
        for (var lab : new String[] {"eastlab", "westlab"}) {
            receiver(lab);
            write(lab + "/compendium.csv", "code,lab-code\n2823-3,K\n");
        }
        for (var file :
                new String[] {
                    "classes.csv", "ingredients.csv", "cross-reactions.csv", "interactions.csv"
                })
            write("screening/" + file, Files.readString(Path.of("routes/screening").resolve(file)));
        write("emr/tests/orders.hl7", ALLERGY + MEDICATION + TEST);
    }

    @Test
    void ordersAreScreenedAndPlacedAndAChangeOfATableFailsTheTest() throws IOException {
        assertThat(test("--update")).isZero();
        assertThat(read("emr/tests/orders.expected.yaml"))
                .contains("errors: [\"RXO[1] allergy-conflict\", held-by-screening]")
                .contains("to: pharmacy/orders\n      waits: held-by-screening\n      message: |")
                .contains(
                        """
                            - to: westlab/orders
                              chosen:
                                - "O-2 2823-3: the first row that fits, emr/ordering.csv"
                        """);
        assertThat(out.toString())
                .contains(
                        "westlab/orders  O-2 2823-3: the first row that fits, emr/ordering.csv:3");
        assertThat(test()).isZero();

        fails("screening/classes.csv", "penicillins,penicillin|", "penicillins,", "cross-reaction");
        fails("emr/partner.yaml", "high: hold", "high: warn", "outgoing, 1, waits");
        fails("emr/tests/orders.hl7", "Penicillin^L", "Latex^L", "message 2, errors");
        fails("emr/ordering.csv", "westlab,,", "eastlab,,", "eastlab/orders");
        fails("emr/ordering.csv", "westlab,,", "westlab,2345-7,", "no row of emr/ordering.csv");
        fails("screening/interactions.csv", ",high,", ",hihg,", "screening/interactions.csv:3");

        // A row above is no other choice; but whoever wants to know writes the line down.
        write("emr/ordering.csv", read("emr/ordering.csv").replace("S\n", "S\neastlab,9,\n"));
        assertThat(test()).describedAs(out.toString()).isZero();
        fails("emr/tests/orders.expected.yaml", "ordering.csv\"", "ordering.csv:3\"", "chosen");
    }

    /** ⚠ A correction that leaves the placer's number out is of the order all the same. */
    @Test
    void whatALaboratoryAnswersIsJoinedToTheOrderBeforeIt() throws IOException {
        write(
                "westlab/results.yaml",
                """
                - route:
                    id: westlab-results
                    from:
                      uri: "mllp:127.0.0.1:2599"
                      steps:
                        - to: { uri: chart }
                """);
        write("westlab/partner.yaml", "sender: { application: WEST }\nzone: UTC\n");
        var result =
                """
                MSH|^~\\&|WEST|WEST|CB|CLINIC|20261103%s00||ORU^R01|%s|P|2.5.1
                PID|1||M1^^^CLINIC^MR||DOSAGE^Dora||19620503|F
                OBR|1|%s|F-9^WEST|2823-3^Potassium^LN|||20261103080000|||||||||||||||20261103%s00|||%s
                OBX|1|NM|2823-3^Potassium^LN||%s|mmol/L|||||%s
                """;
        write(
                "emr/tests/answered.hl7",
                TEST
                        + result.formatted("0900", "W1", "O-2^EMR", "0900", "P", "4.1", "P")
                        + result.formatted("1000", "W2", "O-2^EMR", "1000", "F", "4.2", "F")
                        + result.formatted("1100", "W3", "", "1100", "C", "4.6", "C"));

        assertThat(test("--update", "emr/answered")).describedAs(out.toString()).isZero();

        assertThat(read("emr/tests/answered.expected.yaml"))
                .containsSubsequence(
                        "  route: emr-adt",
                        "  orders:\n    - \"O-2^EMR 2823-3: active\"",
                        "  route: westlab-results",
                        "\"O-2^EMR 2823-3: in-progress\"",
                        "\"O-2^EMR 2823-3: resulted\"",
                        "result-corrected",
                        "stays: placer-number",
                        "\"O-2^EMR 2823-3: resulted\"");
        assertThat(test("emr/answered")).isZero();
        fails(
                "emr/tests/answered.hl7",
                "|F-9^WEST|2823-3^Potassium^LN",
                "|F-9^WEST|2345-7^Glucose^LN",
                "orders");
    }

    /** ⚠ As in the chart: what waits under a number that was sent changes nothing of the first. */
    @Test
    void whatIsOrderedOnceMoreAndWaitsLeavesTheFirstAsItStands() throws IOException {
        write("westlab/compendium.csv", "code,lab-code\n2823-3,K\n2345-7,GLU\n");
        var other =
                TEST.replace("|T1|", "|T2|")
                        .replace("2823-3^Potassium", "2345-7^Glucose")
                        .replace("20261103082000", "20261103083000");
        var cancel =
                other.replace("|T2|", "|T3|")
                        .replace("ORC|NW", "ORC|CA")
                        .replace("2345-7^Glucose", "2823-3^Potassium")
                        .replace("20261103083000", "20261103084000");
        write("emr/tests/orders.hl7", TEST + other + cancel);
        assertThat(test("--update")).isZero();

        assertThat(read("emr/tests/orders.expected.yaml"))
                .containsSubsequence(
                        "T1",
                        "orders:\n    - \"O-2^EMR 2823-3: active\"",
                        "T2",
                        "orders:\n    - \"O-2^EMR 2823-3: active\"",
                        "an order of this number went to westlab before",
                        "T3",
                        "2823-3: cancelled");
    }

    @Test
    void partsOfAMessageAreJoinedWhenTheLastIsThere() throws IOException {
        write(
                "emr/tests/parts.hl7",
                """
                MSH|^~\\&|EMR|CLINIC|CB|CLINIC|20261103082000||OML^O21|D1|P|2.5.1
                PID|1||M1^^^CLINIC^MR||DOSAGE^Dora||19620503|F
                ORC|NW|O-2^EMR
                DSC|P-1|F
                MSH|^~\\&|EMR|CLINIC|CB|CLINIC|20261103082001||OML^O21|D2|P|2.5.1||P-1
                OBR|1|O-2^EMR||2823-3^Potassium^LN
                """);

        assertThat(test("--update", "emr/parts")).describedAs(out.toString()).isZero();

        assertThat(read("emr/tests/parts.expected.yaml"))
                .containsSubsequence(
                        "becomes: held",
                        "message-fragment",
                        "becomes: held",
                        "- message: D1",
                        "answer: \"nothing, joined of its parts\"",
                        "becomes: charted",
                        "O-2^EMR 2823-3: active",
                        "to: westlab/orders");
    }

    /** The order stands before what is said of it, in one file. */
    @Test
    void aCancelGoesWhereTheOrderOfAnEarlierMessageWent() throws IOException {
        var cancel = TEST.replace("ORC|NW|", "ORC|CA|").replace("|T1|", "|T2|");
        write("emr/tests/orders.hl7", TEST + cancel + TEST.replace("|T1|", "|T3|"));
        assertThat(test("--update")).isZero();

        assertThat(read("emr/tests/orders.expected.yaml"))
                .containsSubsequence("T1", "to: westlab/orders", "ORC|NW|O-2^EMR")
                .containsSubsequence("T2", "to: westlab/orders", "ORC|CA|O-2^EMR")
                .containsSubsequence("T3", "an order of this number went to westlab before");
        fails(
                "emr/tests/orders.hl7",
                "ORC|CA|O-2^EMR\nOBR|1|O-2^EMR",
                "ORC|CA|O-3^EMR\nOBR|1|O-3^EMR",
                "nothing with this number");
        write("emr/tests/orders.hl7", TEST + cancel.replace("|M1^", "|M9^"));
        assertThat(test()).isEqualTo(1);
        assertThat(out.toString()).contains("for another patient");
    }

    @Test
    void whyIsNotComparedWhereItIsNotWanted() throws IOException {
        write("emr/tests/orders.hl7", TEST);
        write(
                "emr/tests/orders.expected.yaml",
                """
                - answer: AA
                  outgoing:
                    - to: westlab/orders
                      message: |
                        MSH|^~\\&|EMR|CLINIC|westlab||20261103082000||ORM^O01|T1|P|2.5.1
                        PID|1||M1^^^CLINIC^MR||DOSAGE^Dora||19620503|F
                        ORC|NW|O-2^EMR
                        OBR|1|O-2^EMR||K^Potassium^^2823-3^Potassium^LN
                """);

        assertThat(test()).describedAs(out.toString()).isZero();
    }

    /** Changes a file, wants the test to fail and to tell why, and puts the file back. */
    private void fails(String file, String from, String to, String told) throws IOException {
        var before = read(file);
        assertThat(before).contains(from);
        write(file, before.replaceFirst(Pattern.quote(from), to));

        assertThat(test()).describedAs(file).isEqualTo(1);

        assertThat(out.toString()).contains(told);
        write(file, before);
    }

    private void receiver(String name) throws IOException {
        write(name + "/partner.yaml", "sender: { application: " + name + " }\nzone: UTC\n");
        write(
                name + "/orders.yaml",
                """
                - route:
                    id: %1$s-orders
                    from:
                      uri: outbox:%1$s/orders
                      steps:
                        - to: { uri: "mllp:%1$s.example:2580" }
                """
                        .formatted(name));
    }

    private int test(String... more) {
        out.getBuffer().setLength(0);
        var words = new ArrayList<String>();
        words.add("test");
        words.add("--routes");
        words.add(routes.toString());
        words.addAll(List.of(more));
        return Commands.line()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(out, true))
                .execute(words.toArray(String[]::new));
    }

    private void write(String file, String text) throws IOException {
        var path = routes.resolve(file);
        Files.createDirectories(path.resolveSibling("."));
        Files.writeString(path, text);
    }

    private String read(String file) throws IOException {
        return Files.readString(routes.resolve(file));
    }
}
