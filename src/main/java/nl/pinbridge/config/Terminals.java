package nl.pinbridge.config;

import java.util.List;
import java.util.Optional;

/** The terminal directory in force. Whoever needs several answers that belong together asks {@link #current()} once. */
public final class Terminals {
    private volatile TerminalDirectory directory;

    public Terminals(TerminalDirectory directory) {
        this.directory = directory;
    }

    public TerminalDirectory current() {
        return directory;
    }

    /** Puts another directory in force, whole and at once. */
    public void replace(TerminalDirectory next) {
        directory = next;
    }

    public Optional<Terminal> find(String alias) {
        return current().find(alias);
    }

    public List<Terminal> all() {
        return current().all();
    }
}
