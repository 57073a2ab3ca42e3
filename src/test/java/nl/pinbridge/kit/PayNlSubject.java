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
import nl.pinbridge.sandbox.PayNlChoices;
import nl.pinbridge.sandbox.PayNlSetup;
import nl.pinbridge.sandbox.Sandbox;
import nl.pinbridge.sandbox.SandboxOptions;
import nl.pinbridge.sandbox.WebhookScript;
import nl.pinbridge.sandbox.WebhookScript.Way;
import org.jspecify.annotations.Nullable;

/** PAY. with signed exchanges: they are all that shows an order whose answer was lost. */
final class PayNlSubject implements KitSubject {
    private static final int TILLS = 400;
    private static final PayNlSetup SETUP = PayNlSetup.defaults()
            .withTerminals(
                    IntStream.rangeClosed(1, TILLS).mapToObj(PayNlSubject::id).toArray(String[]::new))
            .withChoices(PayNlChoices.DEFAULT.withExchange(
                    PayNlChoices.DEFAULT.exchange().withRetries(Duration.ofMillis(300))));

    private final AtomicInteger used = new AtomicInteger();
    private final Sandbox sandbox =
            Sandbox.start(SandboxOptions.defaults().withPayNl(SETUP).withCustomerDelay(Duration.ofMillis(300)));
    private final RunningBridge bridge;

    PayNlSubject() {
        RunningBridge.Options options = KitSubject.paced("paynl")
                .sandbox(sandbox)
                .webhooks()
                .set("pinbridge.provider.paynl.url", sandbox.payNlUrl())
                .set("pinbridge.provider.paynl.url.rest", sandbox.payNlRestUrl())
                .set("pinbridge.provider.paynl.secret.username", SETUP.tokenCode())
                .set("pinbridge.provider.paynl.secret.password", SETUP.token())
                .set(
                        "pinbridge.provider.paynl.secret.service-secret",
                        SETUP.service().secret())
                .set(
                        "pinbridge.provider.paynl.option.service-id",
                        SETUP.service().code());
        for (int i = 1; i <= TILLS; i++) {
            options.terminal("pay-%d: {provider: paynl, id: \"%s\", labels: {shop: Zwolle}}".formatted(i, id(i)));
        }
        options.terminal("pay-stranger: {provider: paynl, id: \"TH-9999-0001\"}");
        bridge = options.start();
    }

    private static String id(int number) {
        return "TH-1000-%04d".formatted(number);
    }

    @Override
    public String provider() {
        return "paynl";
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
        return new Till("pay-" + number, id(number));
    }

    @Override
    public @Nullable String brand() {
        return null;
    }

    @Override
    public List<String> strangers() {
        return List.of("pay-stranger");
    }

    @Override
    public void blind(Till till) {
        sandbox.webhooks().add(WebhookScript.of(Way.LOST).provider(provider()).terminal(till.id()));
    }

    @Override
    public String wire(String operation) {
        return switch (operation) {
            case "cancel" -> "abort";
            case "refund-without-card" -> "refund-transaction";
            default -> operation;
        };
    }

    @Override
    public List<String> strangeWords() {
        return List.of("-51", "33", "-99");
    }

    @Override
    public Map<String, JsonNode> anotherTransaction() {
        return Map.of(
                "/id", TextNode.valueOf("67f531c2-5114-8d75-136c-2265038314b1"),
                "/orderId", TextNode.valueOf("52001110016X3dE3"));
    }

    @Override
    public Map<String, JsonNode> anotherReference() {
        return Map.of("/reference", TextNode.valueOf("01JD7Q2M9X4KAF6T8Z1C3E5G7H"));
    }

    @Override
    public List<String> secrets() {
        return List.of(SETUP.token(), SETUP.service().secret());
    }

    @Override
    public String secretOf(Till till) {
        return SETUP.token();
    }

    @Override
    public ObjectNode reservation(String key, Till till) {
        sandbox.faults().add(on("create", till).code("95").times(1));
        return TestClient.create(key, till.alias(), 1050);
    }

    @Override
    public ObjectNode check(String key, Till till) {
        sandbox.faults().add(on("create", till).code("85").times(1));
        return TestClient.create(key, till.alias(), 1050);
    }

    @Override
    public void close() {
        bridge.close();
        sandbox.close();
    }
}
