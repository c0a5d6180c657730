package org.chartbridge.placing;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

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

    /**
     * Keeps one.
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
