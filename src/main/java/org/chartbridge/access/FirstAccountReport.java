package org.chartbridge.access;

import org.chartbridge.start.StartLine;
import org.chartbridge.start.StartReport;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

import java.util.List;

/** Shows the password that this start made. It is printed once and kept nowhere. */
@Component
@Order(0)
class FirstAccountReport implements StartReport {
    private final FirstAccount first;

    FirstAccountReport(FirstAccount first) {
        this.first = first;
    }

    @Override
    public List<StartLine> lines() {
        return first.made()
                .map(
                        password ->
                                List.of(
                                        new StartLine(
                                                "Log in",
                                                "user "
                                                        + FirstAccount.NAME
                                                        + ", password "
                                                        + password.text()
                                                        + " (shown once; another: bin/chartbridge"
                                                        + " password)")))
                .orElse(List.of());
    }
}
