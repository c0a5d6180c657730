package org.chartbridge.console;

import jakarta.servlet.http.HttpServletRequest;

import org.chartbridge.loops.Overdue;
import org.chartbridge.ordering.OrdersToPlace;
import org.springframework.dao.DataAccessException;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What the layout shows around every page. */
@ControllerAdvice(basePackages = {"org.chartbridge.console", "org.springframework.boot.webmvc"})
class Shell {
    private static final OrdersToPlace.Count NONE_WAITS = new OrdersToPlace.Count(0, 0);

    private final Notices notices;
    private final Overdue overdue;
    private final ToSign toSign;
    private final OpenAlerts alerts;
    private final OrdersToPlace toPlace;

    Shell(
            Notices notices,
            Overdue overdue,
            ToSign toSign,
            OpenAlerts alerts,
            OrdersToPlace toPlace) {
        this.notices = notices;
        this.overdue = overdue;
        this.toSign = toSign;
        this.alerts = alerts;
        this.toPlace = toPlace;
    }

    /**
     * Who is logged in.
     *
     * @param name empty when nobody is
     * @param reads whether patients' charts may be read
     * @param interfaces whether messages may be read
     * @param open asked when the layout is made, behind what the page itself read
     * @param late the same of overdue orders
     * @param unsigned the same of reports to be signed
     * @param warned the same of alerts
     * @param waiting the same of orders and referrals to be placed
     */
    record Me(
            String name,
            boolean reads,
            boolean interfaces,
            IntSupplier open,
            IntSupplier late,
            IntSupplier unsigned,
            IntSupplier warned,
            Supplier<OrdersToPlace.Count> waiting) {

        /** How many notices they have not taken note of. */
        public int notices() {
            return open.getAsInt();
        }

        /** How many final reports nobody has signed. */
        public int toSign() {
            return unsigned.getAsInt();
        }

        /** How many alerts nobody has decided about. */
        public int alerts() {
            return warned.getAsInt();
        }

        /** How many orders and referrals no recipient was found for. */
        public OrdersToPlace.Count toPlace() {
            return waiting.get();
        }

        /** How many orders and referrals are overdue. */
        public int overdue() {
            return late.getAsInt();
        }
    }

    @ModelAttribute("me")
    Me me(HttpServletRequest request) {
        var login = SecurityContextHolder.getContext().getAuthentication();
        if (login == null || request.getUserPrincipal() == null)
            return new Me("", false, false, () -> 0, () -> 0, () -> 0, () -> 0, () -> NONE_WAITS);
        var roles =
                login.getAuthorities().stream()
                        .map(GrantedAuthority::getAuthority)
                        .collect(Collectors.toSet());
        return new Me(
                login.getName(),
                hasAny(roles, "ROLE_ADMIN", "ROLE_CLINICIAN"),
                hasAny(roles, "ROLE_ADMIN", "ROLE_ANALYST"),
                () -> unlessGone(() -> notices.open(login.getName())),
                () -> unlessGone(() -> Math.toIntExact(overdue.count())),
                () -> unlessGone(toSign::count),
                () -> unlessGone(alerts::count),
                this::waiting);
    }

    private OrdersToPlace.Count waiting() {
        try {
            return toPlace.counted();
        } catch (DataAccessException _) {
            return NONE_WAITS;
        }
    }

    /** An error page has to be shown while the database is gone, too. */
    private static int unlessGone(IntSupplier count) {
        try {
            return count.getAsInt();
        } catch (DataAccessException _) {
            return 0;
        }
    }

    private static boolean hasAny(Set<?> roles, String one, String other) {
        return roles.contains(one) || roles.contains(other);
    }
}
