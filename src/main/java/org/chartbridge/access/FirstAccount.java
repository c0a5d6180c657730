package org.chartbridge.access;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

import java.util.Optional;

/**
 * Sees to it that {@code admin} can log in, and that nobody else can: the password comes from
 * {@code CHARTBRIDGE_ADMIN_PASSWORD}, else one is made at the first start and shown once. There is
 * no default.
 */
@Component
public class FirstAccount {
    public static final String NAME = "admin";

    private final Optional<Password> made;

    FirstAccount(
            Accounts accounts,
            AuditTrail audit,
            @Value("${chartbridge.admin-password:}") String given) {
        var admin = accounts.find(NAME);
        if (!given.isEmpty()) {
            made = Optional.empty();
            if (admin.isPresent() && Password.matches(given, admin.get().passwordHash())) return;
            accounts.set(NAME, checked(given), Role.ADMIN);
            audit.passwordSet(NAME);
        } else if (admin.isEmpty()) {
            made = Optional.of(Password.made());
            accounts.set(NAME, made.get(), Role.ADMIN);
            audit.passwordSet(NAME);
        } else {
            made = Optional.empty();
        }
    }

    /** The password that this start made; empty when one was there before or was given. */
    public Optional<Password> made() {
        return made;
    }

    private static Password checked(String given) {
        var fault = Password.fault(given);
        if (!fault.isEmpty()) throw new WeakPassword("CHARTBRIDGE_ADMIN_PASSWORD: " + fault);
        return new Password(given);
    }

    /** The given password can't be used; the start ends with this as its reason. */
    public static final class WeakPassword extends RuntimeException {
        WeakPassword(String message) {
            super(message);
        }
    }
}
