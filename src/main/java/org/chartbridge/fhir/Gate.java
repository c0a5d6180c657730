package org.chartbridge.fhir;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.parser.DataFormatException;
import ca.uhn.fhir.rest.api.RequestTypeEnum;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import ca.uhn.fhir.rest.server.exceptions.ForbiddenOperationException;
import ca.uhn.fhir.rest.server.exceptions.InternalErrorException;
import ca.uhn.fhir.rest.server.exceptions.InvalidRequestException;
import ca.uhn.fhir.rest.server.exceptions.MethodNotAllowedException;
import ca.uhn.fhir.rest.server.exceptions.ResourceGoneException;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;

import jakarta.servlet.http.HttpServletResponse;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What every request passes: nothing is kept by caches, a parameter that would be overlooked is
 * refused by name (a filter that isn't applied shows another patient's results), and errors leave
 * in our own words, because HAPI's hold the values that were searched for.
 */
@Interceptor
public final class Gate {
    private static final Logger log = LoggerFactory.getLogger(Gate.class);

    private static final Set<String> ALWAYS =
            Set.of("_format", "_pretty", "_elements", "_summary", "_count", "_offset");

    private static final Set<String> OF_RESULTS =
            Set.of("_id", "patient", "patient.identifier", "code", "date", "status", "category");

    private static final Set<String> OF_REGISTRATION =
            Set.of("_id", "patient", "patient.identifier");

    private static final Map<String, Set<String>> PARAMETERS =
            Map.ofEntries(
                    Map.entry(
                            "Patient", Set.of("_id", "identifier", "family", "given", "birthdate")),
                    Map.entry("Observation", OF_RESULTS),
                    Map.entry("DiagnosticReport", OF_RESULTS),
                    Map.entry("Encounter", OF_REGISTRATION),
                    Map.entry("AllergyIntolerance", OF_REGISTRATION),
                    Map.entry("Condition", OF_REGISTRATION),
                    Map.entry("Coverage", OF_REGISTRATION),
                    Map.entry("Account", OF_REGISTRATION),
                    Map.entry("Immunization", OF_REGISTRATION),
                    Map.entry("Appointment", OF_REGISTRATION),
                    Map.entry("ServiceRequest", OF_REGISTRATION),
                    Map.entry("MedicationRequest", OF_REGISTRATION),
                    Map.entry("DocumentReference", OF_REGISTRATION),
                    Map.entry("Task", Set.of("focus", "based-on", "patient", "patient.identifier")),
                    Map.entry("DetectedIssue", Set.of("patient", "patient.identifier")),
                    Map.entry("Provenance", Set.of("target")));

    private static final Pattern UNKNOWN_ELEMENT =
            Pattern.compile("Unknown element '([A-Za-z][A-Za-z0-9]{0,60})'");

    /** Parameters that may come twice and then both hold. */
    private static final Set<String> REPEATABLE = Set.of("date", "birthdate");

    /** Before anything of the request is read. */
    @Hook(Pointcut.SERVER_INCOMING_REQUEST_PRE_PROCESSED)
    public boolean forbidsCaching(HttpServletResponse response) {
        response.setHeader("Cache-Control", "no-store");
        return true;
    }

    /** Before HAPI looks for a method that takes these parameters. */
    @Hook(Pointcut.SERVER_INCOMING_REQUEST_PRE_HANDLER_SELECTED)
    public boolean refusesUnknownParameters(RequestDetails request) {
        if (request.getRequestType() != RequestTypeEnum.GET
                && request.getRequestType() != RequestTypeEnum.POST) return true;
        var resource = request.getResourceName();
        var own = resource == null ? Set.<String>of() : PARAMETERS.getOrDefault(resource, Set.of());
        for (var parameter : request.getParameters().entrySet()) {
            var name = parameter.getKey();
            if (ALWAYS.contains(name)) continue;
            if (!own.contains(name)) throw unknown(name, own);
            if (parameter.getValue().length > 1 && !REPEATABLE.contains(name))
                throw new Refusal("The parameter " + name + " may come only once.");
        }
        return true;
    }

    /** Whatever went wrong, in words that may leave the house. */
    @Hook(Pointcut.SERVER_PRE_PROCESS_OUTGOING_EXCEPTION)
    public BaseServerResponseException inOurWords(@Nullable Throwable failure) {
        return switch (failure) {
            case Refusal refusal -> refusal;
            case NotPlaced ours -> ours;
            case DataFormatException _ -> unreadable(unknownElement(failure));
            case BaseServerResponseException known
                    when known.getCause() instanceof DataFormatException
                            || !unknownElement(known).isEmpty() ->
                    unreadable(unknownElement(known));
            case ResourceGoneException _ ->
                    new ResourceGoneException("This was taken back by whoever sent it.");
            case ResourceNotFoundException _ ->
                    new ResourceNotFoundException("There is no such resource here.");
            case MethodNotAllowedException _ ->
                    new MethodNotAllowedException(
                            "This server reads and searches, and takes orders (ServiceRequest,"
                                    + " MedicationRequest).");
            case ForbiddenOperationException _ ->
                    new ForbiddenOperationException("This is not allowed for you.");
            case BaseServerResponseException known when known.getStatusCode() < 500 ->
                    new InvalidRequestException(
                            "This server can't read the request, or doesn't offer what it asks for."
                                + " Dates are yyyy, yyyy-MM, yyyy-MM-dd or a time with its offset;"
                                + " /fhir/metadata says what is offered.");
            case null, default -> {
                log.atError().addKeyValue("outcome", place(failure)).log("a FHIR request failed");
                yield new InternalErrorException(
                        "Something went wrong in this server; its log says what.");
            }
        };
    }

    /**
     * @param element that is unknown where it stands; empty where that is not known
     */
    private static Refusal unreadable(String element) {
        return new Refusal(
                "The body is no FHIR R4 in JSON or XML that can be read: "
                        + (element.isEmpty()
                                ? "an element is unknown, stands in the wrong place or has a value"
                                        + " of another kind."
                                : "R4 has no element "
                                        + element
                                        + " where it stands. Leave it out, and send the rest"
                                        + " again."));
    }

    /** The element that HAPI doesn't know, where it says so; only what looks like one goes back. */
    private static String unknownElement(@Nullable Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            var found = UNKNOWN_ELEMENT.matcher(String.valueOf(cause.getMessage()));
            if (found.find()) return found.group(1);
        }
        return "";
    }

    private static Refusal unknown(String name, Set<String> own) {
        // The name comes from outside: only what looks like one goes back.
        var shown = name.matches("[A-Za-z_][A-Za-z0-9_.:-]{0,40}") ? name : "with an odd name";
        return new Refusal(
                "The parameter %s is not known here; known are %s."
                        .formatted(
                                shown,
                                own.isEmpty()
                                        ? "none for this request"
                                        : String.join(", ", new TreeSet<>(own))));
    }

    /** Class and line of ours, never the message: it may hold what was searched for. */
    private static String place(@Nullable Throwable failure) {
        if (failure == null) return "unknown";
        var cause = failure;
        while (cause.getCause() != null) cause = cause.getCause();
        for (var frame : failure.getStackTrace()) {
            if (frame.getClassName().startsWith("org.chartbridge."))
                return cause.getClass().getName() + " at " + frame;
        }
        return cause.getClass().getName();
    }
}
