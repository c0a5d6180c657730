package org.chartbridge;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The walls of the house (DESIGN §5): which room may use which, and which library belongs to which
 * room. A new room is refused until it is given its place here.
 */
class HouseTests {
    private static final String HOUSE = "org.chartbridge";

    /** What each room may use, besides itself. The root and cli may use all. */
    private static final Map<String, Set<String>> ROOMS =
            new TreeMap<>(
                    Map.ofEntries(
                            room("mllp"),
                            room("sftp"),
                            room("hl7"),
                            room("chart", "database"),
                            room("partner"),
                            room("access", "database", "start"),
                            room("database"),
                            room("fakes", "mllp", "hl7", "partner"),
                            room("start"),
                            room("screening", "chart", "partner"),
                            room("ordering", "hl7", "chart", "partner", "delivery", "database"),
                            room("loops", "chart", "mapping", "partner", "ordering", "delivery"),
                            room("journal", "hl7", "partner", "database"),
                            room("mapping", "hl7", "chart", "partner"),
                            room(
                                    "delivery",
                                    "chart",
                                    "hl7",
                                    "mllp",
                                    "sftp",
                                    "partner",
                                    "journal",
                                    "database"),
                            room(
                                    "intake",
                                    "mllp",
                                    "hl7",
                                    "chart",
                                    "partner",
                                    "access",
                                    "database",
                                    "journal",
                                    "mapping",
                                    "screening",
                                    "delivery"),
                            room(
                                    "routes",
                                    "intake",
                                    "delivery",
                                    "mllp",
                                    "sftp",
                                    "hl7",
                                    "ordering",
                                    "partner",
                                    "journal",
                                    "screening",
                                    "start"),
                            room(
                                    "placing",
                                    "chart",
                                    "hl7",
                                    "intake",
                                    "journal",
                                    "ordering",
                                    "partner",
                                    "database"),
                            room(
                                    "fhir",
                                    "chart",
                                    "placing",
                                    "intake",
                                    "journal",
                                    "loops",
                                    "access",
                                    "partner",
                                    "screening",
                                    "database"),
                            room(
                                    "console",
                                    "mllp",
                                    "hl7",
                                    "chart",
                                    "ordering",
                                    "placing",
                                    "partner",
                                    "access",
                                    "database",
                                    "journal",
                                    "mapping",
                                    "delivery",
                                    "intake",
                                    "loops",
                                    "screening",
                                    "start")));

    /** The classes that hold SQL. A new one is named here, so that somebody asks why. */
    private static final Set<String> STORES =
            Set.of(
                    "Accounts",
                    "AuditTrail",
                    "ChangedResults",
                    "Sightings",
                    "ChartHash",
                    "CareStatements",
                    "ChartRows",
                    "CodeTasks",
                    "HeldCodes",
                    "QueryReads",
                    "ChartStore",
                    "IdentityStore",
                    "Candidates",
                    "Unfolding",
                    "UnidentifiedPatients",
                    "RegistrationReading",
                    "Registrations",
                    "ChartedEntries",
                    "Documents",
                    "Observations",
                    "OrdersByNumber",
                    "OwnNumbers",
                    "NewNumbers",
                    "SameNumbers",
                    "OrdersOfOthers",
                    "NamedOrders",
                    "UngivenNumbers",
                    "Persons",
                    "Providers",
                    "Reports",
                    "ValuesOverTime",
                    "JournalSearch",
                    "JournalStore",
                    "MessageParts",
                    "DecisionStore",
                    "Overrides",
                    "PatientsWithOrders",
                    "MergedLists",
                    "OpenCare",
                    "LaterWord",
                    "LoopStore",
                    "Overdue",
                    "Turnarounds",
                    "FolderVersions",
                    "Rebuilds",
                    "RebuildSpace",
                    "Unmatched",
                    "WrongPatients",
                    "CorrectedIsolates",
                    "Doubts",
                    "WithoutOrderer",
                    "WhoIsWho",
                    "ChangedBirthDates",
                    "FinalReports",
                    "DeliveryStore",
                    "Claims",
                    "DeliverySearch",
                    "ApplicationAnswers",
                    "StagedDeliveries",
                    "SentOrders",
                    "NotedOrders",
                    "OrdersToPlace",
                    "HeldBack",
                    "SetAside",
                    "NotedAnswers",
                    "Aside",
                    "ControlIds",
                    "HeldOrders",
                    "LateAlerts",
                    "Forgetting",
                    "VisitHomes",
                    "OrderRequests",
                    "WriterConnection",
                    "GroupTransaction",
                    "ChartedMessages",
                    "ChartedOrders",
                    "DatabaseAccess",
                    "ReferenceInsert",
                    "WrittenRows");

    private static final DescribedPredicate<JavaClass> STORE =
            describe("stores", type -> STORES.contains(outermost(type).getSimpleName()));

    /** Connections may be handed on, and exceptions be told apart. */
    private static final DescribedPredicate<JavaClass> SQL_STATEMENTS =
            describe(
                    "SQL statements",
                    type ->
                            Set.of(
                                            "java.sql.Statement",
                                            "java.sql.PreparedStatement",
                                            "java.sql.ResultSet",
                                            "java.sql.DriverManager")
                                    .contains(type.getName()));

    /** Rooms that may use all, and that only the root and commands use. */
    private static final Set<String> TOP = Set.of("", "bench", "cli");

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages(HOUSE);

    @Test
    void everyRoomHasItsPlace() {
        var unknown = new TreeSet<>(rooms());
        unknown.removeAll(ROOMS.keySet());
        unknown.removeAll(TOP);

        assertThat(unknown).describedAs("rooms to be added to HouseTests and DESIGN §5").isEmpty();
    }

    @Test
    void arrowsGoOneWay() {
        for (var room : rooms()) {
            var allowed = ROOMS.get(room);
            if (allowed == null) continue;
            var forbidden =
                    Stream.concat(ROOMS.keySet().stream(), Stream.of("bench", "cli"))
                            .filter(other -> !other.equals(room) && !allowed.contains(other))
                            .map(other -> HOUSE + "." + other + "..")
                            .toArray(String[]::new);
            check(
                    noClasses()
                            .that(resideInAPackage(HOUSE + "." + room + ".."))
                            .should()
                            .dependOnClassesThat(
                                    resideInAnyPackage(forbidden).or(resideInAPackage(HOUSE)))
                            .because(room + " may use " + allowed));
        }
    }

    @Test
    void camelLivesInRoutes() {
        only("routes", "org.apache.camel..");
    }

    @Test
    void nettyLivesInMllp() {
        only("mllp", "io.netty..");
    }

    @Test
    void sshLivesInSftp() {
        only("sftp", "org.apache.sshd..");
    }

    @Test
    void hapiForVersion2LivesInHl7() {
        only("hl7", "ca.uhn.hl7v2..");
    }

    @Test
    void hapiForFhirLivesInFhir() {
        only("fhir", "ca.uhn.fhir..", "org.hl7.fhir..");
    }

    @Test
    void sqlIsRunByStoresAndTheDatabase() {
        check(
                noClasses()
                        .that(not(resideInAnyPackage(in("database"), HOUSE)).and(not(STORE)))
                        .should()
                        .dependOnClassesThat(
                                resideInAnyPackage("org.springframework.jdbc..", "org.postgresql..")
                                        .and(not(assignableTo(Throwable.class)))
                                        .or(SQL_STATEMENTS)));
    }

    @Test
    void onlyCommandsAndTheWelcomePrint() {
        check(
                noClasses()
                        .that(not(resideInAnyPackage(in("cli"), HOUSE)))
                        .should()
                        .accessField(System.class, "out")
                        .orShould()
                        .accessField(System.class, "err"));
    }

    @Test
    void everyRoomIsNullMarkedAndHasAChapter() {
        var packages =
                CLASSES.stream()
                        .map(JavaClass::getPackageName)
                        .collect(Collectors.toCollection(TreeSet::new));
        var marked =
                packages.stream()
                        .filter(
                                name ->
                                        CLASSES.contain(name + ".package-info")
                                                && CLASSES.get(name + ".package-info")
                                                        .isAnnotatedWith(NullMarked.class))
                        .toList();

        assertThat(marked).containsExactlyElementsOf(packages);
    }

    private static Map.Entry<String, Set<String>> room(String name, String... mayUse) {
        return Map.entry(name, Set.copyOf(Arrays.asList(mayUse)));
    }

    private static void only(String room, String... libraries) {
        check(
                noClasses()
                        .that(not(resideInAPackage(in(room))))
                        .should()
                        .dependOnClassesThat(resideInAnyPackage(libraries)));
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(HouseTests::outermost).orElse(type);
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(CLASSES);
    }

    private static String in(String room) {
        return HOUSE + "." + room + "..";
    }

    private static Set<String> rooms() {
        return CLASSES.stream()
                .map(c -> c.getPackageName().substring(HOUSE.length()))
                .map(rest -> rest.isEmpty() ? "" : rest.substring(1).split("\\.", -1)[0])
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
