package org.chartbridge.intake;

import org.chartbridge.partner.Partner;

import java.util.Optional;

/** The partners whose folders are loaded; implemented where the routes live. */
public interface PartnersInService {

    /**
     * The partner of a folder as it is now.
     *
     * @param route id of the route that is to run
     * @return empty while the folder or the route is missing or refused
     */
    Optional<Partner> find(String folder, String route);
}
