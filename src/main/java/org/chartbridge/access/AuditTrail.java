package org.chartbridge.access;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.stereotype.Repository;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.UUID;

/**
 * Who looked at which patient or message, append-only in the database.
 *
 * <p>Call it before the thing is shown: when the row can't be written the exception ends the
 * request, and nothing is seen without a trace. Holds keys only, never names or search terms.
 */
@Repository
public class AuditTrail {
    private final JdbcClient database;

    AuditTrail(JdbcClient database) {
        this.database = database;
    }

    /** A patient's chart is about to be shown to whoever is logged in now. */
    public void seesPatient(UUID person) {
        write(Action.SAW_PATIENT, me(), null, person, null, myAddress());
    }

    /** Who a patient is is about to be shown in a list, and none of their results. */
    public void seesIdentity(UUID person) {
        write(Action.SAW_IDENTITY, me(), null, person, null, myAddress());
    }

    /** The same of the patients of a list. */
    public void seesIdentities(Collection<UUID> persons) {
        database.sql(
                        """
                        insert into audit (at, account, action, person_id, address)
                        select :at, :account, :action, person, :address
                        from unnest(:persons::uuid[]) person
                        """)
                .param("at", OffsetDateTime.ofInstant(Instant.now(), ZoneOffset.UTC))
                .param("account", me())
                .param("action", Action.SAW_IDENTITY.name())
                .param("persons", persons.stream().distinct().toArray(UUID[]::new))
                .param("address", myAddress())
                .update();
    }

    /**
     * Whoever is logged in took note that results of a patient which they saw were changed.
     *
     * @param entryId the message that changed them
     */
    public void takesNote(UUID person, long entryId) {
        write(Action.TOOK_NOTE, me(), entryId, person, null, myAddress());
    }

    /**
     * Whoever is logged in signs a report of a patient as it stands now.
     *
     * @param entryId the message that states it
     * @param path its OBR in that message, such as {@code OBR[1]}
     */
    public void signs(UUID person, long entryId, String path) {
        write(Action.SIGNED, me(), entryId, person, null, path, myAddress());
    }

    /** A message, with the patient in it, is about to be shown. */
    public void seesMessage(long entryId) {
        write(Action.SAW_MESSAGE, me(), entryId, null, null, myAddress());
    }

    /** A document of a chart is about to be shown or downloaded. */
    public void seesDocument(UUID person, long documentId) {
        write(Action.SAW_DOCUMENT, me(), null, person, documentId, myAddress());
    }

    /**
     * Something is about to be decided about deliveries; what and why stands beside them.
     *
     * @param entryId of the message that caused the delivery; null when all of a destination are
     *     meant
     */
    public void decidesOnDelivery(@Nullable Long entryId) {
        write(Action.DECIDED_ON_DELIVERY, me(), entryId, null, null, myAddress());
    }

    /**
     * Something is about to be decided about who a patient is; what and why stands in the journal.
     */
    public void decidesOnPatient(long entryId) {
        write(Action.DECIDED_ON_PATIENT, me(), entryId, null, null, myAddress());
    }

    /** Something is about to be decided about an alert of a patient's order. */
    public void decidesOnAlert(UUID person, long entryId) {
        write(Action.DECIDED_ON_PATIENT, me(), entryId, person, null, myAddress());
    }

    /** Something is about to be ordered for a patient; what stands in the journal. */
    public void ordersFor(UUID person) {
        write(Action.PLACED_ORDER, me(), null, person, null, myAddress());
    }

    /** Patients are searched; for what is not kept. */
    public void searchesPatients() {
        write(Action.SEARCHED_PATIENTS, me(), null, null, null, myAddress());
    }

    /** A list of messages leaves as a file. */
    public void exportsMessages() {
        write(Action.EXPORTED_MESSAGES, me(), null, null, null, myAddress());
    }

    /** Resources of a patient are about to be read over FHIR. */
    public void readsOverFhir(@Nullable UUID person) {
        write(Action.READ_FHIR, me(), null, person, null, myAddress());
    }

    void loginSucceeded(String account, String address) {
        write(Action.LOGIN, account, null, null, null, address);
    }

    /**
     * @param account empty when no such account exists: what was typed may be a password
     */
    void loginFailed(String account, String address) {
        write(Action.LOGIN_FAILED, account, null, null, null, address);
    }

    void passwordSet(String account) {
        write(Action.PASSWORD_SET, account, null, null, null, "");
    }

    private enum Action {
        LOGIN,
        LOGIN_FAILED,
        PASSWORD_SET,
        SAW_PATIENT,
        SAW_IDENTITY,
        SAW_MESSAGE,
        SAW_DOCUMENT,
        SEARCHED_PATIENTS,
        EXPORTED_MESSAGES,
        DECIDED_ON_DELIVERY,
        DECIDED_ON_PATIENT,
        READ_FHIR,
        PLACED_ORDER,
        TOOK_NOTE,
        SIGNED
    }

    private void write(
            Action action,
            String account,
            @Nullable Long entryId,
            @Nullable UUID person,
            @Nullable Long documentId,
            String address) {
        write(action, account, entryId, person, documentId, null, address);
    }

    private void write(
            Action action,
            String account,
            @Nullable Long entryId,
            @Nullable UUID person,
            @Nullable Long documentId,
            @Nullable String path,
            String address) {
        database.sql(
                        """
                        insert into audit (at, account, action, entry_id, person_id, document_id, path,
                            address)
                        values (:at, :account, :action, :entry, :person, :document, :path, :address)
                        """)
                .param("at", OffsetDateTime.ofInstant(Instant.now(), ZoneOffset.UTC))
                .param("account", account)
                .param("action", action.name())
                .param("entry", entryId, java.sql.Types.BIGINT)
                .param("person", person, java.sql.Types.OTHER)
                .param("document", documentId, java.sql.Types.BIGINT)
                .param("path", path)
                .param("address", address)
                .update();
    }

    private static String me() {
        var login = SecurityContextHolder.getContext().getAuthentication();
        return login == null ? "" : login.getName();
    }

    private static String myAddress() {
        var login = SecurityContextHolder.getContext().getAuthentication();
        return login != null && login.getDetails() instanceof WebAuthenticationDetails web
                ? web.getRemoteAddress()
                : "";
    }
}
