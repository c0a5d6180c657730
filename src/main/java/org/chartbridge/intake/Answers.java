package org.chartbridge.intake;

import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Verdict;
import org.chartbridge.journal.EntryState;
import org.chartbridge.partner.Partner;

import java.util.List;

/** Answers queries from the chart. */
interface Answers {

    /** Where a query is only read again, for a rebuild: nobody is answered a second time. */
    Answers NONE =
            (_, _) ->
                    new Prepared.Decided(EntryState.IGNORED, Verdict.ACCEPT, List.of(), List.of());

    /** What a query is answered; reads the chart and changes nothing. Does not throw. */
    Prepared answer(Message query, Partner partner);
}
