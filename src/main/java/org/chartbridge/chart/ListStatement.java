package org.chartbridge.chart;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a message says of a list of the patient.
 *
 * @param path the segments that say it, for example {@code AL1[1-3]}
 * @param snapshot whether it is the sender's whole list: what is not in it is on it no longer;
 *     otherwise only the items named change
 * @param ofVisit whether it is the list of the message's visit and not of the patient's life
 * @param noneKnown whether the sender says that there are none ("no known allergies"), which is no
 *     item and removes none
 */
public record ListStatement(
        ListKind kind,
        String path,
        boolean snapshot,
        boolean ofVisit,
        boolean noneKnown,
        List<Item> items) {

    public ListStatement {
        items = List.copyOf(items);
    }

    /**
     * One item.
     *
     * @param key what tells it from the others of the list
     * @param removed whether it is to leave the list
     */
    public record Item(
            String key, String path, boolean removed, Map<ItemField, FieldValue> fields) {

        public Item {
            fields = fields.isEmpty() ? new EnumMap<>(ItemField.class) : new EnumMap<>(fields);
        }

        /** The place only. */
        @Override
        public String toString() {
            return "Item[" + path + "]";
        }
    }
}
