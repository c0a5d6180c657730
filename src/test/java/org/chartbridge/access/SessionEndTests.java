package org.chartbridge.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockHttpSession;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;

/** When a login ends, although a page is open that asks for news by itself. */
class SessionEndTests {
    private final MockHttpSession session = new MockHttpSession();
    private Instant now = Instant.ofEpochMilli(session.getCreationTime());
    private final InstantSource source = () -> now;
    private final SessionRules.EndOfLife end =
            new SessionRules.EndOfLife(source.withZone(ZoneOffset.UTC));

    @Test
    void whatAPageAsksByItselfKeepsNobodyLoggedIn() throws Exception {
        session.setMaxInactiveInterval(900);
        ask(false);

        after(Duration.ofMinutes(14));
        ask(true);
        assertThat(session.isInvalid()).isFalse();
        after(Duration.ofMinutes(2));
        ask(true);

        assertThat(session.isInvalid()).isTrue();
    }

    @Test
    void aClickKeepsTheLogin() throws Exception {
        session.setMaxInactiveInterval(900);
        ask(false);
        after(Duration.ofMinutes(14));
        ask(false);

        after(Duration.ofMinutes(14));
        ask(true);

        assertThat(session.isInvalid()).isFalse();
    }

    @Test
    void afterTwelveHoursEverybodyLogsInAgain() throws Exception {
        session.setMaxInactiveInterval(900);
        after(SessionRules.MAX_LIFE.plusSeconds(1));

        ask(false);

        assertThat(session.isInvalid()).isTrue();
    }

    private void after(Duration time) {
        now = now.plus(time);
    }

    private void ask(boolean byItself) throws Exception {
        var request = new MockHttpServletRequest("GET", "/changes");
        request.setSession(session);
        if (byItself) request.addHeader(SessionRules.EndOfLife.BY_ITSELF, "1");
        end.doFilter(request, new MockHttpServletResponse(), new MockFilterChain());
    }
}
