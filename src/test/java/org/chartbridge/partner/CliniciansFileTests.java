package org.chartbridge.partner;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Who is at the clinic: {@code clinic-providers.csv}. */
class CliniciansFileTests {
    private final List<FileFault> faults = new ArrayList<>();

    private List<Clinician> read(Map<String, String> files) {
        var contents = new TreeMap<String, byte[]>();
        contents.put("partner.yaml", "sender: any\nzone: UTC\n".getBytes(UTF_8));
        files.forEach((name, text) -> contents.put(name, text.getBytes(UTF_8)));
        return PartnerFile.read(new FolderFiles("emr", contents), Map.of(), faults::add)
                .map(Partner::ownProviders)
                .orElse(List.of());
    }

    @Test
    void numbersHaveAnAuthorityAndDays() {
        var all =
                read(
                        Map.of(
                                CliniciansFile.NAME,
                                """
                                number,authority,family,given,from,to
                                # who left
                                1003000126,NPI,Rao,Priya,,2026-06-30
                                77,,"Ordway, Jr",Otto,2026-07-01,
                                """));

        assertThat(faults).isEmpty();
        assertThat(all)
                .containsExactly(
                        new Clinician(
                                "1003000126",
                                "NPI",
                                "Rao",
                                "Priya",
                                null,
                                LocalDate.of(2026, 6, 30),
                                3),
                        new Clinician(
                                "77", "", "Ordway, Jr", "Otto", LocalDate.of(2026, 7, 1), null, 4));
    }

    @Test
    void aFolderWithoutAListHasNone() {
        assertThat(read(Map.of())).isEmpty();
        assertThat(faults).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '!',
            value = {
                "authority,family|NPI,Rao ! emr/clinic-providers.csv:1: column number is missing",
                "number,authorty|1,NPI ! emr/clinic-providers.csv:1: unknown column \"authorty\"",
                "number,family|,Rao ! emr/clinic-providers.csv:2: no number",
                "number,from|1,1.7.2026 ! emr/clinic-providers.csv:2: from: \"1.7.2026\" is no day",
                "number,from,to|1,2026-07-01,2026-06-30 ! emr/clinic-providers.csv:2: to is before",
                "number,authority|1,A|1,B|1,A ! emr/clinic-providers.csv:4: the same number stands",
                "number,authority ! emr/clinic-providers.csv:1: no row below",
                "number,authority|1 ! emr/clinic-providers.csv:2: 1 values under 2 columns"
            })
    void aMistakeIsToldWithItsLine(String text, String fault) {
        read(Map.of(CliniciansFile.NAME, text.replace('|', '\n')));

        assertThat(faults).singleElement().asString().contains(fault);
    }
}
