package org.chartbridge.database;

import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import java.sql.SQLException;

/**
 * Tells in the log how a database of an earlier version is brought to this one's tables, step by
 * step: a step that writes a large table anew takes minutes, in which the engine only seems to
 * hang. Of a new database it says nothing.
 */
@Component
class MigrationLog extends BaseCallback {
    private static final Logger log = LoggerFactory.getLogger(MigrationLog.class);

    private boolean holdsSomething;
    private boolean told;

    @Override
    public boolean supports(Event event, Context context) {
        return switch (event) {
            case BEFORE_MIGRATE, BEFORE_EACH_MIGRATE, AFTER_MIGRATE -> true;
            default -> false;
        };
    }

    @Override
    public void handle(Event event, Context context) {
        switch (event) {
            case BEFORE_MIGRATE -> holdsSomething = holdsSomething(context);
            case BEFORE_EACH_MIGRATE -> tell(context);
            case AFTER_MIGRATE -> {
                if (told) log.atInfo().log("database has the tables of this version");
            }
            default -> {}
        }
    }

    private void tell(Context context) {
        if (!holdsSomething) return;
        if (!told)
            log.atInfo().log(
                    "database is of an earlier version and is brought to this one; with"
                            + " millions of results this takes minutes, don't end it");
        told = true;
        var step = context.getMigrationInfo();
        log.atInfo()
                .addKeyValue("step", step.getVersion())
                .addKeyValue("about", step.getDescription())
                .log("database is changed");
    }

    private static boolean holdsSomething(Context context) {
        try (var statement = context.getConnection().createStatement();
                var row = statement.executeQuery("select to_regclass('journal') is not null")) {
            return row.next() && row.getBoolean(1);
        } catch (SQLException e) {
            log.atDebug().addKeyValue("sqlState", e.getSQLState()).log("database not looked at");
            return false;
        }
    }
}
