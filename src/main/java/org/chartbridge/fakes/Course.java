package org.chartbridge.fakes;

import java.time.Duration;
import java.util.List;

/**
 * What is done, step by step, about the orders or referrals that it is for.
 *
 * @param test only for orders of this code or text (OBR-4); "" for all
 */
record Course(Chance chance, String test, List<Step> steps) {
    Course {
        steps = List.copyOf(steps);
    }

    /**
     * One step.
     *
     * @param after how long after the one before was taken, or after the order came
     */
    record Step(Act act, Duration after) {}
}
