package org.chartbridge.fakes;

import java.util.Random;

/** How often something happens. */
public sealed interface Chance {

    /**
     * Whether it happens.
     *
     * @param count how many there were, this one included
     * @param draw of this one, from {@link #draw}
     */
    boolean hits(long count, int draw);

    record Always() implements Chance {
        @Override
        public boolean hits(long count, int draw) {
            return true;
        }
    }

    /** Each nth. */
    record Every(int n) implements Chance {
        @Override
        public boolean hits(long count, int draw) {
            return count % n == 0;
        }
    }

    /** By chance, one in n. */
    record OneIn(int n) implements Chance {
        @Override
        public boolean hits(long count, int draw) {
            return draw % n == 0;
        }
    }

    /** A number from 0 for one thing of one seed, whenever it is asked. */
    static int draw(long seed, String what, int rule) {
        var random = new Random(seed * 31 + what.hashCode() * 1_000_003L + rule);
        random.nextInt(); // The first number of neighbouring seeds is nearly the same.
        return random.nextInt(Integer.MAX_VALUE);
    }
}
