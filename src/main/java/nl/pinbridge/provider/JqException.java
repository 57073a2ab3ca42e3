package nl.pinbridge.provider;

import org.jspecify.annotations.Nullable;

/** A jq script cannot be read, or failed on its input. The message names the script. */
public final class JqException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public JqException(String script, String why, @Nullable Throwable cause) {
        super("jq script " + script + ": " + why, cause);
    }
}
