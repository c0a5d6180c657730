package org.chartbridge.chart;

import org.chartbridge.chart.RegistrationState.KnownItem;

import java.util.Map;

/**
 * Allergies that their sender numbers (IAM-7). They stand in the list by what they are to, like
 * those of AL1; beside each stands a mark that its number was given to it, which is an item that is
 * never on the list. A number that is deleted, or updated to something else since, takes back what
 * it was last said of. ⚠ Some senders count anew in each message: a number that is only added again
 * takes nothing back, nor one that is updated to what has another number, or deleted of what is on
 * the list itself. Pure: what stands follows from the latest times, in any order of arrival.
 */
public final class NumberedAllergies {
    private static final String MARK = "# ";
    private static final String UPDATE = "#! ";
    private static final String DELETION = "#- ";
    private static final String OF = " = ";

    /** Characters of a number or substance within a mark; a longer one is cut and told by hash. */
    private static final int MAX_CHARACTERS = 70;

    private NumberedAllergies() {}

    /**
     * The key of the mark that a number was said of an allergy.
     *
     * @param substance the key of the allergy
     */
    public static String said(String number, String substance) {
        return MARK + of(number) + bounded(substance);
    }

    /** The key of the mark that a number was updated (U) to an allergy. */
    public static String updated(String number, String substance) {
        return UPDATE + of(number) + bounded(substance);
    }

    /**
     * The key of the mark that a number was deleted.
     *
     * @param substance the key of what it is deleted of; empty where nothing is named
     */
    public static String deleted(String number, String substance) {
        return DELETION + of(number) + bounded(substance);
    }

    /**
     * Whether there is what a deletion is of: an allergy that was ever on the list, or one that had
     * the number.
     *
     * @param key what is removed: an allergy, or a mark
     * @param all what is known of the list
     */
    static boolean finds(String key, Map<String, KnownItem> all) {
        var numbered = key.startsWith(DELETION) ? key.indexOf(OF, DELETION.length()) : -1;
        if (numbered > DELETION.length()) {
            var said = MARK + key.substring(DELETION.length(), numbered + OF.length());
            return all.keySet().stream().anyMatch(mark -> mark.startsWith(said));
        }
        return wasListed(numbered < 0 ? bounded(key) : key.substring(numbered + OF.length()), all);
    }

    /** Whether an item says that something is deleted. */
    static boolean isDeletion(ListStatement.Item item) {
        return item.removed() && (!isMark(item.key()) || item.key().startsWith(DELETION));
    }

    /** Whether an item of the list is a mark, and no allergy. */
    public static boolean isMark(String key) {
        return key.contains(OF)
                && (key.startsWith(MARK) || key.startsWith(UPDATE) || key.startsWith(DELETION));
    }

    private static String of(String number) {
        return bounded(number.replace(OF, "=")) + OF;
    }

    private static String bounded(String text) {
        return text.length() <= MAX_CHARACTERS
                ? text
                : text.substring(0, MAX_CHARACTERS - 9)
                        + "#"
                        + Integer.toHexString(text.hashCode());
    }

    /** The key of the mark that an allergy was deleted without a number. */
    public static String deleted(String substance) {
        return DELETION + OF + bounded(substance);
    }

    /** Whether a number was ever said of an allergy. */
    static boolean isNumbered(String allergy, Map<String, KnownItem> all) {
        var its = OF + bounded(allergy);
        for (var key : all.keySet()) if (key.startsWith(MARK) && key.endsWith(its)) return true;
        return false;
    }

    /**
     * Whether an allergy is on its sender's list: a number still says so, or what named it last
     * without a number.
     */
    static boolean isOn(KnownItem item, Map<String, KnownItem> all) {
        var its = OF + bounded(item.key());
        boolean isNumbered = false;
        for (var mark : all.values()) {
            if (!mark.key().startsWith(MARK) || !mark.key().endsWith(its)) continue;
            // Another number of the patient had it before a merge: that says whose it is only.
            if (mark.removed().equals(Moment.NEVER)) continue;
            if (stands(mark, item, all)) return true;
            isNumbered |= mark.removed().equals(item.listed());
        }
        return !isNumbered && item.listed().isAfter(item.removed());
    }

    /**
     * Whether what a number said of an allergy was not taken back since. Of one message the reader
     * leaves the last of what is said and deleted of a number.
     */
    private static boolean stands(KnownItem mark, KnownItem item, Map<String, KnownItem> all) {
        if (isSaidSince(mark, all)) return false;
        if (!item.removed().isAfter(mark.removed())) return true;
        // ⚠ What another number said of it is deleted alone.
        var its = OF + bounded(item.key());
        boolean byNumber = false;
        for (var other : all.values()) {
            var key = other.key();
            if (!key.startsWith(DELETION) || !key.endsWith(its)) continue;
            var number = key.substring(DELETION.length(), key.length() - its.length());
            boolean isOthers = all.containsKey(MARK + number + its);
            if (!isOthers && other.removed().isAfter(mark.removed())) return false;
            byNumber |= isOthers && other.removed().equals(item.removed());
        }
        return byNumber;
    }

    /**
     * Whether a word about a number, said of a patient's number that stays, is of an allergy there
     * and none of the number that went: IAM-7 is unique for one person only (HL7 v2.5.1 §3.4.7.7).
     * So it is when the allergy was first said of the number that stays, and nothing of the other
     * one is named.
     *
     * @param key of the mark
     * @param theirs what is known of the number that stays
     * @param since the merge
     * @param its what is known of the number that went
     */
    static boolean isOfOwnNumber(
            String key,
            Map<String, KnownItem> theirs,
            AfterMerge.Since since,
            Map<String, KnownItem> its) {
        var kind = key.startsWith(UPDATE) ? UPDATE : DELETION;
        if (!key.startsWith(kind)) return false;
        int end = key.indexOf(OF, kind.length());
        if (end <= kind.length()) return false;
        var number = key.substring(kind.length(), end + OF.length());
        var substance = key.substring(end + OF.length());
        if (kind.equals(DELETION)
                && its.keySet().stream()
                        .map(NumberedAllergies::bounded)
                        .anyMatch(substance::equals)) return false;
        for (var said : theirs.keySet()) {
            if (!said.startsWith(MARK + number)) continue;
            var update = theirs.get(UPDATE + said.substring(MARK.length()));
            if (update == null || !since.isBefore(update.removed())) return true;
        }
        return false;
    }

    private static boolean isSaidSince(KnownItem mark, Map<String, KnownItem> all) {
        var said = mark.key().substring(MARK.length());
        int end = said.indexOf(OF) + OF.length();
        var number = said.substring(0, end);
        var its = said.substring(end);
        for (var other : all.values()) {
            if (mark.removed().isAfter(other.removed())) continue;
            var key = other.key();
            if (key.startsWith(UPDATE + number)) {
                if (!other.removed().isAfter(mark.removed())) continue;
                var now = key.substring(UPDATE.length() + end);
                if (!now.equals(its) && !hasOtherNumber(now, number, all)) return true;
            } else if (key.startsWith(DELETION + number)) {
                var deleted = key.substring(DELETION.length() + end);
                if (deleted.equals(its) || !wasListed(deleted, all)) return true;
            }
        }
        return false;
    }

    private static boolean hasOtherNumber(
            String substance, String number, Map<String, KnownItem> all) {
        var end = OF + substance;
        for (var mark : all.values())
            if (mark.key().startsWith(MARK)
                    && mark.key().endsWith(end)
                    && !mark.key().startsWith(MARK + number)) return true;
        return false;
    }

    private static boolean wasListed(String substance, Map<String, KnownItem> all) {
        if (substance.isEmpty()) return false;
        for (var item : all.values())
            if (!item.listed().equals(Moment.NEVER) && bounded(item.key()).equals(substance))
                return true;
        return false;
    }
}
