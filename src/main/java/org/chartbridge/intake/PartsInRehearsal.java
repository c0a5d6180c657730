package org.chartbridge.intake;

import org.chartbridge.hl7.Fragment;
import org.chartbridge.intake.WholeMessages.Found;
import org.chartbridge.journal.MessageParts.Part;
import org.chartbridge.journal.MessageParts.Waiting;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Parts of messages that were only played (DSC, MSH-14), joined by the rule that joins them in the
 * engine. For one thread.
 */
public final class PartsInRehearsal {
    private final List<Waiting> waiting = new ArrayList<>();
    private final Map<Long, byte[]> contents = new HashMap<>();
    private long entries;

    /** Keeps a part until the others are here. */
    void keep(Arrival arrival, Prepared.Part part) {
        long entry = ++entries;
        contents.put(entry, arrival.raw());
        waiting.add(
                new Waiting(
                        new Part(entry, arrival.partner().folder(), part.fragment(), part.saidAt()),
                        arrival.raw().length));
    }

    /** The message that is whole by now, once; its parts wait no more. */
    public Optional<byte[]> whole() {
        for (var found : WholeMessages.of(waiting)) {
            if (!(found instanceof Found.Whole(var chain))) continue;
            var raws =
                    chain.stream()
                            .map(one -> contents.get(one.getFirst().part().entryId()))
                            .toList();
            chain.forEach(waiting::removeAll);
            return Optional.of(Fragment.join(raws).raw());
        }
        return Optional.empty();
    }
}
