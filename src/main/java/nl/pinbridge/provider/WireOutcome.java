package nl.pinbridge.provider;

/** What happened on the wire, judged by whether a byte was written and not by the kind of exception. */
public sealed interface WireOutcome {
    /** The exchange property that holds the outcome of the route's provider call. */
    String PROPERTY = "pinbridge.wire";

    /**
     * The provider answered.
     *
     * @param status the HTTP status
     * @param body the body as text, whole; it may hold personal data and is redacted before it is kept
     * @param refusal true when the provider's folder lists this answer as a refusal before the start: nothing was started
     * @param busy true when the folder lists it as "busy, nothing was started"
     * @param success true when the status is one that the operation's mapping may read
     */
    record Answered(int status, String body, boolean success, boolean refusal, boolean busy) implements WireOutcome {}

    /** Proof that no byte of the request left. */
    record NotSent(String why) implements WireOutcome {}

    /** It may have arrived; nobody knows. */
    record Unknown(String why) implements WireOutcome {}
}
