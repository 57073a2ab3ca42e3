package nl.pinbridge.contract;

/** How far a command is. Money is booked on {@link PaymentStatus}, never on this. */
public enum CommandStatus {
    /** The terminal is busy with something else. */
    WAITING(false),
    /** The provider has it, the customer is busy. */
    STARTED(false),
    /** It may or may not have happened; the bridge is finding out. */
    IN_DOUBT(false),
    SUCCEEDED(true),
    /** Refused by bank or host, on the provider's word. */
    DECLINED(true),
    /** Called off by a person, on the provider's word. */
    CANCELLED(true),
    /** Ran out of time at the terminal, on the provider's word. */
    EXPIRED(true),
    /** Technical fault, on the provider's word. */
    FAILED(true),
    /** Proof that nothing was started. */
    NOT_SENT(true),
    /** The command itself is wrong. */
    REFUSED(true),
    /** Could not be established: a work item is open. Final for the machine, though a later version may follow. */
    NEEDS_ATTENTION(true);

    private final boolean last;

    CommandStatus(boolean last) {
        this.last = last;
    }

    /** The {@code final} flag of results with this status. */
    public boolean isFinal() {
        return last;
    }
}
