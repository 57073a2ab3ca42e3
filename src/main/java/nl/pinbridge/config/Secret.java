package nl.pinbridge.config;

/**
 * A value that must not be seen: it prints as stars, and only {@link #reveal()} gives it away.
 */
public final class Secret {
    private final String value;

    public Secret(String value) {
        this.value = value;
    }

    /** The plain value; for the moment of use only. */
    public String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "***";
    }
}
