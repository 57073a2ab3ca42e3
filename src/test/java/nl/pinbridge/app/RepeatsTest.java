package nl.pinbridge.app;

import static nl.pinbridge.app.BridgeTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import nl.pinbridge.app.RunningBridge.Till;
import nl.pinbridge.sandbox.Fault;
import nl.pinbridge.sandbox.Outcome;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The same key more than once. */
@ExtendWith(SharedBridge.class)
class RepeatsTest {
    @Test
    void f29_the_same_command_twice_is_one_charge_and_two_identical_results(RunningBridge bridge) {
        try (TestClient client = bridge.client()) {
            Till till = bridge.till();
            client.send(TestClient.create("twice", till.alias(), 1050));
            JsonNode first = client.awaitFinal("twice");
            String second = client.send(TestClient.create("twice", till.alias(), 1050));
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> client.arrivals().stream()
                    .anyMatch(arrival -> second.equals(arrival.correlationId())));
            List<JsonNode> finals = finals(client, "twice");
            assertThat(finals).hasSize(2).containsOnly(first);
            assertThat(bridge.charges(first)).hasSize(1);
            assertThat(bridge.createCalls(till)).isEqualTo(1);
        }
    }

    @Test
    void f29_a_repeat_while_it_is_open_hears_the_present_state_and_the_end(RunningBridge bridge) {
        Till till = bridge.till();
        bridge.sandbox().faults().add(Fault.onCreate().terminal(till.id()).outcome(Outcome.NEVER_ENDS));
        try (TestClient one = bridge.client();
                TestClient two = bridge.client();
                TestClient three = bridge.client()) {
            one.send(TestClient.create("open-twice", till.alias(), 1050));
            JsonNode started = one.awaitStatus("open-twice", "STARTED");
            two.send(TestClient.create("open-twice", till.alias(), 1050));
            assertThat(two.awaitStatus("open-twice", "STARTED")).isEqualTo(started);
            // Expiry and replies are no content: this is the same command still.
            three.send(TestClient.create("open-twice", till.alias(), 1050)
                    .put("replies", "final")
                    .put("expiresAt", "2020-01-01T00:00:00Z"));
            bridge.sandbox().act(text(started, "providerTransactionId"), Outcome.PAID);
            JsonNode last = one.awaitFinal("open-twice");
            assertThat(two.awaitFinal("open-twice")).isEqualTo(last);
            assertThat(three.awaitFinal("open-twice")).isEqualTo(last);
            assertThat(three.results("open-twice")).hasSize(1);
            assertThat(bridge.charges(last)).hasSize(1);
            assertThat(bridge.createCalls(till)).isEqualTo(1);
        }
    }

    @Test
    void replies_final_brings_the_last_result_only(RunningBridge bridge) {
        try (TestClient client = bridge.client()) {
            client.send(
                    TestClient.create("final-only", bridge.till().alias(), 1050).put("replies", "final"));
            client.awaitFinal("final-only");
            assertThat(client.results("final-only"))
                    .extracting(result -> text(result, "status"))
                    .containsExactly("SUCCEEDED");
        }
    }

    @Test
    void f30_the_same_key_with_another_amount_is_refused(RunningBridge bridge) {
        try (TestClient client = bridge.client()) {
            Till till = bridge.till();
            client.send(TestClient.create("reused", till.alias(), 1050));
            JsonNode original = client.awaitFinal("reused");
            client.send(TestClient.create("reused", till.alias(), 1051));
            JsonNode refused = client.awaitStatus("reused", "REFUSED");
            assertThat(text(refused.path("error"), "code")).isEqualTo("KEY_REUSED");
            assertThat(text(refused.path("error"), "message")).containsPattern("[0-9a-f]{64}.*[0-9a-f]{64}");
            assertThat(refused.path("version").asInt()).isZero();
            assertThat(refused.path("payment").isNull()).isTrue();
            client.send(TestClient.create("reused", till.alias(), 1050));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> finals(client, "reused").size() == 3);
            assertThat(finals(client, "reused").get(2)).isEqualTo(original);
            assertThat(bridge.charges(original)).hasSize(1);
            assertThat(bridge.createCalls(till)).isEqualTo(1);
        }
    }

    @Test
    void f29_a_hundred_senders_of_one_command_at_once_are_one_charge(RunningBridge bridge) throws Exception {
        hundredAtOnce(bridge, "hundred");
    }

    @RepeatedTest(20)
    @Tag("crash-20")
    void f29_a_hundred_senders_of_one_command_at_once_twenty_times(
            org.junit.jupiter.api.RepetitionInfo repetition, RunningBridge bridge) throws Exception {
        hundredAtOnce(bridge, "hundred-" + repetition.getCurrentRepetition());
    }

    private static void hundredAtOnce(RunningBridge bridge, String key) throws Exception {
        Till till = bridge.till();
        List<Crowd.Heard> heard = Crowd.send(
                List.of(bridge.factory()), 10, 10, TestClient.create(key, till.alias(), 1050), Duration.ofSeconds(30));
        Crowd.assertOneResult(heard, 100);
        JsonNode last = heard.get(0).last();
        assertThat(text(last, "status")).isEqualTo("SUCCEEDED");
        assertThat(bridge.charges(last)).hasSize(1);
        assertThat(bridge.createCalls(till)).isEqualTo(1);
    }

    private static List<JsonNode> finals(TestClient client, String key) {
        return client.results(key).stream()
                .filter(result -> result.path("final").asBoolean())
                .toList();
    }
}
