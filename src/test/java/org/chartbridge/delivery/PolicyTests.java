package org.chartbridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.chartbridge.delivery.Answers.Wanted;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

/** What an answer means, and what follows from it: HL7-RULES "as sender", case by case. */
class PolicyTests {
    private final Policy policy = new Policy(DeliveryLimits.defaults());

    @ParameterizedTest(name = "{0} {1} is {2}")
    @CsvSource({
        "AA, '',  accepted",
        "CA, '',  accepted",
        "AE, '',  refused",
        "AE, 101, refused",
        "AE, 207, refused",
        "AR, '',  deferred",
        "AR, 207, deferred",
        "AR, 0,   deferred",
        "AR, 200, refused",
        "AR, 201, refused",
        "AR, 202, refused",
        "AR, 203, refused",
        "AR, 204, refused",
        "CE, '',  deferred",
        "CE, 101, deferred",
        "CR, '',  refused",
        "CR, 203, refused",
        "CR, 207, deferred",
        "ZZ, '',  unknown",
        "'', '',  unknown"
    })
    void anAnswerMeans(String code, String error, String outcome) {
        var err = error.isEmpty() ? "" : "ERR|||" + error + "^x^HL70357|E|||words\r";
        var answer = "MSH|^~\\&|A|B|C|D|20261122||ACK|1|P|2.5.1\rMSA|" + code + "|M1\r" + err;

        assertThat(Answers.read(answer.getBytes(UTF_8), UTF_8).word()).isEqualTo(outcome);
    }

    @Test
    void anOldAnswerTellsItsCodeInErr1() {
        var answer = "MSH|^~\\&|A|B|C|D|20261122||ACK|1|P|2.3\rMSA|AR|M1\rERR|^^^203&version\r";

        assertThat(Answers.read(answer.getBytes(UTF_8), UTF_8).word()).isEqualTo("refused");
    }

    /** ⚠ A test that the laboratory does not do holds up no other order. */
    @ParameterizedTest(name = "{0} to {1}: {2}")
    @CsvSource({
        "ORR^O02, ORC/UA/P1;ORC/OK/P2, accepted",
        "ORL^O22, ORC/UA/P2;ORC/UA/ P1, accepted",
        "ORG^O20, ORC/UC/P1^EMR;ORC/CR/P2^EMR, accepted",
        "ORR^O02, ORC/ua/P1;ORC/OK/P2, accepted",
        "ORR^O02, ORC/NW/P1;ORC/NW/P2, refused",
        "ORR^O02, ORC/UA/P1;ORC/NW/P2, refused",
        "ORR^O02, ORC/OK/P1;ORC/OK/P2, refused",
        "ORR^O02, ORC/UA/P1, refused",
        "ORR^O02, ORC/UA/P1;ORC/UA/P1, refused",
        "ORR^O02, ORC//P1;ORC/UA/P2, refused",
        "ORR^O02, ORC/UA;ORC/UA, refused",
        "ORR^O02, NTE/1//none of it, refused",
        "ACK^O01, ORC/UA/P1;ORC/UA/P2, refused",
        "OSU^O51, ORC/UA/P1;ORC/UA/P2, refused"
    })
    void anAnswerAeThatSaysOfEachOrderWhatBecomesOfItRefusesNoMessage(
            String type, String said, String outcome) {
        var answer = answer(type, "AE", said);
        var sent = sent("ORM^O01", "ORC|NW|P1\rOBR|1|P1\rORC|NW|P2^EMR\rOBR|2|P2");

        assertThat(Answers.read(answer, UTF_8, sent).word()).isEqualTo(outcome);
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        "RRI^I12, RF1/R, accepted",
        "RRI^I12, RF1/P, refused",
        "RRI^I12, RF1/A, refused",
        "RRI^I12, RF1/, refused",
        "RRI^I12, PID/1, refused",
        "ACK^I12, RF1/R, refused"
    })
    void anAnswerAeThatSaysThatAReferralIsNotTakenRefusesNoMessage(
            String type, String said, String outcome) {
        var answer = answer(type, "AE", said);
        var sent = sent("REF^I12", "RF1||||||R1");

        assertThat(Answers.read(answer, UTF_8, sent).word()).isEqualTo(outcome);
    }

    /** Two tests below one ORC: what is said of one number may be meant of either. */
    @Test
    void severalTestsBelowOneOrderAreNotAnsweredByOneWord() {
        var sent = sent("ORM^O01", "ORC|NW|P1\rOBR|1|P1||GLU\rOBR|2|P1||NA");

        assertThat(Answers.read(answer("ORR^O02", "AE", "ORC/UA/P1"), UTF_8, sent).word())
                .isEqualTo("refused");
    }

    @ParameterizedTest
    @CsvSource({"AR, refused", "CR, refused", "CE, deferred", "ZZ, unknown"})
    void beforeTheApplicationNothingIsSaidOfOrders(String code, String outcome) {
        var answer = answer("ORR^O02", code, "ORC/UA/P1");
        var err = (new String(answer, UTF_8) + "ERR|||203^x^HL70357|E\r").getBytes(UTF_8);

        assertThat(Answers.read(err, UTF_8, sent("ORM^O01", "ORC|NW|P1")).word())
                .isEqualTo(outcome);
    }

    private static byte[] answer(String type, String code, String lines) {
        return ("MSH|^~\\&|A|B|C|D|20261122||"
                        + type
                        + "|1|P|2.5.1\rMSA|"
                        + code
                        + "|M1\r"
                        + lines.replace('/', '|').replace(';', '\r')
                        + "\r")
                .getBytes(UTF_8);
    }

    private static byte[] sent(String type, String lines) {
        return ("MSH|^~\\&|C|D|A|B|20261122||" + type + "|M1|P|2.5.1\r" + lines + "\r")
                .getBytes(UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "MSH|^~\\&|A\rPID|1\r"})
    void whatIsNoAnswerIsUnknown(String bytes) {
        assertThat(Answers.read(bytes.getBytes(UTF_8), UTF_8)).isInstanceOf(Outcome.Unknown.class);
    }

    @Test
    void wordsQuoteThePartnerWithoutControlCharacters() {
        var answer =
                "MSH|^~\\&|A|B|C|D|20261122||ACK|1|P|2.5.1\rMSA|AE|M1\r"
                        + "ERR||PID^1^3|101^x^HL70357|E|||no\\X07\\ id\r";

        assertThat(Answers.read(answer.getBytes(UTF_8), UTF_8).words())
                .isEqualTo("answered AE: 101 PID[1]-3 no  id");
    }

    @ParameterizedTest(name = "MSH-15 {0}, MSH-16 {1}: {2}")
    @CsvSource({
        "'', '', ALWAYS",
        "AL, NE, ALWAYS",
        "NE, AL, ALWAYS",
        "AL, AL, ALWAYS",
        "SU, NE, ALWAYS",
        "NE, NE, NEVER",
        "ER, NE, ON_ERROR",
        "NE, ER, ON_ERROR",
        "ER, ER, ON_ERROR"
    })
    void aMessageSaysWhichAnswerItWants(String accept, String application, Wanted wanted) {
        var message =
                "MSH|^~\\&|A|B|C|D|20261122||ORU^R01|1|P|2.5.1|||"
                        + accept
                        + "|"
                        + application
                        + "\r";

        assertThat(Answers.wanted(message.getBytes(UTF_8))).isEqualTo(wanted);
    }

    /** In original mode nobody acknowledges an acknowledgement. */
    @Test
    void anAcknowledgementIsAnsweredOnlyIfItAsks() {
        var ack = "MSH|^~\\&|A|B|C|D|20261122||ACK^R01^ACK|1|P|2.5.1%s\rMSA|AA|1\r";

        assertThat(Answers.wanted(ack.formatted("").getBytes(UTF_8))).isEqualTo(Wanted.NEVER);
        assertThat(Answers.wanted(ack.formatted("|||AL|NE").getBytes(UTF_8)))
                .isEqualTo(Wanted.ALWAYS);
    }

    @Test
    void acceptedIsDoneAndRefusedAsksAPerson() {
        assertThat(after(new Outcome.Accepted("x"), false, false, 1))
                .isEqualTo(new NextStep.Done());
        assertThat(after(new Outcome.Refused("why"), false, true, 1))
                .isEqualTo(new NextStep.AskOperator("why"));
    }

    @Test
    void whatWasNotSentIsTriedForEverWithGrowingWaits() {
        assertThat(policy.asks(new Outcome.Unsent("x"), 1_000)).isEmpty();
        assertThat(policy.asks(new Outcome.Unsent("expired", true), 1)).contains("expired");
        assertThat(after(new Outcome.Unsent("x"), true, false, 1)).isEqualTo(retry(1));
        assertThat(after(new Outcome.Unsent("x"), true, false, 2)).isEqualTo(retry(2));
        assertThat(after(new Outcome.Unsent("x"), true, false, 5)).isEqualTo(retry(16));
        assertThat(after(new Outcome.Unsent("x"), true, false, 7)).isEqualTo(retry(60));
        assertThat(after(new Outcome.Unsent("x"), true, false, 1_000_000)).isEqualTo(retry(60));
    }

    @Test
    void aPartnerThatCantBeReachedIsCalledMoreOftenThanOneThatFails() {
        assertThat(policy.waitToConnect(1)).isEqualTo(Duration.ofSeconds(1));
        assertThat(policy.waitToConnect(3)).isEqualTo(Duration.ofSeconds(4));
        assertThat(policy.waitToConnect(1_000_000)).isEqualTo(Duration.ofSeconds(10));
        assertThat(policy.wait(1_000_000)).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void notNowIsTriedSoOftenAndThenAPersonIsAsked() {
        assertThat(after(new Outcome.Deferred("x"), false, false, 19)).isEqualTo(retry(60));
        assertThat(after(new Outcome.Deferred("x"), false, false, 20))
                .isEqualTo(new NextStep.AskOperator("x, 20 times in a row"));
    }

    @Test
    void notNowAfterALongOutageIsTheFirstTime() {
        assertThat(policy.after(new Outcome.Deferred("x"), false, false, 500, 1))
                .isEqualTo(retry(60));
    }

    @Test
    void whatMayHaveArrivedIsSentAgainUnlessItIsANewOrderToSomebodyWhoTakesItTwice() {
        var unknown = new Outcome.Unknown("x");

        assertThat(after(unknown, false, false, 1)).isEqualTo(retry(1));
        assertThat(after(unknown, true, true, 1)).isEqualTo(retry(1));
        assertThat(after(unknown, true, false, 1)).isInstanceOf(NextStep.AskOperator.class);
    }

    @Test
    void whatIsKnownOfTheAnswerSaysWhatToAsk() {
        assertThat(policy.asks(new Outcome.Unknown("x"), 5))
                .contains(
                        "x, 5 times in a row; ask the partner whether it gets them, and what it"
                                + " answers");
        assertThat(policy.asks(new Outcome.Unknown("x", "who is there"), 5))
                .contains("x, 5 times in a row; ask the partner who is there");
    }

    @Test
    void anyOrcThatIsNewMakesANewOrder() {
        var message = "MSH|^~\\&|A|B|C|D|20261122||ORM^O01|1|P|2.5.1\rORC|%s|1\rORC|%s|2\r";

        assertThat(Answers.isNewOrder(message.formatted("CA", "NW").getBytes(UTF_8))).isTrue();
        assertThat(Answers.isNewOrder(message.formatted("CA", "SC").getBytes(UTF_8))).isFalse();
    }

    /** ⚠ Who leaves ORC-1 or ORC out orders all the same; a doubled order is a second draw. */
    @ParameterizedTest(name = "{0} with {1}: {2}")
    @CsvSource({
        "ORM^O01, ORC|NW|1, true",
        "ORM^O01, ORC||1, true",
        "'ORM^O01', 'ORC|\"\"|1', true",
        "OML^O21, OBR|1|1, true",
        "RDE^O11, RXE|1, true",
        "OMP^O09, ORC|RO|1, true",
        "ORM^O01, ORC|CA|1, false",
        "ORM^O01, ORC|XO|1, false",
        "ORU^R01, ORC||1, false",
        "ORU^R01, OBR|1|1, false",
        "ORR^O02, ORC||1, false",
        "ADT^A08, PID|1, false",
        "REF^I12, RF1|1, true",
        "REF^I13, RF1|1, false",
        "REF^I14, ORC|NW|1, false",
        "RRI^I12, RF1|1, false"
    })
    void anOrderThatSaysNothingElseIsANewOne(String type, String segment, boolean wanted) {
        var message = "MSH|^~\\&|A|B|C|D|20261122||" + type + "|1|P|2.5.1\r" + segment + "\r";

        assertThat(Answers.isNewOrder(message.getBytes(UTF_8))).isEqualTo(wanted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "mllp:",
                "mllp:host",
                "mllp:host:0",
                "mllp:host:65536",
                "mllp:::1:2575",
                "file:out",
                "mllp: :2575",
                "mllp:host:12x"
            })
    void anEndpointIsHostAndPort(String text) {
        assertThatThrownBy(() -> Endpoint.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anEndpointReadsBackAsItWasWritten() {
        assertThat(Endpoint.parse("mllp:[::1]:2575")).isEqualTo(Endpoint.mllp("::1", 2575));
        assertThat(Endpoint.mllp("::1", 2575)).hasToString("mllp:[::1]:2575");
        assertThat(Endpoint.parse("mllp://emr.example:2577").address())
                .isEqualTo("emr.example:2577");
    }

    @Test
    void limitsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(
                        () ->
                                new DeliveryLimits(
                                        Duration.ZERO,
                                        Duration.ofSeconds(1),
                                        Duration.ofSeconds(1),
                                        Duration.ofSeconds(1),
                                        Duration.ofSeconds(1),
                                        1,
                                        Duration.ofSeconds(1),
                                        1,
                                        1,
                                        1,
                                        Duration.ofSeconds(1)))
                .hasMessageContaining("chartbridge.delivery");
    }

    private NextStep after(Outcome outcome, boolean order, boolean deduplicates, int failures) {
        return policy.after(outcome, order, deduplicates, failures, failures);
    }

    private static NextStep retry(int seconds) {
        return new NextStep.Retry(Duration.ofSeconds(seconds));
    }
}
