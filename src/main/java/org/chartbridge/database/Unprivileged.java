package org.chartbridge.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * How the server is started so that it agrees to run: PostgreSQL refuses the user root.
 *
 * <ul>
 *   <li>An ordinary user needs nothing.
 *   <li>Root goes through {@code unshare -U}: in a user namespace without a mapping the server sees
 *       itself as {@code nobody}, while its files go on belonging to root. First choice, because it
 *       needs neither an account nor a change of ownership and works where only root may go, as
 *       below {@code /root}.
 *   <li>Where that is forbidden (Docker's default seccomp profile, {@code
 *       user.max_user_namespaces=0}) root goes through {@code setpriv} to the user {@value
 *       #NOBODY}; the database then belongs to that user, and the way to it must be open.
 * </ul>
 *
 * <p>Every way begins with {@code setsid}: Ctrl-C in a terminal goes to the whole process group,
 * and the server must not stop before the engine has closed.
 *
 * @param prefix the command that goes before the server's own
 * @param uid the user its files must belong to
 */
record Unprivileged(List<String> prefix, int uid) {
    /** The traditional number of {@code nobody}. */
    static final int NOBODY = 65534;

    /**
     * The way that works on this machine, found by trying.
     *
     * @param program the server, below {@code home}
     * @param home the data folder; opened for passing through when another user must
     */
    static Unprivileged on(Path program, Path home, int me) throws IOException {
        if (me != 0) return new Unprivileged(List.of("setsid"), me);
        var namespace = new Unprivileged(List.of("setsid", "unshare", "-U", "--"), me);
        if (namespace.runs(program)) return namespace;
        var user = String.valueOf(NOBODY);
        var other =
                new Unprivileged(
                        List.of(
                                "setsid",
                                "setpriv",
                                "--reuid",
                                user,
                                "--regid",
                                user,
                                "--clear-groups",
                                "--"),
                        NOBODY);
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx--x--x"));
        if (other.runs(program)) return other;
        throw new DatabaseUnusable(
                "PostgreSQL refuses to run as root, and neither way around it works here: user"
                        + " namespaces are forbidden (unshare -U), and user "
                        + user
                        + " can't reach "
                        + program,
                "Start Chartbridge as an ordinary user, or put the data folder where every user"
                        + " may pass (--chartbridge.data=/var/lib/chartbridge), or use an outside"
                        + " PostgreSQL (--spring.datasource.url).");
    }

    private boolean runs(Path program) {
        try {
            return Programs.run(command(program.toString(), "-V")).worked();
        } catch (IOException e) {
            return false; // The program before it does not exist here.
        }
    }

    List<String> command(String... program) {
        var command = new ArrayList<>(prefix);
        command.addAll(List.of(program));
        return command;
    }

    /**
     * Hands a folder to the user the server will run as, when root runs us and it is not so yet.
     */
    void own(Path tree) throws IOException {
        if (FilesOnDisk.me() == 0 && FilesOnDisk.ownerOf(tree) != uid) {
            FilesOnDisk.giveTo(tree, uid);
        }
    }
}
