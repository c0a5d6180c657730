package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What messages and people said of who is one patient and whose a visit is, for the pages that
 * explain: of a message, of the decision that took it back, of a visit and of a patient; long
 * because of its statements.
 */
@Repository
public class WhoIsWho {
    /** More of one message are not listed. */
    static final int MAX_ROWS = 200;

    private final JdbcClient jdbc;

    WhoIsWho(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A number of a patient, and whose it is now. */
    public record Whom(String number, String authority, UUID person) {

        /** The person only. */
        @Override
        public String toString() {
            return "Whom[" + person + "]";
        }
    }

    /** A visit and where it is now. */
    public record VisitNow(String number, Whom with) {

        /** The person only. */
        @Override
        public String toString() {
            return "VisitNow[" + with + "]";
        }
    }

    /**
     * One assertion.
     *
     * @param entryId the message or decision that says it
     * @param path where it stands there; empty of a decision
     * @param kind {@code merged}, {@code linked}, {@code unlinked}, {@code moved}, {@code apart} or
     *     {@code filed}
     * @param what whether a move is of one visit or of an account; else empty
     * @param number of the visit or account
     * @param from of a merge the number that went, of a move who had it
     * @param to of a merge the number that stays, of a move who has it
     * @param takenBackBy the decision that took it back; null while it holds
     * @param overruledBy of a merge or link the split that keeps it from joining; else null
     * @param visits of a move, the visits it is about, where they are now
     */
    public record Row(
            long entryId,
            String path,
            String kind,
            String what,
            String number,
            Whom from,
            Whom to,
            @Nullable Long takenBackBy,
            @Nullable Long overruledBy,
            List<VisitNow> visits) {
        public Row {
            visits = List.copyOf(visits);
        }

        /** The place only. */
        @Override
        public String toString() {
            return "Row[" + path + "]";
        }
    }

    private static final String ROWS =
            """
            select a.*, f.id_value as from_value, f.authority as from_authority, f.person_id as from_person,
                   t.id_value as to_value, t.authority as to_authority, t.person_id as to_person
            from assertion a
            join patient_record f on f.id = a.record_id
            join patient_record t on t.id = a.other_id
            """;

    /** What a message or a decision says; of one that takes something back, what that was. */
    public List<Row> of(long entryId) {
        return jdbc
                .sql(
                        ROWS
                                + """
                                where a.entry_id = :entry
                                   or (a.entry_id = (select withdraws from decision where entry_id = :entry)
                                       and a.withdrawn_by = :entry)
                                order by a.id
                                limit :most
                                """)
                .param("entry", entryId)
                .param("most", MAX_ROWS)
                .query((row, _) -> row(row))
                .list()
                .stream()
                .map(row -> row.kind().equals("moved") ? withVisits(row) : row)
                .toList();
    }

    /** What holds of who a patient's numbers are, and what keeps others apart from them. */
    public List<Row> around(UUID person) {
        return jdbc.sql(
                        ROWS
                                + """
                                where :person in (f.person_id, t.person_id)
                                  and a.kind not in ('moved', 'filed') and a.withdrawn_by is null
                                  and a.id in (select o.id from assertion o
                                               join patient_record p on p.id = o.record_id
                                               where p.person_id = :person
                                               union all
                                               select o.id from assertion o
                                               join patient_record p on p.id = o.other_id
                                               where p.person_id = :person)
                                order by a.id
                                limit :most
                                """)
                .param("person", person)
                .param("most", MAX_ROWS)
                .query((row, _) -> row(row))
                .list();
    }

    /** What people filed elsewhere of what a message reports, as far as it holds. */
    public List<Row> filedOf(long entryId) {
        return jdbc.sql(
                        ROWS
                                + """
                                where a.id in (select o.id from report r
                                               join assertion o
                                                 on o.kind = 'filed' and o.authority = r.partner
                                                and same_number(o.number, r.number) and o.withdrawn_by is null
                                               where r.entry_id = :entry)
                                order by a.id
                                limit :most
                                """)
                .param("entry", entryId)
                .param("most", MAX_ROWS)
                .query((row, _) -> row(row))
                .list();
    }

    /** What people filed with a patient, by the report's series. */
    public Map<Long, Row> filedWith(UUID person) {
        var filed = new HashMap<Long, Row>();
        jdbc.sql(
                        """
                        select k.series, w.*
                        from (select distinct r.series, o.id
                              from patient_record p
                              join assertion o
                                on o.other_id = p.id and o.record_id <> o.other_id
                               and o.kind = 'filed' and o.withdrawn_by is null
                              join report r on r.partner = o.authority and r.number = o.number
                              join patient_record h on h.id = r.record_id and h.person_id = :person
                              where p.person_id = :person) k
                        join (%s) w on w.id = k.id
                        order by w.id
                        """
                                .formatted(ROWS))
                .param("person", person)
                .query(
                        row -> {
                            filed.put(row.getLong("series"), row(row));
                        });
        return filed;
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getLong("entry_id"),
                row.getString("path"),
                row.getString("kind"),
                row.getString("number_kind"),
                row.getString("number"),
                new Whom(
                        row.getString("from_value"),
                        row.getString("from_authority"),
                        row.getObject("from_person", UUID.class)),
                new Whom(
                        row.getString("to_value"),
                        row.getString("to_authority"),
                        row.getObject("to_person", UUID.class)),
                row.getObject("withdrawn_by", Long.class),
                row.getObject("overruled_by", Long.class),
                List.of());
    }

    /** An account: those visits that were ever named under it, of either patient. */
    private Row withVisits(Row row) {
        var visits =
                jdbc.sql(
                                """
                                select distinct e.number, p.id_value, p.authority, p.person_id
                                from assertion a
                                join encounter e
                                  on (e.number_kind = a.number_kind and e.authority = a.authority
                                      and e.number = a.number)
                                  or (a.number_kind = 'account' and e.id in (
                                          select s.visit_id
                                          from patient_record w
                                          join patient_record q on q.person_id = w.person_id
                                          join statement s on s.record_id = q.id and s.kind = 'encounter'
                                          where w.id in (a.record_id, a.other_id)
                                            and s.said #>> '{account,text}' = a.number
                                            and s.said #>> '{account,system}' = a.authority))
                                join patient_record p on p.id = e.record_id
                                where a.entry_id = :entry and a.path = :path and a.kind = 'moved'
                                  and a.number = :number
                                order by e.number
                                limit :most
                                """)
                        .param("entry", row.entryId())
                        .param("path", row.path())
                        .param("number", row.number())
                        .param("most", MAX_ROWS)
                        .query((found, _) -> visit(found))
                        .list();
        return new Row(
                row.entryId(),
                row.path(),
                row.kind(),
                row.what(),
                row.number(),
                row.from(),
                row.to(),
                row.takenBackBy(),
                row.overruledBy(),
                visits);
    }

    private static VisitNow visit(ResultSet found) throws SQLException {
        return new VisitNow(
                found.getString("number"),
                new Whom(
                        found.getString("id_value"),
                        found.getString("authority"),
                        found.getObject("person_id", UUID.class)));
    }

    /** The visits with this number, or of this account, whoever has them. */
    public List<VisitNow> visits(String number) {
        return jdbc.sql(
                        """
                        select e.number, p.id_value, p.authority, p.person_id
                        from encounter e
                        join patient_record p on p.id = e.record_id
                        where (e.number_kind in ('visit', 'account') and e.number = :number) or e.account = :number
                        order by e.number, e.id
                        limit :most
                        """)
                .param("number", number)
                .param("most", MAX_ROWS)
                .query((found, _) -> visit(found))
                .list();
    }

    /**
     * A move of a visit, of which its chart tells.
     *
     * @param takenBackBy the decision that took it back; null while it holds
     */
    public record MoveOfVisit(
            long encounter, long entryId, String partner, @Nullable Long takenBackBy) {}

    /** The moves of visits, those of their accounts too, as they came. */
    public List<MoveOfVisit> movesOf(Collection<Long> encounters) {
        return jdbc.sql(
                        """
                        select distinct e.id, a.entry_id, j.partner, a.withdrawn_by
                        from encounter e
                        join assertion a
                          on a.kind = 'moved'
                         and ((a.number_kind = e.number_kind and a.authority = e.authority and a.number = e.number)
                              or (a.number_kind = 'account' and exists (
                                      select from statement s
                                      join patient_record w on w.id in (a.record_id, a.other_id)
                                      join patient_record q on q.person_id = w.person_id and q.id = s.record_id
                                      where s.visit_id = e.id and s.kind = 'encounter'
                                        and s.said #>> '{account,text}' = a.number
                                        and s.said #>> '{account,system}' = a.authority)))
                        join journal j on j.id = a.entry_id
                        where e.id = any(:encounters)
                          and exists (select from assertion where kind = 'moved')
                        order by a.entry_id
                        """)
                .param("encounters", encounters.toArray(Long[]::new))
                .query(
                        (row, _) ->
                                new MoveOfVisit(
                                        row.getLong("id"),
                                        row.getLong("entry_id"),
                                        row.getString("partner"),
                                        row.getObject("withdrawn_by", Long.class)))
                .list();
    }
}
