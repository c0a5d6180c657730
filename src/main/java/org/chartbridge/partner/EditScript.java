package org.chartbridge.partner;

import java.util.List;

/**
 * What an {@code .edit.yaml} file says, in its order.
 *
 * @param file below the routes folder, for example {@code northlab/orders.edit.yaml}
 */
public record EditScript(String file, List<Step> steps) {
    public EditScript {
        steps = List.copyOf(steps);
    }

    /** One item of the file. */
    public sealed interface Step {
        int line();
    }

    /** A change of values or segments. */
    public record Change(Edit edit) implements Step {
        @Override
        public int line() {
            return edit.line();
        }
    }

    /** Another version of HL7, as MSH-12 names it. */
    public record ToVersion(int line, String version) implements Step {}

    /** Another character set, as MSH-18 names it (table 0211). */
    public record ToCharset(int line, String name) implements Step {}

    /** What the receiver does without although the standard requires it, such as PID-5. */
    public record Without(int line, List<String> names) implements Step {
        public Without {
            names = List.copyOf(names);
        }
    }

    /** The delimiters that the standard recommends. */
    public record ToStandardDelimiters(int line) implements Step {}
}
