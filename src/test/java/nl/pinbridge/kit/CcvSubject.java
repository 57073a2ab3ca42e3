package nl.pinbridge.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import nl.pinbridge.app.RunningBridge;
import nl.pinbridge.app.RunningBridge.Till;
import nl.pinbridge.app.TestClient;
import nl.pinbridge.sandbox.CcvSetup;
import nl.pinbridge.sandbox.Fault;
import nl.pinbridge.sandbox.Sandbox;
import nl.pinbridge.sandbox.SandboxOptions;
import nl.pinbridge.sandbox.WebhookScript;
import nl.pinbridge.sandbox.WebhookScript.Way;
import org.jspecify.annotations.Nullable;

/** The CCV Payment API: look-ups by our reference and webhooks show what was lost. */
final class CcvSubject implements KitSubject {
    private static final int TILLS = 400;
    private static final CcvSetup SETUP = CcvSetup.defaults()
            .withTerminals(
                    IntStream.rangeClosed(1, TILLS).mapToObj(CcvSubject::id).toList());

    private final AtomicInteger used = new AtomicInteger();
    private final Sandbox sandbox =
            Sandbox.start(SandboxOptions.defaults().withCcv(SETUP).withCustomerDelay(Duration.ofMillis(300)));
    private final RunningBridge bridge;

    CcvSubject() {
        RunningBridge.Options options = KitSubject.paced("ccv")
                .sandbox(sandbox)
                .secureWebhooks()
                .set("pinbridge.provider.ccv.url", sandbox.ccvUrl())
                .set("pinbridge.provider.ccv.option.management-system-id", "GrundmasterNL")
                .set("pinbridge.provider.ccv.option.return-url", "https://pay.example.nl/done");
        for (int i = 1; i <= TILLS; i++) {
            options.terminal("cc-%d: {provider: ccv, id: \"%s\", key: \"%s\", labels: {shop: Venlo}}"
                    .formatted(i, id(i), SETUP.key()));
        }
        options.terminal(
                "cc-wrong-key: {provider: ccv, id: \"%s\", key: \"l_nobodys0key0nobodys0key\"}".formatted(id(0)));
        options.terminal("cc-stranger: {provider: ccv, id: \"9999999\", key: \"%s\"}".formatted(SETUP.key()));
        bridge = options.start();
    }

    private static String id(int number) {
        return String.valueOf(3_000_000 + number);
    }

    @Override
    public String provider() {
        return "ccv";
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
        return new Till("cc-" + number, id(number));
    }

    @Override
    public @Nullable String brand() {
        return null;
    }

    @Override
    public List<String> strangers() {
        return List.of("cc-wrong-key", "cc-stranger");
    }

    @Override
    public void blind(Till till) {
        sandbox.webhooks().add(WebhookScript.of(Way.LOST).provider(provider()).terminal(till.id()));
        sandbox.faults()
                .add(Fault.on("search").provider(provider()).terminal(till.id()).http(502));
    }

    @Override
    public String wire(String operation) {
        return switch (operation) {
            case "void" -> "reversal";
            case "by-reference" -> "search";
            default -> operation;
        };
    }

    @Override
    public List<String> strangeWords() {
        return List.of("manualintervention", "SUCCESS", "authorised");
    }

    @Override
    public Map<String, JsonNode> anotherTransaction() {
        return Map.of("/reference", TextNode.valueOf("TL260414072854599CB87E19B.1"));
    }

    @Override
    public Map<String, JsonNode> anotherReference() {
        return Map.of("/merchantOrderReference", TextNode.valueOf("01JD7Q2M9X4KAF6T8Z1C3E5G7H"));
    }

    @Override
    public List<String> secrets() {
        return List.of(SETUP.key());
    }

    @Override
    public String secretOf(Till till) {
        return SETUP.key();
    }

    @Override
    public ObjectNode reservation(String key, Till till) {
        return TestClient.create(key, till.alias(), 1050).put("command", "authorise");
    }

    @Override
    public void close() {
        bridge.close();
        sandbox.close();
    }
}
