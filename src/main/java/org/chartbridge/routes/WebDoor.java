package org.chartbridge.routes;

import org.chartbridge.partner.Partner;

/** What a path leads to: one partner's routes. */
record WebDoor(Door.Web web, Partner partner, Dispatch dispatch) {}
