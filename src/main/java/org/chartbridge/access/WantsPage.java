package org.chartbridge.access;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.security.web.util.matcher.RequestMatcher;

/** Whether a person's browser asks for a page, the only thing worth returning to after a login. */
final class WantsPage implements RequestMatcher {

    @Override
    public boolean matches(HttpServletRequest request) {
        var accept = request.getHeader("Accept");
        return "GET".equals(request.getMethod())
                && accept != null
                && accept.contains("text/html")
                && !request.getRequestURI().startsWith("/documents/")
                && !request.getRequestURI().endsWith(".csv");
    }
}
