package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.partner.Partner;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;

/** Any order of arrival gives the same chart, with its history. */
class AdtOrderTests {
    private static final int SHUFFLES = 6;

    private static final Partner SECOND =
            AdtEngine.partner(
                    "clinic2",
                    Partner.Demographics.MASTER,
                    Partner.Empty.CLEAR,
                    Partner.Patients.CREATE);

    private record Said(Partner by, String message) {}

    @Test
    void anyOrderOfArrivalGivesTheSameChart() {
        var said = weekOfMessages();
        var wanted = chart(said);
        assertThat(wanted.lines().count()).isGreaterThan(60);
        assertThat(wanted).contains("cancelled", "finished", "in-progress", "ended", "Shelbyville");

        var seed = System.nanoTime();
        System.out.println("AdtOrderTests seed " + seed);
        var random = new Random(seed);
        for (int i = 0; i < SHUFFLES; i++) {
            var shuffled = new ArrayList<>(said);
            Collections.shuffle(shuffled, random);

            assertThat(chart(shuffled)).as("seed " + seed + ", shuffle " + i).isEqualTo(wanted);
        }
    }

    private static String chart(List<Said> messages) {
        try (var engine = new AdtEngine()) {
            var begun = new ArrayList<CompletionStage<Reception.Reply>>();
            // Some are waited for, some come together in one group.
            for (int i = 0; i < messages.size(); i++) {
                var one = messages.get(i);
                begun.add(engine.begin(one.by(), one.message()));
                if (i % 4 == 0) begun.forEach(AdtEngine::text);
            }
            begun.forEach(AdtEngine::text);
            assertThat(engine.one("select count(*) from journal where state <> 'charted'"))
                    .isEqualTo("0");
            return engine.chart();
        }
    }

    /** Everything that ADT messages do, each at a time of its own. */
    private static List<Said> weekOfMessages() {
        var all = new ArrayList<Said>();
        var stay = "PV1|1|I|%s||||70001^ORDWAY^Ann|||MED|||||||||V1^^^EMR";
        add(all, "A28", "0700", "", DOE);
        add(all, "A05", "0705", "", DOE, stay.formatted("WARD^1"), "PV2||||||||20261122");
        add(
                all,
                "A01",
                "0800",
                "0755",
                DOE,
                stay.formatted("WARD^1"),
                "AL1|1|DA|P^Penicillin^L|MI",
                "AL1|2|FA|^Peanut",
                "DG1|1||J18.9^Pneumonia^I10|||A",
                "IN1|1|PPO|I1|Acme");
        add(
                all,
                "A08",
                "0810",
                "",
                pid("DOE^Jane^Q", "19710203", "9 New Rd^^Shelbyville", "555-0101"));
        add(
                all,
                "A08",
                "0820",
                "",
                pid("DOE^Jane^\"\"", "19710203", "^\"\"", "\"\""),
                stay.formatted("WARD^1").replace("70001^ORDWAY^Ann", "70002^BEDE^Bo"));
        add(
                all,
                "A31",
                "0830",
                "",
                pid("ROE^Jane", "19710203", "", "555-0102~^NET^Internet^jane@example.org"));
        add(all, "A02", "0900", "0850", DOE_LATER, stay.formatted("ICU^5"));
        add(all, "A12", "0930", "0850", DOE_LATER, stay.formatted("WARD^1"));
        add(all, "A02", "1200", "0940", DOE_LATER, stay.formatted("OR^2"));
        add(all, "A02", "1100", "1000", DOE_LATER, stay.formatted("ICU^6"));
        add(
                all,
                "A08",
                "1005",
                "",
                DOE_LATER,
                "AL1|1|DA|P^Penicillin^L|SV|Hives",
                "DG1|1||A40.3^Sepsis^I10|||F",
                stay.formatted("ICU^6"));
        add(
                all,
                "A31",
                "1010",
                "",
                DOE_LATER,
                "IAM|1|EA|^Latex|||A",
                "IAM|2|DA|P^Penicillin^L|||D");
        add(all, "A31", "1015", "", DOE_LATER, "IAM|1|DA|P^Penicillin^L|SV|Anaphylaxis|A");
        add(all, "A31", "1017", "", DOE_LATER, "AL1|1|DA|^NKDA");
        add(all, "A03", "1300", "1250", DOE_LATER, stay.formatted("ICU^6"));
        add(all, "A13", "1310", "1250", DOE_LATER, stay.formatted("ICU^6"));
        add(all, "A03", "1400", "1350", DOE_LATER, stay.formatted("ICU^6"));
        add(all, "A08", "1410", "", DOE_LATER, "IN1|1|HMO|I2|Other", "IN1|2|PPO|I1|Acme");
        add(all, "A08", "1415", "", DOE_LATER, "IN1|1|\"\"");
        add(all, "A08", "1420", "", DOE_LATER, "IN1|1|HMO|I2|Other||||G9");
        var second = "PV1|1|O|CLIN^3||||||||||||||||V2^^^EMR";
        add(all, "A04", "1500", "", DOE_LATER, second);
        add(all, "A06", "1510", "", DOE_LATER, second.replace("|O|", "|I|"));
        add(all, "A07", "1520", "", DOE_LATER, second);
        var third = "PV1|1|I|WARD^9||||||||||||||||V3^^^EMR";
        add(all, "A01", "1600", "", DOE_LATER, third);
        add(all, "A11", "1610", "", DOE_LATER, third);
        all.add(
                said(
                        SECOND,
                        all.size(),
                        "A08",
                        "1030",
                        "",
                        pid("DOE^Jane", "19710204", "7 Clear St", "")));
        all.add(
                said(
                        SECOND,
                        all.size(),
                        "A08",
                        "0730",
                        "",
                        "PID|1||M1^^^CLINIC^MR~X9^^^EPI^PI||DOE^Jane|",
                        "AL1|1|FA|^Shellfish"));
        return all;
    }

    private static final String DOE =
            pid("DOE^Jane", "19710203", "1 Main St^Apt 2^Springfield^IL^62701", "555-0100");

    private static final String DOE_LATER = pid("DOE^Jane", "", "", "");

    private static String pid(String name, String born, String address, String phone) {
        return AdtTests.pid(name, born, address, phone);
    }

    private static void add(
            List<Said> all, String trigger, String time, String happened, String... segments) {
        all.add(said(AdtEngine.EMR, all.size(), trigger, time, happened, segments));
    }

    private static Said said(
            Partner by,
            int number,
            String trigger,
            String time,
            String happened,
            String... segments) {
        return new Said(by, AdtTests.message("C" + number, trigger, time, happened, segments));
    }
}
