package org.chartbridge;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The engine as one Spring application. */
@SpringBootApplication
public class ChartbridgeApplication {
    /**
     * Starts the engine; it is ready when this returns.
     *
     * @param settings as on the command line, e.g. {@code --server.port=9090}
     * @throws RuntimeException when it can't start; what is wrong has been said by then
     */
    public static ConfigurableApplicationContext start(String... settings) {
        return new SpringApplicationBuilder(ChartbridgeApplication.class)
                .listeners(new ConsolePort())
                .run(settings);
    }
}
