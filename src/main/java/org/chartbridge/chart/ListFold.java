package org.chartbridge.chart;

import org.chartbridge.chart.RegistrationFacts.ItemRow;
import org.chartbridge.chart.RegistrationFacts.ListRow;
import org.chartbridge.chart.RegistrationState.KnownItem;
import org.chartbridge.chart.RegistrationState.KnownList;
import org.chartbridge.chart.RegistrationState.KnownPatient;
import org.chartbridge.chart.RegistrationState.ListScope;
import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Folds what a message says of a list. An item is on the list when it was named after the sender's
 * last whole list, or in it, and not removed since: a rule about the latest times only, so that any
 * order of arrival gives the same list.
 *
 * <p>"None known" is no item and takes none away ⚠: only an empty list does, which a sender says by
 * {@code ""} (HL7-RULES §3).
 */
final class ListFold {
    private static final Set<ListKind> ORDERED =
            EnumSet.of(ListKind.PLACED_ORDER, ListKind.MEDICATION_ORDER, ListKind.REFERRAL);

    private final Registration update;
    private final Recording recording;
    private final RegistrationFacts rows;
    private final List<Applied.Remark> remarks;
    private final Moment said;
    private final Map<ListScope, KnownList> ofVisit;
    private final long visitRecordId;
    private KnownPatient patient;
    private Moment visitDeleted = Moment.NEVER;

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
     * With a visit that is deleted (A23) all lists go that were said of it until then, whichever
     * came first.
     *
     * @param deleted when that was said last; {@link Moment#NEVER} if it never was
     */
    void ofVisitDeleted(long visitId, Moment deleted) {
        visitDeleted = deleted;
        for (var list : List.copyOf(ofVisit.values())) {
            if (list.scope().visitId() != visitId || !deleted.isAfter(list.snapshot())) continue;
            var after = list.since(deleted);
            write(list, after, Map.of());
            keep(list.scope(), after);
        }
    }

    /**
     * @param visitId 0 when it is a list of the patient's life
     */
    void apply(ListStatement statement, long visitId) {
        var scope = new ListScope(statement.kind(), update.partner(), visitId);
        var known = visitId == 0 ? patient.lists() : ofVisit;
        var kept = known.getOrDefault(scope, KnownList.empty(scope));
        var before = kept;
        if (visitId != 0 && visitDeleted.isAfter(before.snapshot()))
            before = before.since(visitDeleted);
        var items = new LinkedHashMap<>(before.items());
        var named = new LinkedHashMap<String, ListStatement.Item>();
        for (var item : statement.items()) named.merge(item.key(), item, ListFold::lastWord);
        for (var item : named.values())
            items.put(item.key(), withItem(items.get(item.key()), item, statement.snapshot()));

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
        if (statement.kind() == ListKind.ALLERGY) remarkAllergies(named.values(), after);
        if (NumberedItems.are(statement.kind()) && statement.kind() != ListKind.DOCUMENT_BODY)
            for (var item : named.values())
                remarkNotKnown(item, item.key(), kept.items().values()::stream);
        if (statement.kind() == ListKind.PLACED_ORDER)
            for (var item : named.values())
                if (item.key().startsWith(OrderLoops.BARE))
                    remarkNotKnown(
                            item, item.key().substring(OrderLoops.BARE.length()), this::orders);
    }

    /** Each segment that deletes an allergy (IAM) that was never there. */
    private void remarkAllergies(Collection<ListStatement.Item> named, KnownList after) {
        var found = new LinkedHashMap<String, Boolean>();
        for (var item : named)
            if (NumberedAllergies.isDeletion(item))
                found.merge(
                        item.path(),
                        NumberedAllergies.finds(item.key(), after.items()),
                        Boolean::logicalOr);
        found.forEach(
                (path, some) -> {
                    if (some) return;
                    remarks.add(
                            new Applied.Remark(
                                    path,
                                    "allergy-not-known",
                                    "deletes an allergy (IAM-3, IAM-7) that this sender never said"
                                            + " under this number of the patient; if it is charted"
                                            + " in other words, that one still stands"));
                });
    }

    /**
     * ⚠ What is added after it was removed is on the list, and the other way round; of what is only
     * named twice the first counts.
     */
    private static ListStatement.Item lastWord(
            ListStatement.Item first, ListStatement.Item second) {
        return first.removed() == second.removed() ? first : second;
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

    private KnownItem withItem(@Nullable KnownItem known, ListStatement.Item item, boolean whole) {
        var before =
                known == null
                        ? new KnownItem(
                                recording.ids().getAsLong(), item.key(), Moment.NEVER, Moment.NEVER)
                        : known;
        return item.removed()
                ? before.removed(said)
                : before.with(new SaidOfItem.Word(said, whole, item.path(), item.fields()));
    }

    private void write(KnownList before, KnownList after, Map<String, ListStatement.Item> named) {
        var recordId = after.scope().visitId() == 0 ? patient.record().id() : visitRecordId;
        rows.lists.add(new ListRow(recordId, after));
        var held = before.held();
        var holds = after.held();
        for (var item : after.items().values()) {
            var old = before.items().get(item.key());
            boolean was = old != null && held.test(old);
            boolean is = holds.test(item);
            if (item.equals(old) && was == is) continue;
            var now = named.get(item.key());
            rows.items.add(
                    new ItemRow(
                            item, recordId, after, is, now == null ? null : standing(now, after)));
        }
    }

    /** An item as it stands by all that was said of it; by its removal where that is all. */
    private static ListStatement.Item standing(ListStatement.Item now, KnownList list) {
        var item = list.items().get(now.key());
        if (item == null || item.said().isEmpty()) return now;
        // ⚠ A number of an allergy may be deleted while another one still has it.
        boolean cameBack =
                item.listed().isAfter(item.removed())
                        && !(list.scope().kind() == ListKind.ALLERGY
                                && NumberedAllergies.isNumbered(item.key(), list.items()));
        var fields =
                item.said().fields(list.scope().kind(), cameBack ? item.removed() : Moment.NEVER);
        return new ListStatement.Item(now.key(), item.said().path(), now.removed(), fields);
    }

    private void remark(ListStatement statement, KnownList after) {
        if (statement.snapshot() && after.snapshot().isAfter(said))
            remarks.add(
                    new Applied.Remark(
                            statement.path(),
                            "list-late",
                            "a later list of this sender, or the deletion of the visit, is already"
                                    + " charted; kept as history"));
        if (statement.noneKnown() && after.items().values().stream().anyMatch(after::holds))
            remarks.add(
                    new Applied.Remark(
                            statement.path(),
                            "none-known-contradicts-list",
                            "the sender says that none are known and has named some before; these"
                                    + " stay until it removes them"));
    }

    /** ⚠ What a cancel means may go on in the chart under another number. */
    private void remarkNotKnown(
            ListStatement.Item item, String number, Supplier<Stream<KnownItem>> known) {
        if (isEnded(item) && !NumberedItems.isKnown(number, known.get()))
            remarks.add(
                    new Applied.Remark(
                            item.path(),
                            "nothing-to-cancel",
                            "nothing is charted under the number that this one ends; it is kept and"
                                    + " counts when that comes"));
        var parent = item.fields().get(ItemField.PARENT_NUMBER);
        if (parent != null
                && item.fields().containsKey(ItemField.RELATION)
                && !NumberedItems.isKnown(parent.text(), known.get()))
            remarks.add(
                    new Applied.Remark(
                            item.path(),
                            "document-parent-missing",
                            "no document of the number in TXA-13 is charted, that this one adds to"
                                    + " or replaces; it counts when that comes"));
    }

    /** Whatever may have been ordered of the patient, by whomever. */
    private Stream<KnownItem> orders() {
        return patient.lists().values().stream()
                .filter(list -> ORDERED.contains(list.scope().kind()))
                .flatMap(list -> list.items().values().stream());
    }

    private static boolean isEnded(ListStatement.Item item) {
        var state = item.fields().get(ItemField.STATE);
        return item.removed() || (state != null && state.text().equals("cancelled"));
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
