package org.chartbridge.chart;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

import javax.sql.DataSource;

/** Reads what other systems ask for by query: patients, their numbers, their open orders. */
@Repository
public class QueryReads {
    /** Patients whose open orders one answer holds. */
    public static final int MAX_PATIENTS = 100;

    /** What is still to be done. */
    private static final Set<String> OPEN = Set.of("active", "in-progress");

    /** After so many seconds a query is given up. */
    private static final int MAX_SECONDS = 10;

    private final JdbcClient jdbc;
    private final TransactionTemplate reading;
    private final Persons persons;
    private final CareStatements care;

    QueryReads(JdbcClient jdbc, DataSource dataSource, Persons persons, CareStatements care) {
        this.jdbc = jdbc;
        this.reading = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        reading.setReadOnly(true);
        reading.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        reading.setTimeout(MAX_SECONDS);
        this.persons = persons;
        this.care = care;
    }

    /** Those of a database that no engine of ours runs on. */
    public static QueryReads in(JdbcClient jdbc, DataSource dataSource) {
        return new QueryReads(
                jdbc,
                dataSource,
                new Persons(jdbc),
                new CareStatements(jdbc, new Registrations(jdbc)));
    }

    /** Reads several things from one picture of the chart. */
    public <T> T fromOnePicture(Supplier<T> reads) {
        return Objects.requireNonNull(reading.execute(_ -> reads.get()));
    }

    /**
     * Patients, those first who have been in the chart longest, with their numbers in use: what was
     * merged away finds its patient, and nobody is given it any more (IHE ITI TF-2 §3.8).
     */
    public Page<PersonView> persons(PersonQuery query, int offset, int limit) {
        var where = new ArrayList<String>();
        var values = new HashMap<String, Object>();
        conditions(query, where, values);
        var total = new long[1];
        var ids =
                jdbc.sql(
                                """
                                select p.person_id, count(*) over () as total
                                from patient_record p
                                where %s
                                group by p.person_id
                                order by min(p.id)
                                offset :offset
                                limit :limit
                                """
                                        .formatted(String.join(" and ", where)))
                        .params(values)
                        .param("offset", offset)
                        .param("limit", limit)
                        .query(
                                (row, _) -> {
                                    total[0] = row.getLong("total");
                                    return row.getObject("person_id", UUID.class);
                                })
                        .list();
        return new Page<>(inUse(persons.persons(ids)), total[0], offset, limit);
    }

    private List<PersonView> inUse(List<PersonView> found) {
        var several =
                found.stream()
                        .filter(person -> person.records().size() > 1)
                        .flatMap(person -> person.records().stream())
                        .map(RecordView::id)
                        .toArray(Long[]::new);
        if (several.length == 0) return found;
        var gone = Persons.merges(jdbc, several).keySet();
        return found.stream()
                .map(
                        person -> {
                            var left =
                                    person.records().stream()
                                            .filter(record -> !gone.contains(record.id()))
                                            .toList();
                            return left.isEmpty() ? person : new PersonView(person.id(), left);
                        })
                .toList();
    }

    private static void conditions(
            PersonQuery query, List<String> where, Map<String, Object> values) {
        var any = new ArrayList<String>();
        for (var number : query.numbers()) {
            int n = any.size();
            values.put("value" + n, number.value());
            if (number.authorities().isEmpty()) {
                any.add("p.id_value = :value" + n);
            } else {
                values.put("authorities" + n, lower(number.authorities()));
                any.add(
                        "p.id_value = :value%1$d and lower(p.authority) = any(:authorities%1$d)"
                                .formatted(n));
            }
        }
        where.add(any.isEmpty() ? "true" : "(" + String.join(" or ", any) + ")");
        name("lower(p.family_name)", "family", query.family(), where, values);
        name("lower(p.given_name)", "given", query.given(), where, values);
        if (!query.birthDate().isEmpty()) {
            where.add("replace(p.birth_date, '-', '') like :born || '%'");
            values.put("born", query.birthDate());
        }
        if (!query.sex().isEmpty()) {
            where.add("upper(p.sex) = upper(:sex)");
            values.put("sex", query.sex());
        }
        demographic("city", query.city(), where, values);
        demographic("state", query.state(), where, values);
        demographic("postal-code", query.postalCode(), where, values);
        if (query.domains().isEmpty()) return;
        where.add(
                "exists (select from patient_record d where d.person_id = p.person_id and"
                        + " lower(d.authority) = any(:domains) and not exists (select from"
                        + " assertion a where a.record_id = d.id and a.kind = 'merged' and"
                        + " a.withdrawn_by is null and a.overruled_by is null))");
        values.put("domains", lower(query.domains()));
    }

    private static void name(
            String column,
            String key,
            String name,
            List<String> where,
            Map<String, Object> values) {
        if (name.isEmpty()) return;
        boolean begins = name.endsWith("*");
        where.add(column + (begins ? " like lower(:%s)" : " = lower(:%s)").formatted(key));
        values.put(
                key,
                begins
                        ? name.substring(0, name.length() - 1).replaceAll("([\\\\%_])", "\\\\$1")
                                + "%"
                        : name);
    }

    private static void demographic(
            String field, String text, List<String> where, Map<String, Object> values) {
        if (text.isEmpty()) return;
        var key = field.replace("-", "");
        where.add("lower(p.demographics #>> '{%s,text}') = lower(:%s)".formatted(field, key));
        values.put(key, text);
    }

    /**
     * Whether a number in the chart is of one of these authorities, in any case of their letters.
     * There are few of them: from one to the next in the index instead of through all patients.
     */
    public boolean isKnown(Collection<String> authorities) {
        return jdbc.sql(
                        """
                        with recursive known as (
                            select min(authority) as authority from patient_record
                            union all
                            select (select min(p.authority) from patient_record p where p.authority > k.authority)
                            from known k
                            where k.authority is not null
                        )
                        select exists (select from known where lower(authority) = any(?))
                        """)
                .param(lower(authorities))
                .query(Boolean.class)
                .single();
    }

    /**
     * An order that is still to be done.
     *
     * @param specimenNumbers SPM-2 and SAC-3, joined by {@code ~}; may be empty
     */
    public record OpenOrder(PlacedOrderView order, String specimenNumbers) {}

    /** A patient and what is to be done for them. */
    public record ToDo(PersonView person, List<OpenOrder> orders) {
        public ToDo {
            orders = List.copyOf(orders);
        }

        @Override
        public String toString() {
            return "ToDo[" + orders.size() + "]";
        }
    }

    /**
     * Open orders.
     *
     * @param all whether there were more patients than {@link #MAX_PATIENTS}
     */
    public record Work(List<ToDo> patients, boolean all) {
        public Work {
            patients = List.copyOf(patients);
        }
    }

    /**
     * Open orders with one of these numbers: the placer's, the filler's, or that of the specimen or
     * container.
     */
    public Work ordersOfNumbers(Collection<String> numbers) {
        var ids =
                jdbc.sql(
                                """
                                select p.person_id
                                from (
                                    select record_id, id from placed_order
                                    where placer_number <> '' and status = 'active'
                                      and split_part(placer_number, '^', 1) = any(:numbers)
                                    union
                                    select record_id, id from placed_order
                                    where filler_number <> '' and status = 'active'
                                      and split_part(filler_number, '^', 1) = any(:numbers)
                                    union
                                    select record_id, id from placed_order
                                    where specimen_number <> '' and status = 'active'
                                      and string_to_array(specimen_number, '~') && :numbers::text[]
                                ) i
                                join patient_record p on p.id = i.record_id
                                group by p.person_id
                                order by min(i.id)
                                limit :limit
                                """)
                        .param("numbers", texts(numbers))
                        .param("limit", MAX_PATIENTS + 1)
                        .query(UUID.class)
                        .list();
        return work(ids, Set.copyOf(numbers));
    }

    /** Open orders of patients. */
    public Work ordersOfPatients(PersonQuery query) {
        return work(
                persons(query, 0, MAX_PATIENTS + 1).items().stream().map(PersonView::id).toList(),
                Set.of());
    }

    /** All open orders, the oldest first. */
    public Work orders() {
        var ids =
                jdbc.sql(
                                """
                                select p.person_id
                                from placed_order i
                                join patient_record p on p.id = i.record_id
                                where i.status = 'active' and i.state = 'active'
                                group by p.person_id
                                order by min(i.id)
                                limit :limit
                                """)
                        .param("limit", MAX_PATIENTS + 1)
                        .query(UUID.class)
                        .list();
        return work(ids, Set.of());
    }

    private Work work(List<UUID> ids, Set<String> numbers) {
        boolean all = ids.size() <= MAX_PATIENTS;
        var some = all ? ids : ids.subList(0, MAX_PATIENTS);
        var found = new ArrayList<ToDo>();
        for (var person : persons.persons(some)) {
            var open =
                    care.orders(person.id()).stream()
                            .filter(loop -> OPEN.contains(loop.state()) && loop.order().active())
                            .sorted(Comparator.comparingLong(loop -> loop.order().id()))
                            .toList();
            var specimens = specimens(open);
            var orders =
                    open.stream()
                            .filter(loop -> numbers.isEmpty() || has(loop, numbers, specimens))
                            .map(OrderLoop::order)
                            .map(
                                    order ->
                                            new OpenOrder(
                                                    order, specimens.getOrDefault(order.id(), "")))
                            .toList();
            if (!orders.isEmpty()) found.add(new ToDo(person, orders));
        }
        return new Work(found, all);
    }

    private static boolean has(
            OrderLoop loop, Set<String> numbers, Map<Long, String> specimenNumbers) {
        if (has(loop.order(), numbers, specimenNumbers)) return true;
        return loop.others().stream().anyMatch(other -> has(other, numbers, specimenNumbers));
    }

    private static boolean has(
            PlacedOrderView order, Set<String> numbers, Map<Long, String> specimenNumbers) {
        if (numbers.contains(entity(order.placerNumber()))) return true;
        if (numbers.contains(entity(order.fillerNumber()))) return true;
        for (var number : specimenNumbers.getOrDefault(order.id(), "").split("~", -1))
            if (numbers.contains(number)) return true;
        return false;
    }

    private static String entity(String number) {
        int end = number.indexOf('^');
        return end < 0 ? number : number.substring(0, end);
    }

    private Map<Long, String> specimens(List<OrderLoop> loops) {
        var ids = new ArrayList<Long>();
        for (var loop : loops) {
            ids.add(loop.order().id());
            loop.others().forEach(other -> ids.add(other.id()));
        }
        var found = new HashMap<Long, String>();
        if (ids.isEmpty()) return found;
        jdbc.sql("select id, specimen_number from placed_order where id = any(?)")
                .param(ids.toArray(Long[]::new))
                .query(
                        row -> {
                            found.put(row.getLong(1), row.getString(2));
                        });
        return found;
    }

    private static String[] lower(Collection<String> values) {
        return values.stream().map(value -> value.toLowerCase(Locale.ROOT)).toArray(String[]::new);
    }

    private static String[] texts(Collection<String> values) {
        return values.toArray(String[]::new);
    }
}
