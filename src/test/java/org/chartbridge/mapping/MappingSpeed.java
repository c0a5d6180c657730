package org.chartbridge.mapping;

import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.function.IntSupplier;

/**
 * How much processor time reading and mapping an ordinary message of ten OBX takes; a main, run by
 * hand.
 */
final class MappingSpeed {
    private static final int WARM_UP = 20_000;
    private static final int ROUNDS = 30_000;

    private MappingSpeed() {}

    public static void main(String[] args) {
        var raw = ordinary().replace('\n', '\r').getBytes(StandardCharsets.UTF_8);
        var message = read(raw);
        System.out.printf("%d bytes, %d segments%n", raw.length, message.lines().size());
        for (int i = 0; i < 2; i++) {
            measure("read (index)", () -> read(raw).lines().size());
            measure("map", () -> Sent.map(message, Sent.NORTHLAB).hashCode() & 1);
            measure("read and map", () -> Sent.map(read(raw), Sent.NORTHLAB).hashCode() & 1);
        }
    }

    private static Message read(byte[] raw) {
        return switch (Message.read(raw, StandardCharsets.UTF_8)) {
            case Reading.Readable(var message) -> message;
            case Reading.Unreadable(var fault) -> throw new IllegalStateException(fault.reason());
        };
    }

    private static void measure(String what, IntSupplier work) {
        int sink = 0;
        for (int i = 0; i < WARM_UP; i++) sink += work.getAsInt();
        long from = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        for (int i = 0; i < ROUNDS; i++) sink += work.getAsInt();
        long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - from;
        System.out.printf("%-24s %7.1f µs  (%d)%n", what, nanos / 1000.0 / ROUNDS, sink & 1);
    }

    private static String ordinary() {
        var text =
                new StringBuilder(
                        """
                        MSH|^~\\&|LIS|NORTHLAB|CHARTBRIDGE|CLINIC|20261103080000-0500||ORU^R01^ORU_R01|C1|P|2.5.1
                        PID|1||NL-8^^^NORTHLAB^MR||EXEMPLAR^Olive^Q||19710412|F|||1 Main St^^Springfield^IL^62701||555-0100
                        ORC|RE|P-9|A-90|||||||||70001^ORDWAY^Otto^^^Dr
                        OBR|1|P-9|A-90|24323-8^Comprehensive metabolic panel^LN|||20261103070000-0500|||||||||70001^ORDWAY^Otto^^^Dr||||||20261103075500-0500|||F
                        """);
        for (int i = 1; i <= 10; i++)
            text.append(
                    "OBX|%d|NM|%d-7^Analyte number %d^LN||%d.%d|mmol/L^^UCUM|3.9-5.6|N|||F|||20261103070000-0500\n"
                            .formatted(i, 2000 + i, i, i, i));
        return text.append("NTE|1|L|Specimen slightly haemolysed.\n").toString();
    }
}
