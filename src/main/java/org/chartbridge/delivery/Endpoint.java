package org.chartbridge.delivery;

import org.chartbridge.partner.Login;
import org.chartbridge.sftp.SftpHost;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Where an attempt goes. */
public sealed interface Endpoint {

    /**
     * Reads {@code mllp:host:port}, {@code mllp:[::1]:port}, {@code https://host/path}, {@code
     * sftp://host/folder} or {@code file:/folder}.
     *
     * @throws IllegalArgumentException when it is none of them; its text says what was wanted
     */
    static Endpoint parse(String text) {
        if (text.startsWith(Folder.SCHEME)) return Folder.parsed(text);
        if (text.startsWith("sftp:")) return Sftp.parsed(text);
        return text.matches("https?:.*") ? Http.parsed(text) : Mllp.parsed(text);
    }

    /** A partner that listens. */
    static Endpoint mllp(String host, int port) {
        return new Mllp(host, port);
    }

    /** Whether it is certain that nothing leaves this machine by a connection of ours. */
    boolean isThisMachine();

    /** For people: {@code 127.0.0.1:2577}, {@code https://lab.example/hl7}, or a folder's path. */
    String address();

    private static boolean isLoopback(String host) {
        if (host.equals("localhost")) return true;
        try {
            return InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException _) { // A name: who knows where it leads.
            return false;
        }
    }

    /**
     * A connection.
     *
     * @param host name or address; without brackets
     */
    record Mllp(String host, int port) implements Endpoint {
        private static final String SCHEME = "mllp:";

        public Mllp {
            if (host.isBlank() || port < 1 || port > 65_535)
                throw new IllegalArgumentException("wanted a host and a port from 1 to 65535");
        }

        private static Mllp parsed(String text) {
            int colon = text.lastIndexOf(':');
            if (!text.startsWith(SCHEME) || colon < SCHEME.length())
                throw new IllegalArgumentException("wanted mllp:host:port");
            var host = text.substring(SCHEME.length(), colon);
            if (host.startsWith("//")) host = host.substring(2);
            boolean bracketed = host.startsWith("[") && host.endsWith("]");
            if (host.contains(":") != bracketed)
                throw new IllegalArgumentException("wanted mllp:host:port");
            return new Mllp(
                    bracketed ? host.substring(1, host.length() - 1) : host, port(text, colon));
        }

        private static int port(String text, int colon) {
            var digits = text.substring(colon + 1);
            if (!digits.matches("[0-9]{1,5}"))
                throw new IllegalArgumentException("wanted a port from 1 to 65535");
            return Integer.parseInt(digits);
        }

        @Override
        public boolean isThisMachine() {
            return isLoopback(host);
        }

        InetSocketAddress socket() {
            return InetSocketAddress.createUnresolved(host, port);
        }

        @Override
        public String address() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }

        /** As a route writes it. */
        @Override
        public String toString() {
            return SCHEME + address();
        }
    }

    /** A web address that messages are posted to, one in each request. */
    record Http(URI uri) implements Endpoint {
        private static final String WANTED = "wanted https://host/path, or https://host:port/path";

        public Http {
            if (!uri.toString().matches("https?://.*")
                    || uri.getHost() == null
                    || uri.getUserInfo() != null
                    || uri.getRawQuery() != null
                    || uri.getRawFragment() != null
                    || uri.getPort() == 0
                    || uri.getPort() > 65_535) throw new IllegalArgumentException(WANTED);
        }

        private static Http parsed(String text) {
            try {
                return new Http(URI.create(text));
            } catch (IllegalArgumentException _) { // Java's words would repeat what it got.
                throw new IllegalArgumentException(WANTED);
            }
        }

        public boolean isSecured() {
            return uri.getScheme().equals("https");
        }

        /** Without brackets. */
        String host() {
            return uri.getHost().replaceAll("[\\[\\]]", "");
        }

        int port() {
            if (uri.getPort() > 0) return uri.getPort();
            return isSecured() ? 443 : 80;
        }

        @Override
        public boolean isThisMachine() {
            return isLoopback(host());
        }

        @Override
        public String address() {
            return uri.toString();
        }

        /** As a route writes it. */
        @Override
        public String toString() {
            return uri.toString();
        }
    }

    /**
     * A folder of another machine into which each message is put as a file of its own.
     *
     * @param host name or address; without brackets
     * @param path begins with a slash, ends without
     */
    record Sftp(String host, int port, String path) implements Endpoint {
        private static final int SSH = 22;
        private static final String WANTED =
                "wanted sftp://host/folder, or sftp://host:port/folder";

        private static Sftp parsed(String text) {
            try {
                var uri = URI.create(text);
                var path = uri.getPath();
                if (uri.getHost() != null
                        && uri.getUserInfo() == null
                        && uri.getRawQuery() == null
                        && uri.getRawFragment() == null
                        && uri.getPort() != 0
                        && uri.getPort() <= 65_535
                        && path.matches("(/[^/\\p{Cntrl}]+)+")
                        && !path.matches(".*/[.][.]?(/.*)?"))
                    return new Sftp(
                            uri.getHost().replaceAll("[\\[\\]]", ""),
                            uri.getPort() < 0 ? SSH : uri.getPort(),
                            path);
            } catch (IllegalArgumentException _) {
                // Said below; Java's words would repeat what it got.
            }
            throw new IllegalArgumentException(WANTED);
        }

        /**
         * Who is called there, as whom.
         *
         * @param login with a user and the host's keys; its key a whole path
         * @throws IllegalArgumentException when it has none
         */
        public SftpHost as(Login login) {
            var user = login.user();
            if (user == null) throw new IllegalArgumentException("wanted a user");
            var key = login.key();
            return new SftpHost(
                    host,
                    port,
                    user,
                    login.password(),
                    key == null ? null : Path.of(key),
                    login.hostKeys());
        }

        @Override
        public boolean isThisMachine() {
            return isLoopback(host);
        }

        @Override
        public String address() {
            return "sftp://"
                    + (host.contains(":") ? "[" + host + "]" : host)
                    + (port == SSH ? "" : ":" + port)
                    + path;
        }

        /** As a route writes it. */
        @Override
        public String toString() {
            return address();
        }
    }

    /**
     * A folder into which each message is put as a file of its own; who collects it is not known,
     * nor whether the folder is another machine's that is mounted here.
     */
    record Folder(Path path) implements Endpoint {
        private static final String SCHEME = "file:";

        private static Folder parsed(String text) {
            var path = text.substring(SCHEME.length()).replaceFirst("^//(?=/)", "");
            try {
                var its = Path.of(path);
                if (its.isAbsolute() && its.equals(its.normalize())) return new Folder(its);
            } catch (InvalidPathException _) {
                // Said below.
            }
            throw new IllegalArgumentException("wanted file:/folder, a whole path");
        }

        @Override
        public boolean isThisMachine() {
            return true;
        }

        @Override
        public String address() {
            return path.toString();
        }

        /** As a route writes it. */
        @Override
        public String toString() {
            return SCHEME + path;
        }
    }
}
