package org.chartbridge.fhir;

import ca.uhn.fhir.context.FhirContext;

import org.hl7.fhir.r4.model.DomainResource;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Versions of orders, for ETag and If-Match: made of all that is shown. How an order stands follows
 * from many messages, so no message's number would do ⚠: a cache would be told that nothing has
 * changed.
 */
final class Versions {
    private static final FhirContext R4 = FhirContext.forR4Cached();

    private Versions() {}

    /** The version of a resource, whatever {@code meta.versionId} it has. */
    static String of(DomainResource resource) {
        var bare = resource.copy();
        bare.getMeta().setVersionId(null);
        bare.setId(resource.getIdElement().toUnqualifiedVersionless());
        var text = R4.newJsonParser().encodeResourceToString(bare);
        try {
            var hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Writes it into the resource. */
    static void put(DomainResource resource) {
        resource.getMeta().setVersionId(of(resource));
    }
}
