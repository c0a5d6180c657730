package org.chartbridge.cli;

import org.chartbridge.database.DatabaseUnusable;

import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

import java.io.IOException;
import java.sql.SQLException;

/** Says expected trouble as a sentence; only what nobody expected comes with a stack trace. */
final class PlainFailures implements IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult result)
            throws Exception {
        switch (e) {
            case DatabaseUnusable unusable -> {
                command.getErr().println(unusable.getMessage());
                command.getErr().println(unusable.remedy());
            }
            case IOException io ->
                    command.getErr()
                            .println(io.getClass().getSimpleName() + ": " + io.getMessage());
            case SQLException sql ->
                    command.getErr().println("The database can't be used: " + sql.getMessage());
            default -> throw e;
        }
        return CommandLine.ExitCode.SOFTWARE;
    }
}
