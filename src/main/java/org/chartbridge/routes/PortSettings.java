package org.chartbridge.routes;

import org.chartbridge.mllp.Limits;
import org.chartbridge.mllp.Tls;
import org.chartbridge.mllp.TlsFiles;
import org.chartbridge.partner.Yaml.Place;
import org.jspecify.annotations.Nullable;

/**
 * How a port is opened: what {@code ports.yaml} says of it, with every default filled in.
 *
 * @param place of its entry; null when the file says nothing of it
 * @param tls null for none
 */
record PortSettings(
        @Nullable Place place, boolean allowPlaintext, Limits limits, @Nullable Secure tls) {

    /** Of a port that {@code ports.yaml} does not name. */
    static final PortSettings USUAL = new PortSettings(null, false, Limits.defaults(), null);

    /** TLS: which files, and whether callers must show who they are. */
    record Secure(TlsFiles files, Tls.Ask ask, Place place) {}

    /** Whether callers are asked for a certificate. */
    boolean asksForCertificates() {
        return tls != null && tls.ask != Tls.Ask.NONE;
    }
}
