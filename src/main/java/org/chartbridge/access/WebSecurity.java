package org.chartbridge.access;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.savedrequest.HttpSessionRequestCache;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;

/** Which address needs which role, and the headers every answer carries. */
@Configuration
class WebSecurity {
    /** No script or style but our own files; nobody frames us but we. */
    static final String CONTENT_POLICY =
            "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; object-src"
                    + " 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /** FHIR: for programs that act for clinicians. */
    @Bean
    @Order(1)
    SecurityFilterChain fhir(HttpSecurity http) throws Exception {
        http.securityMatcher("/fhir/**", "/fhir");
        http.authorizeHttpRequests(
                rules ->
                        rules.requestMatchers(HttpMethod.GET, "/fhir/metadata")
                                .permitAll()
                                .anyRequest()
                                .hasAnyRole(Role.ADMIN.name(), Role.CLINICIAN.name()));
        return loginWithEveryRequest(http, "Chartbridge FHIR");
    }

    /** Health and figures: open to this machine, by login from elsewhere. */
    @Bean
    @Order(2)
    SecurityFilterChain actuator(HttpSecurity http) throws Exception {
        http.securityMatcher("/actuator/**", "/actuator");
        http.authorizeHttpRequests(
                rules ->
                        rules.requestMatchers(
                                        "/actuator/health",
                                        "/actuator/health/**",
                                        "/actuator/prometheus")
                                .access(onThisMachineOr(Role.ADMIN))
                                .anyRequest()
                                .hasRole(Role.ADMIN.name()));
        return loginWithEveryRequest(http, "Chartbridge");
    }

    /** The console: form login, a session, CSRF tokens on everything that is not a read. */
    @Bean
    @Order(3)
    SecurityFilterChain console(HttpSecurity http, AuditTrail audit) throws Exception {
        http.authorizeHttpRequests(
                rules ->
                        rules.requestMatchers("/login", "/assets/**", "/error", "/favicon.ico")
                                .permitAll()
                                .requestMatchers(
                                        "/messages/**",
                                        "/worklist/**",
                                        "/unmatched/**",
                                        "/rebuild/**",
                                        "/stray/**",
                                        "/deliveries/**")
                                .hasAnyRole(Role.ADMIN.name(), Role.ANALYST.name())
                                .requestMatchers(
                                        "/patients/**",
                                        "/documents/**",
                                        "/alerts/**",
                                        "/open-orders/**",
                                        "/open-orders.csv",
                                        "/notices/**",
                                        "/pool/**",
                                        "/to-sign/**")
                                .hasAnyRole(Role.ADMIN.name(), Role.CLINICIAN.name())
                                .anyRequest()
                                .authenticated());
        http.formLogin(
                form ->
                        form.loginPage("/login")
                                .successHandler(new AfterLogin(audit))
                                .failureHandler(new AfterFailedLogin())
                                .permitAll());
        http.logout(
                logout ->
                        logout.logoutSuccessUrl("/login?left").deleteCookies(SessionRules.COOKIE));
        http.csrf(Customizer.withDefaults());
        http.requestCache(
                cache -> {
                    var pages = new HttpSessionRequestCache();
                    // Only a page is returned to after login, never a file or a form that was sent.
                    pages.setRequestMatcher(new WantsPage());
                    cache.requestCache(pages);
                });
        http.sessionManagement(session -> session.sessionFixation(fix -> fix.changeSessionId()));
        http.addFilterBefore(
                new SessionRules.EndOfLife(Clock.systemUTC()), SecurityContextHolderFilter.class);
        headers(http);
        return http.build();
    }

    /** HTTP Basic, and no session, so no forged form can use one. */
    private static SecurityFilterChain loginWithEveryRequest(HttpSecurity http, String realm)
            throws Exception {
        http.httpBasic(basic -> basic.realmName(realm));
        http.csrf(csrf -> csrf.disable());
        http.requestCache(cache -> cache.disable());
        http.sessionManagement(
                session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS));
        headers(http);
        return http.build();
    }

    private static void headers(HttpSecurity http) {
        http.headers(
                headers ->
                        headers.contentSecurityPolicy(
                                        policy -> policy.policyDirectives(CONTENT_POLICY))
                                // frame-ancestors says it, and can be loosened for one document.
                                .frameOptions(HeadersConfigurer.FrameOptionsConfig::disable)
                                .referrerPolicy(
                                        referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN))
                                .permissionsPolicyHeader(
                                        permissions ->
                                                permissions.policy(
                                                        "camera=(), microphone=(), geolocation=(),"
                                                                + " payment=()"))
                                .crossOriginOpenerPolicy(
                                        opener ->
                                                opener.policy(
                                                        CrossOriginOpenerPolicy.SAME_ORIGIN)));
    }

    private static AuthorizationManager<RequestAuthorizationContext> onThisMachineOr(Role role) {
        return (login, context) -> {
            var request = context.getRequest();
            if (isLoopback(request.getRemoteAddr())) return new AuthorizationDecision(true);
            var who = login.get();
            return new AuthorizationDecision(
                    who != null
                            && who.getAuthorities().stream()
                                    .anyMatch(
                                            a -> ("ROLE_" + role.name()).equals(a.getAuthority())));
        };
    }

    private static boolean isLoopback(String address) {
        try {
            // An address in digits: nothing is looked up.
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
