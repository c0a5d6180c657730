package org.chartbridge.access;

import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.stereotype.Component;

import java.util.List;
import java.util.Locale;

/** Checks name and password, for the form of the console and for HTTP Basic alike. */
@Component
class AccountLogin implements AuthenticationProvider {
    /** Longer names are not looked up. */
    static final int MAX_NAME_LENGTH = 100;

    /** Compared with when there is no such account, so that the time taken tells nothing. */
    private static final String NOBODY = Password.hashOf(Password.made().text());

    private final Accounts accounts;
    private final LoginDelays delays;
    private final AuditTrail audit;

    AccountLogin(Accounts accounts, LoginDelays delays, AuditTrail audit) {
        this.accounts = accounts;
        this.delays = delays;
        this.audit = audit;
    }

    @Override
    public Authentication authenticate(Authentication attempt) {
        var typedName = attempt.getName().strip().toLowerCase(Locale.ROOT);
        var address = address(attempt.getDetails());
        var key =
                typedName.substring(0, Math.min(typedName.length(), MAX_NAME_LENGTH))
                        + "|"
                        + address;
        var wait = delays.left(key);
        if (wait.isPositive())
            throw new LockedException(
                    "Too many failed logins: try again in " + (wait.toSeconds() + 1) + " s.");

        var account =
                typedName.length() > MAX_NAME_LENGTH ? null : accounts.find(typedName).orElse(null);
        var typed = attempt.getCredentials() instanceof String text ? text : "";
        var matches = Password.matches(typed, account == null ? NOBODY : account.passwordHash());
        if (account == null || !matches) {
            delays.failed(key);
            audit.loginFailed(account == null ? "" : account.name(), address);
            throw new BadCredentialsException("Name or password is wrong.");
        }
        delays.succeeded(key);
        var login =
                UsernamePasswordAuthenticationToken.authenticated(
                        account.name(),
                        null,
                        List.of(new SimpleGrantedAuthority("ROLE_" + account.role().name())));
        login.setDetails(attempt.getDetails());
        return login;
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(authentication);
    }

    private static String address(@Nullable Object details) {
        return details instanceof WebAuthenticationDetails web ? web.getRemoteAddress() : "";
    }
}
