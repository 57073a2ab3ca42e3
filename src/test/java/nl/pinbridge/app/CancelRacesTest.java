package nl.pinbridge.app;

import static nl.pinbridge.app.BridgeTest.text;
import static nl.pinbridge.app.CommandsTest.about;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import nl.pinbridge.app.RunningBridge.Till;
import nl.pinbridge.sandbox.Call;
import nl.pinbridge.sandbox.Fault;
import org.junit.jupiter.api.Test;

/**
 * A cancel that comes while one customer pays and the next is already in line. The provider's cancel names no transaction, so the book
 * is asked whom it hit.
 */
class CancelRacesTest {
    private static final int RACES = Integer.getInteger("races", 500);
    private static final int AT_ONCE = 50;
    private static final long SEED = Long.getLong("races.seed", 20261121L);

    /** What a race showed. */
    private record Seen(String cancel, String first, String second) {}

    @Test
    void f41_a_cancel_never_hits_the_next_customer() throws Exception {
        System.out.println(RACES + " cancel races, seed " + SEED);
        Map<Seen, Integer> seen = new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
        try (RunningBridge bridge = RunningBridge.with()
                .set("pinbridge.lane.wait", "PT30S")
                .set("pinbridge.provider.pinvandaag.first-look", "PT0.05S")
                .set("pinbridge.provider.pinvandaag.look-interval", "PT0.05S")
                .start()) {
            ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
            try {
                List<Callable<List<Seen>>> tills = new ArrayList<>();
                for (int i = 0; i < AT_ONCE; i++) {
                    Till till = bridge.till();
                    long seed = SEED + i;
                    tills.add(() -> races(bridge, till, seed, RACES / AT_ONCE));
                }
                for (Future<List<Seen>> till : threads.invokeAll(tills)) {
                    for (Seen one : till.get()) {
                        seen.merge(one, 1, Integer::sum);
                    }
                }
            } finally {
                threads.shutdownNow();
            }
            bridge.assertContract();
        }
        seen.forEach((what, times) -> System.out.println(times + " x " + what));
        assertThat(seen.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(RACES);
        // A race that is always won by the same side is none.
        assertThat(seen.keySet()).extracting(Seen::cancel).contains("SUCCEEDED", "FAILED");
    }

    private static List<Seen> races(RunningBridge bridge, Till till, long seed, int count) {
        Random random = new Random(seed);
        List<Seen> seen = new ArrayList<>();
        try (TestClient client = bridge.client()) {
            for (int i = 0; i < count; i++) {
                String first = till.alias() + "-" + i + "-a";
                String second = till.alias() + "-" + i + "-b";
                String cancel = till.alias() + "-" + i + "-c";
                int customer = 50 + random.nextInt(600);
                bridge.sandbox()
                        .faults()
                        .add(Fault.onCreate().terminal(till.id()).times(1).customerDelay(Duration.ofMillis(customer)));
                client.send(TestClient.create(first, till.alias(), 1050));
                client.send(TestClient.create(second, till.alias(), 700));
                // The cancel comes some time around the end of the first payment.
                LockSupport.parkNanos(
                        Duration.ofMillis(random.nextInt(customer + 200)).toNanos());
                client.send(about(cancel, "cancel", first));
                seen.add(judged(bridge, till, client, first, second, cancel));
            }
        }
        return seen;
    }

    private static Seen judged(
            RunningBridge bridge, Till till, TestClient client, String first, String second, String cancel) {
        JsonNode a = client.awaitFinal(first);
        JsonNode b = client.awaitFinal(second);
        JsonNode c = client.awaitFinal(cancel);
        String other = b.at("/payment/id").asText();
        assertThat(text(b, "status")).as("the next customer: %s", b).isEqualTo("SUCCEEDED");
        assertThat(bridge.sandbox().book().chargesOf(other)).hasSize(1);
        assertThat(bridge.sandbox().calls().matching("cancel", till.id(), other, null))
                .as("cancels that hit the next customer")
                .extracting(Call::transactionId)
                .isEmpty();
        int charged =
                bridge.sandbox().book().chargesOf(a.at("/payment/id").asText()).size();
        boolean paid = a.at("/payment/status").asText().equals("PAID");
        assertThat(charged).as("the first customer: %s", a).isEqualTo(paid ? 1 : 0);
        assertThat(text(c, "status")).as("the cancel: %s", c).isEqualTo(paid ? "FAILED" : "SUCCEEDED");
        return new Seen(text(c, "status"), text(a, "status"), text(b, "status"));
    }
}
