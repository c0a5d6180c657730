package org.chartbridge.database;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Several statements that go to PostgreSQL together and come back together: one round trip instead
 * of one each. Each statement sees what the ones before it did; in read committed isolation each
 * also sees what other transactions committed before it began, so a statement that takes locks may
 * be followed by one that reads under them. Rows that are copied go before all of them.
 *
 * <p>The texts of the statements must be constants: PostgreSQL keeps their plans by text.
 */
public final class Script {

    /** Takes the rows of a reading statement, one by one. */
    public interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    private final StringBuilder text = new StringBuilder(1024);
    private final List<@Nullable RowReader> readers = new ArrayList<>();
    private final List<@Nullable Object> arguments = new ArrayList<>();
    private final List<Copy> copies = new ArrayList<>(0);

    /**
     * Adds a statement whose rows, if any, are not looked at.
     *
     * @param arguments String, byte[], Long, Integer, Boolean, null, or arrays of them: {@code
     *     long[]}, {@code String[]}, {@code boolean[]}, {@code int[]}, {@code BigDecimal[]}, {@code
     *     byte[][]}
     */
    public Script run(String sql, @Nullable Object... arguments) {
        return add(sql, null, arguments);
    }

    /** Adds a statement whose rows go to a reader. */
    public Script read(String sql, RowReader reader, @Nullable Object... arguments) {
        return add(sql, reader, arguments);
    }

    /** Adds rows that go before all statements, those that were added earlier too. */
    public Script copy(Copy rows) {
        if (!rows.isEmpty()) copies.add(rows);
        return this;
    }

    public boolean isEmpty() {
        return readers.isEmpty() && copies.isEmpty();
    }

    private Script add(String sql, @Nullable RowReader reader, @Nullable Object... values) {
        if (!readers.isEmpty()) text.append(";\n");
        text.append(sql);
        readers.add(reader);
        for (var value : values) arguments.add(value);
        return this;
    }

    /**
     * Sends all statements and reads all answers.
     *
     * @throws SQLException of the first statement that failed; the transaction is then void
     */
    public void send(Connection connection) throws SQLException {
        for (var rows : copies) rows.send(connection);
        if (readers.isEmpty()) return;
        try (var statement = connection.prepareStatement(text.toString())) {
            for (int i = 0; i < arguments.size(); i++)
                set(connection, statement, i + 1, arguments.get(i));
            boolean rows = statement.execute();
            for (int i = 0; i < readers.size(); i++) {
                var reader = readers.get(i);
                if (rows && reader != null) {
                    try (var results = statement.getResultSet()) {
                        while (results.next()) reader.read(results);
                    }
                }
                if (i + 1 < readers.size()) rows = statement.getMoreResults();
            }
        }
    }

    private static void set(
            Connection connection, PreparedStatement statement, int index, @Nullable Object value)
            throws SQLException {
        switch (value) {
            case null -> statement.setObject(index, null);
            case String text -> statement.setString(index, text);
            case byte[] bytes -> statement.setBytes(index, bytes);
            case Long number -> statement.setLong(index, number);
            case Integer number -> statement.setInt(index, number);
            case Boolean flag -> statement.setBoolean(index, flag);
            case long[] numbers ->
                    statement.setArray(index, connection.createArrayOf("bigint", box(numbers)));
            case int[] numbers ->
                    statement.setArray(index, connection.createArrayOf("integer", box(numbers)));
            case boolean[] flags ->
                    statement.setArray(index, connection.createArrayOf("boolean", box(flags)));
            case @Nullable String[] texts ->
                    statement.setArray(index, connection.createArrayOf("text", texts));
            case @Nullable BigDecimal[] numbers ->
                    statement.setArray(index, connection.createArrayOf("numeric", numbers));
            case @Nullable Long[] numbers ->
                    statement.setArray(index, connection.createArrayOf("bigint", numbers));
            case byte[][] contents ->
                    statement.setArray(index, connection.createArrayOf("bytea", contents));
            default ->
                    throw new IllegalArgumentException(
                            "no SQL type is known for " + value.getClass().getName());
        }
    }

    private static Long[] box(long[] numbers) {
        var boxed = new Long[numbers.length];
        for (int i = 0; i < numbers.length; i++) boxed[i] = numbers[i];
        return boxed;
    }

    private static Integer[] box(int[] numbers) {
        var boxed = new Integer[numbers.length];
        for (int i = 0; i < numbers.length; i++) boxed[i] = numbers[i];
        return boxed;
    }

    private static Boolean[] box(boolean[] flags) {
        var boxed = new Boolean[flags.length];
        for (int i = 0; i < flags.length; i++) boxed[i] = flags[i];
        return boxed;
    }
}
