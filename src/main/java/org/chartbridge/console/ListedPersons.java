package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.PersonView;
import org.chartbridge.chart.Persons;
import org.springframework.stereotype.Component;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Who the patients of a list are, read together; that they are shown is in the audit trail. */
@Component
class ListedPersons {
    private final Persons persons;
    private final AuditTrail audit;

    ListedPersons(Persons persons, AuditTrail audit) {
        this.persons = persons;
        this.audit = audit;
    }

    /** Without those who are none any more. */
    Map<UUID, PersonView> of(Collection<UUID> ids) {
        var known = new HashMap<UUID, PersonView>();
        for (var person : persons.persons(ids.stream().distinct().toList()))
            known.put(person.id(), person);
        audit.seesIdentities(known.keySet());
        return known;
    }
}
