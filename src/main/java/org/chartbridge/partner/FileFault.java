package org.chartbridge.partner;

/**
 * What is wrong in a file that an analyst wrote, in one line: where, what, and what would be right.
 *
 * @param file below the routes folder, for example {@code northlab/results.yaml}
 * @param line from 1; 0 when the file as a whole is meant
 * @param column from 1; 0 when the line or file as a whole is meant
 * @param what what was found, without the values of environment variables
 * @param remedy what to write or do instead
 */
public record FileFault(String file, int line, int column, String what, String remedy) {

    public FileFault {
        file = oneLine(file);
        what = oneLine(what);
        remedy = oneLine(remedy);
    }

    public static FileFault at(String file, Yaml.Place place, String what, String remedy) {
        return new FileFault(file, place.line(), place.column(), what, remedy);
    }

    public static FileFault ofFile(String file, String what, String remedy) {
        return new FileFault(file, 0, 0, what, remedy);
    }

    /** {@code northlab/partner.yaml:3}, as editors understand it. */
    public String where() {
        return line == 0 ? file : file + ":" + line;
    }

    /** {@code northlab/partner.yaml:3: unknown key "sendr"; did you mean "sender"?} */
    @Override
    public String toString() {
        return where() + ": " + what + "; " + remedy;
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }
}
