package org.chartbridge.hl7;

/** What we have to say about a message, before it is known in which mode to say it. */
public enum Verdict {
    /** Taken responsibility for: AA or CA. */
    ACCEPT(AckCode.AA, AckCode.CA),
    /** Its content is at fault: AE or CE. */
    ERROR(AckCode.AE, AckCode.CE),
    /** Not acceptable here, or not now: AR or CR. */
    REJECT(AckCode.AR, AckCode.CR);

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
