package org.chartbridge.console;

import org.chartbridge.hl7.Message;

/**
 * The patient as one message names them: for a message that is not on a record, the only thing
 * known.
 */
final class PatientInMessage {
    private final Message message;

    PatientInMessage(Message message) {
        this.message = message;
    }

    /** Name, birth date and first identifier as sent; empty when there is no PID. */
    String inWords() {
        if (message.line("PID", 1).isEmpty()) return "";
        var name = (value("PID-5.1") + ", " + value("PID-5.2")).replaceAll("^, |, $", "");
        var born = value("PID-7");
        var number = value("PID-3.1");
        return String.join(
                        " · ",
                        name,
                        born.isEmpty() ? "" : "born " + ShownTimes.asSent(born),
                        number.isEmpty() ? "" : "no. " + number)
                .replaceAll("^( · )+|( · )+$", "")
                .replace(" ·  · ", " · ");
    }

    /** Initials and year of birth, as lists show a patient; empty when nothing is sent. */
    String masked() {
        if (message.line("PID", 1).isEmpty()) return "";
        var born = value("PID-7");
        return (initial(value("PID-5.2"))
                        + initial(value("PID-5.1"))
                        + (born.length() >= 4 ? born.substring(0, 4) : ""))
                .strip();
    }

    private static String initial(String name) {
        if (name.isEmpty()) return "";
        return name.substring(0, name.offsetByCodePoints(0, 1)) + ". ";
    }

    private String value(String path) {
        return message.value(path);
    }
}
