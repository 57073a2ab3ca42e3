package nl.pinbridge.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nl.pinbridge.app.RunningBridge;
import nl.pinbridge.app.RunningBridge.Till;
import nl.pinbridge.sandbox.Fault;
import nl.pinbridge.sandbox.Outcome;
import nl.pinbridge.sandbox.Sandbox;
import org.jspecify.annotations.Nullable;

/** A provider under test: a running bridge with its folder as delivered, and its stand-in. A new provider writes one of these. */
interface KitSubject extends AutoCloseable {
    /**
     * All cases begin at about the same time, so what must happen in time gets more of it than it needs; what must end without an
     * answer waits {@code maximum} once, side by side.
     */
    static RunningBridge.Options paced(String provider) {
        String prefix = "pinbridge.provider." + provider + ".";
        return RunningBridge.with()
                .set("pinbridge.lane.wait", "PT40S")
                .set(prefix + "response-timeout", "PT3S")
                .set(prefix + "first-look", "PT0.2S")
                .set(prefix + "look-interval", "PT0.3S")
                .set(prefix + "look-interval-max", "PT1S")
                .set(prefix + "maximum", "PT25S");
    }

    /** The folder's name, which is also the stand-in's. */
    String provider();

    RunningBridge bridge();

    default Sandbox sandbox() {
        return bridge().sandbox();
    }

    /** A terminal that nobody has used yet; all of them are of one brand. */
    Till till();

    /** The brand of the terminals; null where the provider knows none. */
    @Nullable
    String brand();

    /** A terminal whose login the provider does not accept, and one that it does not know, by alias; empty where that cannot be. */
    List<String> strangers();

    /** What the stand-in calls an operation of {@code provider.yaml}. */
    default String wire(String operation) {
        return operation;
    }

    /** A script for an operation of {@code provider.yaml} on a terminal. */
    default Fault on(String operation, Till till) {
        return Fault.on(wire(operation)).provider(provider()).terminal(till.id());
    }

    /** Takes away whatever would show a payment whose answer was lost: lists, look-ups and webhooks. */
    void blind(Till till);

    /** Words or codes that the provider does not document, or by which it asks for a person. */
    List<String> strangeWords();

    /** Where a status answer says which transaction it is about; all of them are changed together. */
    Map<String, JsonNode> anotherTransaction();

    /** Where a status answer repeats our reference. */
    Map<String, JsonNode> anotherReference();

    /** What nobody but the provider may be told: parts of all that the bridge logs in with. */
    List<String> secrets();

    /** What the bridge logs in with on this terminal, as a provider could repeat it. */
    String secretOf(Till till);

    /**
     * Prepares a terminal so that the command that is returned, of 10.50, reserves money and does not take it. Asked for only where the
     * folder offers a capture or a void of a payment.
     */
    default ObjectNode reservation(String key, Till till) {
        throw new UnsupportedOperationException(provider() + " reserves nothing");
    }

    /** The same for a payment that waits for somebody's judgement. Asked for only where the folder offers approve or decline. */
    default ObjectNode check(String key, Till till) {
        throw new UnsupportedOperationException(provider() + " asks for no judgement");
    }

    /** False where a payment that did not succeed is told without its reason. */
    default boolean saysWhyNotPaid() {
        return true;
    }

    /** False where an answer that says paid is about the call that it answers, and names no transaction of the provider's. */
    default boolean namesTransactions() {
        return true;
    }

    /** How a payment may end that the provider has no words for. */
    default Set<Outcome> untold() {
        return Set.of();
    }

    /** False where only a whole payment can be given back. */
    default boolean partialRefunds() {
        return true;
    }

    @Override
    void close();
}
