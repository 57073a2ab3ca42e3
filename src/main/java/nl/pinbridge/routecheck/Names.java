package nl.pinbridge.routecheck;

import java.util.Locale;
import java.util.regex.Pattern;

/** How things are called in routes. */
final class Names {
    static final Pattern KEBAB = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    private Names() {}

    static boolean isKebab(String name) {
        return KEBAB.matcher(name).matches();
    }

    /** In lower case and without hyphens: the ways of writing one key become one. */
    static String flat(String key) {
        return key.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
    }
}
