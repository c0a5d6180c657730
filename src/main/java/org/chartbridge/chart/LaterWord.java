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

    private static final String COLUMN =
            """
            , case when i.placer_number <> ''
                    and (exists (select
                                 from patient_record q
                                 join %1$s x on x.record_id = q.id
                                 where q.person_id = p.person_id and x.partner = i.partner
                                   and x.placer_number = i.placer_number and x.id <> i.id)
                         or exists (select
                                    from patient_record q
                                    join placed_order x on x.record_id = q.id
                                    where q.person_id = p.person_id and x.partner = i.partner
                                      and x.visit_id = i.visit_id
                                      and x.item_key = 'stop ' || i.placer_number))
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
                      and (s.kind = '%1$s' and word #>> '{fields,placer_number,text}' = i.placer_number
                               and %2$s
                           or s.kind = 'placed_order' and word ->> 'key' = 'stop ' || i.placer_number)
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
            COLUMN.formatted("placed_order", SAME_TEST) + OrderedAgain.COLUMN;

    static final String OF_MEDICATION = COLUMN.formatted("medication_order", SAME_TEST);

    /** Whether an item ({@code item}) of a message is a word about an order {@code i} as well. */
    static final String IS_ABOUT =
            """
            i.placer_number <> '' and i.placer_number = item #>> '{fields,placer_number,text}' and %s\
            """
                    .formatted(SAME_TEST.replace("word", "item"));

    /** Of orders {@code i} of records {@code p}: not a word about the number of another of them. */
    static final String NO_ECHO =
            """
            and not (i.item_key like 'stop %'
                     and exists (select
                                 from patient_record q
                                 join placed_order o on o.record_id = q.id
                                 where q.person_id = p.person_id and o.status = 'active'
                                   and o.item_key not like 'stop %'
                                   and split_part(o.placer_number, '^', 1) = split_part(i.placer_number, '^', 1)
                                   and (o.placer_number = i.placer_number
                                        or o.placer_number not like '%^%' or i.placer_number not like '%^%')))
            and not (i.item_key like 'stop %'
                     and exists (select
                                 from patient_record q
                                 join medication_order o on o.record_id = q.id
                                 where q.person_id = p.person_id and o.status = 'active'
                                   and o.placer_number = i.placer_number))
            """;

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
