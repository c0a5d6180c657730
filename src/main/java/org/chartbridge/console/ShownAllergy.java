package org.chartbridge.console;

import org.chartbridge.chart.AllergyView;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An allergy, once, with everybody who names it: of several senders, or of several numbers of one
 * patient after a merge.
 *
 * @param view the severest of what they say
 * @param others what the others say
 */
public record ShownAllergy(AllergyView view, List<AllergyView> others) {

    public ShownAllergy {
        others = List.copyOf(others);
    }

    /** One list of all, in their order: the severest first. */
    static List<ShownAllergy> oneList(List<AllergyView> all) {
        var firsts = new ArrayList<AllergyView>();
        var others = new ArrayList<List<AllergyView>>();
        for (var view : all) {
            int known = 0;
            while (known < firsts.size() && !isSame(firsts.get(known), view)) known++;
            if (known < firsts.size()) {
                others.get(known).add(view);
            } else {
                firsts.add(view);
                others.add(new ArrayList<>(1));
            }
        }
        var list = new ArrayList<ShownAllergy>(firsts.size());
        for (int i = 0; i < firsts.size(); i++)
            list.add(new ShownAllergy(firsts.get(i), others.get(i)));
        return list;
    }

    /** By code and coding system, else by their words; never by likeness ⚠. */
    private static boolean isSame(AllergyView one, AllergyView other) {
        var first = one.substance();
        var second = other.substance();
        if (!first.code().isEmpty() && !second.code().isEmpty())
            return first.code().equals(second.code()) && first.system().equals(second.system());
        return !words(first.text()).isEmpty() && words(first.text()).equals(words(second.text()));
    }

    private static String words(String text) {
        return text.strip().toLowerCase(Locale.ROOT);
    }

    /** The ids only. */
    @Override
    public String toString() {
        return "ShownAllergy[" + view + "]";
    }
}
