package org.chartbridge.chart;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.util.Optional;

/** Reads documents that came with reports, as {@link ClinicalView} lets them be seen. */
@Repository
public class Documents {
    private final JdbcClient jdbc;

    Documents(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A document with its content; empty when there is none, or when what carried it was taken back
     * or was never shown.
     */
    public Optional<DocumentFile> document(long id) {
        return jdbc.sql(
                        ClinicalView.DOCUMENT
                                + """
                                       , content.content
                                from document d
                                join document_content content on content.hash = d.content_hash
                                join observation o on o.id = d.observation_id
                                join report r on r.id = o.report_series
                                join patient_record p on p.id = d.record_id
                                where d.id = :id
                                  and %s
                                """
                                        .formatted(ClinicalView.FOR_CLINICIANS))
                .param("id", id)
                .query(
                        (row, _) ->
                                new DocumentFile(ChartRows.document(row), row.getBytes("content")))
                .optional();
    }
}
