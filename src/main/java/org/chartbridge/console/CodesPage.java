package org.chartbridge.console;

import org.chartbridge.chart.CodeTasks;
import org.chartbridge.chart.CodeTasks.Task;
import org.chartbridge.journal.HeldCodes;
import org.chartbridge.partner.CodesFile;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.RoutesOverview;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

import java.time.Clock;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tests without a LOINC code, those first that messages wait for, each with the row of {@code
 * codes.csv} that would end it.
 */
@Controller
class CodesPage {
    private final CodeTasks tasks;
    private final HeldCodes held;
    private final ObjectProvider<RoutesOverview> routes;

    CodesPage(CodeTasks tasks, HeldCodes held, ObjectProvider<RoutesOverview> routes) {
        this.tasks = tasks;
        this.held = held;
        this.routes = routes;
    }

    /**
     * A test to be looked up.
     *
     * @param row what to complete and append to the partner's file
     */
    record Item(Task task, String row) {
        String file() {
            return task.partner() + "/" + CodesFile.NAME;
        }
    }

    /**
     * A test that messages wait for.
     *
     * @param row what to complete and append to the partner's file
     */
    record Waiting(HeldCodes.Task task, String row) {
        String file() {
            return task.partner() + "/" + CodesFile.NAME;
        }
    }

    @GetMapping("/codes")
    String show(Model model) {
        var tables = new HashMap<String, Partner>();
        routes.ifAvailable(
                known ->
                        known.partners()
                                .forEach(p -> tables.put(p.partner().folder(), p.partner())));
        model.addAttribute(
                "waiting",
                held.tasks().stream()
                        .map(task -> new Waiting(task, row(task.code(), task.text(), task.unit())))
                        .toList());
        model.addAttribute("items", open(tables));
        model.addAttribute("columns", String.join(",", CodesFile.COLUMNS));
        return "codes";
    }

    /** Those whose row has not been written since. */
    private List<Item> open(Map<String, Partner> tables) {
        var today = LocalDate.now(Clock.systemUTC());
        return tasks.tasks().stream()
                .filter(task -> !isAnswered(task, tables.get(task.partner()), today))
                .map(task -> new Item(task, row(task.code(), task.text(), task.unit())))
                .toList();
    }

    private static boolean isAnswered(Task task, @Nullable Partner partner, LocalDate today) {
        return partner != null
                && partner.codes()
                        .table()
                        .find(task.code(), task.text(), task.unit(), today)
                        .isPresent();
    }

    private static String row(String code, String text, String unit) {
        return String.join(",", quoted(code), quoted(text), quoted(unit), "", "", "");
    }

    private static String quoted(String value) {
        return value.matches("[^,\"\\s#]*|[^,\"\\s#][^,\"\r\n]*[^,\"\\s]")
                ? value
                : '"' + value.replace("\"", "\"\"") + '"';
    }
}
