package org.chartbridge.start;

import java.util.List;

/** What a room has to say once the engine is ready; Spring's {@code @Order} sorts the reports. */
@FunctionalInterface
public interface StartReport {
    /** Asked once, after everything has started; may be empty. */
    List<StartLine> lines();
}
