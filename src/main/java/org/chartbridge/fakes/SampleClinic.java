package org.chartbridge.fakes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The partner folders of a clinic whose EMR, lab and specialist are fake: orders go to the lab in
 * its own codes, referrals with the chart to the specialist, and what they send is charted and goes
 * to the EMR.
 */
public final class SampleClinic {
    private SampleClinic() {}

    /**
     * Where everybody listens, on loopback.
     *
     * @param engine for all three; they are told apart by MSH-3 and MSH-4
     */
    public record Ports(int engine, int emr, int lab, int specialist) {}

    /**
     * Writes the folders {@code emr}, {@code northlab} and {@code hartclinic}.
     *
     * @param labDeduplicates whether the engine may send an order again that was not answered
     */
    public static void write(Path routes, Ports ports, boolean labDeduplicates) throws IOException {
        var emr = Files.createDirectories(routes.resolve("emr"));
        Files.writeString(
                emr.resolve("partner.yaml"),
                """
                # The clinic's own EMR. A fake: nobody needs to be called when it stops.
                name: Clinic EMR
                sender: { application: EMR, facility: CLINIC }
                zone: UTC
                patients: create
                demographics: master
                deduplicates: true
                """);
        Files.writeString(
                emr.resolve("messages.yaml"),
                """
                # Patients, orders and referrals of the EMR: charted, and on to whom they are for.
                - route:
                    id: emr-messages
                    from:
                      uri: mllp:127.0.0.1:%d
                      steps:
                        - to: { uri: chart }
                        - to: { uri: order }
                        - to: { uri: refer }
                """
                        .formatted(ports.engine()));
        outbox(emr, "emr", "results", ports.emr());
        var lab =
                partner(
                        routes,
                        ports,
                        "northlab",
                        "orders",
                        Role.LAB,
                        ports.lab(),
                        labDeduplicates);
        Files.writeString(
                lab.resolve("partner.yaml"),
                "orders: { message: OML^O21, version: 2.5.1 }\n",
                StandardOpenOption.APPEND);
        Files.writeString(lab.resolve("compendium.csv"), compendium());
        Files.writeString(lab.resolve("codes.csv"), codes());
        var specialist =
                partner(
                        routes,
                        ports,
                        "hartclinic",
                        "referrals",
                        Role.SPECIALIST,
                        ports.specialist(),
                        true);
        Files.writeString(
                specialist.resolve("partner.yaml"),
                """
                referrals: { version: 2.5.1, chart: [problems, allergies, medications, results, documents], days: 90 }
                """,
                StandardOpenOption.APPEND);
        Files.writeString(
                specialist.resolve("providers.csv"),
                """
                # Whom patients can be referred to.
                id,family,given,specialty
                ,Hart,Hugo,CAR
                """);
    }

    /** The laboratory's own codes for what the clinic orders. */
    private static String compendium() {
        var rows = new StringBuilder("# What it does, in its own codes.\n");
        rows.append("code,system,lab-code,lab-name,lab-system,specimen\n");
        for (var test : TestMenu.all())
            rows.append(
                    "%s,LN,%s,%s,%s,SER\n"
                            .formatted(test.code(), test.own(), test.name(), TestMenu.SYSTEM));
        return rows.toString();
    }

    /** The way back, for its results. */
    private static String codes() {
        var rows = new StringBuilder("# Its own codes in LOINC, its units in UCUM.\n");
        rows.append("code,text,unit,loinc,ucum\n");
        for (var test : TestMenu.all())
            rows.append(
                    "%s,%s,,%s,%s\n".formatted(test.own(), test.name(), test.code(), test.unit()));
        return rows.toString();
    }

    private static Path partner(
            Path routes,
            Ports ports,
            String name,
            String queue,
            Role role,
            int port,
            boolean deduplicates)
            throws IOException {
        var folder = Files.createDirectories(routes.resolve(name));
        Files.writeString(
                folder.resolve("partner.yaml"),
                """
                # A fake %s: nobody needs to be called when it stops.
                sender: { application: %s, facility: %s }
                zone: UTC
                patients: match
                trusts: [CLINIC]
                deduplicates: %s
                """
                        .formatted(role.word(), role.application(), role.facility(), deduplicates));
        Files.writeString(
                folder.resolve("back.yaml"),
                """
                # What comes back: charted, and on to the EMR.
                - route:
                    id: %s-back
                    from:
                      uri: mllp:127.0.0.1:%d
                      steps:
                        - to: { uri: chart }
                        - to: { uri: "deliver:emr/results" }
                """
                        .formatted(name, ports.engine()));
        outbox(folder, name, queue, port);
        return folder;
    }

    private static void outbox(Path folder, String partner, String queue, int port)
            throws IOException {
        Files.writeString(
                folder.resolve(queue + ".yaml"),
                """
                # Where %s goes out.
                - route:
                    id: %s-%s
                    from:
                      uri: outbox:%s/%s
                      steps:
                        - to: { uri: "mllp:127.0.0.1:%d" }
                """
                        .formatted(queue, partner, queue, partner, queue, port));
    }
}
