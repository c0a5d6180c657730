/**
 * Access: who may use Chartbridge and who looked at what. Knows nothing of messages or charts.
 *
 * <p>{@link org.chartbridge.access.Accounts} holds names, roles and password hashes; there is no
 * default password. {@link org.chartbridge.access.FirstAccount} sees to it that {@code admin}
 * exists, {@link org.chartbridge.access.AccountLogin} checks a login and slows guessing down,
 * {@link org.chartbridge.access.WebSecurity} says which page needs which {@link
 * org.chartbridge.access.Role}. {@link org.chartbridge.access.AuditTrail} is written before a
 * patient or a message is shown, so that nothing is seen without a trace.
 */
@NullMarked
package org.chartbridge.access;

import org.jspecify.annotations.NullMarked;
