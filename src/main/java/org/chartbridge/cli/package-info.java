/**
 * The commands of {@code chartbridge}.
 *
 * <p>{@code Chartbridge} is the main class. It alone is compiled for Java 17, so that an older Java
 * gets a sentence instead of a class version error; then {@link org.chartbridge.cli.Commands} takes
 * over. Only {@code serve} starts Spring; the others answer in a moment.
 *
 * <p>To add a command, write a picocli class in this package and name it in {@code Commands}.
 *
 * <p>Exit codes, of every command: 0 done (for {@code stop} also: nothing was running), 1 it could
 * not be done and the message says why, 2 wrong use; {@code send} also has 3, no connection or a
 * message without an answer. {@code serve} ends with 130 after Ctrl-C and 143 after {@code stop},
 * as every process that a signal ends.
 */
@NullMarked
package org.chartbridge.cli;

import org.jspecify.annotations.NullMarked;
