package org.chartbridge.chart;

import org.chartbridge.chart.Facts.RecordRow;
import org.chartbridge.chart.PatientState.KnownRecord;
import org.chartbridge.chart.RegistrationFacts.StatementRow;
import org.chartbridge.chart.RegistrationFacts.VisitRow;
import org.chartbridge.chart.RegistrationState.DocumentNumber;
import org.chartbridge.chart.RegistrationState.KnownDocument;
import org.chartbridge.chart.RegistrationState.KnownList;
import org.chartbridge.chart.RegistrationState.KnownPatient;
import org.chartbridge.chart.RegistrationState.KnownVisit;
import org.chartbridge.chart.RegistrationState.ListScope;
import org.chartbridge.chart.VisitMove.Whom;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Folds one {@link Registration} into what is known; long because each part of it has a fold of its
 * own. Pure: no database, clock or network.
 *
 * <p>Every field of a person is a register of its own: the later word stands ({@link Moment}),
 * whichever arrived first. A visit is arranged anew from all that was said of it ({@link
 * VisitTimeline}), a list by {@link ListFold}. So any order of arrival gives the same chart.
 */
final class RegistrationFold {

    /**
     * What came of it.
     *
     * @param after what is known afterwards; unchanged when the update is held
     */
    record Folded(Applied applied, RegistrationState after) {}

    private final Registration update;
    private final Recording recording;
    private final Facts facts;
    private final RegistrationFacts rows = new RegistrationFacts();
    private final List<Applied.Remark> remarks = new ArrayList<>();
    private long recordId;

    private RegistrationFold(Registration update, Recording recording) {
        this.update = update;
        this.recording = recording;
        this.facts = new Facts(recording.entryId(), recording.recordedAt());
        facts.registration = rows;
    }

    static Folded fold(RegistrationState before, Registration update, Recording recording) {
        var doubts = doubts(before, update, recording.entryId());
        if (!doubts.isEmpty()) return new Folded(new Applied.Held(doubts), before);
        return new RegistrationFold(update, recording).fold(before);
    }

    private static List<Doubt> doubts(RegistrationState before, Registration update, long entryId) {
        var known = before.patient();
        var doubts = new ArrayList<Doubt>();
        if (before.decided()) {
            // A person said who it is.
        } else if (known != null && update.master())
            doubts.addAll(
                    Identity.ofMaster(
                            update.patient(),
                            known.record(),
                            known.text(DemographicField.GIVEN),
                            field -> replaces(known, field, update, entryId)));
        else
            doubts.addAll(
                    Identity.doubts(
                            update.patient(),
                            known == null ? null : known.record(),
                            before.others()));
        var visit = update.visit();
        if (visit != null && isOfAnother(visit, before))
            doubts.add(
                    new Doubt(
                            numberPath(visit.key()),
                            HoldReason.VISIT_OF_ANOTHER_PATIENT,
                            "this visit number already belongs to another patient"));
        if (hasDocumentOfAnother(before, update))
            doubts.add(
                    new Doubt(
                            "TXA-12",
                            HoldReason.DOCUMENT_OF_ANOTHER_PATIENT,
                            "this document number already belongs to another patient's document"));
        return doubts;
    }

    /** ⚠ A document would stand in two charts, or one patient's in the other's. */
    private static boolean hasDocumentOfAnother(RegistrationState before, Registration update) {
        if (before.documents().isEmpty()) return false;
        var person = before.patient() == null ? null : before.patient().record().personId();
        for (var number : DocumentNumber.of(update).keySet())
            for (var whose : known(before, number).persons())
                if (!whose.equals(person)) return true;
        return false;
    }

    private static KnownDocument known(RegistrationState before, DocumentNumber number) {
        var known = KnownDocument.NONE;
        for (var one : before.documents().entrySet())
            if (one.getKey().isOne(number)) known = known.and(one.getValue());
        return known;
    }

    /** What stands under the numbers of documents after this one. */
    private Map<DocumentNumber, KnownDocument> documents(RegistrationState before, UUID person) {
        var named = DocumentNumber.of(update);
        if (named.isEmpty()) return Map.of();
        var documents = new HashMap<DocumentNumber, KnownDocument>();
        named.forEach(
                (number, item) -> {
                    var known = known(before, number);
                    var relation = item.fields().get(ItemField.RELATION);
                    if (item.removed())
                        for (var form : before.documents().keySet())
                            if (form.isOne(number)) documents.put(form, KnownDocument.NONE);
                    documents.put(
                            number,
                            item.removed()
                                    ? KnownDocument.NONE
                                    : known.and(
                                            person,
                                            relation != null
                                                    && relation.text().equals("replaces")));
                    // ⚠ The one before does not count again because of it.
                    if (item.removed() && known.replaces())
                        remarks.add(
                                new Applied.Remark(
                                        item.path(),
                                        "replacement-cancelled",
                                        "the cancelled document had replaced another one, which"
                                                + " stays replaced until its sender says"
                                                + " otherwise"));
                });
        return documents;
    }

    /** Whether what stands of a field was said before this. */
    private static boolean replaces(
            KnownPatient known, DemographicField field, Registration update, long entryId) {
        var stated = known.stated().get(field);
        return stated == null
                || Moment.of(Moment.MASTER, update.times(), entryId).isAfter(stated.said());
    }

    /** Whether others have the visit, or had it, and never the patient of the message. */
    private static boolean isOfAnother(VisitStatement said, RegistrationState before) {
        var patient = before.patient();
        var others = before.others();
        var person =
                patient != null
                        ? patient.record().personId()
                        : others.isEmpty() ? null : others.getFirst().personId();
        var visit = before.visit();
        if (visit != null && visit.personId().equals(person)) return false;
        var moves = moves(said, visit, visit == null ? person : visit.personId(), before);
        return !(visit == null && moves.isEmpty())
                && (person == null || !VisitMove.persons(moves).contains(person));
    }

    private static List<VisitMove> moves(
            VisitStatement said,
            @Nullable KnownVisit visit,
            @Nullable UUID person,
            RegistrationState before) {
        if (before.moves().isEmpty()) return List.of();
        var accounts = new HashSet<>(said.accounts());
        if (visit != null) accounts.addAll(visit.accounts());
        return VisitMove.about(
                visit == null ? said.key() : visit.key(), accounts, person, before.moves());
    }

    private static String numberPath(VisitKey key) {
        return switch (key.kind()) {
            case VISIT -> "PV1-19";
            case ACCOUNT -> "PID-18";
            case ADMITTED -> "PV1-44";
        };
    }

    private Folded fold(RegistrationState before) {
        var patient = before.patient() == null ? newPatient(before.others()) : before.patient();
        if (!update.master() && !before.decided()) patient = withClaim(patient);
        recordId = patient.record().id();
        var personId = patient.record().personId();
        if (update.master()) {
            patient = withDemographics(patient);
            rows.patients.add(patient);
        }
        rows.contents.addAll(update.contents());
        var visit = withStatement(before, personId);
        var lists = new HashMap<>(before.lists());
        patient = withLists(patient, visit, lists);
        var documents = documents(before, personId);
        return new Folded(
                new Applied.Changed(facts, recordId, remarks),
                new RegistrationState(
                        patient,
                        before.others(),
                        visit == null ? before.visit() : visit,
                        lists,
                        documents,
                        before.moves(),
                        before.decided()));
    }

    private KnownPatient newPatient(List<KnownRecord> others) {
        var claim = update.patient();
        var former = recording.former(claim.key());
        var id = former.id();
        var personId = former.personId();
        var claimed = Claimed.of(claim, update.times().message());
        facts.records.add(new RecordRow(id, personId, claim, claimed));
        // Whom it is linked to it is from now on.
        var person = others.isEmpty() ? personId : others.getFirst().personId();
        var record = new KnownRecord(id, person, claim, claimed);
        facts.assertions.addAll(Identity.links(recording, record, claim, others));
        var brought = KnownPatient.onClaim(record, claim, update.partner(), recording.entryId());
        // A master's own words count as such from the first.
        return update.master()
                ? new KnownPatient(
                        record, brought.brought(), Map.of(), false, brought.identifiers(), Map.of())
                : brought;
    }

    /** What it says of the patient counts by its message's clock, where nobody else stated it. */
    private KnownPatient withClaim(KnownPatient patient) {
        var record =
                patient.record().after(update.patient(), update.times().message(), facts.claims);
        return record.equals(patient.record())
                ? patient
                : patient.as(record, update.patient(), update.partner(), recording.entryId());
    }

    // ------------------------------------------------------------ demographics

    private KnownPatient withDemographics(KnownPatient known) {
        if (known.onClaim()) keepClaim(known);
        var said = Moment.of(Moment.MASTER, update.times(), recording.entryId());
        var stated = new EnumMap<DemographicField, Stated>(DemographicField.class);
        stated.putAll(known.stated());
        int older = 0;
        for (var entry : update.demographics().entrySet()) {
            var now = new Stated(entry.getValue(), said, update.partner());
            var before = stated.get(entry.getKey());
            if (before != null && before.said().isAfter(said)) {
                if (!before.value().saysTheSameAs(now.value())) older++;
                continue;
            }
            if (before != null && !before.value().saysTheSameAs(now.value()))
                remarkChange(entry.getKey(), now.value());
            stated.put(entry.getKey(), now);
        }
        if (older > 0)
            remarks.add(
                    new Applied.Remark(
                            "PID",
                            "demographics-late",
                            "a later statement about "
                                    + older
                                    + " of these fields is already charted; kept as history"));
        // Those that a laboratory's first message carried stay in its messages.
        var identifiers =
                known.onClaim() ? new TreeSet<RecordKey>() : new TreeSet<>(known.identifiers());
        identifiers.addAll(update.patient().identifiers());
        addStatement("demographics", "PID", 0, RegistrationJson.said(update.demographics()));
        var family = stated.get(DemographicField.FAMILY);
        var birthDate = stated.get(DemographicField.BIRTH_DATE);
        var record = known.record();
        return new KnownPatient(
                new KnownRecord(
                        record.id(),
                        record.personId(),
                        record.key(),
                        new PersonName(
                                family == null ? "" : family.value().text(),
                                text(stated, DemographicField.GIVEN),
                                text(stated, DemographicField.MIDDLE),
                                text(stated, DemographicField.SUFFIX)),
                        birthDate == null ? "" : birthDate.value().text(),
                        record.edition(),
                        record.survivor(),
                        record.claimed().closed()),
                known.brought(),
                stated,
                false,
                identifiers,
                known.lists());
    }

    private static String text(Map<DemographicField, Stated> stated, DemographicField field) {
        var known = stated.get(field);
        return known == null ? "" : known.value().text();
    }

    /** What another message brought the record with becomes history, before it is replaced. */
    private void keepClaim(KnownPatient known) {
        var brought = new EnumMap<DemographicField, FieldValue>(DemographicField.class);
        var partner = "";
        for (var entry : known.stated().entrySet()) {
            brought.put(entry.getKey(), entry.getValue().value());
            partner = entry.getValue().partner();
        }
        if (brought.isEmpty()) return;
        rows.statements.add(
                new StatementRow(
                        recording.ids().getAsLong(),
                        known.brought(),
                        known.record().id(),
                        0,
                        "demographics",
                        "PID",
                        partner,
                        "",
                        Moment.EVIDENCE,
                        new EventTimes(null, null, null),
                        RegistrationJson.said(brought)));
    }

    private void remarkChange(DemographicField field, FieldValue value) {
        var reason =
                switch (field) {
                    case FAMILY, GIVEN -> "name-changed";
                    case BIRTH_DATE -> "birth-date-changed";
                    case SEX -> "sex-changed";
                    case MIDDLE,
                            SUFFIX,
                            PREFIX,
                            STREET,
                            ADDRESS_LINE,
                            CITY,
                            STATE,
                            POSTAL_CODE,
                            COUNTRY,
                            PHONE,
                            MOBILE,
                            EMAIL,
                            WORK_PHONE,
                            LANGUAGE,
                            MARITAL_STATUS,
                            RACE,
                            ETHNICITY,
                            MULTIPLE_BIRTH,
                            BIRTH_ORDER,
                            DEATH_TIME,
                            DECEASED,
                            PRIMARY_CARE,
                            COUNTY,
                            ADDRESS_FURTHER,
                            NAME_TYPE,
                            OTHER_NAMES,
                            OTHER_ADDRESSES,
                            OTHER_NUMBERS,
                            MOTHERS_NAME,
                            RELIGION,
                            SOCIAL_SECURITY,
                            LICENCE,
                            BIRTH_PLACE,
                            CITIZENSHIP ->
                            "";
                };
        if (!reason.isEmpty())
            remarks.add(
                    new Applied.Remark(
                            value.path(),
                            reason,
                            "the chart now says something else here than before; the value before"
                                    + " is kept as history"));
    }

    // ------------------------------------------------------------ visits

    private @Nullable KnownVisit withStatement(RegistrationState before, UUID personId) {
        var statement = update.visit();
        if (statement == null) return null;
        var known = before.visit();
        var home =
                known == null
                        ? new Whom(recordId, personId)
                        : new Whom(known.recordId(), known.personId());
        var last = VisitMove.home(moves(statement, known, home.personId(), before));
        if (last != null) {
            if (known != null && last.recordId() != home.recordId())
                rows.moved.add(new VisitHomes.Moved(known.id(), home.recordId(), last.recordId()));
            home = last;
        }
        var versions = new ArrayList<VisitTimeline.Version>();
        if (known != null) versions.addAll(known.versions());
        var version =
                new VisitTimeline.Version(
                        recording.entryId(),
                        update.partner(),
                        statement.path(),
                        statement.event(),
                        update.times(),
                        statement.fields());
        versions.add(version);
        var visit =
                new KnownVisit(
                        known == null ? recording.ids().getAsLong() : known.id(),
                        known == null ? statement.key() : known.key(),
                        home.recordId(),
                        home.personId(),
                        versions);
        var now = VisitTimeline.of(versions);
        addStatement(
                "encounter",
                statement.path(),
                visit.id(),
                RegistrationJson.saidOfVisit(statement.fields()));
        rows.visits.add(new VisitRow(visit.id(), visit.key(), visit.recordId(), now));
        remarkCancel(statement, known, now);
        return visit;
    }

    private void remarkCancel(
            VisitStatement statement, @Nullable KnownVisit known, VisitTimeline.Now now) {
        if (!statement.event().isCancel()) return;
        int before =
                known == null || known.versions().isEmpty()
                        ? 0
                        : VisitTimeline.of(known.versions()).cancelled().size();
        if (now.cancelled().size() == before)
            remarks.add(
                    new Applied.Remark(
                            statement.path(),
                            "nothing-to-cancel",
                            "no event is known that this one cancels; it is kept and counts when"
                                    + " that event arrives"));
    }

    // ------------------------------------------------------------ lists

    private KnownPatient withLists(
            KnownPatient patient, @Nullable KnownVisit visit, Map<ListScope, KnownList> ofVisit) {
        var deleted = visit == null ? Moment.NEVER : visit.deleted();
        boolean isDeleted = !deleted.equals(Moment.NEVER);
        var said = update.visit();
        boolean deletes = said != null && said.event() == VisitEvent.DELETE;
        if (update.lists().isEmpty() && !isDeleted) return patient;
        var lists =
                new ListFold(
                        patient,
                        ofVisit,
                        visit == null ? recordId : visit.recordId(),
                        update,
                        recording,
                        rows,
                        remarks);
        if (visit != null && isDeleted) lists.ofVisitDeleted(visit.id(), deleted);
        for (var statement : update.lists()) {
            long visitId = statement.ofVisit() && visit != null ? visit.id() : 0;
            // What a deletion says itself of the visit goes with it.
            if (visitId == 0 || !deletes) lists.apply(statement, visitId);
            addStatement(
                    statement.kind().text(),
                    statement.path(),
                    visitId,
                    RegistrationJson.said(statement));
        }
        ofVisit.putAll(lists.ofVisit());
        return lists.patient();
    }

    private void addStatement(String kind, String path, long visitId, String said) {
        rows.statements.add(
                new StatementRow(
                        recording.ids().getAsLong(),
                        recording.entryId(),
                        recordId,
                        visitId,
                        kind,
                        path,
                        update.partner(),
                        update.trigger(),
                        update.master() ? Moment.MASTER : Moment.EVIDENCE,
                        update.times(),
                        said));
    }
}
