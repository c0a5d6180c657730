package org.chartbridge.ordering;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.ordering.OrdersToPlace.Beside;
import org.chartbridge.ordering.OrdersToPlace.Item;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

/** What is shown of one number beside each other. */
class OrdersToPlaceTests {

    @Test
    void anOrderAndItsWaitingCancelPointAtEachOther() {
        var shown =
                OrdersToPlace.besideEachOther(
                        List.of(item(1, "emr", "P1", "NW"), item(2, "emr", "P1", "CA")));

        assertThat(shown.getFirst().beside()).containsExactly(new Beside(2, 102, "CA"));
        assertThat(shown.getLast().beside()).containsExactly(new Beside(1, 101, "NW"));
    }

    @Test
    void othersOfThatNumberOrWithoutOneDoNot() {
        var shown =
                OrdersToPlace.besideEachOther(
                        List.of(
                                item(1, "emr", "P1", "NW"),
                                item(2, "clinic", "P1", "CA"),
                                item(3, "emr", "P2", "CA"),
                                item(4, "emr", "", "NW"),
                                item(5, "emr", "", "CA")));

        assertThat(shown).allSatisfy(one -> assertThat(one.beside()).isEmpty());
    }

    private static Item item(long id, String sender, String number, String control) {
        return new Item(
                id,
                100 + id,
                sender,
                Instant.EPOCH,
                new Ordering.Waiting(
                        "order",
                        "K Potassium",
                        control,
                        number,
                        new Choice.Nobody("no laboratory does K", "add it"),
                        List.of(),
                        List.of()),
                List.of());
    }
}
