package org.chartbridge.hl7;

/**
 * What we have to say about a message, before it is known in which mode to say it (table 0008).
 *
 * <p>The accept acknowledgement only says whether the message is stored safely; what its content is
 * worth is said by the application acknowledgement. So a message whose content is at fault, which
 * is kept like any other, gets CA and then AE.
 */
public enum Verdict {
    /** Taken responsibility for: charted, ignored on purpose or held. */
    ACCEPT(AckCode.AA, AckCode.CA),
    /** Stored, but its content is at fault: sending it again unchanged fails again. */
    ERROR(AckCode.AE, AckCode.CA),
    /** Not for us: sender, type or processing id. */
    REJECT(AckCode.AR, AckCode.CR),
    /** Without an id (MSH-10) nobody can be told what became of it. */
    UNIDENTIFIED(AckCode.AE, AckCode.CE),
    /** It can't be taken now, for a reason that is ours: to be sent again later. */
    UNAVAILABLE(AckCode.AR, AckCode.CE);

    private final AckCode application;
    private final AckCode accept;

    Verdict(AckCode application, AckCode accept) {
        this.application = application;
        this.accept = accept;
    }

    public AckCode application() {
        return application;
    }

    public AckCode accept() {
        return accept;
    }
}
