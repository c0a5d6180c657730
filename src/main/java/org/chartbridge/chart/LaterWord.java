package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * What its sender said of an order later under another key ⚠. A message that has a number once
 * states it by the number, one that has it twice by number and test; and a cancel may have the
 * number alone. So that an order that was stopped never stands as active, what is said of the
 * number and of the same test is heard whatever the key, in whatever order it arrived; also where
 * it names another number of a patient whose numbers were merged, for as long as they are.
 */
record LaterWord(String state, String control, String stateAsSent, Source source) {

    private static final JsonMapper MAPPER = JsonMapper.shared();

    /** Whether what an item ({@code word}) states is of the test of an order ({@code i}). */
    private static final String SAME_TEST =
            """
            (i.code <> '' and upper(i.code) = upper(word #>> '{fields,code,code}')
             or i.code_text <> '' and upper(btrim(i.code_text)) = upper(btrim(word #>> '{fields,code,text}')))\
            """;

    private static final String WORDS_NUMBER = "word #>> '{fields,placer_number,text}'";

    /**
     * Whether a number is that of an order of medication of the person {@code p}, and of no other
     * with it.
     */
    private static String isOne(String said, String number) {
        return """
        (%1$s = %2$s
         or split_part(%1$s, '^', 1) = split_part(%2$s, '^', 1)
            and same_number(%1$s, %2$s)
            and not exists (select
                            from patient_record u
                            join medication_order y on y.record_id = u.id
                            where u.person_id = p.person_id and y.partner = i.partner
                              and split_part(y.placer_number, '^', 1) = split_part(%2$s, '^', 1)
                              and same_number(y.placer_number, %1$s)
                              and not same_number(y.placer_number, %2$s)))\
        """
                .formatted(said, number);
    }

    private static final String COLUMN =
            """
            , case when i.placer_number <> ''
                    and (exists (select
                                 from patient_record q
                                 join %1$s x on x.record_id = q.id
                                 where q.person_id = p.person_id and x.partner = i.partner
                                   and %3$s and x.id <> i.id)
                         or exists (select
                                    from patient_record q
                                    join placed_order x on x.record_id = q.id
                                    where q.person_id = p.person_id and x.partner = i.partner
                                      and x.visit_id = i.visit_id
                                      and x.item_key like 'stop %%' and %3$s))
              then (select jsonb_build_object(
                               'state', case when word -> 'removed' is not null then 'cancelled'
                                             else word #>> '{fields,state,text}' end,
                               'control', word #>> '{fields,control,text}',
                               'as_sent', word #>> '{fields,clinical_status,text}',
                               'entry', s.entry_id,
                               'path', word ->> 'path',
                               'said', coalesce(s.entered_at, s.message_at),
                               'recorded', s.recorded_at)::text
                    from patient_record q
                    join statement s on s.record_id = q.id
                    cross join lateral jsonb_array_elements(s.said -> 'items') words(word)
                    where q.person_id = p.person_id and s.partner = i.partner and s.visit_id = i.visit_id
                      and (word ->> 'key' <> i.item_key or s.record_id <> i.record_id)
                      and (s.kind = '%1$s' and %2$s
                           or s.kind = 'placed_order' and word ->> 'key' like 'stop %%')
                      and %4$s
                      and (coalesce(s.entered_at, s.message_at, '-infinity'),
                           coalesce(s.message_at, '-infinity'), s.entry_id)
                          > (coalesce(i.listed_recorded, i.listed_message, '-infinity'),
                             coalesce(i.listed_message, '-infinity'), i.listed_entry)
                    order by coalesce(s.entered_at, s.message_at, '-infinity') desc,
                             coalesce(s.message_at, '-infinity') desc, s.entry_id desc
                    limit 1)
              end as later
            """;

    /**
     * The columns for it, beside those of an order {@code i} of a record {@code p}; after a comma.
     */
    static final String OF_TESTS =
            COLUMN.formatted(
                            "placed_order",
                            SAME_TEST,
                            "x.placer_number = i.placer_number",
                            WORDS_NUMBER + " = i.placer_number")
                    + OrderedAgain.COLUMN;

    /** Here each form of the number counts (decision 0086); of tests the reader joins them. */
    static final String OF_MEDICATION =
            COLUMN.formatted(
                    "medication_order",
                    SAME_TEST,
                    isOne("x.placer_number", "i.placer_number"),
                    isOne(WORDS_NUMBER, "i.placer_number"));

    /** Whether an item ({@code item}) of a message is a word about an order {@code i} as well. */
    static final String IS_ABOUT =
            """
            i.placer_number <> '' and i.placer_number = item #>> '{fields,placer_number,text}' and %s\
            """
                    .formatted(SAME_TEST.replace("word", "item"));

    /**
     * Of orders {@code i} of records {@code p}: not a word about the number of another of them, nor
     * about a referral ({@link ReferralStatuses}), by its number or by the filler's own alone.
     */
    static final String NO_ECHO =
            """
            and not (i.item_key like 'stop %'
                     and exists (select
                                 from patient_record q
                                 join placed_order o on o.record_id = q.id
                                 where q.person_id = p.person_id and o.status = 'active'
                                   and o.item_key not like 'stop %'
                                   and split_part(o.placer_number, '^', 1) = split_part(i.placer_number, '^', 1)
                                   and same_number(o.placer_number, i.placer_number)))
            and not (i.item_key like 'stop %'
                     and exists (select
                                 from patient_record q
                                 join medication_order o on o.record_id = q.id
                                 where q.person_id = p.person_id and o.status = 'active'
                                   and %s))
            and not (i.placer_number <> '' and i.control not in ('SN', 'RE')
                     and (i.control not in ('NW', 'CA', 'DC', 'HD', 'RL', 'XO', 'RP', 'RO', 'PA', 'CH')
                          or i.code = '' and i.code_text = '')
                     and exists (select
                                 from patient_record q
                                 join referral f on f.record_id = q.id
                                 where q.person_id = p.person_id and f.status = 'active'
                                   and split_part(f.number, '^', 1) = split_part(i.placer_number, '^', 1)
                                   and same_number(f.number, i.placer_number))
                     and not exists (select
                                     from patient_record q
                                     join placed_order o on o.record_id = q.id
                                     where q.person_id = p.person_id and o.status = 'active'
                                       and o.control in ('NW', 'CA', 'DC', 'HD', 'RL', 'XO', 'RP', 'RO', 'PA', 'CH')
                                       and (o.code <> '' or o.code_text <> '')
                                       and split_part(o.placer_number, '^', 1) = split_part(i.placer_number, '^', 1)
                                       and same_number(o.placer_number, i.placer_number)))
            and not (i.placer_number = '' and i.filler_number <> '' and i.control not in ('SN', 'RE')
                     and (i.control not in ('NW', 'CA', 'DC', 'HD', 'RL', 'XO', 'RP', 'RO', 'PA', 'CH')
                          or i.code = '' and i.code_text = '')
                     and (select count(distinct f.number) = 1
                          from patient_record q
                          cross join lateral (
                              select split_part(r.number, '^', 1) as number, r.external_number as own
                              from referral r
                              where r.record_id = q.id and r.partner = i.partner
                                and r.status = 'active' and r.number <> ''
                              union all
                              select split_part(o.placer_number, '^', 1), o.filler_number
                              from placed_order o
                              where o.record_id = q.id and o.partner = i.partner
                                and o.status = 'active' and o.placer_number <> '') f
                          where q.person_id = p.person_id
                            and split_part(f.own, '^', 1) = split_part(i.filler_number, '^', 1)
                            and same_number(f.own, i.filler_number)
                            and exists (select
                                        from patient_record x
                                        join referral r on r.record_id = x.id
                                        where x.person_id = p.person_id and r.status = 'active'
                                          and split_part(r.number, '^', 1) = f.number)
                            and not exists (select
                                            from patient_record x
                                            join placed_order o on o.record_id = x.id
                                            where x.person_id = p.person_id and o.status = 'active'
                                              and o.control in ('NW', 'CA', 'DC', 'HD', 'RL', 'XO', 'RP', 'RO', 'PA', 'CH')
                                              and (o.code <> '' or o.code_text <> '')
                                              and split_part(o.placer_number, '^', 1) = f.number)))
            """
                    .replace("%s", isOne("i.placer_number", "o.placer_number"));

    /** How an order stands: by the later word, where there is one, else as its row has it. */
    static LaterWord of(ResultSet row) throws SQLException {
        var later = row.getString("later");
        if (later == null)
            return new LaterWord(
                    row.getString("state"),
                    row.getString("control"),
                    row.getString("state_as_sent"),
                    Registrations.source(row));
        var said = MAPPER.readTree(later);
        return new LaterWord(
                said.path("state").asString(""),
                said.path("control").asString(""),
                said.path("as_sent").asString(""),
                new Source(
                        row.getString("partner"),
                        said.path("entry").asLong(0),
                        said.path("path").asString(""),
                        instant(said.path("said").asString("")),
                        OffsetDateTime.parse(said.path("recorded").asString("")).toInstant()));
    }

    private static @Nullable Instant instant(String text) {
        return text.isEmpty() ? null : OffsetDateTime.parse(text).toInstant();
    }
}
