package nl.pinbridge.app;

import static nl.pinbridge.app.BridgeTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import nl.pinbridge.app.RunningBridge.Till;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The error handler itself fails. */
class BrokenHandlerTest {
    @Test
    void f38_a_message_whose_error_handling_fails_is_not_lost_and_not_charged_twice() {
        try (RunningBridge bridge = RunningBridge.with().start();
                TestClient client = bridge.client()) {
            Till till = bridge.till();
            Till other = bridge.till();
            AtomicInteger failures = new AtomicInteger();
            // The step fails, and so does whatever the handler then wants to tell the world.
            Runnable fault = () -> {
                failures.incrementAndGet();
                throw new IllegalStateException("a fault of the test");
            };
            bridge.at("taken", fault);
            bridge.at("told", fault);
            client.send(TestClient.create("so-1", till.alias(), 1050));
            Awaitility.await().until(() -> failures.get() >= 4);
            assertThat(bridge.calls(till, "create")).isZero();

            bridge.calm();
            assertThat(text(client.awaitFinal("so-1"), "status")).isIn("SUCCEEDED", "NOT_SENT");
            assertThat(bridge.charges(till))
                    .hasSize(text(client.awaitFinal("so-1"), "status").equals("SUCCEEDED") ? 1 : 0);
            client.send(TestClient.create("so-2", other.alias(), 700));
            assertThat(text(client.awaitFinal("so-2"), "status")).isEqualTo("SUCCEEDED");
        }
    }
}
