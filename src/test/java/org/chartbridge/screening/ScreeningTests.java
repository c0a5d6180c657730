package org.chartbridge.screening;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import org.chartbridge.chart.AllergyView;
import org.chartbridge.chart.CodingView;
import org.chartbridge.chart.MedicationOrderView;
import org.chartbridge.chart.PlacedOrderView;
import org.chartbridge.chart.Source;
import org.chartbridge.chart.Supporting;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What is alerted of one patient, by the tables that are delivered. */
class ScreeningTests {
    private static final UUID PERSON = UUID.fromString("00000000-0000-0000-0000-000000000001");
    private static final Instant NOW = Instant.parse("2026-11-03T08:00:00Z");
    private static final Tables TABLES =
            TableFiles.read(Path.of("routes"), fault -> System.out.println(fault)).orElseThrow();

    private final List<AllergyView> allergies = new ArrayList<>();
    private final List<MedicationOrderView> medication = new ArrayList<>();
    private final List<PlacedOrderView> orders = new ArrayList<>();

    @Test
    void theTablesHoldAtLeastFiftyIngredientsAndTenClasses() {
        assertThat(TABLES.ingredientCount()).isGreaterThanOrEqualTo(50);
        assertThat(TABLES.classCount()).isGreaterThanOrEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({
        "Penicillin,, Amoxicillin 500 mg capsule, allergy high",
        "PCN,, AUGMENTIN 875, allergy high",
        "Amoxicillin,, Ampicillin, cross-reaction high",
        "Penicillin,, Ceftriaxone 1 g, cross-reaction moderate",
        "Penicillin, SV, Ceftriaxone 1 g, cross-reaction high",
        "Cephalosporins,, Meropenem, cross-reaction moderate",
        "Sulfa drugs,, Bactrim DS, allergy high",
        "Aspirin,, Ibuprofen, cross-reaction high",
        "Lisinopril,, Enalapril, cross-reaction high",
        "Penicillin G,, Azithromycin,",
        "Sulfa,, Trimethoprim,",
    })
    void anAllergyIsHeldAgainstWhatItNamesAndWhatIsLikeIt(
            String allergy, @Nullable String severity, String drug, @Nullable String wanted) {
        allergic(allergy, severity == null ? "" : severity, "DA", "");
        medication("A1", drug, "active");

        assertThat(kinds()).containsExactlyElementsOf(wanted == null ? List.of() : List.of(wanted));
    }

    /** Codes say what the text doesn't. */
    @Test
    void aDrugIsFoundByRxNormAndByAtcAsWell() {
        allergic("Penicillin", "", "DA", "");
        medication("A1", new CodingView("723", "Trimox", "RXNORM"), "active", null);
        medication("A2", new CodingView("J01CA02", "pivampi", "ATC"), "active", null);

        assertThat(kinds()).containsExactly("allergy high", "allergy high");
    }

    /** ⚠ A local code in front says nothing; what stands behind it does. */
    @Test
    void theOtherCodingOfADrugCountsAsWell() {
        allergic("Penicillin", "", "DA", "");
        medication(
                "A1",
                new CodingView("00093", "XYZ brand 500", "NDC"),
                beside(List.of(new CodingView("723", "", "RXNORM")), List.of()));

        assertThat(kinds()).containsExactly("allergy high");
    }

    @Test
    void theOtherCodingOfAnAllergyCountsAsWell() {
        var plain = allergy("Antibiotic X", "", "DA", "", "emr", 77);
        allergies.add(
                new AllergyView(
                        plain.id(),
                        PERSON,
                        true,
                        plain.substance(),
                        List.of(new CodingView("7980", "Penicillin G", "RXNORM")),
                        "DA",
                        "",
                        "",
                        null,
                        "",
                        "",
                        "M1",
                        plain.source()));
        medication("A1", "Amoxicillin", "active");

        assertThat(kinds()).containsExactly("cross-reaction high");
    }

    /** ⚠ RXO says amoxicillin, and RXE a code of the pharmacy. */
    @Test
    void whatWasAskedForIsScreenedBesideWhatIsGivenInstead() {
        allergic("Penicillin", "", "DA", "");
        medication(
                "A1",
                new CodingView("77", "House mix", "L"),
                beside(List.of(), List.of(new CodingView("723", "Amoxicillin", "RXNORM"))));

        assertThat(kinds()).containsExactly("allergy high", "not-screened moderate");
    }

    @Test
    void whatWasAskedForAndIsReplacedConflictsNotWithWhatIsGiven() {
        medication(
                "A1",
                new CodingView("", "Warfarin 5 mg", ""),
                beside(List.of(), List.of(new CodingView("", "Ibuprofen", ""))));
        medication(
                "A2",
                new CodingView("", "Amoxicillin 500 mg capsule", ""),
                beside(List.of(), List.of(new CodingView("", "Zorblaxin", ""))));

        assertThat(kinds()).isEmpty();
    }

    @Test
    void eachComponentOfACompoundIsScreenedAndTheUnknownOneSaysSo() {
        allergic("Penicillin", "", "DA", "");
        medication(
                "A1",
                new CodingView("", "Potassium chloride 20 mEq", ""),
                new Supporting(
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        null,
                        List.of(),
                        List.of(),
                        List.of(
                                component("Ampicillin"),
                                component("Zorblaxin"),
                                component("Sodium chloride 0.9 %"))));

        assertThat(alerts())
                .extracting(one -> one.kind().word() + " " + one.drug())
                .containsExactly(
                        "allergy Ampicillin, in Potassium chloride 20 mEq",
                        "not-screened Zorblaxin, in Potassium chloride 20 mEq");
    }

    @ParameterizedTest
    @CsvSource({
        "CT abdomen, CONTRAST, Y, allergy high",
        "CT abdomen, IV contrast?, Yes, allergy high",
        "CT abdomen, Contrast agent, Omnipaque 350, allergy high",
        "CT abdomen without contrast, CONTRAST, Y, allergy high",
        "CT abdomen, TECHNIQUE, with and without contrast, allergy high",
        "CT abdomen, CONTRAST, N,",
        "CT abdomen, CONTRAST, No,",
        "CT abdomen, IVCONTRAST, Not needed,",
        "CT abdomen, CONTRAST, '', not-screened moderate",
        "CT abdomen, Prior reaction to contrast, Y, not-screened moderate",
        "CT abdomen, Contrast allergy, Y, not-screened moderate",
        "MRI brain, CONTRAST, Y,",
        "CT abdomen, Pregnant, Y, not-screened moderate",
    })
    void anAnswerAtOrderEntrySaysWhetherContrastIsGiven(
            String service, String test, String value, @Nullable String wanted) {
        allergic("Iodinated contrast", "", "DA", "");
        imaging("I1", service, "active", answered(test, value));

        assertThat(kinds()).containsExactlyElementsOf(wanted == null ? List.of() : List.of(wanted));
    }

    @Test
    void contrastInTheOtherNameOfAServiceCounts() {
        allergic("Iodinated contrast", "", "DA", "");
        imaging(
                "I1",
                "CT abdomen",
                "active",
                beside(List.of(new CodingView("", "CT abdomen W contrast", "")), List.of()));

        assertThat(kinds()).containsExactly("allergy high");
    }

    /** ⚠ A name of two ingredients stands under both. */
    @ParameterizedTest
    @CsvSource({
        "Acetaminophen, Percocet 5/325",
        "Valsartan, Entresto 24/26",
        "Acetaminophen, Vicodin",
        "Hydrocodone, Norco 10/325",
        "Losartan, Hyzaar",
        "Hydrochlorothiazide, Zestoretic",
        "Fluticasone, Advair Diskus",
        "Salmeterol, Advair Diskus",
        "Clavulanic acid, Augmentin 875",
        "Sulbactam, Unasyn 3 g",
        "Trimethoprim, Bactrim DS",
        "Codeine, 'Tylenol #3'",
        "Valsartan, Diovan HCT",
    })
    void aTradeNameOfACombinationIsScreenedForEachOfItsIngredients(String allergy, String drug) {
        allergic(allergy, "", "DA", "");
        medication("A1", drug, "active");

        assertThat(kinds()).containsExactly("allergy high");
    }

    /** ⚠ Never silence. */
    @Test
    void anUnknownDrugIsNotScreened() {
        medication("A1", "Zorblaxin 5 mg", "active");

        assertThat(kinds()).containsExactly("not-screened moderate");
    }

    @Test
    void anUnknownPartOfACombinationIsNotScreenedAndTheRestIs() {
        allergic("Penicillin", "", "DA", "");
        medication("A1", "amoxicillin 500 MG / zorblaxin 5 MG Oral Tablet", "active");

        assertThat(kinds()).containsExactly("allergy high", "not-screened moderate");
    }

    @Test
    void strengthsAndFormsAreNoPartOfACombination() {
        medication("A1", "amoxicillin 250 mg/5 ml oral suspension", "active");
        medication("A2", "morphine 10 mg/tablet", "active");

        assertThat(kinds()).isEmpty();
    }

    @Test
    void anAllergyToADrugThatNobodyKnowsSaysSoOnce() {
        allergic("Zorblaxin", "", "DA", "");
        medication("A1", "Amoxicillin", "active");
        medication("A2", "Warfarin", "active");

        assertThat(kinds()).containsExactly("not-screened low");
    }

    @Test
    void foodIsNoDrugAndAnAllergyThatWasAnErrorIsNone() {
        allergic("Peanuts", "SV", "FA", "");
        allergic("Penicillin", "SV", "DA", "E");
        medication("A1", "Amoxicillin", "active");

        assertThat(kinds()).isEmpty();
    }

    @Test
    void whatIsOverRaisesNoAlert() {
        allergic("Penicillin", "", "DA", "");
        medication("A1", "Amoxicillin", "cancelled");
        medication("A2", "Amoxicillin", "completed");
        medication("A3", new CodingView("", "Amoxicillin", ""), "active", NOW.minusSeconds(86_400));

        assertThat(kinds()).isEmpty();
    }

    @Test
    void anOrderOnHoldMayGoOnAndRaisesItsAlert() {
        allergic("Penicillin", "", "DA", "");
        medication("A1", "Amoxicillin", "on-hold");

        assertThat(kinds()).containsExactly("allergy high");
    }

    @Test
    void twoThatConflictRaiseOneAlertAtTheLater() {
        medication("A1", "Warfarin 5 mg", "active");
        medication("A2", "Ibuprofen 400 mg", "active");

        assertThat(alerts())
                .singleElement()
                .satisfies(
                        alert -> {
                            assertThat(alert.kind()).isEqualTo(Alert.Kind.INTERACTION);
                            assertThat(alert.number()).isEqualTo("A2");
                            assertThat(alert.cause()).isEqualTo("Warfarin 5 mg");
                            assertThat(alert.rule()).startsWith("screening/interactions.csv:");
                        });
    }

    @ParameterizedTest
    @CsvSource({
        "CT abdomen with contrast, 1",
        "CT abdomen without contrast, 0",
        "CT abdomen w/o contrast, 0",
        "CT head non-contrast, 0",
        "CT head noncontrast, 0",
        "CT abdomen with and without contrast, 1",
        "CT abdomen W/WO contrast, 1",
        "CT abdomen without then with contrast, 1",
        "CT abdomen WO and W contrast, 1",
        "CT ABD PELVIS W WO CONTRAST, 1",
        "CT CHEST W W/O CONTRAST, 1",
        "'CT CHEST WITH, WITHOUT CONTRAST', 1",
        "CT CHEST W-WO CONTRAST, 1",
        "CT CHEST W&W/O CONTRAST, 1",
        "CT CHEST W AND/OR WO CONTRAST, 1",
        "CT CHEST W PLUS W/O IV CONTRAST, 1",
        "CT CHEST WITH AND NON CONTRAST, 1",
        "CT CHEST WO/W CONTRAST, 1",
        "'CT CHEST WO, THEN W CONTRAST', 1",
        "CT CHEST WO CONTRAST AND W, 1",
        "CT chest with no contrast, 0",
        "CT chest W/O W/O contrast, 0",
        "CT chest without contrast with 3D images, 0",
        "'CT chest without contrast, and with 3D images', 0",
        "CT chest W/O IV contrast, 0",
        "MRI brain with contrast, 0",
        "Contrast study, 1",
        "CT ABD W/WO, 1",
        "CT ABD WWO, 1",
        "CT ABD W & W/OUT, 1",
        "CT ABD WITHOUT/WITH, 1",
        "CT CHEST W, 1",
        "CT CHEST W/, 1",
        "CT CHEST (W IV), 1",
        "CT CHEST W CON, 1",
        "CT CHEST W DYE, 1",
        "CT CHEST ENHANCED, 1",
        "CTA CHEST, 1",
        "CT ANGIO CHEST, 1",
        "Coronary angiogram, 1",
        "Cerebral arteriography, 1",
        "IVP, 1",
        "W CONTRAST, 1",
        "CT CHEST WITHOUT CONTRAST, 0",
        "CT CHEST W/OUT CONTRAST, 0",
        "CT CHEST w/out, 0",
        "CT HEAD W/O, 0",
        "CT HEAD WO IV, 0",
        "CT HEAD (WITHOUT), 0",
        "CT HEAD NONCON, 0",
        "CT HEAD UNENHANCED, 0",
        "CTA CHEST W/O CONTRAST, 0",
        "XR CHEST 2 VIEWS, 0",
        "CBC W DIFF, 0",
        "CBC W/O DIFF, 0",
        "CT/NG PCR W, 0",
        "Fluorescein angiography, 0",
        "Mammogram, 0",
        "Echocardiogram, 0",
        "Sodium, 0",
    })
    void imagingWithContrastIsHeldAgainstAnAllergyToIt(String service, int wanted) {
        allergic("IV contrast", "SV", "DA", "");
        imaging("I1", service, "active");

        assertThat(kinds()).hasSize(wanted);
    }

    /** ⚠ What is filled with contrast to be seen names none. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Cardiac catheterization",
                "LEFT HEART CATH",
                "LEFT AND RIGHT HEART CATHETERIZATION",
                "CATHETERIZATION, HEART",
                "Cath left heart",
                "Coronary cath",
                "LHC",
                "PCI",
                "Coronary angioplasty",
                "Angiocardiography",
                "Left ventriculogram",
                "Aortogram",
                "Uterine artery embolization",
                "Venography leg",
                "Inferior venacavogram",
                "Lymphangiography",
                "Lymphography",
                "ERCP",
                "Endoscopic retrograde cholangiopancreatography",
                "Percutaneous cholangiography",
                "T-tube cholangiogram",
                "IVU",
                "Intravenous urogram",
                "Retrograde pyelography",
                "Nephrostogram",
                "Cystogram",
                "VCUG",
                "Voiding cystourethrography",
                "Urethrocystography",
                "Retrograde urethrogram",
                "HSG",
                "Hysterosalpingogram",
                "Myelogram",
                "Discography L4-5",
                "Arthrogram shoulder",
                "Arthrography of knee",
                "Sialogram",
                "Sialography",
                "Fistulogram",
                "Fistulography",
                "Sinogram",
                "Dacryocystography",
                "Galactogram",
                "Defecography"
            })
    void whatIsSeenByContrastAloneIsDoneWithIt(String service) {
        allergic("Omnipaque", "SV", "DA", "");
        imaging("I1", service, "active");
        assertThat(kinds()).singleElement().asString().contains("high");

        allergies.clear();
        allergic("Gadolinium", "SV", "DA", "");
        assertThat(kinds()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Right heart catheterization", "RHC"})
    void aCatheterOfTheRightHeartIsDoneEitherWay(String service) {
        allergic("Omnipaque", "SV", "DA", "");
        imaging("I1", service, "active");

        assertThat(kinds()).containsExactly("not-screened moderate");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Urinary catheterization",
                "Urine, catheterized",
                "Catheter tip culture",
                "CATH URINE CULTURE",
                "Mammogram",
                "Electrocardiogram",
                "Cardiac monitoring",
                "Heart ultrasound",
                "Bone densitography",
                "Cystometrogram",
                "Hemogram",
                "Antibiogram",
                "Spirogram",
                "Electroneurography"
            })
    void whatOnlySoundsLikeItIsNot(String service) {
        allergic("Omnipaque", "SV", "DA", "");
        imaging("I1", service, "active");

        assertThat(kinds()).isEmpty();
    }

    @Test
    void aMagneticPictureOfWhatIsFilledIsDoneEitherWay() {
        allergic("Gadobutrol", "", "DA", "");
        imaging("I1", "MR arthrogram shoulder", "active");
        imaging("I2", "MR defecography", "active");
        imaging("I3", "MRCP", "active");

        assertThat(kinds())
                .containsExactly(
                        "not-screened moderate", "not-screened moderate", "not-screened moderate");
    }

    /** ⚠ Whether contrast is given is not told: said only to whom it would harm. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "CT ABDOMEN",
                "CT HEAD W 3D RECON",
                "CT HEAD W/O SEDATION",
                "cat scan of the chest",
                "Computed tomography of abdomen"
            })
    void whereTheNameDoesNotTellWhoWouldBeHarmedIsNotScreened(String service) {
        imaging("I1", service, "active");
        assertThat(kinds()).isEmpty();

        allergic("IV contrast", "SV", "DA", "");
        assertThat(kinds()).containsExactly("not-screened moderate");

        allergies.clear();
        medication("A1", "Metformin 500 mg", "active");
        assertThat(kinds()).containsExactly("not-screened moderate");
    }

    @Test
    void magneticAngiographyIsDoneEitherWay() {
        allergic("Gadobutrol", "", "DA", "");
        imaging("I1", "MRA HEAD", "active");
        imaging("I2", "MR angiography neck W", "active");
        imaging("I3", "MRI BRAIN W/O", "active");

        assertThat(alerts())
                .extracting(a -> a.number() + " " + a.kind().word())
                .containsExactlyInAnyOrder("I1 not-screened", "I2 cross-reaction");
    }

    /** IAM-17, table 0438, by its code or its words. */
    @ParameterizedTest
    @CsvSource({
        "I, 0",
        "i, 0",
        "Inactive, 0",
        "Confirmed but inactive, 0",
        "E, 0",
        "Erroneous, 0",
        "C, 1",
        "U, 1",
        "P, 1",
        "S, 1",
        "D, 1",
        "Doubt raised, 1",
        "'', 1"
    })
    void anAllergyThatIsInactiveOrErroneousAlertsNobody(String status, int wanted) {
        allergic("Penicillin", "SV", "DA", status);
        medication("A1", "Amoxicillin", "active");

        assertThat(kinds()).hasSize(wanted);
    }

    /** A name may be as long as a field may be. */
    @Test
    void aLongNameIsReadInOnePass() {
        var name = " w" + "w/ and ".repeat(40_000) + "without,".repeat(40_000) + " no contrast";

        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> Contrast.of(name));
    }

    @Test
    void gadoliniumIsAnotherContrast() {
        allergic("Gadobutrol", "", "DA", "");
        imaging("I1", "MRI brain with contrast", "active");
        imaging("I2", "CT abdomen with contrast", "active");

        assertThat(alerts()).extracting(Alert::number).containsExactly("I1");
    }

    @Test
    void metforminAndIodinatedContrastMeet() {
        medication("A1", "Metformin 500 mg", "active");
        imaging("I1", "CT abdomen with contrast", "active");

        assertThat(kinds()).containsExactly("interaction moderate");
    }

    @Test
    void theSameAllergyOnTwoListsIsOneAlertWithBothSources() {
        allergic("Penicillin", "", "DA", "");
        allergies.add(allergy("Penicillins", "", "DA", "", "otherlab", 78));
        medication("A1", "Cefalexin", "active");

        assertThat(alerts())
                .singleElement()
                .satisfies(alert -> assertThat(alert.because()).hasSize(2));
    }

    /** DESIGN §2: any order of arrival. */
    @Test
    void theOrderInWhichThingsAreReadChangesNothing() {
        allergic("Penicillin", "", "DA", "");
        allergic("Sulfa", "SV", "DA", "");
        medication("A1", "Amoxicillin", "active");
        medication("A2", "Bactrim", "active");
        medication("A3", "Warfarin", "active");
        var wanted = alerts();
        assertThat(wanted).hasSize(3);

        allergies.addFirst(allergies.removeLast());
        medication.addFirst(medication.removeLast());

        assertThat(alerts()).isEqualTo(wanted);
    }

    /** ⚠ What was overridden as moderate was not overridden as high. */
    @Test
    void aWorseAlertIsAnotherOne() {
        allergic("Penicillin", "", "DA", "");
        medication("A1", "Ceftriaxone", "active");
        var before = alerts().getFirst().key();

        allergies.clear();
        allergic("Penicillin", "SV", "DA", "");

        assertThat(alerts().getFirst().key()).isNotEqualTo(before);
    }

    @Test
    void withoutTablesThereAreNoAlerts() {
        allergic("Penicillin", "", "DA", "");
        medication("A1", "Amoxicillin", "active");

        assertThat(Screening.of(PERSON, allergies, medication, orders, Tables.NONE, NOW)).isEmpty();
    }

    /** ⚠ TQ1-8 without a time of day: the order holds until that day, month or year is over. */
    @ParameterizedTest
    @CsvSource({
        "20261103,     2026-11-03T05:00:00Z, 2026-11-03T20:00:00Z, false",
        "20261103,     2026-11-03T05:00:00Z, 2026-11-04T05:00:01Z, true",
        "202611,       2026-11-01T05:00:00Z, 2026-11-28T00:00:00Z, false",
        "2026,         2026-01-01T05:00:00Z, 2026-11-28T00:00:00Z, false",
        "2025,         2025-01-01T05:00:00Z, 2026-11-28T00:00:00Z, true",
        "202611030800, 2026-11-03T13:00:00Z, 2026-11-03T13:00:01Z, true"
    })
    void anOrderHoldsUntilItsEndIsOver(String sent, Instant ends, Instant now, boolean over) {
        medication("A1", new CodingView("", "Warfarin", ""), "active", ends, sent);

        assertThat(medication.getFirst().isOver(now)).isEqualTo(over);
    }

    // ---------------------------------------------------------------- the patient

    private List<Alert> alerts() {
        return Screening.of(PERSON, allergies, medication, orders, TABLES, NOW);
    }

    private List<String> kinds() {
        return alerts().stream().map(a -> a.kind().word() + " " + a.severity().word()).toList();
    }

    private void allergic(String substance, String severity, String category, String status) {
        allergies.add(allergy(substance, severity, category, status, "emr", 77));
    }

    private static AllergyView allergy(
            String substance,
            String severity,
            String category,
            String status,
            String partner,
            long entry) {
        return new AllergyView(
                entry,
                PERSON,
                true,
                new CodingView("", substance, ""),
                List.of(),
                category,
                severity,
                "",
                null,
                "",
                status,
                "M1",
                new Source(partner, entry, "AL1[1]", NOW, NOW));
    }

    private void medication(String number, String drug, String state) {
        medication(number, new CodingView("", drug, ""), state, null);
    }

    private void medication(String number, CodingView drug, Supporting beside) {
        medication(number, drug, "active", null, "", beside);
    }

    private static Supporting beside(List<CodingView> alternates, List<CodingView> asked) {
        return new Supporting(
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null,
                alternates,
                asked,
                List.of());
    }

    private static Supporting answered(String test, String value) {
        return new Supporting(
                List.of(
                        new Supporting.Observed(
                                List.of(new CodingView("Q1", test, "L")),
                                value,
                                "",
                                "",
                                List.of(),
                                "",
                                "",
                                "",
                                "",
                                List.of(),
                                "F",
                                null)),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null,
                List.of(),
                List.of(),
                List.of());
    }

    private static Supporting.Component component(String name) {
        return new Supporting.Component(List.of(new CodingView("", name, "")), "1 g");
    }

    private void medication(String number, CodingView drug, String state, @Nullable Instant ends) {
        medication(number, drug, state, ends, "");
    }

    private void medication(
            String number,
            CodingView drug,
            String state,
            @Nullable Instant ends,
            String endsAsSent) {
        medication(number, drug, state, ends, endsAsSent, Supporting.NONE);
    }

    private void medication(
            String number,
            CodingView drug,
            String state,
            @Nullable Instant ends,
            String endsAsSent,
            Supporting beside) {
        medication.add(
                new MedicationOrderView(
                        medication.size() + 1,
                        PERSON,
                        true,
                        drug,
                        number,
                        "",
                        state,
                        "NW",
                        "",
                        "",
                        "",
                        "",
                        "",
                        "",
                        "",
                        "",
                        "",
                        null,
                        "",
                        ends,
                        endsAsSent,
                        ordered(number),
                        "",
                        "Ordway, Olga",
                        "",
                        "",
                        beside,
                        source(number, "RXO[1]")));
    }

    private void imaging(String number, String service, String state) {
        imaging(number, service, state, Supporting.NONE);
    }

    private void imaging(String number, String service, String state, Supporting beside) {
        orders.add(
                new PlacedOrderView(
                        orders.size() + 100,
                        PERSON,
                        true,
                        new CodingView("IMG", service, "L"),
                        number,
                        "",
                        "",
                        state,
                        "NW",
                        "",
                        "",
                        ordered(number),
                        "",
                        null,
                        "",
                        null,
                        "",
                        "Ordway, Olga",
                        "",
                        "",
                        "",
                        beside,
                        source(number, "OBR[1]"),
                        ""));
    }

    private static Instant ordered(String number) {
        return NOW.minusSeconds(3_600).plusSeconds(number.hashCode() & 63);
    }

    private static Source source(String number, String path) {
        return new Source("emr", 10 + (number.hashCode() & 63), path, NOW, NOW);
    }
}
