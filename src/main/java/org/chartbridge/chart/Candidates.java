package org.chartbridge.chart;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.UUID;

/** Whom a claim could mean: patients who share a number, a name or a birth date with it. */
@Repository
public class Candidates {
    /** Candidates that are shown, the likest. */
    public static final int MAX_CANDIDATES = 8;

    /** Records that are compared at most, of each way to find them. */
    private static final int MAX_COMPARED = 200;

    private final JdbcClient jdbc;

    Candidates(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A patient, by the record that is most like the claim. */
    public record Candidate(UUID person, RecordView record, Likeness likeness) {
        @Override
        public String toString() {
            return "Candidate[" + record.id() + "]";
        }
    }

    /** The likest first. */
    public List<Candidate> of(PatientClaim claim) {
        var best = new LinkedHashMap<UUID, Candidate>();
        jdbc.sql(
                        """
                        select r.*
                        from (
                            (select id from patient_record where id_value = any(:values) limit :most)
                            union
                            (select r.id
                             from unnest(:values) k(value)
                             join patient_record r
                               on r.identifiers @> jsonb_build_array(jsonb_build_object('value', k.value))
                             limit :most)
                            union
                            (select id from patient_record
                             where lower(family_name) like any(:families) limit :most)
                            union
                            (select id from patient_record
                             where lower(family_name) = lower(:given) and :given <> '' limit :most)
                            union
                            (select id from patient_record
                             where birth_date = any(:born) limit :most)
                        ) found
                        join patient_record r on r.id = found.id
                        order by r.id
                        """)
                .param(
                        "values",
                        claim.identifiers().stream().map(RecordKey::value).toArray(String[]::new))
                .param("families", likeNames(claim.name().family()))
                .param("given", claim.name().given())
                .param("born", dates(claim.birthDate()))
                .param("most", MAX_COMPARED)
                .query(
                        row -> {
                            var record = ChartRows.record(row);
                            var one =
                                    new Candidate(
                                            row.getObject("person_id", UUID.class),
                                            record,
                                            Likeness.of(claim, record));
                            best.merge(one.person(), one, Candidates::liker);
                        });
        return best.values().stream()
                .filter(candidate -> candidate.likeness().score() > 0)
                .sorted(
                        Comparator.comparingInt(
                                        (Candidate candidate) -> -candidate.likeness().score())
                                .thenComparingLong(candidate -> candidate.record().id()))
                .limit(MAX_CANDIDATES)
                .toList();
    }

    /** A name, and each part of a double one, wherever it stands in the other. */
    private static String[] likeNames(String family) {
        var names = new TreeSet<String>();
        for (var part : (family + " " + family.replace('-', ' ')).split("\\s+", -1))
            if (part.length() > 2)
                names.add(
                        "%"
                                + part.toLowerCase(Locale.ROOT).replaceAll("([\\\\%_])", "\\\\$1")
                                + "%");
        return names.toArray(String[]::new);
    }

    /** A date, and what it is when day and month changed places. */
    private static String[] dates(String birthDate) {
        if (birthDate.isEmpty()) return new String[0];
        if (birthDate.length() < 10) return new String[] {birthDate};
        return new String[] {
            birthDate,
            birthDate.substring(0, 4) + birthDate.substring(7, 10) + birthDate.substring(4, 7)
        };
    }

    private static Candidate liker(Candidate one, Candidate other) {
        return one.likeness().score() >= other.likeness().score() ? one : other;
    }
}
