package org.chartbridge.access;

/** What an account may do; checked per address in {@link WebSecurity}. */
public enum Role {
    /** Everything. */
    ADMIN,
    /** Charts, not the wire. */
    CLINICIAN,
    /** Messages and interfaces, with patients masked until revealed. */
    ANALYST
}
