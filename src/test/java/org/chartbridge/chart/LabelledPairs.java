package org.chartbridge.chart;

import org.chartbridge.chart.PatientState.KnownRecord;
import org.jspecify.annotations.Nullable;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * Pairs of a claim and what is known under its numbers, each with the truth: whether they are the
 * same person. Written from what clinics and laboratories meet, not from the rule; a seed gives
 * each kind other names and dates. Nobody in it is real.
 */
final class LabelledPairs {

    /**
     * @param known the record of the number that names it; null when there is none
     * @param others records of further trusted numbers
     */
    record Pair(
            String kind,
            boolean same,
            PatientClaim claim,
            @Nullable KnownRecord known,
            List<KnownRecord> others) {}

    private record Somebody(String family, String given, String suffix, String born) {}

    /** One way in which a message and the chart meet. */
    private interface Kind {
        Pair make(LabelledPairs from, String name);
    }

    private record Named(String name, Kind kind) {}

    private static final String[] FAMILIES = {
        "DOE",
        "ROE",
        "Smith-Jones",
        "O'Brien",
        "Müller",
        "García",
        "Nguyen",
        "Kowalska",
        "van Dyk",
        "Okafor",
        "Haddad",
        "Lindqvist"
    };
    private static final String[] GIVENS = {
        "Jane",
        "Sam",
        "Mary Ann",
        "José",
        "Anna",
        "Alice",
        "Peter",
        "Ngozi",
        "Björn",
        "Lena",
        "Omar",
        "Ivy"
    };

    /** Same and different persons in turn; as many of each kind as of the others. */
    private static final List<Named> KINDS =
            List.of(
                    // The same person.
                    new Named("all agrees", (p, n) -> p.same(n, p.somebody(), s -> s)),
                    new Named(
                            "capitals and accents",
                            (p, n) -> p.same(n, p.somebody(), LabelledPairs::plain)),
                    new Named(
                            "a second given name less",
                            (p, n) -> p.same(n, p.with("Mary Ann"), s -> p.given(s, "Mary"))),
                    new Named(
                            "found by a trusted number",
                            (p, n) -> p.byOther(n, true, p.somebody(), s -> s)),
                    new Named(
                            "married name",
                            (p, n) -> p.same(n, p.somebody(), s -> p.family(s, "Brandt"))),
                    new Named(
                            "day and month swapped",
                            (p, n) ->
                                    p.same(n, p.born("1971-02-03"), s -> p.born(s, "1971-03-02"))),
                    new Named(
                            "one digit of the birth date wrong",
                            (p, n) ->
                                    p.same(n, p.born("1971-02-03"), s -> p.born(s, "1971-02-08"))),
                    new Named(
                            "birth date not sent",
                            (p, n) -> p.same(n, p.somebody(), s -> p.born(s, ""))),
                    new Named(
                            "year only",
                            (p, n) -> p.same(n, p.born("1971-02-03"), s -> p.born(s, "1971"))),
                    new Named("initial", (p, n) -> p.same(n, p.with("Jane"), s -> p.given(s, "J"))),
                    new Named(
                            "nickname",
                            (p, n) -> p.same(n, p.with("Robert"), s -> p.given(s, "Bob"))),
                    new Named(
                            "suffix not sent",
                            (p, n) ->
                                    p.same(
                                            n,
                                            p.suffix("Jr"),
                                            s ->
                                                    new Somebody(
                                                            s.family(), s.given(), "", s.born()))),
                    // Two persons.
                    new Named(
                            "twins, one digit of the number wrong",
                            (p, n) -> p.two(n, p.with("Anna"), x -> x, s -> p.given(s, "Alice"))),
                    new Named(
                            "twins with the same initial",
                            (p, n) -> p.two(n, p.with("Anna"), x -> x, s -> p.given(s, "A"))),
                    new Named("twins marked by PID-24", (p, n) -> p.twin(n)),
                    new Named(
                            "father and son",
                            (p, n) ->
                                    p.two(
                                            n,
                                            p.suffix("Sr"),
                                            x -> x,
                                            s ->
                                                    new Somebody(
                                                            s.family(),
                                                            s.given(),
                                                            "Jr",
                                                            p.later(s.born(), 27)))),
                    new Named(
                            "father and son born on the same day of the year",
                            (p, n) ->
                                    p.two(
                                            n,
                                            p.suffix("Sr"),
                                            x -> x,
                                            s ->
                                                    new Somebody(
                                                            s.family(),
                                                            s.given(),
                                                            "Jr",
                                                            s.born()))),
                    new Named(
                            "father and son, birth date not sent",
                            (p, n) ->
                                    p.two(
                                            n,
                                            p.suffix("Sr"),
                                            x -> x,
                                            s -> new Somebody(s.family(), s.given(), "", ""))),
                    new Named(
                            "laboratory number used again",
                            (p, n) -> p.two(n, p.somebody(), x -> x, s -> p.another(s))),
                    new Named(
                            "number mistyped, a namesake",
                            (p, n) ->
                                    p.two(
                                            n,
                                            p.somebody(),
                                            x -> x,
                                            s -> p.born(s, p.later(s.born(), 3)))),
                    new Named(
                            "number mistyped, the same birthday",
                            (p, n) -> p.two(n, p.somebody(), x -> x, s -> p.family(s, "Brandt"))),
                    new Named(
                            "accession number in PID-3",
                            (p, n) -> p.two(n, p.somebody(), x -> x, s -> p.another(s))),
                    new Named(
                            "newborns of one day",
                            (p, n) ->
                                    p.two(
                                            n,
                                            new Somebody("DOE", "Baby Boy", "", "2026-11-01"),
                                            x -> x,
                                            s -> s)),
                    new Named(
                            "newborn under the mother's number",
                            (p, n) ->
                                    p.two(
                                            n,
                                            p.somebody(),
                                            x -> x,
                                            s ->
                                                    new Somebody(
                                                            s.family(),
                                                            "Baby Girl",
                                                            "",
                                                            "2026-11-01"))),
                    new Named(
                            "unknown persons of one night",
                            (p, n) ->
                                    p.two(
                                            n,
                                            new Somebody("UNKNOWN", "Male", "", "1900-01-01"),
                                            x -> x,
                                            s -> s)),
                    new Named(
                            "test patients",
                            (p, n) ->
                                    p.two(
                                            n,
                                            new Somebody("ZZTEST", "Patient", "", "1980-01-01"),
                                            x -> x,
                                            s -> s)),
                    new Named("name and birth date only", (p, n) -> p.noNumber(n)),
                    new Named("numbers of two patients", (p, n) -> p.mixed(n)),
                    new Named(
                            "somebody else's trusted number",
                            (p, n) -> p.byOther(n, false, p.somebody(), p::another)),
                    new Named(
                            "the twin's trusted number",
                            (p, n) ->
                                    p.byOther(n, false, p.with("Anna"), s -> p.given(s, "Alice"))));

    private final Random random;
    private int number;

    private LabelledPairs(long seed) {
        random = new Random(seed);
    }

    static List<Pair> of(long seed, int count) {
        var from = new LabelledPairs(seed);
        var pairs = new ArrayList<Pair>();
        for (int i = 0; i < count; i++) {
            var kind = KINDS.get(i % KINDS.size());
            pairs.add(kind.kind().make(from, kind.name()));
        }
        return pairs;
    }

    // ------------------------------------------------------------ people

    private interface Change {
        Somebody of(Somebody somebody);
    }

    private Somebody somebody() {
        return new Somebody(one(FAMILIES), one(GIVENS), "", day());
    }

    private Somebody with(String given) {
        return new Somebody(one(FAMILIES), given, "", day());
    }

    private Somebody suffix(String suffix) {
        return new Somebody(one(FAMILIES), one(GIVENS), suffix, day());
    }

    private Somebody born(String date) {
        return new Somebody(one(FAMILIES), one(GIVENS), "", date);
    }

    private Somebody another(Somebody than) {
        var other = somebody();
        return other.family().equals(than.family()) || other.born().equals(than.born())
                ? another(than)
                : other;
    }

    private Somebody given(Somebody of, String given) {
        return new Somebody(of.family(), given, of.suffix(), of.born());
    }

    private Somebody family(Somebody of, String family) {
        return new Somebody(family, of.given(), of.suffix(), of.born());
    }

    private Somebody born(Somebody of, String date) {
        return new Somebody(of.family(), of.given(), of.suffix(), date);
    }

    private static Somebody plain(Somebody of) {
        return new Somebody(
                Names.letters(of.family()),
                of.given().toUpperCase(java.util.Locale.ROOT).replace("É", "E").replace("Ö", "O"),
                of.suffix(),
                of.born());
    }

    private String later(String date, int years) {
        return LocalDate.parse(date).plusYears(years).toString();
    }

    private String one(String[] of) {
        return of[random.nextInt(of.length)];
    }

    private String day() {
        return LocalDate.of(
                        1930 + random.nextInt(80), 1 + random.nextInt(12), 1 + random.nextInt(28))
                .toString();
    }

    // ------------------------------------------------------------ pairs

    private Pair same(String kind, Somebody known, Change sent) {
        var key = key("CLINIC");
        return new Pair(
                kind, true, claim(key, sent.of(known), false), record(key, known), List.of());
    }

    private Pair two(String kind, Somebody known, Change asKnown, Change sent) {
        var key = key("CLINIC");
        return new Pair(
                kind,
                false,
                claim(key, sent.of(known), false),
                record(key, asKnown.of(known)),
                List.of());
    }

    private Pair twin(String kind) {
        var key = key("CLINIC");
        var known = with("Anna");
        return new Pair(
                kind, false, claim(key, given(known, ""), true), record(key, known), List.of());
    }

    private Pair byOther(String kind, boolean same, Somebody known, Change sent) {
        var trusted = key("CLINIC");
        var claim = claim(key("NORTHLAB"), sent.of(known), false);
        return new Pair(kind, same, claim, null, List.of(record(trusted, known)));
    }

    private Pair noNumber(String kind) {
        return new Pair(kind, false, claim(key("NORTHLAB"), somebody(), false), null, List.of());
    }

    private Pair mixed(String kind) {
        var known = somebody();
        return new Pair(
                kind,
                false,
                claim(key("NORTHLAB"), known, false),
                null,
                List.of(record(key("CLINIC"), known), record(key("REGION"), another(known))));
    }

    private RecordKey key(String authority) {
        return new RecordKey(authority, "MR", "N" + ++number);
    }

    private KnownRecord record(RecordKey key, Somebody who) {
        return new KnownRecord(
                ++number,
                new UUID(0, number),
                key,
                new PersonName(who.family(), who.given(), "", who.suffix()),
                who.born(),
                0,
                null,
                new Claimed(Claimed.FIRST, 0, false));
    }

    private static PatientClaim claim(RecordKey key, Somebody who, boolean multipleBirth) {
        return new PatientClaim(
                key,
                "PID-3",
                List.of(key),
                new PersonName(who.family(), who.given(), "", who.suffix()),
                who.born(),
                "",
                "",
                "",
                false,
                multipleBirth,
                List.of());
    }
}
