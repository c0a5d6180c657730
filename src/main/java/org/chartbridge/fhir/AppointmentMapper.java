package org.chartbridge.fhir;

import org.chartbridge.chart.AppointmentView;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.Appointment.AppointmentStatus;
import org.hl7.fhir.r4.model.Appointment.ParticipationStatus;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Reference;

import java.util.Date;
import java.util.regex.Pattern;

/** An appointment as a FHIR Appointment (v2-to-FHIR SCH[Appointment]). */
final class AppointmentMapper {
    /** SCH-9 and SCH-10, as they were joined; other units are not counted in minutes. */
    private static final Pattern MINUTES =
            Pattern.compile("([1-9]\\d{0,4}) (?:m|min|mins|minutes?)", Pattern.CASE_INSENSITIVE);

    private AppointmentMapper() {}

    static Appointment of(AppointmentView view) {
        var appointment = new Appointment();
        appointment.setId(Long.toString(view.id()));
        appointment.getMeta().setLastUpdated(Date.from(view.source().recordedAt()));
        appointment.setStatus(status(view));
        appointment.addIdentifier(Numbers.of(view.number()));
        var services =
                new SupportingMapper(view.supporting(), view.personId(), view.source().partner())
                        .services();
        services.forEach(appointment::addServiceType);
        if (services.isEmpty()
                && (!view.service().code().isEmpty() || !view.service().text().isEmpty()))
            appointment.addServiceType(Concepts.of(view.service(), null, view.source().partner()));
        if (!view.type().isEmpty())
            appointment.setAppointmentType(new CodeableConcept().setText(view.type()));
        if (!view.reason().isEmpty())
            appointment.addReasonCode(new CodeableConcept().setText(view.reason()));
        view.orderNumbers().stream().map(SupportingMapper::order).forEach(appointment::addBasedOn);
        var minutes = MINUTES.matcher(view.duration());
        if (minutes.matches()) appointment.setMinutesDuration(Integer.parseInt(minutes.group(1)));
        if (view.starts() != null) appointment.setStart(Date.from(view.starts()));
        if (view.ends() != null) appointment.setEnd(Date.from(view.ends()));
        participant(appointment, new Reference("Patient/" + view.personId()));
        if (!view.clinician().isEmpty())
            participant(appointment, new Reference().setDisplay(view.clinician()));
        if (!view.location().isEmpty())
            participant(appointment, new Reference().setDisplay(view.location()));
        return appointment;
    }

    private static void participant(Appointment appointment, Reference who) {
        appointment.addParticipant().setActor(who).setStatus(ParticipationStatus.ACCEPTED);
    }

    private static AppointmentStatus status(AppointmentView view) {
        if (!view.active()) return AppointmentStatus.ENTEREDINERROR;
        return switch (view.state()) {
            case "cancelled" -> AppointmentStatus.CANCELLED;
            case "no-show" -> AppointmentStatus.NOSHOW;
            case "completed" -> AppointmentStatus.FULFILLED;
            case "waitlist" -> AppointmentStatus.WAITLIST;
            default -> AppointmentStatus.BOOKED;
        };
    }
}
