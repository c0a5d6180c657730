package org.chartbridge.delivery;

import java.time.Duration;

/** Why the work on a destination ended for now. */
sealed interface Ending {

    /** Nothing waits, or nothing may be sent: the next bell will say when to look again. */
    record Idle() implements Ending {}

    /** The head is to be tried again after a while. */
    record Wait(Duration time) implements Ending {}

    /** Another node has the claim. */
    record Elsewhere() implements Ending {}
}
