package org.chartbridge.routes;

import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.Nearest;
import org.chartbridge.partner.Orders;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.Referrals;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Rows of {@code ordering.csv} and {@code referring.csv} that no order or referral can fit, such as
 * one that names no laboratory. A folder with such rows runs ⚠: what they were meant for goes by
 * the next row that fits.
 */
final class IdleRows {

    /** Words for a priority; codes of an EMR's own are shorter, or nothing like them. */
    private static final List<String> PRIORITIES =
            List.of("STAT", "ASAP", "ROUTINE", "URGENT", "PREOP", "CALLBACK", "TIMING");

    private static final int SHORTEST_WORD = 3;

    private final Map<String, Orders> labs = new TreeMap<>();
    private final TreeSet<String> takers = new TreeSet<>();
    private final List<FileFault> faults = new ArrayList<>();

    private IdleRows(Collection<Partner> partners) {
        for (var partner : partners) {
            if (partner.orders().isLab()) labs.put(partner.folder(), partner.orders());
            if (partner.referrals().takesAny()) takers.add(partner.folder());
        }
    }

    /** Those of all folders that run together. */
    static List<FileFault> of(Collection<Partner> partners) {
        var rows = new IdleRows(partners);
        for (var partner : partners) {
            for (var rule : partner.referrals().rules())
                rows.look(partner.folder() + "/referring.csv", rule);
            for (var rule : partner.orders().rules())
                rows.look(partner.folder() + "/ordering.csv", rule);
        }
        return List.copyOf(rows.faults);
    }

    private void look(String file, Referrals.Rule rule) {
        if (!takers.contains(rule.to()))
            fault(
                    file,
                    rule.line(),
                    "\"" + rule.to() + "\" takes no referrals",
                    takers.isEmpty()
                            ? "who takes some has a providers.csv; write one"
                            : Nearest.hint(rule.to(), takers));
    }

    private void look(String file, Orders.Rule rule) {
        var lab = labs.get(rule.lab());
        if (lab == null) {
            fault(
                    file,
                    rule.line(),
                    "\"" + rule.lab() + "\" is no laboratory",
                    labs.isEmpty()
                            ? "a laboratory has a compendium.csv; write one"
                            : Nearest.hint(rule.lab(), labs.keySet()));
            return;
        }
        if (rule.network() != Orders.Network.EITHER && lab.network().isEmpty())
            fault(
                    file,
                    rule.line(),
                    "network: " + rule.lab() + " has no network.csv, so it is in nobody's",
                    "write "
                            + rule.lab()
                            + "/network.csv with the line  payer,plan,name, or leave network"
                            + " empty");
        if (!rule.test().isEmpty() && !lab.tests().containsKey(rule.test()))
            fault(
                    file,
                    rule.line(),
                    "test: \"" + rule.test() + "\" is not in " + rule.lab() + "/compendium.csv",
                    Nearest.to(rule.test(), lab.tests().keySet())
                            .map(near -> "did you mean \"" + near + "\"?")
                            .orElse("write a code of its column code, or add the test there"));
        var priority = rule.priority();
        if (priority.length() < SHORTEST_WORD
                || PRIORITIES.stream().anyMatch(priority::equalsIgnoreCase)) return;
        Nearest.to(priority, PRIORITIES)
                .ifPresent(
                        near ->
                                fault(
                                        file,
                                        rule.line(),
                                        "priority: no order has \"" + priority + "\"",
                                        "did you mean \"" + near + "\"?"));
    }

    private void fault(String file, int line, String what, String remedy) {
        faults.add(new FileFault(file, line, 0, what, remedy));
    }
}
