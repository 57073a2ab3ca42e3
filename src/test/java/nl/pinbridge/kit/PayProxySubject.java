package nl.pinbridge.kit;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import nl.pinbridge.app.RunningBridge;
import nl.pinbridge.app.RunningBridge.Till;
import nl.pinbridge.sandbox.Sandbox;
import nl.pinbridge.sandbox.SandboxOptions;
import org.jspecify.annotations.Nullable;

/** CCV PayProxy: it answers with the end, tells nothing afterwards, and asks for no login. */
final class PayProxySubject implements KitSubject {
    private static final String PAYPROXY = "ccv-payproxy";
    private static final int TILLS = 200;

    private final AtomicInteger used = new AtomicInteger();
    private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults().withCustomerDelay(Duration.ofMillis(300)));
    private final RunningBridge bridge;

    PayProxySubject() {
        RunningBridge.Options options = KitSubject.paced(PAYPROXY)
                .sandbox(sandbox)
                // One for each terminal is the default, and more than this machine needs.
                .set("pinbridge.provider.ccv-payproxy.consumers", "64");
        for (int i = 1; i <= TILLS; i++) {
            options.terminal("pump-%d: {provider: ccv-payproxy, id: \"%s\", url: \"%s\"}"
                    .formatted(i, id(i), sandbox.payProxyUrl(id(i))));
        }
        bridge = options.start();
    }

    private static String id(int number) {
        return "1115%04d".formatted(number);
    }

    @Override
    public String provider() {
        return PAYPROXY;
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
        return new Till("pump-" + number, id(number));
    }

    @Override
    public @Nullable String brand() {
        return null;
    }

    @Override
    public List<String> strangers() {
        return List.of();
    }

    /** Nothing shows a payment whose answer was lost. */
    @Override
    public void blind(Till till) {}

    @Override
    public String wire(String operation) {
        return operation.equals("capture-elsewhere") ? "capture" : operation;
    }

    @Override
    public List<String> strangeWords() {
        return List.of("PENDING", "TIMED_OUT", "UNKNOWN", "APPROVED", "kit");
    }

    @Override
    public Map<String, JsonNode> anotherTransaction() {
        return Map.of();
    }

    @Override
    public Map<String, JsonNode> anotherReference() {
        return Map.of();
    }

    @Override
    public List<String> secrets() {
        return List.of();
    }

    @Override
    public String secretOf(Till till) {
        return "there-is-no-login";
    }

    @Override
    public boolean saysWhyNotPaid() {
        return false;
    }

    @Override
    public boolean namesTransactions() {
        return false;
    }

    @Override
    public void close() {
        bridge.close();
        sandbox.close();
    }
}
