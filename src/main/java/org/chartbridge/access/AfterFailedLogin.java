package org.chartbridge.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;

import java.io.IOException;

/** Back to the form with the reason as one word: wrong, too often, or our own fault. */
final class AfterFailedLogin implements AuthenticationFailureHandler {

    @Override
    public void onAuthenticationFailure(
            HttpServletRequest request,
            HttpServletResponse response,
            AuthenticationException reason)
            throws IOException {
        var word =
                switch (reason) {
                    case BadCredentialsException _ -> "wrong";
                    case LockedException _ -> "wait";
                    default -> "unavailable";
                };
        response.sendRedirect(request.getContextPath() + "/login?" + word);
    }
}
