package org.chartbridge.partner;

import org.jspecify.annotations.Nullable;

import java.nio.charset.Charset;
import java.time.ZoneId;
import java.util.List;

/**
 * Who a partner is and how it behaves: what its {@code partner.yaml} says, with every default
 * filled in.
 *
 * @param folder name of its folder in {@code routes/}; what screens, logs and the journal call it
 * @param title {@code name:} for people; the folder's name when not given
 * @param senders what its messages say in MSH-3 and MSH-4; empty means any sender that nobody else
 *     claims
 * @param charset {@code charset:} used when MSH-18 is empty
 * @param zone {@code zone:} of its times that carry no offset; never the server's own
 * @param acknowledge when the ACK goes out
 * @param ack {@code ack:} which answers it gets, over MSH-15 and MSH-16
 * @param processing {@code processing:} the MSH-11 values that are charted
 * @param patients what becomes of a patient who is not in the chart yet
 * @param version content hash of the folder this was read from, lower-case hex
 */
public record Partner(
        String folder,
        String title,
        List<Sender> senders,
        Charset charset,
        ZoneId zone,
        Acknowledge acknowledge,
        Ack ack,
        List<String> processing,
        Patients patients,
        String version) {

    public Partner {
        senders = List.copyOf(senders);
        processing = List.copyOf(processing);
    }

    /**
     * MSH-3 and MSH-4 of a sender, compared by their first component.
     *
     * @param facility null when any facility of the application is meant
     */
    public record Sender(String application, @Nullable String facility) {}

    /** {@code acknowledge:} what must be on disk before the ACK leaves. */
    public enum Acknowledge {
        /** The message and what it did to the chart. */
        CHARTED,
        /** The message; it is charted afterwards. */
        STORED
    }

    /** {@code ack:} the acknowledgement mode, HL7 v2.5.1 §2.9.2. */
    public enum Ack {
        /** As MSH-15 and MSH-16 ask. */
        AUTO,
        ORIGINAL,
        ENHANCED,
        NONE
    }

    /** {@code patients:} whether a message may bring a new patient. */
    public enum Patients {
        /** Only patients who are known; others are held for a person to decide. */
        MATCH,
        CREATE
    }
}
