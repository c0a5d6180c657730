package org.chartbridge.fhir;

import ca.uhn.fhir.rest.server.IResourceProvider;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.util.List;
import java.util.stream.Stream;

/** Puts the FHIR server at {@code /fhir}, beside the console's own servlet. */
@Configuration
class FhirConfiguration {

    /** Started by the first request: reading FHIR's definitions takes a second or two. */
    @Bean
    ServletRegistrationBean<FhirServer> fhirServlet(
            List<IResourceProvider> providers,
            ObjectProvider<OrdersOverFhir> orders,
            ObjectProvider<ChangesOverFhir> changes) {
        var plain = Stream.concat(orders.stream(), changes.stream()).toList();
        var server = new FhirServer(providers, plain);
        var registration = new ServletRegistrationBean<>(server, "/fhir/*");
        registration.setName("fhir");
        return registration;
    }
}
