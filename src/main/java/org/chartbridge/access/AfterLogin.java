package org.chartbridge.access;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.SavedRequestAwareAuthenticationSuccessHandler;

import java.io.IOException;

/** Leaves a trace and goes on to the page that was asked for. */
final class AfterLogin extends SavedRequestAwareAuthenticationSuccessHandler {
    private final AuditTrail audit;

    AfterLogin(AuditTrail audit) {
        this.audit = audit;
    }

    @Override
    public void onAuthenticationSuccess(
            HttpServletRequest request, HttpServletResponse response, Authentication login)
            throws IOException, ServletException {
        audit.loginSucceeded(login.getName(), request.getRemoteAddr());
        super.onAuthenticationSuccess(request, response, login);
    }
}
