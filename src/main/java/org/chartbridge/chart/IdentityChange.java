package org.chartbridge.chart;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an ADT message says about which numbers are one patient. It changes no demographics and no
 * facts: these hang on the records, and records are joined.
 *
 * @param patient the patient that the message is about, the one who stays
 * @param master whether the partner says who patients are
 * @param statements at least one
 */
public record IdentityChange(
        String partner,
        PatientClaim patient,
        String trigger,
        boolean master,
        EventTimes times,
        List<IdentityStatement> statements)
        implements ChartUpdate {

    public IdentityChange {
        statements = List.copyOf(statements);
        if (statements.isEmpty()) throw new IllegalArgumentException("it says nothing");
    }

    @Override
    public List<RecordKey> keys() {
        return List.copyOf(claims().keySet());
    }

    @Override
    public boolean isAlone() {
        return true;
    }

    /** Everybody it names, with what it says of them; of a number that went, only the number. */
    Map<RecordKey, PatientClaim> claims() {
        var all = new LinkedHashMap<RecordKey, PatientClaim>();
        all.put(patient.key(), patient);
        for (var statement : statements) {
            switch (statement) {
                case IdentityStatement.Merged(var from, var into, var path) -> {
                    all.putIfAbsent(into.key(), into);
                    all.putIfAbsent(from, PatientClaim.ofNumber(from, path));
                }
                case IdentityStatement.Unpaired(_, var into, _) ->
                        all.putIfAbsent(into.key(), into);
                case IdentityStatement.Linked(var one, var other, _, _) -> {
                    all.putIfAbsent(one.key(), one);
                    all.putIfAbsent(other.key(), other);
                }
                case IdentityStatement.Unlinked(var one, var other, _) -> {
                    all.putIfAbsent(one.key(), one);
                    all.putIfAbsent(other.key(), other);
                }
                case IdentityStatement.Moved(var number, var from, var to, var path) -> {
                    all.putIfAbsent(to.key(), to);
                    all.putIfAbsent(number, PatientClaim.ofNumber(number, path));
                    all.putIfAbsent(from, PatientClaim.ofNumber(from, path));
                }
                case IdentityStatement.VisitMoved(_, var from, var to, var path) -> {
                    all.putIfAbsent(to.key(), to);
                    all.putIfAbsent(from, PatientClaim.ofNumber(from, path));
                }
            }
        }
        return all;
    }

    /** Who had the visit that it moves; a held one may go on when more is known of that patient. */
    public Optional<RecordKey> had() {
        return statements.stream()
                .filter(IdentityStatement.VisitMoved.class::isInstance)
                .map(IdentityStatement.VisitMoved.class::cast)
                .map(IdentityStatement.VisitMoved::from)
                .findFirst();
    }

    /** The visits and accounts that it moves. */
    List<VisitKey> visits() {
        return statements.stream()
                .filter(IdentityStatement.VisitMoved.class::isInstance)
                .map(IdentityStatement.VisitMoved.class::cast)
                .map(IdentityStatement.VisitMoved::visit)
                .toList();
    }

    /** The event only. */
    @Override
    public String toString() {
        return "IdentityChange[" + trigger + "]";
    }
}
