package org.chartbridge.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.server.Cookie.SameSite;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.servlet.ConfigurableServletWebServerFactory;
import org.springframework.boot.web.server.servlet.Session.SessionTrackingMode;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** How long a login lasts, and how its cookie travels. */
@Component
class SessionRules
        implements WebServerFactoryCustomizer<ConfigurableServletWebServerFactory>, Ordered {
    static final String COOKIE = "CHARTBRIDGE";

    /** However busy one is, after this one logs in again. */
    static final Duration MAX_LIFE = Duration.ofHours(12);

    private final Duration idle;

    /**
     * @param idle setting {@code chartbridge.session-idle}: logged out after this long without a
     *     click, by default 15 minutes
     */
    SessionRules(@Value("${chartbridge.session-idle:15m}") Duration idle) {
        if (idle.toSeconds() < 60 || idle.compareTo(MAX_LIFE) > 0)
            throw new IllegalArgumentException(
                    "chartbridge.session-idle: wanted 1m to "
                            + MAX_LIFE.toHours()
                            + "h, got "
                            + idle);
        this.idle = idle;
    }

    @Override
    public void customize(ConfigurableServletWebServerFactory factory) {
        var session = factory.getSettings().getSession();
        session.setTimeout(idle);
        session.setPersistent(false);
        // Never in the address, where it would be logged and passed on.
        session.setTrackingModes(Set.of(SessionTrackingMode.COOKIE));
        session.getCookie().setName(COOKIE);
        session.getCookie().setHttpOnly(true);
        session.getCookie().setSameSite(SameSite.LAX);
        session.getCookie().setPath("/");
        // "Secure" is added by the server itself whenever the request came over TLS.
    }

    /** After Boot's own, which sets the defaults. */
    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    /**
     * Ends a session that has lived its time, or that nobody has clicked in for the idle time: what
     * an open page asks by itself ({@code live.js}) is no click.
     */
    static final class EndOfLife extends OncePerRequestFilter {
        static final String BY_ITSELF = "Chartbridge-Live";
        private static final String CLICKED = "chartbridge.clicked";

        private final Clock clock;

        EndOfLife(Clock clock) {
            this.clock = clock;
        }

        @Override
        protected void doFilterInternal(
                HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            var session = request.getSession(false);
            if (session != null) {
                var now = clock.instant();
                boolean byItself = request.getHeader(BY_ITSELF) != null;
                var born = Instant.ofEpochMilli(session.getCreationTime());
                if (born.plus(MAX_LIFE).isBefore(now) || (byItself && isIdle(session, now)))
                    session.invalidate();
                else if (!byItself) session.setAttribute(CLICKED, now);
            }
            chain.doFilter(request, response);
        }

        private static boolean isIdle(HttpSession session, Instant now) {
            return session.getAttribute(CLICKED) instanceof Instant clicked
                    && clicked.plusSeconds(session.getMaxInactiveInterval()).isBefore(now);
        }
    }
}
