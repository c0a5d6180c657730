package org.chartbridge.fakes;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which partner is played. */
public enum Role {
    /** Takes orders, sends results. */
    LAB("LIS", "NORTHLAB"),
    /** Sends patients, orders and referrals, takes what comes back. */
    EMR("EMR", "CLINIC"),
    /** Takes referrals, sends answers, appointments and a note. */
    SPECIALIST("CARDIO", "HARTCLINIC");

    private final String application;
    private final String facility;

    Role(String application, String facility) {
        this.application = application;
        this.facility = facility;
    }

    /** As scripts and the command line say it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** MSH-3 where the script names none. */
    String application() {
        return application;
    }

    /** MSH-4 where the script names none. */
    String facility() {
        return facility;
    }

    static Optional<Role> of(String word) {
        return Arrays.stream(values()).filter(role -> role.word().equals(word)).findFirst();
    }

    static List<String> words() {
        return Arrays.stream(values()).map(Role::word).toList();
    }
}
