package org.chartbridge.database;

/** Where the database is and how to get in; closing it stops what was started for it. */
public sealed interface Database extends AutoCloseable permits EmbeddedServer, OutsideServer {
    /** A JDBC URL, without the password. */
    String url();

    String user();

    String password();

    /** For people, e.g. "PostgreSQL 18.6, embedded". */
    String description();

    @Override
    void close();
}
