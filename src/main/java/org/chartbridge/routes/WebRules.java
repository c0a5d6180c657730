package org.chartbridge.routes;

import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.PartnerFile;
import org.chartbridge.routes.DispatchTable.Entry;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Which routes may take web requests. Pure. */
final class WebRules {
    private WebRules() {}

    /**
     * Why a route takes no requests; empty when it does.
     *
     * @param entries all of its address, in the order of folders
     */
    static Optional<FileFault> misfit(
            Entry entry, PortSettings settings, List<Entry> entries, Predicate<Address> loopback) {
        if (!(entry.route().door() instanceof Door.Web web)) return Optional.empty();
        var address = web.address();
        if (web.secured() && settings.tls() == null)
            return at(
                    entry,
                    "https: needs TLS, and ports.yaml has none for " + address,
                    "give " + address + " tls in ports.yaml");
        if (!web.secured() && settings.tls() != null)
            return at(
                    entry,
                    "http: goes without TLS, and ports.yaml has tls for " + address,
                    "write https:");
        var folder = entry.partner().folder();
        for (var other : entries) {
            if (other.partner().folder().equals(folder)) break;
            if (other.route().door().equals(web))
                return at(
                        entry,
                        web + " is the door of " + other.partner().folder(),
                        "give each partner a path of its own");
        }
        var known =
                entry.partner().caller() != null
                        || (!entry.partner().certificates().isEmpty()
                                && settings.asksForCertificates());
        return known || loopback.test(address)
                ? Optional.empty()
                : at(
                        entry,
                        "whoever reaches " + web + " could send as " + folder,
                        "give " + folder + "/" + PartnerFile.NAME + " caller, or certificate");
    }

    private static Optional<FileFault> at(Entry entry, String what, String remedy) {
        return Optional.of(FileFault.at(entry.route().file(), entry.route().place(), what, remedy));
    }
}
