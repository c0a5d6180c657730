package org.chartbridge.intake;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Whose message is taken up next. Partners take turns, and while several send, only so many
 * messages of one are in work, from the first look at them to their answer; the others wait here,
 * where they cost the neighbours nothing. A partner that sends alone has all of the engine.
 *
 * <p>One look ({@link #next}) belongs to each message that was added. A look that finds only
 * messages of those who have their share is kept, and given back by {@link #end}.
 */
final class Turns {
    private final int share;
    private final FairQueue<Turn> waiting = new FairQueue<>(turn -> turn.partner);
    private final Map<String, Integer> inWork = new HashMap<>();
    private int looksKept;
    private boolean hurrying;

    /** One message's. */
    static final class Turn {
        private final String partner;
        private final Consumer<Turn> work;
        private boolean ended;

        Turn(String partner, Consumer<Turn> work) {
            this.partner = partner;
            this.work = work;
        }

        void run() {
            work.accept(this);
        }
    }

    /**
     * @param share messages of one partner in work at most, while others send too
     */
    Turns(int share) {
        this.share = share;
    }

    synchronized void add(Turn turn) {
        waiting.add(turn);
    }

    /** The next one, which is in work from now on; null when none may begin. */
    synchronized @Nullable Turn next() {
        var all = hurrying || !waiting.isShared();
        var turn = waiting.poll(its -> all || inWork.getOrDefault(its, 0) < share);
        if (turn != null) inWork.merge(turn.partner, 1, Integer::sum);
        else if (!waiting.isEmpty()) looksKept++;
        return turn;
    }

    /**
     * A message is no longer in work. May be told twice.
     *
     * @return how many looks are due now
     */
    synchronized int end(Turn turn) {
        if (turn.ended) return 0;
        turn.ended = true;
        inWork.computeIfPresent(turn.partner, (_, count) -> count == 1 ? null : count - 1);
        return looksDue(waiting.isShared() ? 1 : looksKept);
    }

    /**
     * Nobody need be spared any more, because the engine stops.
     *
     * @return how many looks are due now
     */
    synchronized int hurry() {
        hurrying = true;
        return looksDue(looksKept);
    }

    private int looksDue(int wanted) {
        var due = Math.min(wanted, looksKept);
        looksKept -= due;
        return due;
    }
}
