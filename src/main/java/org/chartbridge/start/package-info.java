/**
 * What the engine tells whoever starts it.
 *
 * <p>At the end of a start a few lines say where everything is: console, listening ports, data
 * folder. A room adds its own by a Spring bean of type {@link org.chartbridge.start.StartReport},
 * asked once, when all is ready:
 *
 * <pre>
 * &#64;Bean
 * StartReport listeningPorts(Listeners listeners) {
 *     return () -&gt; listeners.stream().map(l -&gt; new StartLine("Listening", l.address())).toList();
 * }
 * </pre>
 *
 * <p>{@link org.chartbridge.start.PortHolder} names the process that holds a port we wanted.
 *
 * <p>Uses no other room.
 */
@NullMarked
package org.chartbridge.start;

import org.jspecify.annotations.NullMarked;
