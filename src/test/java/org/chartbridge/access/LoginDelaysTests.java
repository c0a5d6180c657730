package org.chartbridge.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

class LoginDelaysTests {
    private final HandClock clock = new HandClock();
    private final LoginDelays delays = new LoginDelays(clock);

    @Test
    void twoMistypingsCostNothing() {
        delays.failed("admin|a");
        delays.failed("admin|a");

        assertThat(delays.left("admin|a")).isZero();
    }

    @Test
    void fromTheThirdOnTheWaitDoublesUpToTheLimit() {
        for (var i = 0; i < 3; i++) delays.failed("admin|a");
        assertThat(delays.left("admin|a")).isEqualTo(Duration.ofSeconds(1));

        delays.failed("admin|a");
        assertThat(delays.left("admin|a")).isEqualTo(Duration.ofSeconds(2));

        for (var i = 0; i < 60; i++) delays.failed("admin|a");
        assertThat(delays.left("admin|a")).isEqualTo(LoginDelays.MAX_DELAY);
    }

    @Test
    void anotherAddressIsNotMadeToWait() {
        for (var i = 0; i < 9; i++) delays.failed("admin|a");

        assertThat(delays.left("admin|b")).isZero();
    }

    @Test
    void aSuccessAndALongAbsenceForget() {
        for (var i = 0; i < 9; i++) delays.failed("admin|a");
        for (var i = 0; i < 9; i++) delays.failed("admin|b");
        delays.succeeded("admin|a");
        clock.now = clock.now.plus(LoginDelays.FORGOTTEN_AFTER).plusSeconds(1);
        delays.failed("admin|b");

        assertThat(delays.left("admin|a")).isZero();
        assertThat(delays.left("admin|b")).isZero();
    }

    @Test
    void aGuesserWithManyNamesFillsNoMemory() {
        for (var i = 0; i < LoginDelays.MAX_REMEMBERED + 500; i++) delays.failed("name" + i + "|a");

        assertThat(delays.remembered()).isEqualTo(LoginDelays.MAX_REMEMBERED);
    }

    private static final class HandClock extends Clock {
        private Instant now = Instant.parse("2026-11-22T11:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
