package org.chartbridge.intake;

import org.chartbridge.partner.Partner;

import java.util.Optional;

/** The partners whose folders are loaded; implemented where the routes live. */
public interface PartnersInService {

    /**
     * The partner of a folder as it is now.
     *
     * @return empty while the folder is missing or refused
     */
    Optional<Partner> find(String folder);
}
