package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.intake.Turns.Turn;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

class TurnsTests {
    private final Turns turns = new Turns(2);
    private final List<String> begun = new ArrayList<>();

    @Test
    void aPartnerAloneHasAllOfTheEngine() {
        add("a", 10);

        assertThat(look(10)).hasSize(10);
    }

    @Test
    void whileOthersSendAPartnerHasItsShareInWork() {
        add("a", 5);
        add("b", 1);

        var inWork = look(6);

        assertThat(begun).containsExactly("a", "b", "a");
        assertThat(turns.end(inWork.get(1))).isOne();
        assertThat(turns.next()).isNull();
        assertThat(turns.end(inWork.getFirst())).isOne();
        assertThat(look(1)).hasSize(1);
        assertThat(begun).containsExactly("a", "b", "a", "a");
    }

    @Test
    void whoEndsTwiceCountsOnce() {
        add("a", 4);
        add("b", 1);
        var first = look(5).getFirst();

        assertThat(turns.end(first)).isOne();
        assertThat(turns.end(first)).isZero();
        look(1);

        assertThat(turns.next()).isNull();
    }

    @Test
    void everyMessageGetsItsTurnWhateverTheOrderOfEnds() {
        for (var partner : List.of("a", "b", "a", "c", "a", "a")) add(partner, 7);
        var inWork = new ArrayList<>(look(42));

        while (!inWork.isEmpty()) inWork.addAll(look(turns.end(inWork.remove(inWork.size() / 2))));

        assertThat(begun).hasSize(42);
        assertThat(turns.next()).isNull();
    }

    @Test
    void whenTheEngineStopsNothingIsLeftWaiting() {
        add("a", 20);
        add("b", 1);
        look(21);

        look(turns.hurry());

        assertThat(begun).hasSize(21);
    }

    private void add(String partner, int messages) {
        for (var i = 0; i < messages; i++) turns.add(new Turn(partner, _ -> begun.add(partner)));
    }

    /** Looks so often, and begins what may begin. */
    private List<Turn> look(int times) {
        var found = new ArrayList<Turn>();
        IntStream.range(0, times)
                .forEach(
                        _ -> {
                            var next = turns.next();
                            if (next == null) return;
                            next.run();
                            found.add(next);
                        });
        return found;
    }
}
