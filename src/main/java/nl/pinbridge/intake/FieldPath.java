package nl.pinbridge.intake;

import java.util.regex.Pattern;

/** Paths as the contract spells them: {@code amount.value}, {@code terminals[0]}, {@code provider["odd name"]}. */
final class FieldPath {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,59}");
    private static final int LONGEST_NAME = 60;

    private FieldPath() {}

    static String child(String parent, String name) {
        if (!PLAIN.matcher(name).matches()) {
            return parent + "[\"" + printable(name) + "\"]";
        }
        return parent.isEmpty() ? name : parent + "." + name;
    }

    static String item(String parent, int index) {
        return parent + "[" + index + "]";
    }

    /** A sender's name of a field, made harmless for logs and people. */
    static String printable(String name) {
        String safe = name.replaceAll("[^ -~]|[\"\\\\]", "?");
        return safe.length() <= LONGEST_NAME ? safe : safe.substring(0, LONGEST_NAME) + "...";
    }
}
