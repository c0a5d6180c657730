package org.chartbridge.ordering;

import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Rewriting;
import org.chartbridge.hl7.Rewriting.Segment;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Orders by specimen (OML^O33) and by container (OML^O35), in which SPM and SAC stand before the
 * orders on them (HL7 v2.5.1 §4.4.8, §4.4.10), as OML^O21 writes them: each order with its specimen
 * below it ⚠. Left where it is, a specimen would be that of the order before it.
 */
final class SpecimensFirst {
    private static final Set<String> TRIGGERS = Set.of("O33", "O35");

    private final Rewriting text;
    private final List<Segment> order = new ArrayList<>();
    private List<Segment> specimen = new ArrayList<>();
    private List<Segment> container = new ArrayList<>();

    /** Where what follows belongs: {@link #order}, or what is said of specimen or container. */
    private List<Segment> reading = order;

    /** Whether specimen or container are being read, and their first order is still to come. */
    private boolean beforeOrder;

    /** Whether an order is being read that its specimen has to follow. */
    private boolean isOrdered;

    /** Earlier results, sent along behind an order (PRIOR_RESULT). */
    private boolean isPrior;

    private SpecimensFirst(Rewriting text) {
        this.text = text;
    }

    /** A message that orders, each specimen below its order. */
    static Rewriting read(Message message) {
        var text = Rewriting.of(message);
        if (TRIGGERS.contains(message.header().triggerEvent()) && isFirst(text))
            new SpecimensFirst(text).turn();
        return text;
    }

    /** Some call a message O33 and write the specimen below the order all the same. */
    private static boolean isFirst(Rewriting text) {
        for (var segment : text.segments()) {
            if (segment.name().equals("SPM")) return true;
            if (segment.name().equals("ORC") || segment.name().equals("OBR")) return false;
        }
        return false;
    }

    private void turn() {
        boolean onlyResults = OrderGroups.onlyResults(text);
        boolean patient = false;
        for (var segment : List.copyOf(text.segments())) {
            switch (segment.name()) {
                case "SPM" -> {
                    end();
                    specimen = reading = new ArrayList<>();
                    container = new ArrayList<>();
                    beforeOrder = true;
                    isPrior = false;
                }
                case "SAC" -> {
                    // Several before an order are of that order.
                    if (end() || !beforeOrder) container = new ArrayList<>();
                    reading = container;
                    beforeOrder = true;
                    isPrior = false;
                }
                case "PID" -> {
                    end();
                    isPrior = patient;
                    patient = true;
                    reading = order;
                    beforeOrder = false;
                }
                case "ORC" -> {
                    end();
                    boolean result = OrderGroups.control(text, segment).equals("RE");
                    isPrior = result && !onlyResults;
                    reading = order;
                    beforeOrder = false;
                }
                case "OBR" -> {
                    end();
                    isOrdered = !isPrior;
                    reading = order;
                    beforeOrder = false;
                }
                default -> {
                    // Goes where the one before it goes.
                }
            }
            reading.add(segment);
        }
        end();
        text.arrange(order);
        var msh = text.segments().getFirst();
        text.setComponents(msh, 9, 1, List.of("OML", "O21", "OML_O21"));
    }

    /** Puts the specimen below the order that ends here, if one does. */
    private boolean end() {
        if (!isOrdered) return false;
        for (var said : List.of(specimen, container))
            for (var segment : said) order.add(text.copy(segment));
        isOrdered = false;
        return true;
    }
}
