package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executors;

class FairQueueTests {
    private final FairQueue<String> queue = new FairQueue<>(one -> one.substring(0, 1));

    @Test
    void partnersTakeTurnsAndEachKeepsItsOrder() {
        for (var one : List.of("a1", "a2", "a3", "a4", "b1", "c1", "c2")) queue.add(one);

        assertThat(all()).containsExactly("a1", "b1", "c1", "a2", "c2", "a3", "a4");
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void whoComesLateWaitsForOneTurnOfEach() {
        for (var i = 0; i < 200; i++) queue.add("a" + i);
        queue.add("b1");
        queue.poll();

        assertThat(queue.poll()).isEqualTo("b1");
    }

    @Test
    void whoseShareIsUsedUpIsPassedOver() {
        for (var one : List.of("a1", "a2", "b1")) queue.add(one);

        assertThat(queue.poll(partner -> !partner.equals("a"))).isEqualTo("b1");
        assertThat(queue.poll(partner -> !partner.equals("a"))).isNull();
        assertThat(all()).containsExactly("a1", "a2");
    }

    @Test
    void onePartnerAloneSharesWithNobody() {
        for (var i = 0; i < 10; i++) queue.add("a" + i);
        assertThat(queue.isShared()).isFalse();

        queue.add("b1");
        assertThat(queue.isShared()).isTrue();
    }

    @Test
    void nothingIsLostBetweenThreads() throws Exception {
        var taken = new ArrayList<String>();
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (var name : List.of("a", "b", "c", "d"))
                threads.execute(
                        () -> {
                            for (var i = 0; i < 1_000; i++) queue.add(name + i);
                        });
            while (taken.size() < 4_000) {
                var one = queue.poll(5_000);
                assertThat(one).isNotNull();
                taken.add(one);
            }
        }

        assertThat(taken).doesNotHaveDuplicates();
        assertThat(taken.stream().filter(t -> t.startsWith("b")))
                .isSortedAccordingTo(Comparator.comparingInt(FairQueueTests::number));
        assertThat(queue.poll(1)).isNull();
    }

    private static int number(String one) {
        return Integer.parseInt(one.substring(1));
    }

    private List<String> all() {
        var all = new ArrayList<String>();
        for (var one = queue.poll(); one != null; one = queue.poll()) all.add(one);
        return all;
    }
}
