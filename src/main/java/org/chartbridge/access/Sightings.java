package org.chartbridge.access;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What an account saw of patients, by the audit trail, and of which changes it took note.
 *
 * <p>A sighting is a page or an answer with results: a chart, a document of it, a read over FHIR.
 * Lists that show who somebody is are none.
 */
@Repository
public class Sightings {
    private final JdbcClient database;

    Sightings(JdbcClient database) {
        this.database = database;
    }

    /** When an account was shown a patient's results. */
    public record Sighting(UUID person, Instant at) {}

    /** Sightings that are read at most, the newest: only programs come near it. */
    static final int MAX_SIGHTINGS = 50_000;

    /** What an account saw of these patients since then, the newest first. */
    public List<Sighting> of(String account, Collection<UUID> persons, Instant since) {
        if (persons.isEmpty()) return List.of();
        return database.sql(
                        """
                        select person_id, at
                        from audit
                        where account = :account
                          and at >= :since
                          and person_id = any(:persons)
                          and action in ('SAW_PATIENT', 'SAW_DOCUMENT', 'READ_FHIR')
                        order by at desc
                        limit :most
                        """)
                .param("most", MAX_SIGHTINGS)
                .param("account", account)
                .param("since", OffsetDateTime.ofInstant(since, ZoneOffset.UTC))
                .param("persons", persons.toArray(UUID[]::new))
                .query(
                        (row, _) ->
                                new Sighting(
                                        row.getObject("person_id", UUID.class),
                                        row.getObject("at", OffsetDateTime.class).toInstant()))
                .list();
    }

    /**
     * A report that was signed as it stood at that time.
     *
     * @param entryId the message that stated it
     * @param path its OBR in that message
     */
    public record Signature(long entryId, String path, String account, Instant at) {}

    /** Signatures that are read at most, of one patient or of some messages; the newest. */
    static final int MAX_SIGNATURES = 5_000;

    /** What was signed of a patient, the newest first. */
    public List<Signature> signatures(UUID person) {
        return database.sql(
                        """
                        select entry_id, path, account, at
                        from audit
                        where person_id = :person and action = 'SIGNED'
                        order by id desc
                        limit :most
                        """)
                .param("person", person)
                .param("most", MAX_SIGNATURES)
                .query((row, _) -> signature(row))
                .list();
    }

    /** Signatures of reports of some messages that are read at most; the newest. */
    static final int MAX_SIGNATURES_OF_MESSAGES = 20_000;

    /** What of these messages was signed, the newest first, by the patient as they were then. */
    public Map<UUID, List<Signature>> signatures(Collection<Long> entries) {
        var signatures = new HashMap<UUID, List<Signature>>();
        if (entries.isEmpty()) return signatures;
        database.sql(
                        """
                        select person_id, entry_id, path, account, at
                        from audit
                        where entry_id = any(:entries) and action = 'SIGNED'
                        order by id desc
                        limit :most
                        """)
                .param("entries", entries.toArray(Long[]::new))
                .param("most", MAX_SIGNATURES_OF_MESSAGES)
                .query(
                        row -> {
                            signatures
                                    .computeIfAbsent(
                                            row.getObject("person_id", UUID.class),
                                            _ -> new ArrayList<>())
                                    .add(signature(row));
                        });
        return signatures;
    }

    /**
     * What somebody did with a patient's chart, beyond looking.
     *
     * @param action the audit trail's word
     * @param entryId the message it was about; null when it was about none
     */
    public record Deed(String action, String account, @Nullable Long entryId, Instant at) {}

    /** Deeds that are read at most; the newest. */
    static final int MAX_DEEDS = 200;

    /** What was signed, noted, ordered and decided in these patients' charts, the newest first. */
    public List<Deed> deeds(Collection<UUID> persons, Instant since, Instant until) {
        if (persons.isEmpty()) return List.of();
        return database.sql(
                        """
                        select action, account, entry_id, at
                        from audit
                        where person_id = any(:persons) and at between :since and :until
                          and action in ('SIGNED', 'TOOK_NOTE', 'PLACED_ORDER', 'DECIDED_ON_PATIENT')
                        order by id desc
                        limit :most
                        """)
                .param("persons", persons.toArray(UUID[]::new))
                .param("since", OffsetDateTime.ofInstant(since, ZoneOffset.UTC))
                .param("until", OffsetDateTime.ofInstant(until, ZoneOffset.UTC))
                .param("most", MAX_DEEDS)
                .query(
                        (row, _) ->
                                new Deed(
                                        row.getString("action"),
                                        row.getString("account"),
                                        row.getObject("entry_id", Long.class),
                                        row.getObject("at", OffsetDateTime.class).toInstant()))
                .list();
    }

    private static Signature signature(ResultSet row) throws SQLException {
        return new Signature(
                row.getLong("entry_id"),
                row.getString("path"),
                row.getString("account"),
                row.getObject("at", OffsetDateTime.class).toInstant());
    }

    /** Of each message whose changes an account took note of, the patients as they were then. */
    public Map<Long, Set<UUID>> noted(String account, Instant since) {
        var noted = new HashMap<Long, Set<UUID>>();
        database.sql(
                        """
                        select distinct entry_id, person_id
                        from audit
                        where account = :account
                          and at >= :since
                          and action = 'TOOK_NOTE'
                        """)
                .param("account", account)
                .param("since", OffsetDateTime.ofInstant(since, ZoneOffset.UTC))
                .query(
                        row -> {
                            noted.computeIfAbsent(row.getLong("entry_id"), _ -> new HashSet<>())
                                    .add(row.getObject("person_id", UUID.class));
                        });
        return noted;
    }
}
