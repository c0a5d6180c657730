package org.chartbridge.database;

import org.springframework.jdbc.core.simple.JdbcClient;

import java.util.function.LongSupplier;

/**
 * Ids from a PostgreSQL sequence, drawn a block at a time so that most cost no round trip. Ids grow
 * within one engine; engines that share a database draw different blocks. Ids of a block that was
 * not used up are lost at a restart, never given twice. Safe for several threads.
 */
public final class BlockIds implements LongSupplier {

    private final JdbcClient jdbc;
    private final String sql;
    private final int block;
    private long next;
    private long end;

    /**
     * Ids of one sequence.
     *
     * @param block the sequence's own increment
     */
    public BlockIds(JdbcClient jdbc, String sequence, int block) {
        this.jdbc = jdbc;
        this.sql = "select nextval('" + sequence + "')";
        this.block = block;
    }

    @Override
    public synchronized long getAsLong() {
        if (next == end) {
            next = jdbc.sql(sql).query(Long.class).single();
            end = next + block;
        }
        return next++;
    }
}
