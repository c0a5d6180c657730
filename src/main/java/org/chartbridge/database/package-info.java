/**
 * The database Chartbridge brings along, and the check that a database keeps its promises.
 *
 * <p>An acknowledgement is a promise kept on disk (DESIGN §1), so this room starts the real
 * PostgreSQL server with durable settings and asks any database, ours or the clinic's, whether it
 * has them: {@link org.chartbridge.database.Durability}.
 *
 * <p>The way of a start: {@link org.chartbridge.database.DataFolder} takes the folder, for one
 * process only; {@code ServerBinaries} unpacks the server once; {@code Cluster} is made by {@code
 * initdb} the first time; {@link org.chartbridge.database.EmbeddedServer} starts the server, or
 * takes over the one that outlived a killed engine, and starts it again whenever it dies. {@code
 * Postmaster} knows the process and never mistakes a stranger with the same number for it; {@code
 * Unprivileged} gets around PostgreSQL's refusal to run as root.
 *
 * <p>In the folder: {@code lock} (held while an engine runs), {@code engine.properties} (its
 * process and console), {@code owner.properties}, {@code database.properties} (port and password,
 * readable by the owner only), {@code postgres} (all data), {@code postgres-log} (a file for each
 * day of the week), {@code postgres-server-*} (the unpacked server, may be deleted when stopped).
 *
 * <p>Uses no other room.
 */
@NullMarked
package org.chartbridge.database;

import org.jspecify.annotations.NullMarked;
