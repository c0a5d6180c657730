package org.chartbridge.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.StrictErrorHandler;
import ca.uhn.fhir.rest.api.EncodingEnum;
import ca.uhn.fhir.rest.server.IResourceProvider;
import ca.uhn.fhir.rest.server.RestfulServer;

import jakarta.servlet.http.HttpServletResponse;

import java.util.List;

/** HAPI's server with our providers; see the package for why it is used. */
final class FhirServer extends RestfulServer {
    private static final long serialVersionUID = 1;

    FhirServer(List<IResourceProvider> providers, List<?> plain) {
        super(context());
        setServerName("Chartbridge");
        setImplementationDescription("Chartbridge: results of laboratories, as charted");
        setDefaultResponseEncoding(EncodingEnum.JSON);
        setResourceProviders(List.copyOf(providers));
        plain.forEach(this::registerProvider);
        registerInterceptor(new Gate());
        registerInterceptor(new CleanStrings());
    }

    /** A Provenance is that of one version, which HAPI would take out of the reference. */
    private static FhirContext context() {
        var context = FhirContext.forR4();
        context.getParserOptions().setDontStripVersionsFromReferencesAtPaths("Provenance.target");
        // What is not understood of an order is not overlooked.
        context.setParserErrorHandler(new StrictErrorHandler());
        return context;
    }

    /** Nobody needs to know which versions are behind this. */
    @Override
    public void addHeadersToResponse(HttpServletResponse response) {}
}
