package nl.pinbridge.ledger;

import nl.pinbridge.contract.CommandType;

/** The queues that commands wait on to be worked on. */
public enum Path {
    /** One terminal after the other: what starts something on a device. */
    LANE,
    /** Overtakes the lanes: what must not wait behind the payment that it speaks of. */
    EXPRESS,
    /** Needs no terminal and can wait: must never hold up what cannot. */
    ERRAND;

    /** Where a command of this kind is worked on. */
    public static Path of(CommandType type) {
        return switch (type) {
            case CANCEL, STATUS, PING, LIST_TERMINALS, TERMINAL_STATUS -> EXPRESS;
            case MAIL_RECEIPT, RECONCILE, CAPTURE, VOID, APPROVE, DECLINE -> ERRAND;
            case CREATE, AUTHORISE, REFUND, CTMP -> LANE;
        };
    }
}
