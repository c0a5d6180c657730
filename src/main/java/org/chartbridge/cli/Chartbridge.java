package org.chartbridge.cli;

import java.lang.reflect.InvocationTargetException;

/**
 * The main class: looks at the Java it runs on, then hands over to {@code Commands}.
 *
 * <p>Compiled for Java 17, the oldest that Spring Boot's loader starts on, and therefore free of
 * any reference to our other classes, which only Java 25 can load.
 */
public final class Chartbridge {
    private static final int NEEDED = 25;

    private Chartbridge() {}

    public static void main(String[] args) throws ReflectiveOperationException {
        // Before anything touches Netty: without it the broker's second start fails on Java 25
        // ("Cannot clean arbitrary ByteBuffer instances").
        System.setProperty("io.netty.noUnsafe", "false");
        int found = Runtime.version().feature();
        if (found < NEEDED) {
            System.err.println(
                    "Chartbridge needs Java "
                            + NEEDED
                            + " or newer; this is Java "
                            + Runtime.version()
                            + " in "
                            + System.getProperty("java.home")
                            + ".");
            System.err.println(
                    "bin/chartbridge finds a fitting one by itself. Or name it:"
                        + " JAVA_HOME=/path/to/jdk-25 bin/chartbridge, or /path/to/jdk-25/bin/java"
                        + " -jar chartbridge.jar.");
            System.err.println(
                    "None installed? Eclipse Temurin 25: https://adoptium.net/installation/ or"
                            + " `sdk install java 25-tem` (https://sdkman.io).");
            System.exit(1);
        }
        try {
            Class.forName("org.chartbridge.cli.Commands")
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) args);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
