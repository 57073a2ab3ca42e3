package nl.pinbridge.contract;

import java.util.Arrays;
import java.util.Optional;

/** What a back office can ask for. The wire names are those of the contract's {@code command} field. */
public enum CommandType {
    CREATE("create", true),
    AUTHORISE("authorise", true),
    CAPTURE("capture", true),
    REFUND("refund", true),
    CANCEL("cancel", true),
    VOID("void", true),
    APPROVE("approve", false),
    DECLINE("decline", true),
    STATUS("status", false),
    MAIL_RECEIPT("mail-receipt", false),
    CTMP("ctmp", false),
    LIST_TERMINALS("list-terminals", false),
    TERMINAL_STATUS("terminal-status", false),
    RECONCILE("reconcile", false),
    PING("ping", false);

    private final String wire;
    private final boolean money;

    CommandType(String wire, boolean money) {
        this.wire = wire;
        this.money = money;
    }

    /** The name in messages, for example {@code mail-receipt}. */
    public String wire() {
        return wire;
    }

    /** True where the command moves money or could start or end something for the wrong customer: never sent twice. */
    public boolean movesMoney() {
        return money;
    }

    /** The command with this wire name; empty when there is none. */
    public static Optional<CommandType> fromWire(String wire) {
        return Arrays.stream(values()).filter(type -> type.wire.equals(wire)).findFirst();
    }
}
