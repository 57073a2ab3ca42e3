package nl.pinbridge.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The terminal directory in force. Whoever needs several answers that belong together asks {@link #current()} once. */
public final class Terminals {
    private volatile TerminalDirectory directory;

    /** By device, every terminal that was ever in force: what is under way on one that was taken out is still followed up. */
    private final Map<String, Terminal> seen = new ConcurrentHashMap<>();

    public Terminals(TerminalDirectory directory) {
        this.directory = directory;
        remember(directory);
    }

    public TerminalDirectory current() {
        return directory;
    }

    /** Puts another directory in force, whole and at once. */
    public void replace(TerminalDirectory next) {
        remember(next);
        directory = next;
    }

    private void remember(TerminalDirectory known) {
        known.all().forEach(terminal -> seen.put(terminal.device(), terminal));
    }

    /** The terminal with this device that is or was in force since the start; an alias may have been given to another device. */
    public Optional<Terminal> ofDevice(String device) {
        return Optional.ofNullable(seen.get(device));
    }

    public Optional<Terminal> find(String alias) {
        return current().find(alias);
    }

    public List<Terminal> all() {
        return current().all();
    }
}
