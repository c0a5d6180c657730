package org.chartbridge.chart;

import org.chartbridge.chart.PatientState.KnownRecord;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * What is known before a {@link Registration}, as far as it can touch it.
 *
 * @param patient null when there is no such record yet
 * @param others records of further numbers of the claim, of authorities that the partner is trusted
 *     for
 * @param visit the visit that the message names, of whatever patient; null when there is none
 * @param lists those of the visit
 * @param documents what stands under the numbers of documents that the message names
 * @param moves who has or had the visit and its accounts, by what was moved; usually none
 * @param decided whether a person decided that the patient is the one that the claim means
 */
record RegistrationState(
        @Nullable KnownPatient patient,
        List<KnownRecord> others,
        @Nullable KnownVisit visit,
        Map<ListScope, KnownList> lists,
        Map<DocumentNumber, KnownDocument> documents,
        Map<VisitKey, List<VisitMove>> moves,
        boolean decided) {

    /**
     * A sender's number of a document.
     *
     * @param number TXA-12
     */
    record DocumentNumber(String partner, String number) {

        /** Those of the documents that a message is about; usually none. */
        static Map<DocumentNumber, ListStatement.Item> of(Registration update) {
            var numbers = new LinkedHashMap<DocumentNumber, ListStatement.Item>();
            for (var list : update.lists()) {
                if (list.kind() != ListKind.CLINICAL_DOCUMENT) continue;
                for (var item : list.items()) {
                    var number = item.fields().get(ItemField.NUMBER);
                    if (number != null)
                        numbers.put(new DocumentNumber(update.partner(), number.text()), item);
                }
            }
            return numbers;
        }

        long lock() {
            return Locks.of("document", partner, ByOrder.entity(number));
        }

        /** Whether both can be one document's (decision 0086). */
        boolean isOne(DocumentNumber other) {
            return partner.equals(other.partner) && OneNumber.isOne(number, other.number);
        }

        /** A number is of a patient, and so out of logs. */
        @Override
        public String toString() {
            return "DocumentNumber";
        }
    }

    /**
     * The documents that stand under a number.
     *
     * @param persons whose they are; more than one in older charts only
     * @param replaces whether one of them replaces another document
     */
    record KnownDocument(Set<UUID> persons, boolean replaces) {
        static final KnownDocument NONE = new KnownDocument(Set.of(), false);

        KnownDocument {
            persons = Set.copyOf(persons);
        }

        KnownDocument and(UUID person, boolean alsoReplaces) {
            return and(new KnownDocument(Set.of(person), alsoReplaces));
        }

        KnownDocument and(KnownDocument other) {
            var all = new TreeSet<>(persons);
            all.addAll(other.persons);
            return new KnownDocument(all, replaces || other.replaces);
        }
    }

    RegistrationState {
        others = List.copyOf(others);
    }

    /**
     * A record with all that registration knows of it.
     *
     * @param brought the entry that brought the record
     * @param stated the fields that have a value or had one
     * @param onClaim whether nobody stated anything yet, and the fields are those that the first
     *     message about the patient happened to carry
     * @param identifiers every identifier that was ever sent with the record's own
     */
    record KnownPatient(
            KnownRecord record,
            long brought,
            Map<DemographicField, Stated> stated,
            boolean onClaim,
            Set<RecordKey> identifiers,
            Map<ListScope, KnownList> lists) {

        KnownPatient {
            stated =
                    stated.isEmpty()
                            ? new EnumMap<>(DemographicField.class)
                            : new EnumMap<>(stated);
            identifiers = new TreeSet<>(identifiers);
            lists = new LinkedHashMap<>(lists);
        }

        /** A record as its first message brought it. */
        static KnownPatient onClaim(
                KnownRecord record, PatientClaim claim, String partner, long entryId) {
            var stated = new EnumMap<DemographicField, Stated>(DemographicField.class);
            var name = claim.name();
            state(stated, DemographicField.FAMILY, name.family(), "PID-5.1", partner, entryId);
            state(stated, DemographicField.GIVEN, name.given(), "PID-5.2", partner, entryId);
            state(stated, DemographicField.MIDDLE, name.middle(), "PID-5.3", partner, entryId);
            state(stated, DemographicField.SUFFIX, name.suffix(), "PID-5.4", partner, entryId);
            state(
                    stated,
                    DemographicField.BIRTH_DATE,
                    claim.birthDate(),
                    "PID-7",
                    partner,
                    entryId);
            state(stated, DemographicField.SEX, claim.sex(), "PID-8", partner, entryId);
            state(stated, DemographicField.STREET, claim.address(), "PID-11", partner, entryId);
            state(stated, DemographicField.PHONE, claim.phone(), "PID-13", partner, entryId);
            return new KnownPatient(
                    record, entryId, stated, true, Set.copyOf(claim.identifiers()), Map.of());
        }

        /** The same, as a claim says that was sent earlier. */
        KnownPatient as(KnownRecord record, PatientClaim claim, String partner, long entryId) {
            var now = onClaim(record, claim, partner, entryId);
            return new KnownPatient(
                    record, now.brought(), now.stated(), true, now.identifiers(), lists);
        }

        private static void state(
                Map<DemographicField, Stated> stated,
                DemographicField field,
                String text,
                String path,
                String partner,
                long entryId) {
            if (text.isEmpty()) return;
            var said = new Moment(Moment.EVIDENCE, null, null, entryId);
            stated.put(field, new Stated(FieldValue.of(text, path), said, partner));
        }

        String text(DemographicField field) {
            var known = stated.get(field);
            return known == null ? "" : known.value().text();
        }

        /** The address in one line, as lists and results show it. */
        String address() {
            return OneLine.address(this::text);
        }

        /** The number to call, wherever it rings. */
        String anyPhone() {
            return OneLine.phone(this::text);
        }

        /** The record's own identifier first. */
        List<RecordKey> identifiersInOrder() {
            var all = new ArrayList<RecordKey>();
            all.add(record.key());
            for (var key : identifiers) if (!key.equals(record.key())) all.add(key);
            return all;
        }

        @Override
        public String toString() {
            return "KnownPatient[" + record.id() + "]";
        }
    }

    /**
     * A visit and every statement about it.
     *
     * @param recordId of the patient it was first said of, or to whom it was moved since
     * @param personId who that is now
     */
    record KnownVisit(
            long id,
            VisitKey key,
            long recordId,
            UUID personId,
            List<VisitTimeline.Version> versions) {
        KnownVisit {
            versions = List.copyOf(versions);
        }

        /** When it was last deleted (A23). */
        Moment deleted() {
            var last = Moment.NEVER;
            for (var version : versions) {
                if (version.event() != VisitEvent.DELETE) continue;
                var said = Moment.of(Moment.MASTER, version.times(), version.entryId());
                if (said.isAfter(last)) last = said;
            }
            return last;
        }

        /** Whether a partner ever said something of it. */
        boolean isSaidBy(String partner) {
            return versions.stream().anyMatch(version -> version.partner().equals(partner));
        }

        /** Every account that it was ever named under. */
        Set<VisitKey> accounts() {
            var accounts = new LinkedHashSet<VisitKey>();
            for (var version : versions) accounts.addAll(VisitKey.account(version.fields()));
            return accounts;
        }
    }

    /**
     * Whose list it is: a snapshot replaces the list of the same sender only.
     *
     * @param visitId 0 when it is a list of the patient's life
     */
    record ListScope(ListKind kind, String partner, long visitId) {}

    /**
     * A sender's list.
     *
     * @param snapshot when it last sent the whole list; {@link Moment#NEVER} if it never did
     * @param noneSaid when it last said whether there are none
     * @param nonePath where that stood
     */
    record KnownList(
            ListScope scope,
            Moment snapshot,
            boolean noneKnown,
            Moment noneSaid,
            String nonePath,
            Map<String, KnownItem> items) {

        KnownList {
            items = new LinkedHashMap<>(items);
        }

        static KnownList empty(ListScope scope) {
            return new KnownList(scope, Moment.NEVER, false, Moment.NEVER, "", Map.of());
        }

        /** The same, of which nothing counts that was said before. */
        KnownList since(Moment moment) {
            return new KnownList(scope, moment, noneKnown, noneSaid, nonePath, items);
        }

        /** The same list with other items. */
        KnownList with(Map<String, KnownItem> items) {
            return new KnownList(scope, snapshot, noneKnown, noneSaid, nonePath, items);
        }

        /** Whether an item is on the list: named since the last whole list, and not removed. */
        boolean holds(KnownItem item) {
            return held().test(item);
        }

        /** The same, to be asked of several items. */
        Predicate<KnownItem> held() {
            var overtaken = NumberedItems.overtaken(scope.kind(), items);
            return item -> !overtaken.contains(item.key()) && isListed(item);
        }

        private boolean isListed(KnownItem item) {
            if (item.listed().equals(Moment.NEVER) || snapshot.isAfter(item.listed())) return false;
            if (scope.kind() == ListKind.ALLERGY) return NumberedAllergies.isOn(item, items);
            return item.listed().isAfter(item.removed())
                    && (scope.kind() != ListKind.IMMUNIZATION || !Doses.isTakenBack(item, items));
        }
    }

    /**
     * An item that is or was on a list.
     *
     * @param listed when it was last named as being there
     * @param removed when it was last named as being there no longer
     * @param said what was said of it when it was named; nothing of an item that no message of the
     *     group names
     */
    record KnownItem(long id, String key, Moment listed, Moment removed, SaidOfItem said) {

        KnownItem(long id, String key, Moment listed, Moment removed) {
            this(id, key, listed, removed, SaidOfItem.NOTHING);
        }

        /** The same with what is named of it. */
        KnownItem with(SaidOfItem.Word word) {
            var when = word.said().isAfter(listed) ? word.said() : listed;
            return new KnownItem(id, key, when, removed, said.with(word));
        }

        /** The same, named as being there no longer. */
        KnownItem removed(Moment when) {
            return new KnownItem(id, key, listed, when.isAfter(removed) ? when : removed, said);
        }

        @Override
        public String toString() {
            return "KnownItem[" + id + "]";
        }
    }
}
