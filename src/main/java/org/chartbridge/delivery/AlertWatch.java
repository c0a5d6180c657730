package org.chartbridge.delivery;

import java.sql.Connection;
import java.sql.SQLException;

/** Looks once more whether an alert holds back what a message sends on (decision 0055). */
public interface AlertWatch {

    /**
     * Lets what the message sends on wait, where an alert about it is open and its sender wants
     * that.
     *
     * @param connection in the transaction that makes it leave, under {@link
     *     HeldBack#lockPatientOf}
     */
    void look(Connection connection, long entryId) throws SQLException;
}
