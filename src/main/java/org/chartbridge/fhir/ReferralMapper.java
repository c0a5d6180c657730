package org.chartbridge.fhir;

import ca.uhn.fhir.rest.param.TokenOrListParam;

import org.chartbridge.chart.ReferralView;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestIntent;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus;
import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A referral as a FHIR ServiceRequest, of the category that US Core gives referrals. The maps have
 * no RF1; what it is for (DG1), the orders (OBR) and values (OBX) beside it are contained.
 */
final class ReferralMapper {
    private static final Pattern ID = Pattern.compile("referral-([1-9]\\d{0,17})");

    private ReferralMapper() {}

    /** The referral behind an id; empty when it is none of these. */
    static Optional<Long> referral(@Nullable String id) {
        if (id == null) return Optional.empty();
        var matcher = ID.matcher(id);
        return matcher.matches() ? Optional.of(Long.valueOf(matcher.group(1))) : Optional.empty();
    }

    /** The same of all ids that a search names. */
    static List<Long> referrals(@Nullable TokenOrListParam ids) {
        return Wanted.ids(ids).stream().flatMap(id -> referral(id).stream()).toList();
    }

    /**
     * The referral.
     *
     * @param state as it stands, by all that is known of it
     */
    static ServiceRequest of(ReferralView view, String state) {
        var request = new ServiceRequest();
        request.setId("referral-" + view.id());
        request.getMeta().setLastUpdated(Date.from(view.source().recordedAt()));
        request.setStatus(view.active() ? status(state) : ServiceRequestStatus.ENTEREDINERROR);
        request.setIntent(ServiceRequestIntent.ORDER);
        request.addCategory()
                .addCoding()
                .setSystem(CodeSystems.SNOMED)
                .setCode("3457005")
                .setDisplay("Patient referral");
        if (!view.type().isEmpty()) request.addCategory(new CodeableConcept().setText(view.type()));
        request.setSubject(new Reference("Patient/" + view.personId()));
        var service = Concepts.of(view.service(), null, view.source().partner());
        if (!service.isEmpty()) request.setCode(service);
        if (!view.number().isEmpty()) request.addIdentifier(Numbers.of("PLAC", view.number()));
        if (!view.externalNumber().isEmpty())
            request.addIdentifier(Numbers.of("FILL", view.externalNumber()));
        ServiceRequestMapper.priority(request, view.priority());
        var wanted = new Period();
        var begins = day(view.startsAsSent());
        var ends = day(view.endsAsSent());
        if (begins != null) wanted.setStartElement(begins);
        if (ends != null) wanted.setEndElement(ends);
        if (!wanted.isEmpty()) request.setOccurrence(wanted);
        if (!view.clinician().isEmpty())
            request.setRequester(new Reference().setDisplay(view.clinician()));
        if (!view.referredTo().isEmpty())
            request.addPerformer(new Reference().setDisplay(view.referredTo()));
        if (!view.reason().isEmpty())
            request.addReasonCode(new CodeableConcept().setText(view.reason()));
        if (!view.details().isEmpty()) request.addNote().setText(view.details());
        var beside =
                new SupportingMapper(view.supporting(), view.personId(), view.source().partner());
        beside.conditions().forEach(one -> request.addReasonReference().setResource(one));
        beside.requests().forEach(one -> request.addSupportingInfo().setResource(one));
        beside.observations().forEach(one -> request.addSupportingInfo().setResource(one));
        return request;
    }

    private static ServiceRequestStatus status(String state) {
        return switch (state) {
            case "rejected", "expired", "cancelled" -> ServiceRequestStatus.REVOKED;
            case "completed" -> ServiceRequestStatus.COMPLETED;
            case "on-hold" -> ServiceRequestStatus.ONHOLD;
            case "mistake" -> ServiceRequestStatus.ENTEREDINERROR;
            default -> ServiceRequestStatus.ACTIVE;
        };
    }

    /** RF1-7 and RF1-8 by their day; null when it is none. */
    private static @Nullable DateTimeType day(String asSent) {
        if (asSent.length() < 8) return null;
        try {
            return new DateTimeType(
                    LocalDate.parse(asSent.substring(0, 8), DateTimeFormatter.BASIC_ISO_DATE)
                            .toString());
        } catch (DateTimeException e) {
            return null;
        }
    }
}
