package nl.pinbridge.broker;

import org.jspecify.annotations.Nullable;

/** The broker cannot be used as it is; the message is a sentence that says what to do. */
public class BrokerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BrokerException(String message) {
        super(message);
    }

    public BrokerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
