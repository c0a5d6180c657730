package org.chartbridge.console;

import org.chartbridge.chart.AllergyView;
import org.chartbridge.chart.ClinicalDocumentView;
import org.chartbridge.chart.CodingView;
import org.chartbridge.chart.DemographicField;
import org.chartbridge.chart.ImmunizationView;
import org.chartbridge.chart.StatedView;
import org.chartbridge.chart.VisitEvent;
import org.chartbridge.chart.VisitStatus;
import org.springframework.stereotype.Component;

/** The words that pages use for what ADT messages spell in codes. */
@Component("adt")
class AdtWords {

    public String visit(VisitStatus status) {
        return switch (status) {
            case PLANNED -> "Planned";
            case IN_PROGRESS -> "Under way";
            case FINISHED -> "Finished";
            case CANCELLED -> "Cancelled";
            case ENTERED_IN_ERROR -> "Deleted by the sender";
            case UNKNOWN -> "Known by its number only";
        };
    }

    public String event(VisitEvent event) {
        return switch (event) {
            case ADMIT -> "Admitted";
            case TRANSFER -> "Transferred";
            case DISCHARGE -> "Discharged";
            case REGISTER -> "Registered";
            case PRE_ADMIT -> "Announced";
            case TO_INPATIENT -> "Became an inpatient";
            case TO_OUTPATIENT -> "Became an outpatient";
            case UPDATE -> "Updated";
            case CANCEL_ADMIT -> "Admission cancelled";
            case CANCEL_TRANSFER -> "Transfer cancelled";
            case CANCEL_DISCHARGE -> "Discharge cancelled";
            case DELETE -> "Visit deleted";
            case CANCEL_PRE_ADMIT -> "Announcement cancelled";
            case RENUMBER -> "Number changed";
        };
    }

    /** PV1-2, table 0004. */
    public String patientClass(String code) {
        return switch (code) {
            case "E" -> "Emergency";
            case "I" -> "Inpatient";
            case "O" -> "Outpatient";
            case "P" -> "Preadmit";
            case "R" -> "Recurring";
            case "B" -> "Obstetrics";
            default -> code;
        };
    }

    /** AL1-4, table 0128. */
    public String severity(String code) {
        return switch (code) {
            case "SV" -> "severe";
            case "MO" -> "moderate";
            case "MI" -> "mild";
            case "U" -> "severity unknown";
            default -> code;
        };
    }

    /** AL1-2, table 0127. */
    public String category(String code) {
        return switch (code) {
            case "DA" -> "Drug";
            case "FA" -> "Food";
            case "EA" -> "Environment";
            case "AA" -> "Animal";
            case "PA" -> "Plant";
            case "LA" -> "Pollen";
            case "MC" -> "Contraindication";
            case "MA" -> "Other";
            default -> code;
        };
    }

    /** DG1-6, table 0052. */
    public String diagnosisType(String code) {
        return switch (code) {
            case "A" -> "Admitting";
            case "W" -> "Working";
            case "F" -> "Final";
            default -> code;
        };
    }

    /** How a problem stands that is not active. */
    public String problem(String standing) {
        return standing.equals("resolved") ? "Resolved" : "Inactive";
    }

    /** How an order or an appointment stands. */
    public String state(String state) {
        return switch (state) {
            case "booked" -> "Booked";
            case "cancelled" -> "Cancelled";
            case "no-show" -> "Did not come";
            case "waitlist" -> "Waiting list";
            case "active" -> "Ordered";
            case "refused" -> "Not taken";
            case "in-progress" -> "Results so far";
            case "recollect" -> "Not performed: recollect?";
            case "resulted" -> "Resulted";
            case "on-hold" -> "On hold";
            case "completed" -> "Completed";
            case "mistake" -> "Ordered by mistake";
            case "requested" -> "Requested";
            case "accepted" -> "Accepted";
            case "pending" -> "Pending";
            case "rejected" -> "Rejected";
            case "expired" -> "Expired";
            default -> state;
        };
    }

    /** TXA-17, table 0271; what is signed needs no word. */
    public String completion(ClinicalDocumentView document) {
        return switch (document.completion()) {
            case "AU", "LA", "" -> "";
            case "DI" -> "Dictated";
            case "DO" -> "Not signed";
            case "IP" -> "In progress";
            case "IN" -> "Incomplete";
            case "PA" -> "Not signed yet";
            default -> document.completion();
        };
    }

    /** RXA-20, table 0322; of one that was given nothing. */
    public String completion(ImmunizationView immunization) {
        return switch (immunization.completion()) {
            case "RE" -> "Refused";
            case "NA" -> "Not given";
            case "PA" -> "Given in part";
            case "CP", "" -> "";
            default -> immunization.completion();
        };
    }

    public String name(CodingView coding) {
        return coding.text().isEmpty() ? coding.code() : coding.text();
    }

    /** What follows the substance, in one line. */
    public String about(AllergyView allergy) {
        var severity = severity(allergy.severity());
        var about =
                severity.isEmpty() || allergy.reaction().isEmpty()
                        ? severity + allergy.reaction()
                        : severity + ": " + allergy.reaction();
        if (allergy.counts()) return about;
        return about.isEmpty() ? "inactive" : "inactive, " + about;
    }

    /** A field's value as people say it; dates and codes in words. */
    public String value(DemographicField field, StatedView stated) {
        if (stated.text().isEmpty()) return "none";
        return switch (field) {
            case BIRTH_DATE -> ShownTimes.day(stated.text());
            case DEATH_TIME -> ShownTimes.asSent(stated.text());
            case SEX ->
                    switch (stated.text()) {
                        case "F" -> "Female";
                        case "M" -> "Male";
                        default -> stated.text();
                    };
            case DECEASED, MULTIPLE_BIRTH ->
                    switch (stated.text()) {
                        case "Y" -> "yes";
                        case "N" -> "no";
                        default -> stated.text();
                    };
            case NAME_TYPE ->
                    switch (stated.text()) {
                        case "L" -> "legal";
                        case "D" -> "display";
                        case "B" -> "birth";
                        case "M" -> "maiden";
                        case "A" -> "alias";
                        default -> stated.text();
                    };
            case MARITAL_STATUS ->
                    switch (stated.text()) {
                        case "M" -> "Married";
                        case "S" -> "Single";
                        case "D" -> "Divorced";
                        case "W" -> "Widowed";
                        case "A" -> "Separated";
                        default -> stated.text();
                    };
            case FAMILY,
                    GIVEN,
                    MIDDLE,
                    SUFFIX,
                    PREFIX,
                    STREET,
                    ADDRESS_LINE,
                    CITY,
                    STATE,
                    POSTAL_CODE,
                    COUNTRY,
                    PHONE,
                    MOBILE,
                    EMAIL,
                    WORK_PHONE,
                    LANGUAGE,
                    RACE,
                    ETHNICITY,
                    BIRTH_ORDER,
                    PRIMARY_CARE,
                    COUNTY,
                    ADDRESS_FURTHER,
                    OTHER_NAMES,
                    OTHER_ADDRESSES,
                    OTHER_NUMBERS,
                    MOTHERS_NAME,
                    RELIGION,
                    SOCIAL_SECURITY,
                    LICENCE,
                    BIRTH_PLACE,
                    CITIZENSHIP ->
                    stated.text();
        };
    }
}
