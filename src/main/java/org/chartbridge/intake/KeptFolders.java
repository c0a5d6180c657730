package org.chartbridge.intake;

import org.chartbridge.partner.Partner;

import java.util.Optional;

/**
 * Versions of partners' folders, ready to read messages again: routes run, nothing listens and
 * nothing is sent. Implemented where the routes live.
 */
public interface KeptFolders extends RouteRunner, AutoCloseable {

    /**
     * A version that an entry ran with.
     *
     * @param version as the journal has it
     * @return empty when it was not kept, or can't be read by this version of Chartbridge
     */
    Optional<Partner> kept(String folder, String version);

    /** A folder as it lies in the routes folder now; empty when it is gone or faulty. */
    Optional<Partner> current(String folder);

    @Override
    void close();
}
