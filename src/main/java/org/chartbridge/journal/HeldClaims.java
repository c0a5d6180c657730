package org.chartbridge.journal;

import static org.chartbridge.database.Columns.flags;
import static org.chartbridge.database.Columns.longs;
import static org.chartbridge.database.Columns.texts;

import org.chartbridge.database.Script;

import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * Held messages by whom they name, and how they go on: back to {@code received}, from where the
 * backlog charts them as it charts what was only stored. So a release is one update in the
 * transaction of whatever caused it, and what follows is claimed and can be repeated.
 */
public final class HeldClaims {

    /** A patient's identifier: authority, type, value. */
    public record Named(String authority, String type, String value) {
        @Override
        public String toString() {
            return "Named[…]";
        }
    }

    /** Stands for the type of an identifier where a message waits for an order number. */
    static final String REPORT_NUMBER = "report number";

    private HeldClaims() {}

    /** What waits for this number of a partner's reports to be free again. */
    public static Named reportNumber(String partner, String number) {
        return new Named(partner, REPORT_NUMBER, number);
    }

    /** Keeps whom held messages name. */
    public static void write(Script script, List<HeldClaim> claims) {
        if (claims.isEmpty()) return;
        script.run(
                """
                insert into held_claim (entry_id, partner, authority, id_type, id_value, claim, waits,
                    about_patient, for_value, critical, had_authority, had_type, had_value)
                select id, partner, authority, type, value, claim::uuid, true, about_patient, for_value, critical,
                       had_authority, had_type, had_value
                from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                     k(id, partner, authority, type, value, claim, about_patient, for_value, critical,
                       had_authority, had_type, had_value)
                on conflict (entry_id) do update
                set authority = excluded.authority, id_type = excluded.id_type,
                    id_value = excluded.id_value, claim = excluded.claim, waits = true,
                    about_patient = excluded.about_patient, for_value = excluded.for_value,
                    critical = excluded.critical, had_authority = excluded.had_authority,
                    had_type = excluded.had_type, had_value = excluded.had_value
                """,
                longs(claims, HeldClaim::entryId),
                texts(claims, HeldClaim::partner),
                texts(claims, HeldClaim::authority),
                texts(claims, HeldClaim::type),
                texts(claims, HeldClaim::value),
                texts(claims, claim -> claim.claim().toString()),
                flags(claims, HeldClaim::aboutPatient),
                flags(claims, HeldClaim::forValue),
                flags(claims, HeldClaim::critical),
                texts(claims, claim -> claim.had() == null ? "" : claim.had().authority()),
                texts(claims, claim -> claim.had() == null ? "" : claim.had().type()),
                texts(claims, claim -> claim.had() == null ? "" : claim.had().value()));
    }

    /** These were read again and wait no longer; those that are held again are written after it. */
    public static void settled(Script script, Collection<Long> entryIds) {
        if (entryIds.isEmpty()) return;
        script.run(
                "update held_claim set waits = false where entry_id = any(?)",
                (Object) longs(entryIds, Long::longValue));
    }

    /** The next one that waits behind each of these goes on. */
    public static void releaseNext(Script script, Collection<Long> entryIds) {
        if (entryIds.isEmpty()) return;
        script.run(
                """
                update journal
                set state = 'received', released_by = next.released_by
                from (select min(h.entry_id) as id, max(before.released_by) as released_by
                      from held_claim s
                      join journal before on before.id = s.entry_id
                      join held_claim h on h.claim = s.claim and h.waits and h.entry_id > s.entry_id
                      join journal j on j.id = h.entry_id and j.state = 'held'
                      where s.entry_id = any(?)
                      group by s.claim) next
                where journal.id = next.id and journal.state = 'held'
                """,
                (Object) longs(entryIds, Long::longValue));
    }

    /**
     * Lets messages go on that wait and name one of these, because more is known of it now. What
     * waits only for what a test is gains nothing by that.
     */
    public static void releaseNamed(Script script, Collection<Named> patients) {
        if (patients.isEmpty()) return;
        script.run(
                """
                update journal
                set state = 'received'
                from unnest(?, ?, ?) k(authority, id_type, id_value)
                join held_claim h
                  on h.id_value = k.id_value and lower(h.authority) = lower(k.authority)
                 and (h.id_type = k.id_type or h.id_type = '' or k.id_type = '')
                where h.waits and journal.id = h.entry_id and journal.state = 'held'
                  and (h.about_patient or h.for_value
                       or not exists (select from held_order o where o.entry_id = h.entry_id))
                """,
                texts(patients, Named::authority),
                texts(patients, Named::type),
                texts(patients, Named::value));
    }

    /**
     * Lets messages go on because more is one patient or was moved: those that name one of these,
     * and moves of a visit that one of them had.
     */
    public static void releaseJoined(Script script, Collection<Named> patients) {
        if (patients.isEmpty()) return;
        releaseNamed(script, patients);
        releaseHad(script, patients);
    }

    /**
     * Lets messages go on because what they wait for is free: the visit of one of these patients,
     * or an order number ({@link #reportNumber}).
     */
    public static void releaseHad(Script script, Collection<Named> patients) {
        if (patients.isEmpty()) return;
        script.run(
                """
                update journal
                set state = 'received'
                from unnest(?, ?, ?) k(authority, id_type, id_value)
                join held_claim h
                  on h.had_value = k.id_value and h.had_authority = k.authority and h.had_type = k.id_type
                where h.waits and h.had_value <> '' and journal.id = h.entry_id and journal.state = 'held'
                """,
                texts(patients, Named::authority),
                texts(patients, Named::type),
                texts(patients, Named::value));
    }

    /** Lets messages go on that wait and make one of these claims. */
    public static void release(Script script, Collection<UUID> claims) {
        if (claims.isEmpty()) return;
        script.run(
                """
                update journal
                set state = 'received'
                from unnest(?) k(claim)
                join held_claim h on h.claim = k.claim::uuid
                where h.waits and journal.id = h.entry_id and journal.state = 'held'
                """,
                (Object) texts(claims, UUID::toString));
    }

    /** Lets every message go on that waits and makes this claim. */
    public static void release(Script script, UUID claim, long decision) {
        script.run(
                """
                update journal
                set state = 'received', released_by = ?
                from held_claim h
                where h.claim = ?::uuid and h.waits and journal.id = h.entry_id and journal.state = 'held'
                """,
                decision,
                claim.toString());
    }

    /** Lets one held message go on. */
    public static void release(Script script, long entryId, long decision) {
        script.run(
                "update journal set state = 'received', released_by = ? where id = ? and state ="
                        + " 'held'",
                decision,
                entryId);
    }

    /** Waiting messages of a claim are not ours: they are ignored, for this reason. */
    public static void ignore(Script script, UUID claim, long decision, String reasons) {
        script.run(
                """
                update journal
                set state = 'ignored', released_by = ?, settled_at = now(),
                    reasons = reasons || ?::jsonb
                from held_claim h
                where h.claim = ?::uuid and h.waits and h.about_patient and journal.id = h.entry_id
                  and journal.state = 'held'
                """,
                decision,
                reasons,
                claim.toString());
        script.run(
                """
                update held_claim h set waits = false
                from journal j
                where h.claim = ?::uuid and j.id = h.entry_id and j.state = 'ignored'
                """,
                claim.toString());
    }

    /** What a decision had put aside waits again. */
    public static void holdAgain(Script script, long decision) {
        script.run(
                """
                update held_claim h set waits = true
                from journal j
                where j.released_by = ? and j.state = 'ignored' and h.entry_id = j.id
                """,
                decision);
        script.run(
                """
                update journal
                set state = 'held', released_by = null,
                    reasons = coalesce((select jsonb_agg(r) from jsonb_array_elements(reasons) r
                                        where r ->> 'reason' <> 'not-ours'), '[]')
                where released_by = ? and state = 'ignored'
                """,
                decision);
    }

    /** The charting of these followed a decision about whom they mean. */
    public static void followed(Script script, List<Followed> rows) {
        if (rows.isEmpty()) return;
        script.run(
                """
                update journal set released_by = k.decision
                from unnest(?, ?) k(id, decision)
                where journal.id = k.id
                """,
                longs(rows, Followed::entryId),
                longs(rows, Followed::decision));
    }

    /** A message and the decision that said whom it means. */
    public record Followed(long entryId, long decision) {}
}
