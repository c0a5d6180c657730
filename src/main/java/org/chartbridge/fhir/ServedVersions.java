package org.chartbridge.fhir;

import org.chartbridge.chart.ObservationView;
import org.chartbridge.chart.Standing;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The versions that were served as a value at some time: current and replaced. Late ones and
 * repeats never were.
 *
 * @param newestFirst none when the value was taken back, or never was
 */
record ServedVersions(List<ObservationView> newestFirst) {
    private static final Set<Standing> SERVED = Set.of(Standing.CURRENT, Standing.REPLACED);

    static ServedVersions of(List<ObservationView> history) {
        return new ServedVersions(
                history.stream().filter(view -> SERVED.contains(view.standing())).toList());
    }

    /**
     * One of them.
     *
     * @param version {@code meta.versionId}; null for the current one
     */
    Optional<ObservationView> version(@Nullable String version) {
        return newestFirst.stream()
                .filter(
                        view ->
                                version == null
                                        ? view.standing() == Standing.CURRENT
                                        : version.equals(Integer.toString(view.version()))
                                                || version.equals(ObservationMapper.version(view)))
                .findFirst();
    }
}
