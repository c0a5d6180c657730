package org.chartbridge.intake;

import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.chartbridge.journal.EntryView;
import org.chartbridge.journal.FolderVersions;
import org.chartbridge.mapping.Explained;
import org.chartbridge.mapping.Explainer;
import org.chartbridge.partner.FolderFiles;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.PartnerFile;
import org.chartbridge.partner.RoutesOverview;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Says of a message in the journal where each of its facts comes from: its bytes are mapped once
 * more, by the version of the partner's folder that it ran with.
 */
@Component
public class Explain {
    private final Explainer explainer;
    private final FolderVersions versions;
    private final ObjectProvider<RoutesOverview> routes;

    Explain(Explainer explainer, FolderVersions versions, ObjectProvider<RoutesOverview> routes) {
        this.explainer = explainer;
        this.versions = versions;
        this.routes = routes;
    }

    /**
     * A message explained.
     *
     * @param version of the partner's folder that it was explained by
     * @param exact whether that is the version the message ran with
     */
    public record Explanation(
            Message message, List<Explained> facts, String partner, String version, boolean exact) {
        public Explanation {
            facts = List.copyOf(facts);
        }

        /** The partner only. */
        @Override
        public String toString() {
            return "Explanation[" + partner + "]";
        }
    }

    /** Empty where the bytes have expired or are no message. */
    public Optional<Explanation> of(EntryView entry) {
        var raw = entry.raw();
        if (raw == null) return Optional.empty();
        var kept = kept(entry.partner(), entry.folderVersion());
        var partner = kept.orElseGet(() -> current(entry.partner()));
        var version = kept.isPresent() ? entry.folderVersion() : partner.version();
        return switch (Message.read(raw, partner.charset())) {
            case Reading.Unreadable _ -> Optional.empty();
            case Reading.Readable(var message) ->
                    Optional.of(
                            new Explanation(
                                    message,
                                    explainer.explain(
                                            message.received(entry.receivedAt()), partner),
                                    entry.partner(),
                                    version,
                                    version.equals(entry.folderVersion())));
        };
    }

    /** The folder as it was; empty when it was not kept or can't be read any more. */
    private Optional<Partner> kept(String folder, String version) {
        return versions.find(folder, version)
                .flatMap(files -> PartnerFile.read(files, System.getenv(), _ -> {}));
    }

    /** The folder as it is now; of a partner who is gone, one in which nothing is set. */
    private Partner current(String folder) {
        var overview = routes.getIfAvailable();
        if (overview != null)
            for (var state : overview.partners())
                if (state.partner().folder().equals(folder)) return state.partner();
        var files = new TreeMap<String, byte[]>();
        files.put(
                PartnerFile.NAME,
                "name: gone\nsender: any\nzone: UTC\npatients: create\n"
                        .getBytes(StandardCharsets.UTF_8));
        return PartnerFile.read(
                        new FolderFiles(folder.isEmpty() ? "unknown" : folder, files),
                        Map.of(),
                        fault -> {
                            throw new IllegalStateException("a fault in our own text: " + fault);
                        })
                .orElseThrow();
    }
}
