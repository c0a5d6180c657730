package org.chartbridge.routes;

import org.chartbridge.delivery.Endpoint;
import org.chartbridge.delivery.Outboxes.Security;
import org.chartbridge.mllp.Tls;
import org.chartbridge.mllp.TlsFiles;
import org.chartbridge.mllp.TlsUnusable;
import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.Login;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.PartnerFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The certificates of connections that are opened to partners: each partner's own, read again when
 * its files change. A partner whose files can't be used waits; others don't notice.
 */
final class SendingTls {
    private static final Logger log = LoggerFactory.getLogger(SendingTls.class);

    private final Path root;
    private final List<String> allowPlaintext;
    private final Map<String, Kept> kept = new ConcurrentHashMap<>();

    /** What is known of a partner's files. */
    private static final class Kept {
        final Partner.Tls said;
        final TlsFiles files;
        volatile @Nullable Tls usable;
        volatile @Nullable FileFault fault;

        Kept(Partner.Tls said, TlsFiles files) {
            this.said = said;
            this.files = files;
        }
    }

    /**
     * @param root the routes folder, which paths begin at
     * @param allowPlaintext partners that may be sent to without TLS, wherever they are
     */
    SendingTls(Path root, List<String> allowPlaintext) {
        this.root = root.toAbsolutePath();
        this.allowPlaintext = List.copyOf(allowPlaintext);
    }

    /** Says which partners there are; their files are read at once. */
    void use(Collection<Partner> partners) {
        var names = partners.stream().map(Partner::folder).toList();
        kept.keySet().removeIf(name -> !names.contains(name));
        for (var partner : partners) {
            var said = partner.tls();
            var before = kept.get(partner.folder());
            if (said == null) {
                kept.remove(partner.folder());
            } else if (before == null || !before.said.equals(said)) {
                var now = new Kept(said, files(said));
                bring(partner.folder(), now);
                kept.put(partner.folder(), now);
            }
        }
    }

    /** Takes files that have changed; open connections stay as they are. */
    void refresh() {
        kept.forEach(this::bring);
    }

    private void bring(String partner, Kept its) {
        var usable = its.usable;
        try {
            if (usable == null) {
                usable = Tls.ofClient(its.files);
                its.usable = usable;
                told(partner, usable);
            } else if (usable.refresh()) {
                told(partner, usable);
            }
            if (usable.isNewest()) its.fault = null;
        } catch (TlsUnusable e) {
            var fault =
                    FileFault.at(
                            partner + "/" + PartnerFile.NAME,
                            its.said.place(),
                            String.valueOf(e.getMessage()),
                            e.remedy());
            if (!fault.equals(its.fault))
                log.atWarn().addKeyValue("partner", partner).log("deliveries: {}", fault);
            its.fault = fault;
        }
    }

    private TlsFiles files(Partner.Tls said) {
        return new TlsFiles(path(said.certificate()), path(said.key()), path(said.trust()));
    }

    private @Nullable Path path(@Nullable String text) {
        return text == null ? null : root.resolve(text).normalize();
    }

    private static void told(String partner, Tls tls) {
        if (tls.certificate().isEmpty()) return;
        log.atInfo()
                .addKeyValue("partner", partner)
                .log("certificate in use for deliveries: {}", tls.certificate());
        if (tls.validUntil().isBefore(Instant.now().plus(Listeners.EXPIRES_SOON)))
            log.atWarn()
                    .addKeyValue("partner", partner)
                    .log(
                            "the certificate ends within {} days, renew it",
                            Listeners.EXPIRES_SOON.toDays());
    }

    /** How a connection to this partner is opened now. */
    Security of(Partner partner, Endpoint endpoint) {
        var misfit = misfit(partner, endpoint).orElse(null);
        if (misfit != null) return new Security.Missing(misfit);
        // SSH secures itself, and knows the host by its key.
        if (endpoint instanceof Endpoint.Sftp) return new Security.Plain();
        if (partner.tls() == null) return plain(partner, endpoint);
        var its = kept.get(partner.folder());
        var usable = its == null ? null : its.usable;
        if (usable != null) return new Security.Secured(usable);
        var fault = its == null ? null : its.fault;
        return new Security.Missing(
                fault == null ? "the certificates are being loaded" : "no TLS: " + fault);
    }

    /** What is shown to a partner beside a certificate; its key is a whole path. */
    Optional<Login> login(Partner partner) {
        return Optional.ofNullable(partner.login())
                .map(login -> login.key() == null ? login : login.keyBelow(root));
    }

    /** Why a partner's settings can't lead to an endpoint, with the remedy; empty when they can. */
    static Optional<String> misfit(Partner partner, Endpoint endpoint) {
        var file = partner.folder() + "/" + PartnerFile.NAME;
        var login = partner.login();
        if (endpoint instanceof Endpoint.Sftp) {
            if (login == null || login.user() == null)
                return Optional.of(
                        "SFTP wants to know who calls; give "
                                + file
                                + " login with user, and password or key");
            return login.hostKeys().isEmpty()
                    ? Optional.of(
                            "SFTP wants to know the host by its key; give login in "
                                    + file
                                    + " host-key, the SHA256: that its owner tells you")
                    : Optional.empty();
        }
        if (!(endpoint instanceof Endpoint.Http http)) return Optional.empty();
        if (http.isSecured() && partner.tls() == null)
            return Optional.of(
                    "https: needs to know whose certificates are trusted; give "
                            + file
                            + " tls, with  trust: public  for the authorities that come with Java");
        if (!http.isSecured() && partner.tls() != null)
            return Optional.of("http: goes without TLS, and " + file + " has tls; write https:");
        if (login != null && !login.isForHttp())
            return Optional.of(
                    "a key can't be shown over HTTP; give login in "
                            + file
                            + " a password or a token");
        return Optional.empty();
    }

    // An attempt keeps the endpoint that it was made for, whatever its route says by then.
    private Security plain(Partner partner, Endpoint endpoint) {
        return endpoint.isThisMachine() || allowPlaintext.contains(partner.folder())
                ? new Security.Plain()
                : new Security.Missing(
                        endpoint.address()
                                + " is another machine, and without TLS nothing is sent there; give"
                                + " "
                                + partner.folder()
                                + "/"
                                + PartnerFile.NAME
                                + " tls, or make the message anew for where the route sends now");
    }

    /** Why partners can't be sent to, or not with their newest certificates. */
    List<FileFault> faults() {
        return kept.values().stream()
                .flatMap(its -> Optional.ofNullable(its.fault).stream())
                .toList();
    }
}
