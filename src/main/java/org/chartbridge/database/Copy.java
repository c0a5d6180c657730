package org.chartbridge.database;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.util.ByteConverter;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;

/**
 * Rows on their way into one table by PostgreSQL's COPY, in its binary form. Cheaper than {@code
 * unnest} where a row has many columns: PostgreSQL makes no list of each column, and writes the
 * rows page by page. Costs two round trips more, whatever the number of rows.
 *
 * <p>Each row begins with {@link #row}; then come its values, in the order of the columns. Not for
 * several threads.
 */
public final class Copy {
    private static final byte[] SIGNATURE = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0
    };

    /** Behind the signature: flags, and the length of further headers. */
    private static final int HEADER = 8;

    /** 2000-01-01T00:00Z, from which PostgreSQL counts. */
    private static final long EPOCH_MICROS = 946_684_800_000_000L;

    private static final int NULL_LENGTH = -1;
    private static final byte JSONB_VERSION = 1;

    private final String into;
    private final int columns;
    private byte[] bytes = new byte[8192];
    private int size;
    private int rows;

    /**
     * None yet.
     *
     * @param table and its columns, a constant: {@code note (id, text)}
     */
    public Copy(String table) {
        this.into = "copy " + table + " from stdin (format binary)";
        this.columns = 1 + (int) table.chars().filter(c -> c == ',').count();
        System.arraycopy(SIGNATURE, 0, bytes, 0, SIGNATURE.length);
        size = SIGNATURE.length + HEADER;
    }

    public boolean isEmpty() {
        return rows == 0;
    }

    /** Begins a row. */
    public Copy row() {
        room(Short.BYTES);
        ByteConverter.int2(bytes, size, columns);
        size += Short.BYTES;
        rows++;
        return this;
    }

    public Copy text(@Nullable String text) {
        return text == null ? none() : value(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A value of type jsonb. */
    public Copy json(@Nullable String json) {
        if (json == null) return none();
        var text = json.getBytes(StandardCharsets.UTF_8);
        length(text.length + 1);
        room(text.length + 1);
        bytes[size++] = JSONB_VERSION;
        System.arraycopy(text, 0, bytes, size, text.length);
        size += text.length;
        return this;
    }

    /** A value of type bigint. */
    public Copy number(long number) {
        length(Long.BYTES);
        room(Long.BYTES);
        ByteConverter.int8(bytes, size, number);
        size += Long.BYTES;
        return this;
    }

    /** The same; null for 0. */
    public Copy numberOrNull(long number) {
        return number == 0 ? none() : number(number);
    }

    /** A value of type integer. */
    public Copy integer(int number) {
        length(Integer.BYTES);
        room(Integer.BYTES);
        ByteConverter.int4(bytes, size, number);
        size += Integer.BYTES;
        return this;
    }

    public Copy flag(boolean flag) {
        length(1);
        room(1);
        bytes[size++] = (byte) (flag ? 1 : 0);
        return this;
    }

    /** A value of type numeric. */
    public Copy decimal(@Nullable BigDecimal number) {
        return number == null ? none() : value(ByteConverter.numeric(number));
    }

    /** A value of type timestamptz. */
    public Copy time(@Nullable Instant time) {
        return time == null ? none() : micros(Columns.micros(time));
    }

    /** The same, as {@link Columns#micros} has it. */
    public Copy micros(long micros) {
        return number(micros - EPOCH_MICROS);
    }

    public Copy none() {
        return length(NULL_LENGTH);
    }

    /**
     * Sends them.
     *
     * @throws SQLException when one was not taken; the transaction is then void
     */
    void send(Connection connection) throws SQLException {
        var copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(into);
        try {
            copy.writeToCopy(bytes, 0, size);
            copy.endCopy();
        } finally {
            if (copy.isActive()) copy.cancelCopy();
        }
    }

    private Copy value(byte[] value) {
        length(value.length);
        room(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
        return this;
    }

    private Copy length(int length) {
        room(Integer.BYTES);
        ByteConverter.int4(bytes, size, length);
        size += Integer.BYTES;
        return this;
    }

    private void room(int more) {
        if (bytes.length - size < more)
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(size, more)));
    }
}
