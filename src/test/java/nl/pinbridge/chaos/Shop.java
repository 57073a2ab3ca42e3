package nl.pinbridge.chaos;

import java.util.List;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.sandbox.PayNlChoices;

/** The providers whose terminals the tills have. */
enum Shop {
    PINVANDAAG(
            "cancel",
            List.of("as-printed"),
            List.of(
                    CommandType.CREATE,
                    CommandType.STATUS,
                    CommandType.CANCEL,
                    CommandType.REFUND,
                    CommandType.MAIL_RECEIPT,
                    CommandType.CTMP)),
    PAYNL(
            "abort",
            List.of(
                    PayNlChoices.UNSIGNED,
                    PayNlChoices.LEGACY_JSON,
                    PayNlChoices.LEGACY_JSON_AS_PRINTED,
                    PayNlChoices.LEGACY_POST,
                    PayNlChoices.LEGACY_GET),
            List.of(
                    CommandType.CREATE,
                    CommandType.STATUS,
                    CommandType.CANCEL,
                    CommandType.REFUND,
                    CommandType.CAPTURE,
                    CommandType.VOID));

    private final String cancel;
    private final List<String> styles;
    private final List<CommandType> commands;

    Shop(String cancel, List<String> styles, List<CommandType> commands) {
        this.cancel = cancel;
        this.styles = styles;
        this.commands = commands;
    }

    /** The folder's name, and the stand-in's. */
    String provider() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** The provider's own word for a cancel. */
    String cancel() {
        return cancel;
    }

    /** Other forms of its webhooks. */
    List<String> styles() {
        return styles;
    }

    /** What its tills ask for. */
    List<CommandType> commands() {
        return commands;
    }
}
