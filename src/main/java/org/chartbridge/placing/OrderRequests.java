package org.chartbridge.placing;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * What was asked for here, as it was asked, before it became a message: a FHIR resource, byte for
 * byte, or the fields of a page. Kept before the message goes in, so no order stands without it.
 */
@Repository
public class OrderRequests {
    private final JdbcClient jdbc;

    OrderRequests(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A number that was never given before, of a message or an order. */
    public long nextNumber() {
        return jdbc.sql("select nextval('placed_here_number')").query(Long.class).single();
    }

    /** One that was kept before. */
    record Kept(Instant at, byte[] content) {
        @Override
        public String toString() {
            return "Kept[" + at + "]";
        }
    }

    /** What was kept of a message. */
    Optional<Kept> kept(String partner, String controlId) {
        return jdbc.sql(
                        """
                        select at, content
                        from order_request
                        where partner = :partner and control_id = :control
                        """)
                .param("partner", partner)
                .param("control", controlId)
                .query(
                        (row, _) ->
                                new Kept(
                                        row.getObject("at", OffsetDateTime.class).toInstant(),
                                        row.getBytes("content")))
                .optional();
    }

    /**
     * Keeps one; of two of one message the first.
     *
     * @param partner in whose name it is ordered
     * @param controlId MSH-10 of the message that is made of it
     */
    public void keep(
            String partner,
            String controlId,
            Instant at,
            String account,
            String mediaType,
            byte[] content) {
        jdbc.sql(
                        """
                        insert into order_request (partner, control_id, at, account, media_type, content)
                        values (:partner, :control, :at, :account, :type, :content)
                        on conflict do nothing
                        """)
                .param("partner", partner)
                .param("control", controlId)
                .param("at", OffsetDateTime.ofInstant(at, ZoneOffset.UTC))
                .param("account", account)
                .param("type", mediaType)
                .param("content", content)
                .update();
    }
}
