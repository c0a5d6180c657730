package org.chartbridge.fakes;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a partner does about an order or referral, which is also how it stands then in the partner's
 * eyes.
 */
public enum Act {
    /** ORL/ORR with ORC-1 OK; RRI with RF1-1 A, or OSU with ORC-1 OK. */
    ACCEPTED(Role.LAB, true),
    /** ORL/ORR with ORC-1 UA; RRI with RF1-1 R, or OSU with ORC-1 UA. */
    REFUSED(Role.LAB, true),
    /** ORC-1 OH, ORC-5 HD: waits for something at the lab. */
    HELD(Role.LAB),
    /** ORC-1 SC, ORC-5 IP: it is being done. */
    IN_PROGRESS(Role.LAB),
    /** ORU with OBX-11 P. */
    PRELIMINARY(Role.LAB),
    /** ORU with OBX-11 F. */
    FINAL(Role.LAB),
    /** ORU with OBX-11 C and another value. */
    CORRECTED(Role.LAB),
    /** ORU with OBX-11 W: it was another patient's. */
    WITHDRAWN(Role.LAB),
    /** ORU with OBX-11 X. */
    NOT_PERFORMED(Role.LAB),
    /** ORU with OBX-11 X and a reason to reject in SPM-21. */
    SPECIMEN_REJECTED(Role.LAB),
    /** ORC-1 OC, ORC-5 CA: by the lab's own decision. */
    CANCELLED(Role.LAB),
    /** RRI with RF1-1 P, or OSU with ORC-1 SR. */
    PENDING(Role.SPECIALIST),
    /** SIU^S12. */
    SCHEDULED(Role.SPECIALIST),
    /** SIU^S14. */
    RESCHEDULED(Role.SPECIALIST),
    /** SIU^S15. */
    APPOINTMENT_CANCELLED(Role.SPECIALIST),
    /** SIU^S26. */
    NO_SHOW(Role.SPECIALIST),
    /** MDM^T02, the consult note. */
    NOTE(Role.SPECIALIST);

    private final Role role;
    private final boolean alsoOfSpecialists;

    Act(Role role) {
        this(role, false);
    }

    Act(Role role, boolean alsoOfSpecialists) {
        this.role = role;
        this.alsoOfSpecialists = alsoOfSpecialists;
    }

    private boolean isOf(Role one) {
        return one == role || (alsoOfSpecialists && one == Role.SPECIALIST);
    }

    /** Whether it can be cancelled still after that. */
    boolean isEarly() {
        return switch (this) {
            case ACCEPTED, IN_PROGRESS, HELD, PENDING, SCHEDULED, RESCHEDULED -> true;
            default -> false;
        };
    }

    /** As scripts and ledgers say it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Act> of(Role role, String word) {
        return Arrays.stream(values())
                .filter(act -> act.isOf(role) && act.word().equals(word))
                .findFirst();
    }

    static List<String> words(Role role) {
        return Arrays.stream(values()).filter(act -> act.isOf(role)).map(Act::word).toList();
    }
}
