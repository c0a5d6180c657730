package org.chartbridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Fault;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;

/** What tests beside routes know of orders that earlier messages sent, as the engine does. */
class RehearsedOrdersTests {
    private static final byte[] ORDER = "the order".getBytes(UTF_8);
    private static final byte[] CHANGE = "its change".getBytes(UTF_8);

    private final RehearsedOrders orders = new RehearsedOrders();

    @BeforeEach
    void anOrderLeaves() {
        orders.remember(List.of(leaving("emr|O1|EMR", null)), false, null, ORDER);
    }

    /** A change names the same test, or the same provider, as what was sent last. */
    @Test
    void theMessageThatWasSentLastIsKnownByItsNumberInAnyForm() {
        assertThat(orders.message("emr", "O1|EMR")).contains(ORDER);
        assertThat(orders.message("emr", "O1|")).contains(ORDER);
        assertThat(orders.message("emr", "O2|EMR")).isEmpty();
        assertThat(orders.message("clinic", "O1|EMR")).isEmpty();

        orders.remember(List.of(leaving("emr|O1|emr", null)), false, null, CHANGE);
        assertThat(orders.message("emr", "O1|EMR")).contains(CHANGE);
    }

    @Test
    void whatWaitsForAPersonWasNotSent() {
        var waits = Fault.warning(null, ErrorCode.INTERNAL, "order-to-place", "nobody does it");

        orders.remember(List.of(leaving("emr|O1|EMR", waits)), false, null, CHANGE);

        assertThat(orders.message("emr", "O1|EMR")).contains(ORDER);
    }

    @Test
    void anotherFileKnowsOfNone() {
        orders.forget();

        assertThat(orders.message("emr", "O1|EMR")).isEmpty();
        assertThat(orders.destination("emr", "O1|EMR")).isEmpty();
    }

    @Test
    void aNumberWrittenOtherwiseIsSentWhereItWent() {
        assertThat(orders.destination("emr", "O1|emr")).contains("lab/orders");
        assertThat(orders.destination("emr", "O1|1.2.840.5")).contains("lab/orders");
        assertThat(orders.destination("emr", "O1|LAB")).isEmpty();
    }

    private static StagedDelivery leaving(String key, @Nullable Fault waits) {
        return new StagedDelivery(
                "lab/orders", ORDER, List.of(new Leaving(key, true, "")), List.of(), waits, null);
    }
}
