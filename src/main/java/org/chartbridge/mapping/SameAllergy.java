package org.chartbridge.mapping;

import org.chartbridge.chart.FieldValue;
import org.chartbridge.chart.ItemField;
import org.chartbridge.chart.ListStatement;
import org.jspecify.annotations.Nullable;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Two entries of one message about one allergy, as senders have them who send one for each reaction
 * ⚠. The first one stands, with the graver severity (AL1-4, table 0128) and the reactions of both;
 * what it doesn't say the other one does. One that is inactive or erroneous (IAM-17) says nothing
 * beside one that isn't.
 */
final class SameAllergy {
    private static final Set<String> NONE = Set.of("E", "I");

    private SameAllergy() {}

    /**
     * What both say.
     *
     * @param read the segment of the second one
     */
    static ListStatement.Item of(
            ListStatement.Item first, ListStatement.Item second, FieldReader read) {
        boolean counts = counts(first);
        if (counts != counts(second)) return counts ? first : second;
        var fields = new EnumMap<ItemField, FieldValue>(ItemField.class);
        fields.putAll(first.fields());
        second.fields()
                .forEach(
                        (field, value) -> {
                            if (field == ItemField.CLINICAL_STATUS) return;
                            if (!fields.containsKey(field))
                                fields.put(field, said(value, first, second, read));
                        });
        var severity = second.fields().get(ItemField.SEVERITY);
        if (severity != null && severity(second) > severity(first))
            fields.put(ItemField.SEVERITY, said(severity, first, second, read));
        var reactions = reactions(first, second, read);
        if (reactions != null) fields.put(ItemField.REACTION, reactions);
        return new ListStatement.Item(first.key(), first.path(), false, fields);
    }

    /** What the second one says, of both: it depends on what they are to, and what either says. */
    private static FieldValue said(
            FieldValue value,
            ListStatement.Item first,
            ListStatement.Item second,
            FieldReader read) {
        int mark = read.reader.mark();
        look(first, second, read);
        return read.reader.made(
                Rule.JOINED,
                mark,
                new FieldValue(value.text(), value.code(), value.system(), value.path()));
    }

    private static void look(
            ListStatement.Item first, ListStatement.Item second, FieldReader read) {
        var recorder = read.reader.recorder;
        if (recorder == null) return;
        for (var item : List.of(first, second)) item.fields().values().forEach(recorder::again);
    }

    private static boolean counts(ListStatement.Item item) {
        var status = item.fields().get(ItemField.CLINICAL_STATUS);
        return status == null || !NONE.contains(status.code().toUpperCase(Locale.ROOT));
    }

    private static int severity(ListStatement.Item item) {
        var severity = item.fields().get(ItemField.SEVERITY);
        if (severity == null) return 0;
        return switch (severity.code()) {
            case "SV" -> 4;
            case "MO" -> 3;
            case "MI" -> 2;
            default -> 1;
        };
    }

    private static @Nullable FieldValue reactions(
            ListStatement.Item first, ListStatement.Item second, FieldReader read) {
        var one = first.fields().get(ItemField.REACTION);
        var other = second.fields().get(ItemField.REACTION);
        if (one == null || other == null || one.text().equals(other.text())) return null;
        int mark = read.reader.mark();
        look(first, second, read);
        return read.reader.made(
                Rule.JOINED,
                mark,
                FieldValue.of(read.bounded(5, one.text() + "; " + other.text()), one.path()));
    }
}
