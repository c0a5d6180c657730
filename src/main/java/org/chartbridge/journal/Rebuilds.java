package org.chartbridge.journal;

import org.chartbridge.journal.RebuildReport.Change;
import org.chartbridge.journal.RebuildReport.Difference;
import org.chartbridge.journal.RebuildReport.Example;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import tools.jackson.databind.json.JsonMapper;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the last rebuilds found, for the page of differences. */
@Repository
public class Rebuilds {

    /** Of how many the findings are kept. */
    static final int MAX_KEPT = 10;

    private static final JsonMapper JSON = JsonMapper.shared();

    private final JdbcClient jdbc;

    public Rebuilds(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Keeps what was found, and forgets the oldest. */
    public void keep(RebuildReport report) {
        long id =
                jdbc.sql(
                                """
                                insert into rebuild (started_at, ended_at, current_versions, entries, facts,
                                    live_hash, rebuilt_hash, remarks)
                                values (?::timestamptz, ?::timestamptz, ?, ?, ?, ?, ?, ?::jsonb)
                                returning id
                                """)
                        .param(report.startedAt().toString())
                        .param(report.endedAt().toString())
                        .param(report.current())
                        .param(report.entries())
                        .param(report.facts())
                        .param(report.liveHash())
                        .param(report.rebuiltHash())
                        .param(JSON.writeValueAsString(report.remarks()))
                        .query(Long.class)
                        .single();
        int place = 0;
        for (var one : report.differences())
            jdbc.sql(
                            """
                            insert into rebuild_difference (rebuild_id, place, kind, change, field, facts, examples)
                            values (?, ?, ?, ?, ?, ?, ?::jsonb)
                            """)
                    .param(id)
                    .param(place++)
                    .param(one.kind())
                    .param(one.change().word())
                    .param(one.field())
                    .param(one.facts())
                    .param(JSON.writeValueAsString(one.examples()))
                    .update();
        jdbc.sql(
                        """
                        delete from rebuild
                        where id not in (select id from rebuild order by id desc limit ?)
                        """)
                .param(MAX_KEPT)
                .update();
    }

    /** The last one; empty when there was none yet. */
    public Optional<RebuildReport> last() {
        return jdbc.sql("select * from rebuild order by id desc limit 1")
                .query(
                        (row, _) ->
                                new RebuildReport(
                                        row.getTimestamp("started_at").toInstant(),
                                        row.getTimestamp("ended_at").toInstant(),
                                        row.getBoolean("current_versions"),
                                        row.getLong("entries"),
                                        Duration.ZERO,
                                        row.getLong("facts"),
                                        row.getString("live_hash"),
                                        row.getString("rebuilt_hash"),
                                        List.of(
                                                JSON.readValue(
                                                        row.getString("remarks"), String[].class)),
                                        differences(row.getLong("id"))))
                .optional();
    }

    private List<Difference> differences(long id) {
        return jdbc.sql("select * from rebuild_difference where rebuild_id = ? order by place")
                .param(id)
                .query(
                        (row, _) ->
                                new Difference(
                                        row.getString("kind"),
                                        Change.of(row.getString("change")),
                                        row.getString("field"),
                                        row.getLong("facts"),
                                        List.of(
                                                JSON.readValue(
                                                        row.getString("examples"),
                                                        Example[].class))))
                .list();
    }
}
