package org.chartbridge.console;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

import java.util.Set;
import java.util.stream.Collectors;

/** What the layout shows around every page. */
@ControllerAdvice(basePackages = {"org.chartbridge.console", "org.springframework.boot.webmvc"})
class Shell {

    /**
     * Who is logged in.
     *
     * @param name empty when nobody is
     * @param reads whether patients' charts may be read
     * @param interfaces whether messages may be read
     */
    record Me(String name, boolean reads, boolean interfaces) {}

    @ModelAttribute("me")
    Me me(HttpServletRequest request) {
        var login = SecurityContextHolder.getContext().getAuthentication();
        if (login == null || request.getUserPrincipal() == null) return new Me("", false, false);
        var roles =
                login.getAuthorities().stream()
                        .map(GrantedAuthority::getAuthority)
                        .collect(Collectors.toSet());
        return new Me(
                login.getName(),
                hasAny(roles, "ROLE_ADMIN", "ROLE_CLINICIAN"),
                hasAny(roles, "ROLE_ADMIN", "ROLE_ANALYST"));
    }

    private static boolean hasAny(Set<?> roles, String one, String other) {
        return roles.contains(one) || roles.contains(other);
    }
}
