package nl.pinbridge.contract;

/** The closed list of reasons in results; each belongs to one command status. */
public enum ErrorCode {
    INVALID(CommandStatus.REFUSED, Resend.SAFE),
    UNKNOWN_TERMINAL(CommandStatus.REFUSED, Resend.SAFE),
    /** Also the answer ({@link CommandStatus#FAILED}) to a cancel for a key that was not seen. */
    UNKNOWN_PAYMENT(CommandStatus.REFUSED, Resend.SAFE),
    NOT_SUPPORTED(CommandStatus.REFUSED, Resend.NEVER),
    NOT_ALLOWED_NOW(CommandStatus.REFUSED, Resend.AFTER_STATUS),
    KEY_REUSED(CommandStatus.REFUSED, Resend.AFTER_STATUS),
    REFUND_TOO_HIGH(CommandStatus.REFUSED, Resend.NEVER),
    STALE(CommandStatus.NOT_SENT, Resend.SAFE),
    TERMINAL_BUSY(CommandStatus.NOT_SENT, Resend.SAFE),
    PAUSED(CommandStatus.NOT_SENT, Resend.SAFE),
    CANCELLED_BEFORE_START(CommandStatus.NOT_SENT, Resend.SAFE),
    NO_CONNECTION(CommandStatus.NOT_SENT, Resend.SAFE),
    PROVIDER_REFUSED(CommandStatus.NOT_SENT, Resend.SAFE),
    /** The bridge could not build the request from its routes; nothing was sent. */
    BRIDGE_FAULT(CommandStatus.NOT_SENT, Resend.SAFE),
    DECLINED(CommandStatus.DECLINED, Resend.SAFE),
    CANCELLED_AT_TERMINAL(CommandStatus.CANCELLED, Resend.SAFE),
    CANCELLED_BY_COMMAND(CommandStatus.CANCELLED, Resend.SAFE),
    TIMED_OUT_AT_TERMINAL(CommandStatus.EXPIRED, Resend.SAFE),
    PROVIDER_FAILED(CommandStatus.FAILED, Resend.SAFE),
    TOO_LATE(CommandStatus.FAILED, Resend.NEVER),
    NOTHING_HAPPENED(CommandStatus.FAILED, Resend.SAFE),
    OUTCOME_UNKNOWN(CommandStatus.NEEDS_ATTENTION, Resend.NEVER),
    INTEGRITY(CommandStatus.NEEDS_ATTENTION, Resend.NEVER),
    CONFLICT(CommandStatus.NEEDS_ATTENTION, Resend.NEVER),
    MAYBE_SENT(CommandStatus.NEEDS_ATTENTION, Resend.SAFE);

    private final CommandStatus status;
    private final Resend resend;

    ErrorCode(CommandStatus status, Resend resend) {
        this.status = status;
        this.resend = resend;
    }

    /** The status of a command that ends with this code. */
    public CommandStatus status() {
        return status;
    }

    public Resend resend() {
        return resend;
    }
}
