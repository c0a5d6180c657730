package org.chartbridge.mapping;

import org.chartbridge.chart.PersonQuery;
import org.chartbridge.hl7.AckCode;
import org.chartbridge.hl7.Fault;

import java.util.List;
import java.util.Set;

/** What a query by parameter (QBP) asks for. */
public sealed interface Query {

    /**
     * The authorities that a repetition of a field names.
     *
     * @param names its namespace and its universal id, those that were sent
     */
    record Domain(int repetition, Set<String> names) {
        public Domain {
            names = Set.copyOf(names);
        }
    }

    /**
     * Who they are: one by number (Q21), or whoever agrees (Q22).
     *
     * @param field of QPD that names the domains
     */
    record People(PersonQuery criteria, int field, List<Domain> domains) implements Query {
        public People {
            domains = List.copyOf(domains);
        }
    }

    /** What other authorities call the one with this number (Q23). */
    record Numbers(PersonQuery.Identifier number, List<Domain> domains) implements Query {
        public Numbers {
            domains = List.copyOf(domains);
        }
    }

    /**
     * What is to be done (Q11).
     *
     * @param numbers of orders, specimens or containers
     * @param patients whose orders are meant; with neither, all
     */
    record Orders(List<String> numbers, List<PersonQuery.Identifier> patients) implements Query {
        public Orders {
            numbers = List.copyOf(numbers);
            patients = List.copyOf(patients);
        }

        @Override
        public String toString() {
            return "Orders";
        }
    }

    /** It can't be answered. */
    record Wrong(AckCode code, List<Fault> faults) implements Query {
        public Wrong {
            faults = List.copyOf(faults);
        }
    }

    /**
     * A query with the shape of its answer.
     *
     * @param trigger MSH-9.2 of the response
     * @param structure MSH-9.3
     * @param offset how many records came with earlier answers
     * @param limit how many records this one may hold
     */
    record Asked(Query query, String trigger, String structure, int offset, int limit) {}
}
