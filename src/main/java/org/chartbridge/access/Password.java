package org.chartbridge.access;

import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Set;

/**
 * A password that may be used: long enough and not one that everybody tries first (OWASP ASVS 5.0
 * chapter 6).
 */
public record Password(String text) {
    /** Shorter ones are refused. */
    public static final int MIN_LENGTH = 12;

    /** bcrypt reads no more than this; longer ones are refused rather than cut off in silence. */
    public static final int MAX_BYTES = 72;

    private static final int WORK_FACTOR = 11;
    private static final int MADE_GROUPS = 5;
    private static final int MADE_GROUP_LENGTH = 4;

    /** No 0/o, 1/l/i: it is read off a screen once. 31 letters to the power of 20 is 99 bits. */
    private static final String MADE_FROM = "23456789abcdefghjkmnpqrstuvwxyz";

    /** What is left of a password when digits, signs and case are taken away. */
    private static final Set<String> WEAK =
            Set.of(
                    "",
                    "a",
                    "ab",
                    "abc",
                    "abcd",
                    "abcde",
                    "abcdef",
                    "abcdefgh",
                    "admin",
                    "adminadmin",
                    "administrator",
                    "changeit",
                    "changeme",
                    "changemenow",
                    "chartbridge",
                    "chartbridgeadmin",
                    "adminchartbridge",
                    "default",
                    "iloveyou",
                    "letmein",
                    "letmeinplease",
                    "login",
                    "pass",
                    "passwd",
                    "password",
                    "passwordpassword",
                    "adminpassword",
                    "passwordadmin",
                    "mypassword",
                    "qwerty",
                    "qwertyuiop",
                    "qwertzuiop",
                    "asdfghjkl",
                    "root",
                    "rootroot",
                    "secret",
                    "secretsecret",
                    "topsecret",
                    "supersecret",
                    "test",
                    "testtest",
                    "testpassword",
                    "welcome",
                    "welcomewelcome",
                    "hospital",
                    "clinic",
                    "doctor",
                    "monkey",
                    "dragon",
                    "football",
                    "baseball",
                    "trustnoone",
                    "princess",
                    "sunshine",
                    "whatever");

    private static final BCryptPasswordEncoder BCRYPT = new BCryptPasswordEncoder(WORK_FACTOR);

    public Password {
        var fault = fault(text);
        if (!fault.isEmpty()) throw new IllegalArgumentException(fault);
    }

    /** Why this can't be a password, for people; empty when it can. Never holds the text itself. */
    public static String fault(String text) {
        if (text.codePointCount(0, text.length()) < MIN_LENGTH)
            return "The password is too short: at least " + MIN_LENGTH + " characters are needed.";
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES)
            return "The password is too long: at most " + MAX_BYTES + " bytes are read.";
        if (text.chars().distinct().count() < 5 || WEAK.contains(core(text)))
            return "The password is one that is tried first when guessing: choose another.";
        return "";
    }

    /** A new one that nobody knows, in groups that can be read aloud. */
    public static Password made() {
        var random = new SecureRandom();
        var text = new StringBuilder();
        for (var group = 0; group < MADE_GROUPS; group++) {
            if (group > 0) text.append('-');
            for (var i = 0; i < MADE_GROUP_LENGTH; i++)
                text.append(MADE_FROM.charAt(random.nextInt(MADE_FROM.length())));
        }
        return new Password(text.toString());
    }

    String hash() {
        return hashOf(text);
    }

    static String hashOf(String text) {
        return BCRYPT.encode(text);
    }

    /** Whether what was typed is the password of this hash. Takes about 100 ms on purpose. */
    static boolean matches(String typed, String hash) {
        if (typed.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) return false;
        return BCRYPT.matches(typed, hash);
    }

    private static String core(String text) {
        var core = new StringBuilder();
        var bare = text.toLowerCase(Locale.ROOT).replaceAll("^[^a-z@$]+|[^a-z@$]+$", "");
        for (var i = 0; i < bare.length(); i++) {
            var c = bare.charAt(i);
            // The usual disguises: p@ssw0rd, adm1n.
            var plain =
                    switch (c) {
                        case '@' -> 'a';
                        case '0' -> 'o';
                        case '3' -> 'e';
                        case '$' -> 's';
                        default -> c;
                    };
            if (Character.isLetter(plain)) core.append(plain);
        }
        return core.toString();
    }

    @Override
    public String toString() {
        return "Password[…]";
    }
}
