package org.chartbridge.chart;

import org.chartbridge.chart.RegistrationFacts.ItemRow;
import org.chartbridge.chart.RegistrationFacts.ListRow;
import org.chartbridge.chart.RegistrationState.KnownItem;
import org.chartbridge.chart.RegistrationState.KnownList;
import org.chartbridge.chart.RegistrationState.KnownPatient;
import org.chartbridge.chart.RegistrationState.ListScope;
import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Folds what a message says of a list. An item is on the list when it was named after the sender's
 * last whole list, or in it, and not removed since: a rule about the latest times only, so that any
 * order of arrival gives the same list.
 *
 * <p>"None known" is no item and takes none away ⚠: only an empty list does, which a sender says by
 * {@code ""} (HL7-RULES §3).
 */
final class ListFold {
    private final Registration update;
    private final Recording recording;
    private final RegistrationFacts rows;
    private final List<Applied.Remark> remarks;
    private final Moment said;
    private final Map<ListScope, KnownList> ofVisit;
    private final long visitRecordId;
    private KnownPatient patient;

    /**
     * @param ofVisit the lists of the visit that the message is about
     * @param visitRecordId with which number the visit is, and so its lists
     */
    ListFold(
            KnownPatient patient,
            Map<ListScope, KnownList> ofVisit,
            long visitRecordId,
            Registration update,
            Recording recording,
            RegistrationFacts rows,
            List<Applied.Remark> remarks) {
        this.patient = patient;
        this.ofVisit = new LinkedHashMap<>(ofVisit);
        this.visitRecordId = visitRecordId;
        this.update = update;
        this.recording = recording;
        this.rows = rows;
        this.remarks = remarks;
        this.said = Moment.of(Moment.MASTER, update.times(), recording.entryId());
    }

    KnownPatient patient() {
        return patient;
    }

    Map<ListScope, KnownList> ofVisit() {
        return ofVisit;
    }

    /**
     * @param visitId 0 when it is a list of the patient's life
     */
    void apply(ListStatement statement, long visitId) {
        var scope = new ListScope(statement.kind(), update.partner(), visitId);
        var known = visitId == 0 ? patient.lists() : ofVisit;
        var before = known.getOrDefault(scope, KnownList.empty(scope));
        var items = new LinkedHashMap<>(before.items());
        var named = new LinkedHashMap<String, ListStatement.Item>();
        for (var item : statement.items()) named.putIfAbsent(item.key(), item);
        for (var item : named.values())
            items.put(item.key(), withItem(items.get(item.key()), item));

        // A list that only says "none known" is no empty list.
        boolean whole =
                statement.snapshot() && !(statement.noneKnown() && statement.items().isEmpty());
        boolean saysNone =
                (statement.snapshot() || statement.noneKnown()) && said.isAfter(before.noneSaid());
        var after =
                new KnownList(
                        scope,
                        whole && said.isAfter(before.snapshot()) ? said : before.snapshot(),
                        saysNone ? statement.noneKnown() : before.noneKnown(),
                        saysNone ? said : before.noneSaid(),
                        saysNone ? statement.path() : before.nonePath(),
                        items);
        write(before, after, named);
        keep(scope, after);
        remark(statement, after);
        if (statement.kind() == ListKind.IMMUNIZATION)
            for (var item : named.values()) remarkDose(item, before, after);
    }

    private void keep(ListScope scope, KnownList after) {
        if (scope.visitId() != 0) {
            ofVisit.put(scope, after);
            return;
        }
        var lists = new LinkedHashMap<>(patient.lists());
        lists.put(scope, after);
        patient =
                new KnownPatient(
                        patient.record(),
                        patient.brought(),
                        patient.stated(),
                        patient.onClaim(),
                        patient.identifiers(),
                        lists);
    }

    private KnownItem withItem(@Nullable KnownItem known, ListStatement.Item item) {
        var before =
                known == null
                        ? new KnownItem(
                                recording.ids().getAsLong(), item.key(), Moment.NEVER, Moment.NEVER)
                        : known;
        return item.removed()
                ? new KnownItem(before.id(), item.key(), before.listed(), later(before.removed()))
                : new KnownItem(before.id(), item.key(), later(before.listed()), before.removed());
    }

    private Moment later(Moment before) {
        return said.isAfter(before) ? said : before;
    }

    private void write(KnownList before, KnownList after, Map<String, ListStatement.Item> named) {
        var recordId = after.scope().visitId() == 0 ? patient.record().id() : visitRecordId;
        rows.lists.add(new ListRow(recordId, after));
        for (var item : after.items().values()) {
            var old = before.items().get(item.key());
            boolean was = old != null && before.holds(old);
            boolean is = after.holds(item);
            if (item.equals(old) && was == is) continue;
            var statement = named.get(item.key());
            boolean toldNow = item.listed().equals(said) || old == null;
            rows.items.add(new ItemRow(item, recordId, after, is, toldNow ? statement : null));
        }
    }

    private void remark(ListStatement statement, KnownList after) {
        if (statement.snapshot() && after.snapshot().isAfter(said))
            remarks.add(
                    new Applied.Remark(
                            statement.path(),
                            "list-late",
                            "a later list of this sender is already charted; kept as history"));
        if (statement.noneKnown() && after.items().values().stream().anyMatch(after::holds))
            remarks.add(
                    new Applied.Remark(
                            statement.path(),
                            "none-known-contradicts-list",
                            "the sender says that none are known and has named some before; these"
                                    + " stay until it removes them"));
    }

    /** ⚠ No dose takes the place of another, or stays after it was taken back, without a word. */
    private void remarkDose(ListStatement.Item said, KnownList before, KnownList after) {
        if (Doses.isCorrection(said.key())) return;
        if (said.removed()) {
            boolean found =
                    before.items().values().stream()
                            .anyMatch(
                                    one ->
                                            !one.listed().equals(Moment.NEVER)
                                                    && Doses.areOne(one.key(), said.key()));
            if (!found)
                remarks.add(
                        new Applied.Remark(
                                said.path(),
                                "dose-not-known",
                                "no dose of this vaccine and day, and of its number where it has"
                                    + " one, is charted; it is kept and counts when one comes"));
            return;
        }
        for (var one : before.items().values()) {
            if (!Doses.shareNumber(one.key(), said.key()) || !before.holds(one)) continue;
            boolean stays = after.holds(after.items().getOrDefault(one.key(), one));
            remarks.add(
                    new Applied.Remark(
                            said.path(),
                            "dose-number-used-again",
                            stays
                                    ? "the number (ORC-3) is charted with another vaccine or day;"
                                            + " both stand until one is taken back (RXA-21 D)"
                                    : "the number (ORC-3) was charted with another vaccine or day;"
                                            + " this corrects it (RXA-21 U)"));
            return;
        }
    }
}
