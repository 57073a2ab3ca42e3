package nl.pinbridge.sandbox;

import java.util.Map;
import java.util.Set;

/** PAY.'s status codes and incident codes (providers/paynl.md §4.3 and §4.4). */
final class PayNlCodes {
    static final int VERIFY = 85;
    static final int AUTHORISE = 95;
    static final int PARTLY_CAPTURED = 97;
    static final int PAID = 100;
    static final int VOIDED = -61;
    static final int DECLINED_AFTER_VERIFY = -64;
    static final int REFUND = -81;
    static final int PARTIAL_REFUND = -82;
    static final int CANCEL = -90;

    private static final Map<Integer, String> ACTIONS = Map.ofEntries(
            Map.entry(20, "INIT"),
            Map.entry(25, "PENDING"),
            Map.entry(40, "PENDING"),
            Map.entry(50, "PENDING"),
            Map.entry(60, "OPEN"),
            Map.entry(75, "CONFIRMED"),
            Map.entry(76, "CONFIRMED"),
            Map.entry(80, "PARTIAL_PAYMENT"),
            Map.entry(VERIFY, "VERIFY"),
            Map.entry(90, "PENDING"),
            Map.entry(AUTHORISE, "AUTHORIZE"),
            Map.entry(PARTLY_CAPTURED, "PARTLY_CAPTURED"),
            Map.entry(98, "PENDING"),
            Map.entry(PAID, "PAID"),
            Map.entry(-51, "PAID_CHECKAMOUNT"),
            Map.entry(-60, "FAILURE"),
            Map.entry(VOIDED, "CANCEL"),
            Map.entry(-63, "DENIED"),
            Map.entry(DECLINED_AFTER_VERIFY, "DENIED"),
            Map.entry(-70, "CHARGEBACK"),
            Map.entry(-71, "CHARGEBACK"),
            Map.entry(-72, "REFUNDING"),
            Map.entry(-80, "EXPIRED"),
            Map.entry(REFUND, "REFUND"),
            Map.entry(PARTIAL_REFUND, "PARTIAL_REFUND"),
            Map.entry(CANCEL, "CANCEL"));

    /** The source really has a space in one of them. */
    private static final Map<String, String> INCIDENTS = Map.ofEntries(
            Map.entry("0000", "AKKOORD"),
            Map.entry("1803", "TIMEOUT_EXPIRATION"),
            Map.entry("2629", "USER_CANCELLATION"),
            Map.entry("2630", "DEVICE_CANCELLATION"),
            Map.entry("2631", "HOST CANCELLATION"),
            Map.entry("4100", "NO_PURSE_IN_READER_AND_TIMEOUT_E"),
            Map.entry("1822", "CONNECTION_FAILURE"),
            Map.entry("1811", "TECHNICAL_PROBLEM"),
            Map.entry("4101", "TIMEOUT_ON_FALLBACK_CARD_READING"),
            Map.entry("1802", "UNEXPECTED_MESSAGE"),
            Map.entry("1000", "UNSUPPORTED_MESSAGE"));

    private static final Set<Integer> CHARGED_BACK = Set.of(-70, -71);
    private static final Set<Integer> REFUNDED = Set.of(-72, REFUND, PARTIAL_REFUND);

    private PayNlCodes() {}

    static String action(int code) {
        return ACTIONS.getOrDefault(code, "UNKNOWN");
    }

    static String incidentText(String incident) {
        return INCIDENTS.getOrDefault(incident, "");
    }

    /** Pending, so that the order can still be aborted and its terminal is busy; unknown codes below 100 too. */
    static boolean pending(int code) {
        return code >= 0 && code < PAID && code != VERIFY && code != AUTHORISE && code != PARTLY_CAPTURED;
    }

    static boolean chargedBack(int code) {
        return CHARGED_BACK.contains(code);
    }

    static boolean refunded(int code) {
        return REFUNDED.contains(code);
    }

    /** Paid before, whatever was given back since. */
    static boolean refundable(int code) {
        return code == PAID || code == -51 || code == PARTIAL_REFUND;
    }
}
