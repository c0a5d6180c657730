package org.chartbridge.partner;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * {@code login:} what we show where a partner asks who calls, beside or instead of a certificate.
 * One of password, token and key is there, and a user with password and key.
 *
 * @param password what the environment said
 * @param token what the environment said
 * @param key file of a private key; its path begins at the routes folder
 * @param hostKeys fingerprints of the partner's own SSH keys, {@code SHA256:…}
 * @param place of the key in the file
 */
public record Login(
        @Nullable String user,
        @Nullable String password,
        @Nullable String token,
        @Nullable String key,
        List<String> hostKeys,
        Yaml.Place place) {

    public Login {
        hostKeys = List.copyOf(hostKeys);
        if ((token == null) == (user == null)
                || (user != null && (password == null) == (key == null))
                || (token != null && (password != null || key != null)))
            throw new IllegalArgumentException("wanted a user with password or key, or a token");
    }

    /** Whether HTTP can show it. */
    public boolean isForHttp() {
        return key == null;
    }

    /** Whether both are the same user with the same secret, wherever they are written. */
    public boolean isSameCaller(Login other) {
        return Objects.equals(user, other.user)
                && Objects.equals(password, other.password)
                && Objects.equals(token, other.token)
                && Objects.equals(key, other.key);
    }

    /** The same, the path of its key beginning at a folder. */
    public Login keyBelow(Path folder) {
        return key == null
                ? this
                : new Login(
                        user,
                        password,
                        token,
                        folder.resolve(key).normalize().toString(),
                        hostKeys,
                        place);
    }

    /** Says no secret. */
    @Override
    public String toString() {
        return "Login[" + place + "]";
    }
}
