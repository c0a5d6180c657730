package org.chartbridge.ordering;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.chartbridge.delivery.Leaving;
import org.chartbridge.delivery.StagedDelivery;
import org.chartbridge.delivery.WhereOrdersWent;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.chartbridge.partner.FolderFiles;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.PartnerFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A referral that leaves as OMG^O19: IHE PCC 360X, decision 0062. */
class ReferralAsOrderTests {
    private static final String RP = "PRD|RP|Ordway^Olga^M^^Dr|||||1003000001^NPI\r";
    private static final String RT =
            "PRD|RT^Referred to Provider^HL70286|Hart^Holly|1 Main"
                    + " St^^Boston||^PRN^PH^^^617^5550100||1003000126^NPI\r";

    private final Map<String, String> sent = new HashMap<>();
    private final Partner heart =
            partner(
                    "heart",
                    """
                    sender: { application: CARDIO, facility: HART }
                    referrals: { message: OMG^O19 }
                    """,
                    "id,family,given,specialty\n1003000126,Hart,Holly,CAR\n");
    private final Partner emr = partner("emr", "sender: any\n", "");
    private final Ordering ordering =
            new Ordering(
                    () -> List.of(heart),
                    new WhereOrdersWent() {
                        @Override
                        public Optional<String> destination(String sender, String number) {
                            return Optional.ofNullable(sent.get(sender + "|" + number));
                        }

                        @Override
                        public boolean isOfAnother(String sender, String number, String patient) {
                            return false;
                        }
                    });

    @Test
    void theReferralIsTheOrderOfTheProfile() {
        var text =
                made(
                        "I12",
                        "RF1|P|S^Stat^HL70280|CAR^Cardiology^99C|RP^Return^HL70282||R1^EMR^1.2.3^ISO|20261201|20270301||R07^Chest"
                            + " pain^I10\r"
                                + RP
                                + RT
                                + pid()
                                + "NK1|1|DOE^John\rGT1|1||DOE^John\rIN1|1|PLAN|ACME\r"
                                + "DG1|1||I48.91^Atrial fibrillation^I10|||W\r"
                                + "AL1|1|DA|7980^Penicillin\r"
                                + "PV1|1|O\rNTE|1||Please see soon\r");

        assertThat(text)
                .isEqualTo(
                        """
                        MSH|^~\\&|EMR|CLINIC|CARDIO|HART|20261122080000||OMG^O19^OMG_O19|E1|P|2.5.1|||||||||360X
                        PID|1||M1^^^CLINIC^MR||DOE^Jane||19710203|F
                        NK1|1|DOE^John
                        PV1|1|O
                        IN1|1|PLAN|ACME
                        GT1|1||DOE^John
                        AL1|1|DA|7980^Penicillin
                        ORC|NW|R1^EMR^1.2.3^ISO|||||||20261122080000|||1003000001^Ordway^Olga^M^^Dr^^^^^^^NPI
                        TQ1|1||||||20261201|20270301|S
                        OBR|1|R1^EMR^1.2.3^ISO||57133-1^Referral note^LN^CAR^Cardiology^99C||||||||||||1003000001^Ordway^Olga^M^^Dr^^^^^^^NPI|||||||||||||||R07^Chest pain^I10
                        NTE|1||Please see soon
                        NTE|2||Disposition: Return
                        CTD|RT^Referred to Provider^HL70286|Hart^Holly|1 Main St^^Boston||^PRN^PH^^^617^5550100||1003000126^NPI
                        DG1|1||I48.91^Atrial fibrillation^I10|||W
                        """);
    }

    @ParameterizedTest
    @CsvSource({"I12, NW", "I13, XO", "I14, CA"})
    void whatFollowsIsSaidOfTheSameNumber(String event, String control) {
        if (!control.equals("NW")) sent.put("emr|RF1|R1|EMR", "heart/referrals");

        var delivery = one(event, rf1("R1^EMR", "X9^HART") + RT + pid());

        assertThat(delivery.destination()).isEqualTo("heart/referrals");
        assertThat(delivery.orders()).extracting(Leaving::key).containsExactly("emr|RF1|R1|EMR");
        assertThat(text(delivery))
                .contains("\nORC|" + control + "|R1^EMR|X9^HART|")
                .contains("\nOBR|1|R1^EMR|X9^HART|57133-1^Referral note^LN\n");
    }

    /** ⚠ What was measured before is no order, and nobody draws blood for it. */
    @Test
    void ordersAndValuesBesideTheReferralAreEarlierResults() {
        var text =
                made(
                        "I12",
                        rf1("R1^EMR", "")
                                + RT
                                + pid()
                                + "PR1|1||93000^ECG^C4\rPR1|2||93306^Echo^C4\r"
                                + "OBX|1|NM|8480-6^Systolic^LN||151\r"
                                + "NTE|1||sitting\r"
                                + "OBR|1|P7|F7|K^Potassium^L\rNTE|1||of the report\r"
                                + "OBX|1|NM|K^Potassium^L||4.1||||||F\rNTE|1||of the value\r"
                                + "OBR|2||F8|NA^Sodium^L\rOBX|1|NM|NA^Sodium^L||140||||||F\r"
                                + "PV1|1|O\rNTE|1||of the referral\r");

        assertThat(text.substring(text.indexOf("\nOBR|") + 1))
                .isEqualTo(
                        """
                        OBR|1|R1^EMR||57133-1^Referral note^LN^93000^ECG^C4
                        NTE|1||of the referral
                        NTE|2||Wanted too: Echo
                        CTD|RT^Referred to Provider^HL70286|Hart^Holly|1 Main St^^Boston||^PRN^PH^^^617^5550100||1003000126^NPI
                        OBX|1|NM|8480-6^Systolic^LN||151
                        NTE|1||sitting
                        PID|1||M1^^^CLINIC^MR||DOE^Jane||19710203|F
                        ORC|RE|P7|F7
                        OBR|1|P7|F7|K^Potassium^L
                        NTE|1||of the report
                        OBX|1|NM|K^Potassium^L||4.1||||||F
                        NTE|1||of the value
                        ORC|RE||F8
                        OBR|2||F8|NA^Sodium^L
                        OBX|1|NM|NA^Sodium^L||140||||||F
                        """);
    }

    /** Nothing is left out without a word. */
    @Test
    void whatTheFormHasNoPlaceForIsNamed() {
        var text =
                made(
                        "I12",
                        rf1("R1^EMR", "")
                                + "AUT|P1^Plan||||ACME|A-77\r"
                                + RP
                                + RT
                                + "CTD|AP\rPRD|PP|Pratt^Paula|||||1003000007^NPI\r"
                                + "PRD|RT|Beat^Bela\r"
                                + pid()
                                + "ACC|20261101\rZRF|1|own\r");

        assertThat(text)
                .contains("\nNTE|1||Authorization A-77\n")
                .contains("\nNTE|2||PP Pratt, Paula 1003000007\n")
                .contains("\nNTE|3||RT Beat, Bela\n")
                .contains("\nNTE|4||Not in this form of the referral: ACC, CTD, ZRF\n")
                .doesNotContain("\nZRF", "\nRF1", "\nPRD", "\nAUT");
    }

    /** ⚠ What is said of the patient can't begin a field or a segment of the order. */
    @Test
    void noValueBeginsAFieldOrASegment() {
        var text =
                made(
                        "I12",
                        rf1("R1^EMR", "")
                                + "PRD|PP|Pr\\F\\att\\X0D\\ORC\\F\\NW^P\\S\\aula\r"
                                + RT
                                + pid());

        assertThat(text.lines().filter(line -> line.startsWith("ORC"))).hasSize(1);
        assertThat(text).contains("NTE|1||PP Pr\\F\\att");
    }

    /** Without a number nobody could answer it, and nobody can be asked how it stands. */
    @ParameterizedTest
    @CsvSource({"I12, '', has no number", "I15, R1^EMR, in which nobody asks how one stands"})
    void whatCantBeSaidInThisFormWaitsForAPerson(String event, String number, String cause) {
        if (event.equals("I15")) sent.put("emr|RF1|R1|EMR", "heart/referrals");

        var delivery = one(event, rf1(number, "") + RT + pid());

        assertThat(delivery.destination()).isEqualTo("emr/orders-to-place");
        var waiting = ordering.waiting(body(delivery), emr).orElseThrow();
        assertThat(waiting.choice())
                .isInstanceOfSatisfying(
                        Choice.Nobody.class, it -> assertThat(it.cause()).contains(cause));
        assertThat(
                        ordering.made(
                                body(delivery),
                                emr,
                                "heart",
                                "-1",
                                org.chartbridge.delivery.Chosen.only("", "")))
                .isEmpty();
    }

    @Test
    void whatAPersonChoosesLeavesInTheSameForm() {
        var made =
                ordering.made(
                                ref("I12", rf1("R1^EMR", "") + pid()).getBytes(UTF_8),
                                emr,
                                "heart",
                                "-7",
                                org.chartbridge.delivery.Chosen.only("", ""))
                        .orElseThrow();

        assertThat(text(made)).contains("|OMG^O19^OMG_O19|E1-7|").contains("\nORC|NW|R1^EMR|");
    }

    /** What we read ourselves: one order, of one patient. */
    @Test
    void theMessageIsOneOrderToWhoeverReadsIt() {
        var message =
                message(
                        made(
                                "I12",
                                rf1("R1^EMR", "")
                                        + RT
                                        + pid()
                                        + "OBR|1|P7|F7|K^K^L\rOBX|1|NM|K^K^L||4\r"));

        assertThat(message.value(message.lines().getFirst(), 21)).isEqualTo("360X");
        assertThat(message.lines("ORC").stream().map(orc -> message.value(orc, 1)).toList())
                .containsExactly("NW", "RE");
    }

    // ------------------------------------------------------------ tools

    private String made(String event, String segments) {
        return text(one(event, segments));
    }

    private StagedDelivery one(String event, String segments) {
        var staged = ordering.referred(ref(event, segments).getBytes(UTF_8), emr);
        assertThat(staged).hasSize(1);
        return staged.getFirst();
    }

    private static String ref(String event, String segments) {
        return "MSH|^~\\&|EMR|CLINIC|CB|CB|20261122080000||REF^"
                + event
                + "^REF_I12|E1|P|2.5.1|||AL|NE\r"
                + segments;
    }

    private static String rf1(String number, String external) {
        return "RF1||||||" + number + "|||||" + external + "\r";
    }

    private static String pid() {
        return "PID|1||M1^^^CLINIC^MR||DOE^Jane||19710203|F\r";
    }

    private static Message message(String text) {
        if (Message.read(text.replace('\n', '\r').getBytes(UTF_8), UTF_8)
                instanceof Reading.Readable(var message)) return message;
        throw new AssertionError("no message");
    }

    private static byte[] body(StagedDelivery delivery) {
        var body = delivery.body();
        if (body == null) throw new AssertionError("no body");
        return body;
    }

    private static String text(StagedDelivery delivery) {
        return new String(body(delivery), UTF_8).replace('\r', '\n');
    }

    private static Partner partner(String name, String keys, String providers) {
        var files = new TreeMap<String, byte[]>();
        files.put("partner.yaml", ("name: X\nzone: America/New_York\n" + keys).getBytes(UTF_8));
        if (!providers.isEmpty()) files.put("providers.csv", providers.getBytes(UTF_8));
        return PartnerFile.read(
                        new FolderFiles(name, files),
                        Map.of(),
                        fault -> {
                            throw new AssertionError(fault);
                        })
                .orElseThrow();
    }
}
