package org.chartbridge.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.chart.ProviderName;
import org.chartbridge.chart.WithoutOrderer;
import org.chartbridge.chart.WithoutOrderer.Listed;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/** Who a result names, and whether that is somebody of the clinic (HL7-RULES §4). */
class ClinicProvidersTests {
    private static final Instant CAME = Instant.parse("2026-11-22T12:00:00Z");

    private static WithoutOrderer.Row row(String path) {
        return new WithoutOrderer.Row(
                "k", 1, path, new UUID(0, 1), "northlab", "N-1", "Potassium", null, false, CAME);
    }

    private static String named(String path, String... segments) {
        var raw =
                "MSH|^~\\&|LIS|NORTHLAB|||20261122||ORU^R01|1|P|2.8\r"
                        + String.join("\r", segments);
        if (!(Message.read(raw.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)
                instanceof Reading.Readable(var message))) throw new AssertionError("unreadable");
        return String.join(
                " ",
                ClinicProviders.named(message, row(path)).stream()
                        .map(one -> one.number() + "@" + one.authority())
                        .toList());
    }

    @Test
    void copiesAreThoseOfTheReportAndOfTheVisit() {
        var segments =
                new String[] {
                    "PID|1||M1",
                    "PV1|1|O|||||1^Attending~2^Further|3^Ref^^^^^^^NPI&1.2&ISO|4^Cons||||||||5^Adm",
                    "PRT|1|UC||RCT|6^Copy",
                    "ORC|RE||F1|||||||||7^Ord",
                    "OBR|1||F1|K||||||||||||8^A~9^B^^^^^^^&1.2.3&ISO||||||||||||10^Copy~^No"
                            + " number",
                    "PRT|2|UC||RCT|11^Copy",
                    "ORC|RE||F2|||||||||12^Ord",
                    "OBR|2||F2|NA||||||||||||13^C||||||||||||14^Copy",
                    "PRT|3|UC||RCT|15^Copy"
                };

        assertThat(named("OBR[1]", segments))
                .isEqualTo(
                        "1@northlab 2@northlab 3@NPI 4@northlab 5@northlab 6@northlab 7@northlab"
                                + " 8@northlab 9@1.2.3 10@northlab 11@northlab");
        assertThat(named("OBR[2]", segments)).contains("12@", "14@", "15@").doesNotContain("10@");
    }

    @Test
    void whereNothingIsSaidNobodyIsNamed() {
        assertThat(named("OBR[1]", "PV1|1", "OBR|1||F1|K", "PRT|1", "PV1")).isEmpty();
        assertThat(named("OBR[3]", "OBR|1||F1|K||||||||||||1^A")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "77, northlab, 77, '', , , true",
        "77, NPI, 77, '', , , false",
        "77, NPI, 77, NPI, , , true",
        "77, northlab, 77, NPI, , , false",
        "78, NPI, 77, NPI, , , false",
        "'', northlab, 77, '', , , false",
        "77, NPI, 77, NPI, 2026-11-22T12:00:00Z, , true",
        "77, NPI, 77, NPI, 2026-11-22T12:00:01Z, , false",
        "77, NPI, 77, NPI, , 2026-11-22T12:00:00Z, false",
        "77, NPI, 77, NPI, , 2026-11-22T12:00:01Z, true"
    })
    void aNumberIsTheirsWithItsAuthorityWhileTheyAreThere(
            String number,
            String authority,
            String listed,
            String of,
            Instant from,
            Instant until,
            boolean isTheirs) {
        assertThat(
                        new Listed(listed, of, from, until)
                                .isMeant(
                                        new ProviderName(authority, number, "RAO", "Priya"),
                                        "northlab",
                                        CAME))
                .isEqualTo(isTheirs);
    }
}
