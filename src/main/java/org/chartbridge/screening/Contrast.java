package org.chartbridge.screening;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which contrast an imaging service is done with, as far as its name (OBR-4.2) tells. The patterns
 * run in one pass over the text: no part of one can match another's characters.
 *
 * @param agents classes of the tables; both where the name doesn't tell; none where none is given
 * @param said whether the name says that contrast is given; else it may be
 */
record Contrast(List<String> agents, boolean said) {
    static final String IODINATED = "iodinated contrast";
    static final String GADOLINIUM = "gadolinium contrast";

    /**
     * Finds in PostgreSQL, case ignored, every name that may have agents; and others.
     *
     * @see #of
     */
    static final String MAY_BE =
            "contrast|gadolinium|enhanced|\\y(ct|cta|ctv|cat|mr|mri|mra|mrv|mre|ivp|ivu|ercp|vcug|mcug|hsg|lhc|rhc|pci)\\y|tomograph|magnetic"
                + "|gram|graphy|\\ycath|angioplast|emboli[sz]";

    static final Contrast NONE = new Contrast(List.of(), false);

    private static final Pattern SAID = Pattern.compile("\\b(contrast|gadolinium)\\b");

    /** What is done with contrast often, or may be. */
    private static final Pattern SECTIONS =
            Pattern.compile(
                    "\\b(ct|ctv|cat[ -]scan|tomograph\\w*+|mri|mr|mra|mrv|mre|magnetic["
                        + " -]resonance|mrcp|rhc|right[ -]heart[ -]cath(?:eteri[sz]ation)?)\\b");

    /**
     * What is filled with it to be seen (angiogram, cystography): vessels, the heart, bile and
     * pancreatic ducts, urinary tract, womb, joints, discs, the spinal canal, glands, fistulas,
     * bowel.
     */
    private static final List<String> FILLED =
            List.of(
                    "angio",
                    "angiocardio",
                    "arterio",
                    "aorto",
                    "veno",
                    "cavo",
                    "porto",
                    "phlebo",
                    "lympho",
                    "ventriculo",
                    "cholangio",
                    "pancreato",
                    "uro",
                    "pyelo",
                    "nephro",
                    "nephrosto",
                    "uretero",
                    "urethro",
                    "cysto",
                    "loopo",
                    "salpingo",
                    "hystero",
                    "vaso",
                    "cavernoso",
                    "arthro",
                    "disco",
                    "myelo",
                    "sialo",
                    "galacto",
                    "ducto",
                    "fistulo",
                    "sino",
                    "broncho",
                    "defeco");

    /** Of nerves, without any. */
    private static final String NERVES = "neuro";

    private static final Pattern PICTURE = Pattern.compile("\\b(\\w{1,40})gra(?:ms?|phy|phies)\\b");

    /** Catheters in the heart; not those in the bladder or a vein. */
    private static final String HEART =
            "lhc|pci|angioplast(?:y|ies)"
                    + "|(?:cardiac|coronary|(?<!right[ -])heart"
                    + "|(?:left|lt)[ ,/&-]++(?:and |& )?+(?:right|rt) heart)"
                    + "[ ,/-]++cath(?:s|eteri[sz]ations?+)?+"
                    + "|cath(?:eteri[sz]ation)?+[ ,/-]++(?:of |the |left |lt |and |& ){0,4}+"
                    + "(?:heart|cardiac|coronar\\w*+)";

    /** What can't be done without it, where it is no magnetic resonance; beside what is filled. */
    private static final String FULL =
            "cta|ivp|ivu|ercp|vcug|mcug|hsg|(?:chemo|radio)?+emboli[sz]ations?+|ct[ -]angio\\w*+|"
                    + HEART;

    private static final Pattern ALWAYS = Pattern.compile("\\b(" + FULL + ")\\b");

    /** Other dyes and other senses of the same letters: nothing is known of contrast in these. */
    private static final Pattern OTHER =
            Pattern.compile(
                    "\\b(fluorescein|oct|octa|icg|indocyanine|chlamydia\\w*+|gonorrh\\w*+"
                            + "|ng|gc|pcr|naat|rna|dna|ige|culture|consult\\w*+|surgery)\\b");

    private static final Pattern MAGNETIC =
            Pattern.compile("\\b(mri|mra|mrv|mre|mr|magnetic|gadolinium)\\b");

    private static final Pattern X_RAYS =
            Pattern.compile(
                    "\\b(ct|ctv|cat|computed|tomography|\\w{0,40}gra(?:m|phy)s?+|x-?ray|rhc"
                            + "|right[ -]heart|"
                            + FULL
                            + ")\\b");

    private static final Pattern WITHOUT =
            Pattern.compile(
                    "\\b(without|w/o|wo|no|non)[ -]+(?:iv |i\\.v\\. |intravenous |any )?"
                            + "contrast\\b");

    /** What may stand between with and without: "W WO", "with, then without", "W AND/OR WO". */
    private static final String BETWEEN =
            "[ ,;/&+.\\-]*+(?:(?:and|or|plus|then|followed by)\\b[ ,;/&+.\\-]*+){0,3}";

    /** Both ways, in whatever way that is written ⚠: what is not seen here is not screened. */
    private static final Pattern BOTH =
            Pattern.compile(
                    ("\\bw(?:ith)?+B(?:w/?o|without)\\b"
                                    + "|\\bw(?:ith)?+/?[ ]*+(?:and|or|&|\\+|/)[ ]*+(?:non|no)\\b"
                                    + "|\\b(?:w/?o|without)Bw(?:ith)?+\\b(?!/?o\\b)"
                                    // "WO CONTRAST AND W"; not "without contrast with 3D images".
                                    + "|\\b(?:w/?o|without)[ -]++(?:iv )?contrast[ ,;]*+"
                                    + "(?:and|&|\\+|/|then|followed by)[ ]*+w(?:ith)?+"
                                    + "[ ]*+(?:$|[,;()])")
                            .replace("B", BETWEEN));

    // "CT ABD W", "MRI BRAIN W/", "CT CHEST (W IV)"; not "CT HEAD W 3D".
    private static final String END = "(?: (?:iv|i\\.v\\.|po|oral))?+[ .]*+(?:$|[,;()])";

    private static final Pattern ENDS_WITHOUT = Pattern.compile("\\b(?:without|w/o|wo)" + END);

    private static final Pattern ENDS_WITH = Pattern.compile("\\b(?:with|w)/?+" + END);

    /** The contrast of a service by its name. */
    static Contrast of(String service) {
        var text = plain(service.toLowerCase(Locale.ROOT));
        boolean other = OTHER.matcher(text).find();
        boolean sections = !other && SECTIONS.matcher(text).find();
        boolean always =
                !other
                        && (ALWAYS.matcher(text).find() || isFilled(text))
                        && !MAGNETIC.matcher(text).find();
        if (sections || always) text = spelledOut(text);
        if (SAID.matcher(text).find())
            return isWithout(text) ? NONE : new Contrast(agents(text), true);
        if (!sections && !always) return NONE;
        if (BOTH.matcher(text).find()) return new Contrast(agents(text), true);
        if (ENDS_WITHOUT.matcher(text).find()) return NONE;
        return new Contrast(agents(text), always || ENDS_WITH.matcher(text).find());
    }

    private static boolean isFilled(String text) {
        for (var picture = PICTURE.matcher(text); picture.find(); ) {
            var what = picture.group(1);
            if (!what.endsWith(NERVES) && FILLED.stream().anyMatch(what::endsWith)) return true;
        }
        return false;
    }

    /** One way to write "without"; {@code noncontrast} as two words. */
    private static String plain(String text) {
        return text.replace("w/out", "w/o")
                .replace("w\\o", "w/o")
                .replace("noncontrast", "non contrast");
    }

    /** In the name of an imaging service, what stands for contrast. */
    private static String spelledOut(String text) {
        return text.replaceAll("\\bnon-?con\\b", "non contrast")
                .replaceAll("\\b(?:unenhanced|non-?enhanced)\\b", "without contrast")
                .replaceAll("\\benhanced\\b", "with contrast")
                .replaceAll("\\b(?:cont|contr|cntrst|con|dye|gado?)\\b", "contrast");
    }

    private static boolean isWithout(String text) {
        return WITHOUT.matcher(text).find()
                && !BOTH.matcher(text).find()
                && !SAID.matcher(WITHOUT.matcher(text).replaceAll(" ")).find();
    }

    private static List<String> agents(String text) {
        if (MAGNETIC.matcher(text).find()) return List.of(GADOLINIUM);
        return X_RAYS.matcher(text).find() ? List.of(IODINATED) : List.of(IODINATED, GADOLINIUM);
    }
}
