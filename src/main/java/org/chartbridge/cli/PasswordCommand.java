package org.chartbridge.cli;

import org.chartbridge.access.Accounts;
import org.chartbridge.access.FirstAccount;
import org.chartbridge.access.Password;
import org.chartbridge.access.Role;
import org.chartbridge.database.DataFolder;
import org.chartbridge.database.EmbeddedServer;
import org.springframework.dao.DataAccessException;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.Callable;

/**
 * Gives {@code admin} a new password, for when it is forgotten. Needs the machine, not the old one.
 */
@Command(
        name = "password",
        mixinStandardHelpOptions = true,
        description =
                "Gives admin a new password and prints it once. The engine has to be stopped.",
        footer = {
            "",
            "To choose one: start the engine with CHARTBRIDGE_ADMIN_PASSWORD set; it is taken at"
                    + " every start."
        })
final class PasswordCommand implements Callable<Integer> {
    @Mixin DataOption data = new DataOption();

    @Option(
            names = "--spring.datasource.url",
            paramLabel = "URL",
            defaultValue = "${env:SPRING_DATASOURCE_URL:-}",
            description = "An outside PostgreSQL.")
    String url = "";

    @Option(
            names = "--spring.datasource.username",
            paramLabel = "USER",
            defaultValue = "${env:SPRING_DATASOURCE_USERNAME:-}",
            description = "Its account.")
    String user = "";

    @Option(
            names = "--spring.datasource.password",
            paramLabel = "PASSWORD",
            defaultValue = "${env:SPRING_DATASOURCE_PASSWORD:-}",
            description = "Its password; better in the environment than here.")
    String password = "";

    @Override
    public Integer call() throws IOException {
        if (!url.isEmpty()) return set(url, user, password);
        var folder = data.absolute();
        var running = DataFolder.running(folder);
        if (running.isPresent()) {
            System.err.println(
                    "Chartbridge is running with "
                            + folder
                            + " (process "
                            + running.get().pid()
                            + "). Stop it first: chartbridge stop");
            return CommandLine.ExitCode.SOFTWARE;
        }
        if (!Files.isDirectory(folder)) return nothingYet();
        try (var taken = DataFolder.take(folder);
                var server = EmbeddedServer.start(taken)) {
            return set(server.url(), server.user(), server.password());
        }
    }

    private static int set(String url, String user, String password) {
        var accounts = Accounts.at(url, user, password);
        var made = Password.made();
        try {
            accounts.set(FirstAccount.NAME, made, Role.ADMIN);
        } catch (DataAccessException e) {
            if (e instanceof org.springframework.jdbc.BadSqlGrammarException) return nothingYet();
            throw e;
        }
        System.out.println("The new password of " + FirstAccount.NAME + ": " + made.text());
        System.out.println("It is shown only now.");
        return CommandLine.ExitCode.OK;
    }

    private static int nothingYet() {
        System.err.println(
                "There is no account yet: the first start makes one and shows its password.");
        return CommandLine.ExitCode.SOFTWARE;
    }
}
