package org.chartbridge.screening;

import org.chartbridge.chart.AllergyView;
import org.chartbridge.chart.CareStatements;
import org.chartbridge.chart.MedicationOrderView;
import org.chartbridge.chart.Page;
import org.chartbridge.chart.PlacedOrderView;
import org.chartbridge.chart.Registrations;
import org.chartbridge.chart.Registrations.Search;
import org.chartbridge.partner.FileFault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/**
 * Screens patients by the tables as they are now: a changed file counts within {@link #LOOK_EVERY},
 * also for what was ordered before. Tables with a fault are not taken; those before stay.
 */
@Service
public class Screener {
    static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(Screener.class);

    private final Path routes;
    private final Registrations registrations;
    private final CareStatements care;
    private final Clock clock = Clock.systemUTC();

    private Tables tables = Tables.NONE;
    private List<FileFault> faults = List.of();
    private String looked = "";
    private Instant lookAgain = Instant.MIN;

    Screener(Environment settings, Registrations registrations, CareStatements care) {
        this.routes = Path.of(settings.getProperty("chartbridge.routes", "./routes"));
        this.registrations = registrations;
        this.care = care;
    }

    /**
     * What is screened by.
     *
     * @param faults of the files as they are now; with any, the tables before them still count
     */
    public record State(Tables tables, List<FileFault> faults) {
        public State {
            faults = List.copyOf(faults);
        }

        /** Whether nothing is screened at all, which has to be said. */
        public boolean isOff() {
            return tables.isEmpty();
        }

        /** Whether nothing is screened because of a fault: there are files, and none is taken ⚠. */
        public boolean isBroken() {
            return isOff() && !faults.isEmpty();
        }
    }

    /** The tables as they count now. */
    public synchronized State state() {
        var now = clock.instant();
        if (now.isBefore(lookAgain)) return new State(tables, faults);
        lookAgain = now.plus(LOOK_EVERY);
        var signature = signature();
        if (signature.equals(looked)) return new State(tables, faults);
        looked = signature;
        var found = new ArrayList<FileFault>();
        TableFiles.read(routes, found::add).ifPresent(read -> tables = read);
        faults = List.copyOf(found);
        if (faults.isEmpty()) log.atInfo().log("the tables of screening are loaded");
        else log.atWarn().log("the tables of screening have faults; check says which");
        return new State(tables, faults);
    }

    /** The alerts of one patient, the worst first. */
    public List<Alert> alerts(UUID person) {
        return alerts(person, registrations, care);
    }

    /** Patients whose orders are read at a time. */
    private static final int SLICE = 50;

    /** The alerts of each of these patients, read together. */
    public Map<UUID, List<Alert>> alerts(List<UUID> persons) {
        var all = new HashMap<UUID, List<Alert>>();
        for (int from = 0; from < persons.size(); from += SLICE)
            all.putAll(together(persons.subList(from, Math.min(from + SLICE, persons.size()))));
        return all;
    }

    private Map<UUID, List<Alert>> together(List<UUID> persons) {
        var by = state().tables();
        var all = new HashMap<UUID, List<Alert>>();
        if (by.isEmpty()) return all;
        var whose = new Search(persons, List.of(), false);
        var medication = care.medication(whose, 0, Registrations.MAX_ITEMS);
        var orders = care.allOrdersAsTheyStand(whose, 0, Registrations.MAX_ITEMS);
        var allergies = registrations.allergies(whose, 0, Registrations.MAX_ITEMS);
        // ⚠ Of whom not all is read, nothing is said.
        if (isCut(medication) || isCut(orders) || isCut(allergies)) {
            for (var person : persons) all.put(person, alerts(person));
            return all;
        }
        var now = clock.instant();
        for (var person : persons)
            all.put(
                    person,
                    Screening.of(
                            person,
                            of(person, allergies, AllergyView::personId),
                            of(person, medication, MedicationOrderView::personId),
                            of(person, orders, PlacedOrderView::personId),
                            by,
                            now));
        return all;
    }

    private static <T> List<T> of(UUID person, Page<T> page, Function<T, UUID> whose) {
        return page.items().stream().filter(one -> whose.apply(one).equals(person)).toList();
    }

    /** The same, as one connection sees the chart. */
    List<Alert> alerts(Connection connection, UUID person) {
        return alerts(person, Registrations.of(connection), CareStatements.of(connection));
    }

    /** Orders that are not over of what is screened, as one connection sees the chart. */
    List<OrderScreening.Ordered> ordered(Connection connection, UUID person) {
        var whose = Search.of(person);
        var now = clock.instant();
        var found = new ArrayList<OrderScreening.Ordered>();
        for (var one :
                CareStatements.of(connection).medication(whose, 0, Registrations.MAX_ITEMS).items())
            if (Screening.isActive(one, now))
                found.add(
                        OrderScreening.Ordered.of(
                                one.source(), one.placerNumber(), one.fillerNumber()));
        for (var one :
                CareStatements.of(connection)
                        .allOrdersAsTheyStand(whose, 0, Registrations.MAX_ITEMS)
                        .items())
            if (Screening.isActive(one) && !ContrastOfOrder.of(one).agents().isEmpty())
                found.add(
                        OrderScreening.Ordered.of(
                                one.source(), one.placerNumber(), one.fillerNumber()));
        return found;
    }

    private List<Alert> alerts(UUID person, Registrations registrations, CareStatements care) {
        var by = state().tables();
        if (by.isEmpty()) return List.of();
        var whose = Search.of(person);
        var medication = care.medication(whose, 0, Registrations.MAX_ITEMS);
        var orders = registrations.orders(whose, 0, Registrations.MAX_ITEMS);
        boolean contrast =
                orders.items().stream()
                        .anyMatch(one -> !ContrastOfOrder.of(one).agents().isEmpty());
        if (medication.items().isEmpty() && !contrast) return List.of();
        // What came of an order counts only where there is one that matters.
        var standing =
                contrast
                        ? care.allOrdersAsTheyStand(whose, 0, Registrations.MAX_ITEMS).items()
                        : List.<PlacedOrderView>of();
        return Screening.of(
                person,
                registrations.allergies(whose, 0, Registrations.MAX_ITEMS).items(),
                medication.items(),
                standing,
                by,
                clock.instant());
    }

    /** Whether medication is ordered, of a patient whom nobody may have screened. */
    public boolean hasMedication(UUID person) {
        return care.medication(Search.of(person), 0, 1).total() > 0;
    }

    /** Whether a patient has more orders than are read, and so more than were screened. */
    public boolean isCutOff(UUID person) {
        var whose = Search.of(person);
        return isCut(care.medication(whose, 0, 1)) || isCut(registrations.allergies(whose, 0, 1));
    }

    private static boolean isCut(Page<?> page) {
        return page.total() > Registrations.MAX_ITEMS;
    }

    private String signature() {
        var folder = routes.resolve(TableFiles.FOLDER);
        if (!Files.isDirectory(folder)) return "none";
        var signature = new StringBuilder();
        try (var files = Files.list(folder)) {
            for (var file : files.filter(Files::isRegularFile).sorted().toList())
                signature
                        .append(file.getFileName())
                        .append(' ')
                        .append(Files.size(file))
                        .append(' ')
                        .append(Files.getLastModifiedTime(file))
                        .append('\n');
            return signature.toString();
        } catch (IOException _) { // Files are being written; the next look sees them.
            return "unreadable";
        }
    }
}
