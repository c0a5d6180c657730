package org.chartbridge.routes;

import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.PartnerFile;
import org.chartbridge.routes.DispatchTable.Entry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Which ports may be opened, and what of their settings can't be meant. Pure. */
final class PortRules {
    private PortRules() {}

    /** Why a port must stay closed; empty when it need not. */
    static Optional<FileFault> refusal(
            Address address,
            PortSettings settings,
            List<Entry> entries,
            Predicate<Address> loopback) {
        if (loopback.test(address) || settings.tls() != null || settings.allowPlaintext())
            return Optional.empty();
        var route = entries.getFirst().route();
        return Optional.of(
                FileFault.at(
                        route.file(),
                        route.place(),
                        address
                                + " can be reached from other machines, and without TLS everybody"
                                + " between can read it",
                        "give "
                                + address
                                + " tls in ports.yaml, or listen on 127.0.0.1; only where something"
                                + " else protects the line, allow-plaintext: true in ports.yaml"));
    }

    /** That nobody can tell whether a port may be opened. */
    static FileFault unknown(Address address, List<Entry> entries) {
        var route = entries.getFirst().route();
        return FileFault.at(
                route.file(),
                route.place(),
                address
                        + " stays closed: it can't be told whether "
                        + PortsFile.NAME
                        + " asks for TLS here",
                "mend " + PortsFile.NAME + ", or delete it if no port needs rules of its own");
    }

    /** Partners that name a certificate on a port that asks for none: nothing of theirs gets in. */
    static List<FileFault> neverAsked(PortSettings settings, List<Entry> entries) {
        if (settings.asksForCertificates()) return List.of();
        var faults = new ArrayList<FileFault>();
        for (var entry : entries) {
            if (entry.partner().certificates().isEmpty()) continue;
            faults.add(
                    FileFault.at(
                            entry.route().file(),
                            entry.route().place(),
                            entry.route().door()
                                    + " asks nobody for a certificate, and "
                                    + entry.partner().folder()
                                    + "/"
                                    + PartnerFile.NAME
                                    + " names one; all its messages are answered AR",
                            "give "
                                    + entry.route().door()
                                    + " tls with trust in ports.yaml, or remove certificate"));
        }
        return faults;
    }

    /** Ports that can't be open at the same time: one address is all addresses of the other. */
    static List<FileFault> conflicts(Collection<Entry> entries) {
        var faults = new ArrayList<FileFault>();
        var seen = new ArrayList<Entry>();
        for (var entry : entries) {
            if (!(entry.route().door() instanceof Address here)) continue;
            for (var other : seen) {
                if (!(other.route().door() instanceof Address there)) continue;
                if (here.equals(there) || here.port() != there.port()) continue;
                if (!here.ip().isAnyLocalAddress() && !there.ip().isAnyLocalAddress()) continue;
                faults.add(
                        FileFault.at(
                                entry.route().file(),
                                entry.route().place(),
                                here
                                        + " and "
                                        + there
                                        + " of "
                                        + other.route().named()
                                        + " are the same port",
                                "write the same address in both, or another port in one"));
                break;
            }
            seen.add(entry);
        }
        return faults;
    }

    private static boolean leadsTo(Door door, Address address) {
        return switch (door) {
            case Address its -> its.equals(address);
            case Door.Web web -> web.address().equals(address);
            case Door.Answered _, Door.Folder _, Door.PlacedHere _, Door.Sftp _ -> false;
        };
    }

    /**
     * Settings of ports that no route listens on.
     *
     * @param maybe whether one that could not be read may
     */
    static List<FileFault> unused(
            Map<Address, PortSettings> settings,
            Collection<Entry> entries,
            Predicate<Address> maybe) {
        var faults = new ArrayList<FileFault>();
        settings.forEach(
                (address, its) -> {
                    var place = its.place();
                    if (place == null
                            || maybe.test(address)
                            || entries.stream().anyMatch(e -> leadsTo(e.route().door(), address)))
                        return;
                    faults.add(
                            FileFault.at(
                                    PortsFile.NAME,
                                    place,
                                    "no route listens on " + address,
                                    "write the address as the route says it, or remove the entry"));
                });
        return faults;
    }
}
