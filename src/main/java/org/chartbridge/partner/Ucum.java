package org.chartbridge.partner;

import org.fhir.ucum.UcumEssenceService;
import org.fhir.ucum.UcumException;
import org.fhir.ucum.UcumService;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Optional;

/** Knows which units UCUM has (The Unified Code for Units of Measure, case sensitive). */
final class Ucum {

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

    /** Why a text is no unit; empty when it is one. */
    static Optional<String> fault(String unit) {
        // The library takes only annotations, such as {cells}, for a unit as well, as UCUM does.
        var why = Holder.SERVICE.validate(unit);
        return Optional.ofNullable(why).filter(text -> !text.isEmpty());
    }
}
