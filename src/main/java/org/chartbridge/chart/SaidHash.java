package org.chartbridge.chart;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Everything that a report or value says, as one number: what repeats it says nothing new. */
final class SaidHash {
    private SaidHash() {}

    /** Of a report, its values left aside. */
    static long of(ReportStatement statement) {
        var hash =
                new ContentHash()
                        .add(statement.service())
                        .add(statement.status())
                        .add(statement.collected().asSent())
                        .add(statement.orderingProvider())
                        .add(statement.interpreter())
                        .add(texts(statement.notes()));
        if (ReportWords.isByPlacer(statement)) hash.add(statement.number());
        var parent = statement.parent();
        if (!parent.isNone()) hash.add(parent.number()).add(parent.test()).add(parent.action());
        if (statement.request().isEmpty()) return hash.value();
        statement.request().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(
                        said ->
                                hash.add(said.getKey().id())
                                        .add(said.getValue().text())
                                        .add(said.getValue().code()));
        return hash.value();
    }

    private static List<String> texts(List<NoteStatement> notes) {
        return notes.isEmpty() ? List.of() : notes.stream().map(NoteStatement::text).toList();
    }

    /** Without the status, by which an F says the same as the C before it. */
    static long of(ObservationStatement statement) {
        var hash =
                new ContentHash()
                        .add(statement.test())
                        .add(statement.subId())
                        .add(statement.value().text())
                        .add(statement.unit())
                        .add(statement.range())
                        .add(statement.flags())
                        .add(texts(statement.notes()));
        for (var coding : statement.value().codings()) hash.add(coding);
        for (var document : statement.documents())
            hash.add(HexFormat.of().formatHex(ContentHash.sha256(document.content())));
        return hash.value();
    }
}
