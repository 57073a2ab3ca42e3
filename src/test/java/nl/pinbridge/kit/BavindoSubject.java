package nl.pinbridge.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import nl.pinbridge.app.RunningBridge;
import nl.pinbridge.app.RunningBridge.Till;
import nl.pinbridge.app.Webhooked;
import nl.pinbridge.sandbox.BavindoSetup;
import nl.pinbridge.sandbox.Outcome;
import nl.pinbridge.sandbox.Sandbox;
import nl.pinbridge.sandbox.SandboxOptions;
import nl.pinbridge.sandbox.WebhookScript;
import nl.pinbridge.sandbox.WebhookScript.Way;
import org.jspecify.annotations.Nullable;

/** Bavindo with its webhooks: they are all that shows a payment whose answer was lost. */
final class BavindoSubject implements KitSubject {
    private static final int TILLS = 200;
    private static final BavindoSetup SETUP = BavindoSetup.defaults()
            .withTerminals(
                    IntStream.rangeClosed(1, TILLS).mapToObj(BavindoSubject::id).toList());

    private final AtomicInteger used = new AtomicInteger();
    private final Sandbox sandbox =
            Sandbox.start(SandboxOptions.defaults().withBavindo(SETUP).withCustomerDelay(Duration.ofMillis(400)));
    private final RunningBridge bridge;

    BavindoSubject() {
        RunningBridge.Options options = KitSubject.paced("bavindo")
                .sandbox(sandbox)
                .webhooks()
                .set("pinbridge.provider.bavindo.url", sandbox.bavindoUrl());
        String key = SETUP.store().key();
        for (int i = 1; i <= TILLS; i++) {
            options.terminal("bav-%d: {provider: bavindo, id: \"%s\", key: \"%s\", labels: {shop: Zwolle}}"
                    .formatted(i, id(i), key));
        }
        options.terminal("bav-stranger: {provider: bavindo, id: \"P400Plus-999999999\", key: \"" + key + "\"}");
        options.terminal(
                "bav-wrong-key: {provider: bavindo, id: \"P400Plus-999999998\", key: \"no-key-of-any-store\"}");
        bridge = options.start();
        sandbox.bavindoWebhooks(Webhooked.address(bridge, "bavindo"));
    }

    private static String id(int number) {
        return "P400Plus-%09d".formatted(100_000_000 + number);
    }

    @Override
    public String provider() {
        return "bavindo";
    }

    @Override
    public RunningBridge bridge() {
        return bridge;
    }

    @Override
    public Till till() {
        int number = used.incrementAndGet();
        if (number > TILLS) {
            throw new IllegalStateException("there are no more terminals");
        }
        return new Till("bav-" + number, id(number));
    }

    @Override
    public @Nullable String brand() {
        return null;
    }

    @Override
    public List<String> strangers() {
        return List.of("bav-stranger", "bav-wrong-key");
    }

    @Override
    public void blind(Till till) {
        sandbox.webhooks().add(WebhookScript.of(Way.LOST).provider(provider()).terminal(till.id()));
    }

    @Override
    public String wire(String operation) {
        return operation.equals("refund-without-card") ? "refund" : operation;
    }

    @Override
    public List<String> strangeWords() {
        return List.of("processed", "refunded");
    }

    @Override
    public Map<String, JsonNode> anotherTransaction() {
        return Map.of("/payment_id", TextNode.valueOf("c568741f-783d-4b40-9a6f-d33af99d"));
    }

    @Override
    public Map<String, JsonNode> anotherReference() {
        return Map.of("/metadata/pinbridge_payment", TextNode.valueOf("01JD7Q2M9X4KAF6T8Z1C3E5G7H"));
    }

    @Override
    public List<String> secrets() {
        return List.of(SETUP.store().key());
    }

    @Override
    public String secretOf(Till till) {
        return SETUP.store().key();
    }

    @Override
    public boolean partialRefunds() {
        return false;
    }

    @Override
    public Set<Outcome> untold() {
        // Adyen has no condition for a customer who never came.
        return Set.of(Outcome.TIMED_OUT);
    }

    @Override
    public void close() {
        bridge.close();
        sandbox.close();
    }
}
