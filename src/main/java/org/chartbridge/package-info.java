/**
 * Chartbridge itself: the application that puts the rooms together, its settings and its start.
 *
 * <p>Every package below is a room named by a word of the clinic or the lab; arrows between rooms
 * go one way and are checked by {@code HouseTests}.
 */
@NullMarked
package org.chartbridge;

import org.jspecify.annotations.NullMarked;
