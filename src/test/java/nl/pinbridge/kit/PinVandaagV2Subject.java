package nl.pinbridge.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import nl.pinbridge.app.RunningBridge;
import nl.pinbridge.app.RunningBridge.Till;
import nl.pinbridge.sandbox.Brand;
import nl.pinbridge.sandbox.Sandbox;
import nl.pinbridge.sandbox.SandboxOptions;
import nl.pinbridge.sandbox.SandboxTerminal;

/** Pin Vandaag V2 on WorldLine terminals without webhooks: what was lost is found by its lists. */
final class PinVandaagV2Subject implements KitSubject {
    private static final String V2 = "pinvandaag-v2";
    private static final String KEY = "tweede-geheime-sleutel-";
    private static final int TILLS = 300;

    private final AtomicInteger used = new AtomicInteger();
    private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults()
            .withTerminals(IntStream.rangeClosed(1, TILLS)
                    .mapToObj(number -> new SandboxTerminal(id(number), KEY + number, Brand.WORLDLINE))
                    .toList())
            .withAnyTerminal(false)
            .withCustomerDelay(Duration.ofMillis(300)));
    private final RunningBridge bridge;

    PinVandaagV2Subject() {
        RunningBridge.Options options = KitSubject.paced(V2)
                .sandbox(sandbox)
                .set("pinbridge.provider.pinvandaag-v2.url", sandbox.pinVandaagV2Url())
                .set("pinbridge.provider.pinvandaag-v2.read-urls", sandbox.pinVandaagV2BackupUrl())
                .terminal(line("v2-wrong-key", id(1), KEY + "wrong"));
        for (int i = 2; i <= TILLS; i++) {
            options.terminal(line("v2-" + i, id(i), KEY + i));
        }
        bridge = options.start();
    }

    private static String line(String alias, String id, String key) {
        return "%s: {provider: pinvandaag-v2, id: \"%s\", brand: WORLDLINE, key: \"%s\"}".formatted(alias, id, key);
    }

    private static String id(int number) {
        return String.valueOf(60_300_000 + number);
    }

    @Override
    public String provider() {
        return V2;
    }

    @Override
    public RunningBridge bridge() {
        return bridge;
    }

    @Override
    public Till till() {
        // The first is known to the provider by another key.
        int number = used.incrementAndGet() + 1;
        if (number > TILLS) {
            throw new IllegalStateException("there are no more terminals");
        }
        return new Till("v2-" + number, id(number));
    }

    @Override
    public String brand() {
        return Brand.WORLDLINE.name();
    }

    @Override
    public List<String> strangers() {
        // What V2 says of a terminal that it does not know is not documented, so it is no refusal.
        return List.of("v2-wrong-key");
    }

    @Override
    public String wire(String operation) {
        return switch (operation) {
            case "create" -> "start";
            case "cancel" -> "stop";
            case "mail-receipt" -> "mail";
            case "date" -> "list";
            case "last-transaction" -> "last_transaction";
            default -> operation;
        };
    }

    @Override
    public void blind(Till till) {
        for (String read : List.of("date", "last-transaction")) {
            sandbox.faults().add(on(read, till).http(500).times(1_000));
        }
    }

    @Override
    public List<String> strangeWords() {
        return List.of("manualintervention", "final", "betaald");
    }

    @Override
    public Map<String, JsonNode> anotherTransaction() {
        return Map.of("/transaction/transaction_id", TextNode.valueOf("99999999"));
    }

    @Override
    public Map<String, JsonNode> anotherReference() {
        return Map.of("/transaction/own_reference", TextNode.valueOf("01JD7Q2M9X4KAF6T8Z1C3E5G7H"));
    }

    @Override
    public List<String> secrets() {
        return List.of(KEY);
    }

    @Override
    public String secretOf(Till till) {
        return KEY + till.alias().replace("v2-", "");
    }

    @Override
    public void close() {
        bridge.close();
        sandbox.close();
    }
}
