package nl.pinbridge.sandbox;

/**
 * What only PayProxy knows of a payment.
 *
 * @param type the {@code paymentType}
 * @param word PayProxy's status word once it is over; empty before
 */
record PayProxyOwn(String type, String word) {
    static final String SALE = "SALE";
    static final String CAPTURE = "CAPTURE";

    static PayProxyOwn started(String type) {
        return new PayProxyOwn(type, "");
    }

    PayProxyOwn ended(String status) {
        return new PayProxyOwn(type, status);
    }
}
