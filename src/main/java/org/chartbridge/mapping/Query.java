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

    /** Who the one with this number is (Q21). */
    record One(PersonQuery.Identifier number, List<Domain> domains) implements Query {
        public One {
            domains = List.copyOf(domains);
        }
    }

    /** Who they are that agree (Q22). */
    record People(PersonQuery criteria, List<Domain> domains) implements Query {
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
     * A new patient's numbers (Q24).
     *
     * @param types CX.5 by the repetition of its domain; empty for any
     */
    record Allocation(List<Domain> domains, List<String> types) implements Query {
        public Allocation {
            domains = List.copyOf(domains);
            types = List.copyOf(types);
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
