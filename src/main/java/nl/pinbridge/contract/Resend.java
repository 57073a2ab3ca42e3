package nl.pinbridge.contract;

import com.fasterxml.jackson.annotation.JsonValue;

/** May the sender try again, with a <em>new</em> {@code commandId}? */
public enum Resend {
    SAFE("safe"),
    /** First ask with a {@code status} command. */
    AFTER_STATUS("after-status"),
    NEVER("never");

    private final String wire;

    Resend(String wire) {
        this.wire = wire;
    }

    @JsonValue
    public String wire() {
        return wire;
    }
}
