package org.chartbridge.cli;

import org.chartbridge.database.DataFolder;
import org.chartbridge.database.EmbeddedServer;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** Deletes all data of a data folder, for a start from nothing. */
@Command(
        name = "reset",
        mixinStandardHelpOptions = true,
        description = "Deletes all data: every message, every chart, every account.",
        footer = {"", "An outside PostgreSQL is not touched."})
final class ResetCommand implements Callable<Integer> {
    @Mixin DataOption data = new DataOption();

    @Option(names = "--yes", description = "Do not ask.")
    boolean yes;

    @Override
    public Integer call() throws IOException {
        var folder = data.absolute();
        if (data.isInUse()) return CommandLine.ExitCode.SOFTWARE;
        if (!yes && !confirmed(folder)) {
            System.err.println("Nothing was deleted. To delete without being asked: reset --yes");
            return CommandLine.ExitCode.SOFTWARE;
        }
        EmbeddedServer.stopLeftOver(folder);
        DataFolder.delete(folder);
        System.out.println("Deleted the data in " + folder + ".");
        return CommandLine.ExitCode.OK;
    }

    private static boolean confirmed(Path folder) throws IOException {
        System.out.print("Delete everything in " + folder + "? Type yes: ");
        System.out.flush();
        var in = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
        return "yes".equals(in.readLine());
    }
}
