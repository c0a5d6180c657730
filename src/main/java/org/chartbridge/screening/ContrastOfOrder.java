package org.chartbridge.screening;

import org.chartbridge.chart.CodingView;
import org.chartbridge.chart.ItemField;
import org.chartbridge.chart.ListStatement;
import org.chartbridge.chart.PlacedOrderView;
import org.chartbridge.chart.Supporting;

import java.util.ArrayList;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which contrast an order is done with: by the name of its service in any of its codings (OBR-4.2,
 * 4.5, 4.9), and by answers at order entry (OBX below the OBR).
 */
final class ContrastOfOrder {
    /** A question about the patient, not about what is ordered. */
    private static final Pattern PAST =
            Pattern.compile(
                    "allerg|reaction|hypersens|adverse|anaphyl|histor|previous|prior|premedic"
                            + "|intoleran");

    /** Whatever else is answered counts as a yes ⚠: what is not seen here is not screened. */
    private static final Pattern NO =
            Pattern.compile(
                    "(?:n|no|non|none|not|nil|never|false|f|0+|without|w/?o|na|n/a)(?![\\p{L}\\p{N}]).*");

    private ContrastOfOrder() {}

    /** Of an order as it stands. */
    static Contrast of(PlacedOrderView order) {
        return of(order.service(), order.supporting());
    }

    /** Of an order as a message states it. */
    static Contrast of(ListStatement.Item item) {
        var service = item.fields().get(ItemField.CODE);
        var beside = item.fields().get(ItemField.SUPPORTING);
        return of(
                service == null
                        ? new CodingView("", "", "")
                        : new CodingView(service.code(), service.text(), service.system()),
                beside == null ? Supporting.NONE : Supporting.of(beside.code()));
    }

    static Contrast of(CodingView service, Supporting beside) {
        var own = Contrast.of(service.text());
        if (own.said()) return own;
        var said = new ArrayList<String>();
        said.add(service.text());
        var maybe = own;
        boolean given = false;
        boolean denied = false;
        for (var other : beside.alternates()) {
            said.add(other.text());
            var named = Contrast.of(other.text());
            given |= named.said();
            if (maybe.agents().isEmpty()) maybe = Contrast.of(service.text() + ", " + other.text());
        }
        for (var answer : beside.observations()) {
            var value = value(answer);
            var asked = words(answer.test().stream().flatMap(ContrastOfOrder::codeAndText));
            if (value.isEmpty() || PAST.matcher(asked).find() || PAST.matcher(value).find())
                continue;
            boolean no = isContrast(asked) && NO.matcher(value).matches();
            denied |= no;
            if (no || !(isContrast(asked) || Contrast.of(value).said())) continue;
            said.add(value);
            given = true;
        }
        // The other names tell by what machine, and so which contrast.
        if (given) return Contrast.of("contrast, " + String.join(", ", said));
        return denied ? Contrast.NONE : maybe;
    }

    private static String value(Supporting.Observed answer) {
        return answer.text().isEmpty()
                ? words(answer.codings().stream().flatMap(ContrastOfOrder::codeAndText))
                : answer.text().strip().toLowerCase(Locale.ROOT);
    }

    private static boolean isContrast(String text) {
        return text.contains("contrast") || text.contains("gadolinium");
    }

    private static Stream<String> codeAndText(CodingView coding) {
        return Stream.of(coding.code(), coding.text());
    }

    private static String words(Stream<String> all) {
        return String.join(" ", all.toList()).strip().toLowerCase(Locale.ROOT);
    }
}
