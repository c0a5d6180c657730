package org.chartbridge.cli;

import org.chartbridge.access.Accounts;
import org.chartbridge.access.FirstAccount;
import org.chartbridge.access.Password;
import org.chartbridge.access.Role;
import org.chartbridge.database.DataFolder;
import org.chartbridge.database.EmbeddedServer;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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

    @Mixin DatabaseOptions database = new DatabaseOptions();

    @Override
    public Integer call() throws IOException {
        if (database.isOutside()) return set(database.url, database.user, database.password);
        var folder = data.absolute();
        if (data.isInUse()) return CommandLine.ExitCode.SOFTWARE;
        if (!Files.isDirectory(folder)) return nothingYet();
        try (var taken = DataFolder.take(folder);
                var server = EmbeddedServer.start(taken)) {
            return set(server.url(), server.user(), server.password());
        }
    }

    private static int set(String url, String user, String password) {
        var accounts = Accounts.at(url, user, password);
        if (!accounts.exist()) return nothingYet();
        var made = Password.made();
        accounts.set(FirstAccount.NAME, made, Role.ADMIN);
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
