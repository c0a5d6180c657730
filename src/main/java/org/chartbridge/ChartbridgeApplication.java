package org.chartbridge;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The engine as one Spring application. */
@SpringBootApplication
public class ChartbridgeApplication {

    public static void main(String[] args) {
        SpringApplication.run(ChartbridgeApplication.class, args);
    }
}
