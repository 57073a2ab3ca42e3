package nl.pinbridge.config;

import java.util.Locale;

/**
 * One name in the catalogue of settings.
 *
 * @param name as in {@code application.properties}; may hold {@code <name>} for a provider's folder and {@code <key>} for a key in it
 * @param type what the value must look like
 * @param fallback the default as text; empty where there is none
 * @param where where it may be set
 * @param group the heading under which people read of it
 * @param meaning one sentence, with the meaning of an empty value where it may be empty
 */
record Setting(String name, Type type, String fallback, Where where, String group, String meaning) {

    /** What a value must look like. */
    enum Type {
        TEXT("text"),
        SECRET("secret"),
        PATH("path"),
        PORT("port, 0 to 65535"),
        COUNT("whole number, 1 to 1000"),
        DURATION("duration above 0"),
        WAIT("duration, 0 or more"),
        FLAG("true or false"),
        LIST("list with commas"),
        URL("http or https URL"),
        URLS("http or https URLs with commas"),
        BROKER("broker URL"),
        JDBC("JDBC URL"),
        FORM("multipart or urlencoded"),
        ZONE("time zone, such as Europe/Amsterdam"),
        TIME("time of day, HH:MM"),
        CRON("Quartz schedule: seconds, minutes, hours, day of month, month, day of week"),
        CHARACTER("one character"),
        LEVEL("ERROR, WARN, INFO, DEBUG or TRACE");

        private final String words;

        Type(String words) {
            this.words = words;
        }

        /** For the table that people read. */
        String words() {
            return words;
        }
    }

    /** Where a setting may be set. */
    enum Where {
        ANYWHERE,
        /** Needed before the file is read: environment and -D only. */
        OUTSIDE
    }

    /** Required names have no place here: what has no default may be left empty. */
    boolean mayBeEmpty() {
        return fallback.isEmpty();
    }

    Setting as(String concrete) {
        return new Setting(concrete, type, fallback, where, group, meaning);
    }

    /** The environment variable of a setting: capitals, and {@code _} for everything that is no letter or digit. */
    static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }
}
