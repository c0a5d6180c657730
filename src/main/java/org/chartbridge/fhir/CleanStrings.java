package org.chartbridge.fhir;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.rest.api.server.RequestDetails;

import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.instance.model.api.IPrimitiveType;
import org.jspecify.annotations.Nullable;

import java.util.regex.Pattern;

/**
 * Takes characters out that no FHIR string may have (FHIR R4 §2.24.0.1) and no XML can carry: an
 * instrument may send an ESC or a STX inside a value, and the chart keeps what was said. A space
 * stands in the place of each.
 */
@Interceptor
public final class CleanStrings {
    private static final Pattern FORBIDDEN =
            Pattern.compile("[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\p{Cs}\\uFFFE\\uFFFF]");

    /** Of what leaves, before it is written as JSON or XML. */
    @Hook(Pointcut.SERVER_OUTGOING_RESPONSE)
    public void clean(RequestDetails request, @Nullable IBaseResource resource) {
        if (resource == null) return;
        for (IPrimitiveType<?> element :
                request.getFhirContext()
                        .newTerser()
                        .getAllPopulatedChildElementsOfType(resource, IPrimitiveType.class)) {
            var text = element.getValueAsString();
            if (text == null || isClean(text)) continue;
            element.setValueAsString(FORBIDDEN.matcher(text).replaceAll(" "));
        }
    }

    private static boolean isClean(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < ' ' && c != '\t' && c != '\n' && c != '\r') || c >= '\uD800') return false;
        }
        return true;
    }
}
