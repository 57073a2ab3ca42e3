package nl.pinbridge.sandbox;

/** What goes over the wire in the end. */
sealed interface Delivery {
    /** What the list of calls says about it. */
    String told();

    /** A whole HTTP answer. */
    record Whole(int status, String contentType, String body, String told) implements Delivery {}

    /** The head announces the whole body, the connection ends half-way. */
    record Cut(int status, String contentType, String body, String told) implements Delivery {}

    /** The connection is closed without a byte. */
    record Closed(String told) implements Delivery {}

    /** Nothing at all. */
    record Silence(String told) implements Delivery {}
}
