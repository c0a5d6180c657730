package org.chartbridge.intake;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.time.Clock;

/** Intake's limits and its clock. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(IntakeLimits.class)
class IntakeConfiguration {

    /** The one clock that dates entries and facts; tests may set another. */
    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }
}
