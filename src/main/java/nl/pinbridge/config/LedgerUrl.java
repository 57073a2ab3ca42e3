package nl.pinbridge.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Which databases may hold the ledger: those that still have an acknowledged commit after the process was killed. */
public final class LedgerUrl {
    private static final String H2 = "jdbc:h2:";
    private static final String POSTGRESQL = "jdbc:postgresql:";
    private static final int LONGEST_LOCK_TIMEOUT_MILLIS = 60_000;

    private LedgerUrl() {}

    /**
     * The embedded ledger: an H2 file below the data folder.
     *
     * <p>{@code WRITE_DELAY=0} writes each commit before it is acknowledged (by default H2 waits up to half a second, and a kill
     * loses what was promised); forcing it to the disk is {@code CHECKPOINT SYNC} after the commit, which no URL can ask for.
     * Rows are locked one by one and readers never wait, as always with H2's MVStore; {@code LOCK_TIMEOUT} is how long a writer
     * waits for a row, in ms. {@code DB_CLOSE_ON_EXIT=FALSE} keeps the database open while a stopping bridge drains.
     * {@code TRACE_LEVEL_FILE=0} keeps statements with payment data out of a trace file.
     */
    public static String embedded(Path data) {
        return H2 + "file:"
                + data.resolve("ledger").toAbsolutePath().normalize().toString().replace('\\', '/')
                + ";WRITE_DELAY=0;LOCK_TIMEOUT=3000;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0";
    }

    /**
     * What is wrong with a ledger URL, one sentence each; empty when it may be used.
     *
     * @param memoryAllowed true where the money is not real: tests
     */
    public static List<String> faults(String url, boolean memoryAllowed) {
        List<String> faults = new ArrayList<>();
        if (url.startsWith(H2)) {
            h2(url, memoryAllowed, faults);
        } else if (url.startsWith(POSTGRESQL)) {
            postgresql(url, faults);
        } else {
            faults.add(
                    "is neither jdbc:postgresql: nor jdbc:h2:file: and no other database is known to keep its commits.");
        }
        return List.copyOf(faults);
    }

    private static void h2(String url, boolean memoryAllowed, List<String> faults) {
        String[] parts = url.split(";");
        String place = parts[0].substring(H2.length()).toLowerCase(Locale.ROOT);
        boolean memory = place.startsWith("mem:");
        if (memory && !memoryAllowed) {
            faults.add("keeps the ledger in memory: a restart would forget payments. Use a file or PostgreSQL.");
        } else if (!memory && !place.startsWith("file:") && place.matches("[a-z0-9]{2,}:.*")) {
            faults.add("must be a plain file (jdbc:h2:file:/path). For several nodes or a server use PostgreSQL.");
        }
        Map<String, String> options = new TreeMap<>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            String name = (equals < 0 ? parts[i] : parts[i].substring(0, equals))
                    .strip()
                    .toUpperCase(Locale.ROOT);
            String value = equals < 0 ? "" : parts[i].substring(equals + 1).strip();
            if (options.putIfAbsent(name, value) != null) {
                faults.add("names " + name + " twice.");
            }
        }
        if (!memory && !"0".equals(options.get("WRITE_DELAY"))) {
            faults.add(
                    "must have ;WRITE_DELAY=0, because H2 otherwise loses acknowledged commits when the process is killed.");
        }
        if (!"3".equals(options.getOrDefault("LOCK_MODE", "3"))) {
            faults.add("must not change LOCK_MODE: two tills could then take the same terminal.");
        }
        if (options.containsKey("LOG")) {
            faults.add("must not have LOG, which can switch off what survives a crash.");
        }
        String timeout = options.getOrDefault("LOCK_TIMEOUT", "1000");
        if (!timeout.matches("[1-9][0-9]{2,4}") || Integer.parseInt(timeout) > LONGEST_LOCK_TIMEOUT_MILLIS) {
            faults.add("must have a LOCK_TIMEOUT between 100 and 60000 milliseconds.");
        }
        if (options.getOrDefault("FILE_LOCK", "FILE").equalsIgnoreCase("NO")) {
            faults.add("must not switch off FILE_LOCK: two bridges writing one file destroy it.");
        }
        if (options.getOrDefault("AUTO_SERVER", "FALSE").equalsIgnoreCase("TRUE")) {
            faults.add("must not use AUTO_SERVER, which opens a port to the ledger. For several nodes use PostgreSQL.");
        }
        if (options.containsKey("PASSWORD") || options.containsKey("USER")) {
            faults.add("must not hold user or password: put them in pinbridge.ledger.username and .password.");
        }
    }

    private static void postgresql(String url, List<String> faults) {
        String lower = url.toLowerCase(Locale.ROOT);
        if (lower.matches(".*[?&](user|password)=.*") || lower.matches("jdbc:postgresql://[^/?]*@.*")) {
            faults.add("must not hold user or password: put them in pinbridge.ledger.username and .password.");
        }
        if (lower.matches(".*synchronous_commit(=|%3d)off.*")) {
            faults.add("must not switch off synchronous_commit: acknowledged commits would be lost in a crash.");
        }
    }
}
