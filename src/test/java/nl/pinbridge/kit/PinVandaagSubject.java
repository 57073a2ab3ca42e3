package nl.pinbridge.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import nl.pinbridge.app.RunningBridge;
import nl.pinbridge.app.RunningBridge.Till;
import nl.pinbridge.kit.ProviderConformance.Case;
import nl.pinbridge.kit.ProviderConformance.End;
import nl.pinbridge.sandbox.Brand;
import nl.pinbridge.sandbox.Fault;

/** Pin Vandaag without webhooks: what was lost is found by its lists. */
final class PinVandaagSubject implements KitSubject {
    private final Brand brand;
    private final RunningBridge bridge = KitSubject.paced("pinvandaag").start();

    PinVandaagSubject(Brand brand) {
        this.brand = brand;
    }

    /** What was lost is found by either of the lists alone. */
    static List<Case> cases(KitSubject started) {
        return List.of(
                new Case("resolved_by_the_last_transaction_alone", lostAnd(started, "date"), End.FOUND, 1),
                new Case("resolved_by_the_list_alone", lostAnd(started, "last-transaction"), End.FOUND, 1));
    }

    private static Consumer<Till> lostAnd(KitSubject started, String read) {
        return till -> {
            started.sandbox().faults().add(started.on("create", till).breakConnection());
            started.sandbox().faults().add(started.on(read, till).http(500).times(1_000));
        };
    }

    @Override
    public String provider() {
        return "pinvandaag";
    }

    @Override
    public RunningBridge bridge() {
        return bridge;
    }

    @Override
    public Till till() {
        return bridge.till(brand);
    }

    @Override
    public String brand() {
        return brand.name();
    }

    @Override
    public List<String> strangers() {
        return List.of("wrong-key", "stranger");
    }

    @Override
    public void blind(Till till) {
        for (String read : List.of("date", "getLatestTransaction")) {
            sandbox().faults().add(Fault.on(read).terminal(till.id()).http(500).times(1_000));
        }
    }

    @Override
    public String wire(String operation) {
        return switch (operation) {
            case "last-transaction" -> "getLatestTransaction";
            case "mail-receipt" -> "mailreceipt";
            default -> operation;
        };
    }

    @Override
    public List<String> strangeWords() {
        return List.of("manualintervention", "final", "betaald");
    }

    @Override
    public Map<String, JsonNode> anotherTransaction() {
        return Map.of("/transactionId", TextNode.valueOf("99999999"));
    }

    @Override
    public Map<String, JsonNode> anotherReference() {
        return Map.of("/ownReference", TextNode.valueOf("01JD7Q2M9X4KAF6T8Z1C3E5G7H"));
    }

    @Override
    public List<String> secrets() {
        return List.of(RunningBridge.KEY);
    }

    @Override
    public String secretOf(Till till) {
        return RunningBridge.KEY + till.alias().replace("wl-", "").replace("ccv-", "c");
    }

    @Override
    public void close() {
        bridge.close();
    }
}
