package org.chartbridge.ordering;

import static org.assertj.core.api.Assertions.assertThat;

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

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Who gets a referral, and what asks a person. HL7-RULES §7. */
class ReferringTests {
    private static final String PRD_HART = "PRD|RT|Hart^Holly|||||1003000126^NPI";
    private static final String PRD_OWN = "PRD|RP|Ordway^Olga|||||1003000001^NPI";
    private static final String COLUMNS = "id,family,given,specialty\n";

    private final List<Partner> partners = new ArrayList<>();
    private final Map<String, String> sent = new HashMap<>();
    private final Map<String, String> patients = new HashMap<>();
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
                        public Optional<byte[]> message(String sender, String number) {
                            return Optional.ofNullable(messages.get(sender + "|" + number))
                                    .map(text -> text.getBytes(UTF_8));
                        }
                    });
    private Partner emr = partner("emr", "", Map.of());

    @Test
    void whoHasTheNumberThatIsNamedGetsIt() {
        takes("heart", "referrals: { queue: in, version: 2.4 }", "1003000126,Hart,Holly,CAR");
        takes("skin", "", "1003000142,Derm,Dora,DER");

        var delivery = one(ref("I12", "R1", "", PRD_OWN, PRD_HART));

        assertThat(delivery.destination()).isEqualTo("heart/in");
        assertThat(delivery.orders()).extracting(Leaving::key).containsExactly("emr|RF1|R1|EMR");
        assertThat(text(delivery))
                .startsWith("MSH|^~\\&|EMR|CLINIC|CB|CB|20261122080000||REF^I12^REF_I12|E1|P|2.4|")
                .contains("\rPRD|RT|Hart^Holly|||||1003000126^NPI\r");
    }

    @Test
    void withoutANumberTheWholeNameDecides() {
        takes("heart", "", "1003000126,Hart,Holly,CAR");

        assertThat(one(ref("I12", "R1", "", "PRD|RT|HART^HOLLY")).destination())
                .isEqualTo("heart/referrals");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PRD|RT|Hart^Holly|||||1003000999^NPI", // The name fits, the number does not ⚠.
                "PRD|RT|Hart^Hugo",
                "PRD|RT|Hart",
                "PRD|RT|Other^Olaf"
            })
    void nobodyIsGuessed(String prd) {
        takes("heart", "", "1003000126,Hart,Holly,CAR");

        var delivery = one(ref("I12", "R1", "CAR^Cardiology", prd));

        assertThat(delivery.destination()).isEqualTo("emr/orders-to-place");
        assertThat(delivery.orders()).isEmpty();
        assertThat(cause(delivery)).startsWith("no partner has ").contains("providers.csv");
    }

    /** ⚠ Whoever is named is never made up for by a specialty, however it is written. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "PRD|rt|Other^Olaf|||||1003000999^NPI",
                "PRD|PP~Rt|Other^Olaf",
                "PRD|RT||1 Main St^^Boston",
                "PRD|RT|^|||^PRN^PH^^^617^5550100"
            })
    void whoeverIsNamedInWhateverWayIsNotReplaced(String prd) {
        takes("heart", "", "1003000126,Hart,Holly,CAR");

        var delivery = one(ref("I12", "R1", "CAR^Cardiology", PRD_OWN, prd));

        assertThat(delivery.destination()).isEqualTo("emr/orders-to-place");
        assertThat(cause(delivery)).startsWith("no partner has ");
    }

    @Test
    void anEmptyPrdNamesNobodyAndOneInSmallLettersSomebody() {
        takes("heart", "", "1003000126,Hart,Holly,CAR");
        takes("skin", "sender: { application: SKIN, facility: DERM }", ",Derm,Dora,DER");

        assertThat(one(ref("I12", "R1", "CAR", "PRD|RT")).destination())
                .isEqualTo("heart/referrals");
        var named = one(ref("I12", "R1", "CAR", "PRD|rt|Derm^Dora"));
        assertThat(named.destination()).isEqualTo("skin/referrals");
        assertThat(text(named)).startsWith("MSH|^~\\&|EMR|CLINIC|SKIN|DERM|");
    }

    /** ⚠ A change of Paul's referral with Olga's PID. */
    @ParameterizedTest
    @ValueSource(strings = {"I13", "I14", "I15"})
    void whatFollowsTheReferralOfAnotherPatientAsksAPerson(String trigger) {
        takes("heart", "", "1003000126,Hart,Holly,CAR");
        sent.put("emr|RF1|R1|EMR", "heart/referrals");
        patients.put("emr|RF1|R1|EMR", "M2|CLINIC");

        assertThat(cause(one(ref(trigger, "R1", "", PRD_HART))))
                .startsWith("the referral of this number was sent to heart for another patient");
    }

    @Test
    void whereNobodyIsNamedTheSpecialtyDecides() {
        takes("heart", "", "1003000126,Hart,Holly,CAR");
        takes("skin", "", "1003000142,Derm,Dora,DER");

        assertThat(one(ref("I12", "R1", "DER^Dermatology", PRD_OWN)).destination())
                .isEqualTo("skin/referrals");
        assertThat(cause(one(ref("I12", "R2", "NEU^Neurology", PRD_OWN))))
                .isEqualTo(
                        "nobody is named, and no partner has the specialty NEU (RF1-3, RF1-10); add"
                                + " a row to the providers.csv of whoever is meant, or choose one");
        assertThat(cause(one(ref("I12", "R3", "", PRD_OWN))))
                .startsWith("the referral names nobody (PRD with RT) and no specialty");
    }

    @Test
    void anEmptySpecialtyInTheTableIsNobodys() {
        takes("heart", "", "1003000126,Hart,Holly,");

        assertThat(one(ref("I12", "R1", "", PRD_OWN)).destination())
                .isEqualTo("emr/orders-to-place");
    }

    @ParameterizedTest
    @CsvSource({
        "S, PLAN-7, city", // STAT goes to the one in town, whatever the plan.
        "R, PLAN-7, river",
        "'', '', city"
    })
    void ofSeveralTheFirstRowThatFitsDecides(String priority, String plan, String wanted) {
        takes("city", "", ",Hart,Holly,CAR");
        takes("river", "", ",Brook,Ben,CAR");
        emr =
                partner(
                        "emr",
                        "",
                        Map.of(
                                "referring.csv",
                                "to,priority,coverage\ncity,STAT,\nriver,,PLAN-7\ncity,,none\n"));

        var insurance = plan.isEmpty() ? "NTE|1" : "IN1|1|" + plan;
        var delivery = one(ref("I12", "R1", "CAR", insurance).replace("RF1||", "RF1||" + priority));

        assertThat(delivery.destination()).isEqualTo(wanted + "/referrals");
    }

    @Test
    void whatNoRowDecidesAsksAPerson() {
        takes("city", "", ",Hart,Holly,CAR");
        takes("river", "", ",Brook,Ben,CAR");

        var delivery = one(ref("I12", "R1", "CAR", PRD_OWN));

        assertThat(cause(delivery))
                .isEqualTo(
                        "city and river could all be meant; write a row of emr/referring.csv that"
                                + " says which, or choose");
        var waiting = ordering.waiting(body(delivery), emr).orElseThrow();
        assertThat(waiting.kind()).isEqualTo("referral");
        assertThat(waiting.able()).containsExactly("city", "river");
        var made =
                ordering.made(body(delivery), emr, "river", "-17", Chosen.person(17)).orElseThrow();
        assertThat(made.destination()).isEqualTo("river/referrals");
        assertThat(made.orders()).extracting(Leaving::key).containsExactly("emr|RF1|R1|EMR");
        assertThat(text(made)).contains("|E1-17|P|");
        assertThat(ordering.made(body(delivery), emr, "nobody", "-17", Chosen.person(17)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"I13", "I14", "I15"})
    void whatFollowsGoesWhereTheReferralWentWhateverTheTablesSay(String trigger) {
        takes("heart", "", "1003000126,Hart,Holly,CAR");
        takes("skin", "", "1003000142,Derm,Dora,DER");
        sent.put("emr|RF1|R1|EMR", "skin/referrals");
        messages.put("emr|RF1|R1|EMR", ref("I12", "R1", "", PRD_HART)); // Somebody chose.

        assertThat(one(ref(trigger, "R1", "", PRD_HART)).destination()).isEqualTo("skin/referrals");
        assertThat(cause(one(ref(trigger, "R2", "", PRD_HART))))
                .startsWith("no referral with this number was sent, and " + trigger);
    }

    /** ⚠ Whoever refers believes that the one who is named has it. */
    @ParameterizedTest
    @CsvSource({"I13, true", "I14, false", "I15, false"})
    void aChangeThatNamesSomebodyElseAsksAPerson(String trigger, boolean waits) {
        takes("heart", "", "1003000126,Hart,Holly,CAR");
        takes("skin", "", "1003000142,Derm,Dora,DER");
        sent.put("emr|RF1|R1|EMR", "skin/referrals");
        messages.put("emr|RF1|R1|EMR", ref("I12", "R1", "", "PRD|RT|Derm^Dora|||||1003000142^NPI"));

        var delivery = one(ref(trigger, "R1", "", PRD_HART));

        assertThat(delivery.destination())
                .isEqualTo(waits ? "emr/orders-to-place" : "skin/referrals");
        if (waits)
            assertThat(cause(delivery))
                    .startsWith(
                            "the referral of this number went to skin, and this change names"
                                    + " somebody else (PRD with RT); cancel the referral (I14)");
        messages.clear(); // What was sent is not known any more.
        assertThat(one(ref(trigger, "R1", "", PRD_HART)).destination())
                .isEqualTo(waits ? "emr/orders-to-place" : "skin/referrals");
        assertThat(one(ref(trigger, "R1", "")).destination()).isEqualTo("skin/referrals");
        assertThat(one(ref(trigger, "R1", "", "PRD|RT|Derm^Dora")).destination())
                .isEqualTo("skin/referrals");
    }

    @Test
    void aNumberThatWasSentIsNotSentAgain() {
        takes("heart", "", "1003000126,Hart,Holly,CAR");
        sent.put("emr|RF1|R1|EMR", "heart/referrals");

        assertThat(cause(one(ref("I12", "R1", "", PRD_HART))))
                .startsWith("a referral of this number went to heart before");
    }

    @Test
    void anOrderOfTheSameNumberIsNoReferral() {
        takes("heart", "", "1003000126,Hart,Holly,CAR");
        sent.put("emr|R1|EMR", "lab/orders");

        assertThat(one(ref("I12", "R1", "", PRD_HART)).destination()).isEqualTo("heart/referrals");
    }

    @Test
    void whoTakesNoneNowIsSaid() {
        sent.put("emr|RF1|R1|EMR", "heart/referrals");

        assertThat(cause(one(ref("I14", "R1", "", PRD_HART))))
                .isEqualTo(
                        "the referral went to heart, which takes none now; restore"
                                + " routes/heart/providers.csv");
    }

    @Test
    void otherMessagesReferNobody() {
        takes("heart", "", "1003000126,Hart,Holly,CAR");

        assertThat(
                        ordering.referred(
                                ref("I12", "R1", "").replace("REF^", "RRI^").getBytes(UTF_8), emr))
                .isEmpty();
        assertThat(ordering.referred("no message".getBytes(UTF_8), emr)).isEmpty();
        assertThat(ordering.staged(ref("I12", "R1", "", PRD_HART).getBytes(UTF_8), emr)).isEmpty();
    }

    // ------------------------------------------------------------ tools

    private static String ref(String trigger, String number, String type, String... more) {
        return "MSH|^~\\&|EMR|CLINIC|CB|CB|20261122080000||REF^"
                + trigger
                + "^REF_I12|E1|P|2.5.1|||AL|NE\r"
                + "RF1|||"
                + type
                + "|||"
                + number
                + "^EMR\r"
                + "PID|1||M1^^^CLINIC^MR||DOE^Jane||19710203|F\r"
                + String.join("\r", more)
                + "\r";
    }

    private void takes(String name, String key, String rows) {
        partners.add(partner(name, key, Map.of("providers.csv", COLUMNS + rows + "\n")));
    }

    private static Partner partner(String name, String key, Map<String, String> tables) {
        var files = new TreeMap<String, byte[]>();
        files.put(
                "partner.yaml",
                ("name: X\n"
                                + (key.startsWith("sender:") ? "" : "sender: any\n")
                                + "zone: America/New_York\n"
                                + key
                                + "\n")
                        .getBytes(UTF_8));
        tables.forEach((file, text) -> files.put(file, text.getBytes(UTF_8)));
        var faults = new ArrayList<FileFault>();
        var read = PartnerFile.read(new FolderFiles(name, files), Map.of(), faults::add);
        assertThat(faults).isEmpty();
        return read.orElseThrow();
    }

    private StagedDelivery one(String message) {
        var staged = ordering.referred(message.getBytes(UTF_8), emr);
        assertThat(staged).hasSize(1);
        return staged.getFirst();
    }

    private static byte[] body(StagedDelivery delivery) {
        var body = delivery.body();
        if (body == null) throw new AssertionError("no body");
        return body;
    }

    private static String text(StagedDelivery delivery) {
        return new String(body(delivery), UTF_8);
    }

    private String cause(StagedDelivery delivery) {
        var waiting = ordering.waiting(body(delivery), emr).orElseThrow();
        return waiting.choice() instanceof Choice.Nobody(var cause, _, var remedy)
                ? cause + "; " + remedy
                : "placed";
    }
}
