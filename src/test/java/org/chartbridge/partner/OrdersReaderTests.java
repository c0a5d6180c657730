package org.chartbridge.partner;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.chartbridge.partner.Orders.Form;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

class OrdersReaderTests {
    private final List<FileFault> faults = new ArrayList<>();

    @Test
    void aCompendiumSaysWhatALaboratoryDoesAndInWhichWords() {
        var orders =
                read(
                        "orders: { queue: tests, message: OML^O21, version: 2.5.1 }",
                        Map.of(
                                "compendium.csv",
                                "# autumn\nlab-code,code,ask\nK,2823-3,49541-6  8339-4\n,NA,\n"));

        assertThat(faults).isEmpty();
        assertThat(orders.queue()).isEqualTo("tests");
        assertThat(orders.form()).isEqualTo(Form.OML_O21);
        assertThat(orders.test("2823-3", "LN").orElseThrow().asks())
                .containsExactly("49541-6", "8339-4");
        assertThat(orders.test("NA", "").orElseThrow().labCode()).isEqualTo("NA");
        assertThat(orders.test("X", "")).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '!',
            value = {
                "compendium.csv ! '' ! lab/compendium.csv:1: the file is empty; begin it with the"
                        + " line  code,system,lab-code,lab-name,lab-system,specimen,ask",
                "compendium.csv ! 'code' ! lab/compendium.csv:1: no row below the names of the"
                        + " columns; add a test, or delete the file",
                "compendium.csv ! 'lab-code' ! lab/compendium.csv:1: column code is missing; begin"
                        + " the file with the line"
                        + "  code,system,lab-code,lab-name,lab-system,specimen,ask",
                "compendium.csv ! 'code,labcode' ! lab/compendium.csv:1: unknown column"
                        + " \"labcode\"; did you mean \"lab-code\"?",
                "compendium.csv ! 'code,code' ! lab/compendium.csv:1: column code stands twice;"
                        + " leave one out",
                "compendium.csv ! 'code,ask|K' ! lab/compendium.csv:2: 1 values under 2 columns;"
                        + " write one for each, empty ones too; quote a value with a comma",
                "compendium.csv ! 'code,ask|,X' ! lab/compendium.csv:2: no code; write what the"
                        + " clinic sends in OBR-4.1",
                "compendium.csv ! 'code|K|K' ! lab/compendium.csv:3: the same code stands in line"
                        + " 2; leave one of them out",
                "ordering.csv ! 'lab,network|east,yes' ! lab/ordering.csv:2: network: wanted in,"
                        + " out or nothing, got \"yes\"; write in where only an insurance of the"
                        + " laboratory's network.csv fits",
                "ordering.csv ! 'lab,networks|east,in' ! lab/ordering.csv:1: unknown column"
                        + " \"networks\"; did you mean \"network\"?",
                "network.csv ! 'payer|ACME' ! lab/network.csv:1: says who pays a laboratory, and no"
                        + " compendium.csv says what it does; write lab/compendium.csv, or delete"
                        + " the file",
                "ordering.csv ! 'lab|' ! lab/ordering.csv:1: no row below the names of the columns;"
                        + " add a row, or delete the file",
                "ordering.csv ! 'lab,test|,K' ! lab/ordering.csv:2: no lab; write the name of its"
                        + " folder in routes/"
            })
    void aBrokenTableIsToldWithLineAndRemedy(String file, String text, String fault) {
        read("", Map.of(file, text.replace('|', '\n')));

        assertThat(faults).extracting(FileFault::toString).containsExactly(fault);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '!',
            value = {
                "'' ! lab/network.csv:1: the file is empty; begin it with the line"
                        + "  payer,plan,name",
                "'payer,plan' ! lab/network.csv:1: no row below the names of the columns; add a"
                        + " row, or delete the file",
                "'plan|GOLD' ! lab/network.csv:1: column payer is missing; begin the file with the"
                        + " line  payer,plan,name",
                "'payer,plan,name|ACME,GOLD,|,,Acme' ! lab/network.csv:3: neither a payer nor a"
                        + " plan; write what the clinic sends in IN1-3.1 or IN1-2.1",
                "'payer,plan|ACME' ! lab/network.csv:2: 1 values under 2 columns; write one for"
                        + " each, empty ones too; quote a value with a comma"
            })
    void aBrokenNetworkIsToldWithLineAndRemedy(String text, String fault) {
        read("", Map.of("compendium.csv", "code\nK\n", "network.csv", text.replace('|', '\n')));

        assertThat(faults).extracting(FileFault::toString).containsExactly(fault);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '!',
            value = {
                "orders: ORM^O01 ! wanted {queue, message, version}, got \"ORM^O01\"",
                "orders: { message: ORM } ! wanted ORM^O01, OML^O21, OMG^O19, got \"ORM\"",
                "orders: { version: 2.9 } ! version: \"2.9\" can't be written",
                "orders: { queue: a/b } ! queue: \"a/b\" is no queue",
                "orders: { massage: ORM^O01 } ! unknown key \"massage\""
            })
    void aBrokenSettingIsTold(String line, String fault) {
        read(line, Map.of("compendium.csv", "code\nK\n"));

        assertThat(faults).singleElement().asString().contains(fault);
    }

    @Test
    void formsOfOrdersWithoutACompendiumAreTold() {
        read("orders: { message: ORM^O01 }", Map.of());

        assertThat(faults).singleElement().asString().contains("no compendium.csv says which");
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(
            delimiter = '!',
            value = {
                "referrals: in ! '' ! wanted {queue, message, version, chart, days}, got",
                "referrals: { message: OMG } ! '' ! wanted REF^I12 or OMG^O19, got \"OMG\"",
                "referrals: { message: OMG^O19, version: 2.4 } ! '' ! can't be written in 2.4",
                "referrals: { version: 2.9 } ! '' ! version: \"2.9\" can't be written",
                "referrals: { form: REF } ! '' ! unknown key \"form\"",
                "referrals: { chart: [alergies] } ! '' ! did you mean \"allergies\"?",
                "referrals: { chart: all } ! '' ! chart: wanted a list, got",
                "referrals: { days: 0 } ! '' ! days: wanted 1 to 3650, got \"0\"",
                "'' ! family,given ! lab/providers.csv:1: column id is missing",
                "'' ! id,family|,Hart ! lab/providers.csv:2: neither an id nor a whole name",
                "'' ! 'id,specialty' ! lab/providers.csv:1: no row below the names of the columns"
            })
    void aBrokenSettingOfReferralsIsTold(String line, String providers, String fault) {
        read(
                line,
                Map.of(
                        "providers.csv",
                        (providers.isEmpty() ? "id|1" : providers).replace('|', '\n')));

        assertThat(faults).singleElement().asString().contains(fault);
    }

    @Test
    void whoTakesReferralsForWhomIsTold() {
        read("referrals: { version: 2.5.1 }", Map.of("referring.csv", "to,specialty\n,CAR\n"));

        assertThat(faults)
                .extracting(FileFault::toString)
                .anyMatch(told -> told.contains("no providers.csv says to whom"))
                .anyMatch(told -> told.contains("referring.csv:2: says not to whom"));
    }

    private Orders read(String line, Map<String, String> files) {
        var contents = new TreeMap<String, byte[]>();
        contents.put("partner.yaml", ("sender: any\nzone: UTC\n" + line + "\n").getBytes(UTF_8));
        files.forEach((name, text) -> contents.put(name, text.getBytes(UTF_8)));
        return PartnerFile.read(new FolderFiles("lab", contents), Map.of(), faults::add)
                .map(Partner::orders)
                .orElse(Orders.NONE);
    }
}
