package org.chartbridge.partner;

import org.fhir.ucum.UcumEssenceService;
import org.fhir.ucum.UcumException;
import org.fhir.ucum.UcumService;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Knows which units UCUM has (The Unified Code for Units of Measure, case sensitive). */
public final class Ucum {

    /** No real one is longer, annotations included. */
    private static final int MAX_CHARACTERS = 200;

    private Ucum() {}

    /** Made when it is first needed: reading UCUM's definitions takes a tenth of a second. */
    private static final class Holder {
        static final UcumService SERVICE = service();

        private static UcumService service() {
            try (var definitions =
                    Objects.requireNonNull(
                            UcumEssenceService.class.getResourceAsStream("/ucum-essence.xml"))) {
                return new UcumEssenceService(definitions);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (UcumException e) {
                throw new IllegalStateException("the definitions of UCUM can't be read", e);
            }
        }
    }

    /** Units of laboratories are a few hundred; beyond this many they are looked at each time. */
    private static final int MAX_KNOWN = 2_000;

    private static final Map<String, Boolean> KNOWN = new ConcurrentHashMap<>();

    /**
     * Whether UCUM has a unit. Each is looked at once: that takes some microseconds, and the first
     * time the tenth of a second for the definitions.
     */
    public static boolean isUnit(String unit) {
        var known = KNOWN.get(unit);
        if (known != null) return known;
        boolean is = unit.length() <= MAX_CHARACTERS && fault(unit).isEmpty();
        if (KNOWN.size() < MAX_KNOWN) KNOWN.put(unit, is);
        return is;
    }

    /** Why a text is no unit; empty when it is one. */
    static Optional<String> fault(String unit) {
        // The library takes only annotations, such as {cells}, for a unit as well, as UCUM does.
        var why = Holder.SERVICE.validate(unit);
        return Optional.ofNullable(why).filter(text -> !text.isEmpty());
    }
}
