package org.chartbridge.routes;

import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.Nearest;
import org.chartbridge.partner.Partner;
import org.chartbridge.routes.DispatchTable.Entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Whether the routes of a folder fit beside each other and beside those of other folders: their own
 * ids and claims, and outboxes for what they deliver.
 */
final class FolderFit {
    private final List<LoadedFolder> others;
    private final Set<String> announced;
    private final List<Plan> accepted = new ArrayList<>();

    /**
     * @param others what runs of other folders
     * @param announced the destinations that any folder has an outbox for
     */
    FolderFit(List<LoadedFolder> others, Set<String> announced) {
        this.others = others;
        this.announced = announced;
    }

    /** Whether a file's routes have ids and claims of their own; if so they are accepted. */
    boolean fits(Partner partner, List<Plan> plans, List<FileFault> faults) {
        int before = faults.size();
        var its = new ArrayList<Plan>();
        for (var plan : plans) {
            var siblings = new ArrayList<>(accepted);
            siblings.addAll(its);
            var rivals = new ArrayList<>(siblings);
            others.forEach(other -> rivals.addAll(other.plans()));
            for (var rival : rivals) {
                if (!rival.id().equals(plan.id())) continue;
                var what = "route id \"" + plan.id() + "\" is taken by " + place(rival);
                faults.add(
                        FileFault.at(
                                plan.file(), plan.place(), what, "give each route its own id"));
            }
            switch (plan) {
                case RoutePlan route -> {
                    claims(partner, route, siblings, faults);
                    logsInAlike(partner, route, faults);
                    delivers(route, faults);
                }
                case OutboxPlan outbox -> {
                    takesAlone(outbox, siblings, faults);
                    reaches(partner, outbox, faults);
                }
            }
            its.add(plan);
        }
        if (faults.size() > before) return false;
        accepted.addAll(its);
        return true;
    }

    private void claims(
            Partner partner, RoutePlan plan, List<Plan> siblings, List<FileFault> faults) {
        var entry = new Entry(partner, plan);
        var rivals = new ArrayList<Entry>();
        others.forEach(other -> rivals.addAll(other.entries()));
        for (var sibling : siblings)
            if (sibling instanceof RoutePlan route) rivals.add(new Entry(partner, route));
        var rival = DispatchTable.rival(entry, rivals).orElse(null);
        if (rival == null) return;
        faults.add(
                FileFault.at(
                        plan.file(),
                        plan.place(),
                        "route \""
                                + plan.id()
                                + "\" and "
                                + rival.route().named()
                                + " both claim "
                                + DispatchTable.claim(entry, rival),
                        "give one of them another sender, types or port"));
    }

    /** A folder of another machine is entered once, for all partners that name it. */
    private void logsInAlike(Partner partner, RoutePlan plan, List<FileFault> faults) {
        var login = partner.login();
        if (!(plan.door() instanceof Door.Sftp) || login == null) return; // Told by SendingTls.
        for (var other : others)
            for (var entry : other.entries()) {
                var its = entry.partner().login();
                if (!entry.route().door().equals(plan.door())
                        || its == null
                        || login.isSameCaller(its)) continue;
                faults.add(
                        FileFault.at(
                                plan.file(),
                                plan.place(),
                                plan.door()
                                        + " is entered with another login by "
                                        + entry.route().named(),
                                "give both partners the same login, or each a folder of its own"));
                return;
            }
    }

    /** Every destination that is named must have an outbox, wherever its file stands. */
    private void delivers(RoutePlan plan, List<FileFault> faults) {
        for (var step : plan.delivers()) {
            if (announced.contains(step.destination())) continue;
            faults.add(
                    FileFault.at(
                            plan.file(),
                            step.place(),
                            "no outbox takes deliveries for \"" + step.destination() + "\"",
                            announced.isEmpty()
                                    ? "write a route in routes/"
                                            + step.destination().replaceFirst("/.*", "")
                                            + " with  from: { uri: outbox:"
                                            + step.destination()
                                            + " }"
                                    : Nearest.hint(step.destination(), announced)));
        }
    }

    private static void takesAlone(OutboxPlan plan, List<Plan> siblings, List<FileFault> faults) {
        for (var sibling : siblings) {
            if (!(sibling instanceof OutboxPlan other)
                    || !other.destination().equals(plan.destination())) continue;
            faults.add(
                    FileFault.at(
                            plan.file(),
                            plan.place(),
                            plan.destination() + " is taken by " + other.named(),
                            "one route takes all deliveries of a destination"));
        }
    }

    private static void reaches(Partner partner, OutboxPlan plan, List<FileFault> faults) {
        for (var endpoint : plan.endpoints().values())
            SendingTls.misfit(partner, endpoint)
                    .ifPresent(
                            why -> {
                                int remedy = why.indexOf("; ");
                                faults.add(
                                        FileFault.at(
                                                plan.file(),
                                                plan.place(),
                                                why.substring(0, remedy),
                                                why.substring(remedy + 2)));
                            });
    }

    private static String place(Plan plan) {
        return plan.file() + ":" + plan.place().line();
    }
}
