package nl.pinbridge.app;

import static nl.pinbridge.app.BridgeTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import nl.pinbridge.app.RunningBridge.Till;
import nl.pinbridge.contract.Json;
import nl.pinbridge.ledger.HistoryRow;
import nl.pinbridge.sandbox.Brand;
import nl.pinbridge.sandbox.Fault;
import nl.pinbridge.sandbox.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Cancel, refund, mail-receipt, ctmp and the questions about terminals, from the queue to the provider and back. */
@ExtendWith(SharedBridge.class)
class CommandsTest {
    static ObjectNode command(String key, String type) {
        return Json.object().put("commandId", key).put("command", type);
    }

    static ObjectNode about(String key, String type, String payment) {
        return command(key, type).put("payment", payment);
    }

    static ObjectNode refund(String key, String payment, long cents) {
        ObjectNode refund = about(key, "refund", payment);
        refund.putObject("amount").put("value", cents).put("currency", "EUR");
        return refund;
    }

    private static String code(JsonNode result) {
        return result.at("/error/code").asText("");
    }

    private static Fault patient(Till till) {
        return Fault.onCreate().terminal(till.id()).times(1).customerDelay(Duration.ofSeconds(20));
    }

    private static JsonNode paid(TestClient client, Till till, String key) {
        client.send(TestClient.create(key, till.alias(), 1050));
        JsonNode result = client.awaitFinal(key);
        assertThat(text(result, "status")).isEqualTo("SUCCEEDED");
        return result;
    }

    @Test
    void a_cancel_ends_the_payment_that_runs_and_both_commands_say_so(RunningBridge bridge) {
        Till till = bridge.till();
        bridge.sandbox().faults().add(patient(till));
        try (TestClient client = bridge.client()) {
            client.send(TestClient.create("cx-1", till.alias(), 1050));
            client.awaitStatus("cx-1", "STARTED");
            client.send(about("cx-1-c", "cancel", "cx-1"));
            JsonNode cancel = client.awaitFinal("cx-1-c");
            assertThat(text(cancel, "status")).isEqualTo("SUCCEEDED");
            assertThat(cancel.at("/payment/status").asText()).isEqualTo("NOT_PAID");
            JsonNode create = client.awaitFinal("cx-1");
            assertThat(text(create, "status")).isEqualTo("CANCELLED");
            assertThat(code(create)).isEqualTo("CANCELLED_BY_COMMAND");
            assertThat(create.at("/error/providerCode").asText()).isEqualTo("2628");
            assertThat(bridge.charges(till)).isEmpty();
            assertThat(bridge.calls(till, "cancel")).isEqualTo(1);
            // The lane is free again.
            paid(client, till, "cx-2");
        }
    }

    @Test
    void f41_a_cancel_that_races_with_an_approval_says_what_happened(RunningBridge bridge) {
        Till till = bridge.till();
        bridge.sandbox().faults().add(patient(till));
        bridge.sandbox().faults().add(Fault.onCancel().terminal(till.id()).outcome(Outcome.PAID));
        try (TestClient client = bridge.client()) {
            client.send(TestClient.create("cx-3", till.alias(), 1050));
            client.awaitStatus("cx-3", "STARTED");
            client.send(about("cx-3-c", "cancel", "cx-3"));
            JsonNode cancel = client.awaitFinal("cx-3-c");
            assertThat(text(cancel, "status")).isEqualTo("FAILED");
            assertThat(code(cancel)).isEqualTo("TOO_LATE");
            assertThat(cancel.at("/payment/status").asText()).isEqualTo("PAID");
            assertThat(text(client.awaitFinal("cx-3"), "status")).isEqualTo("SUCCEEDED");
            assertThat(bridge.charges(till)).hasSize(1);
        }
    }

    @Test
    void f42_a_cancel_of_a_create_that_waits_for_the_terminal_stops_it(RunningBridge bridge) {
        Till till = bridge.till();
        bridge.sandbox().faults().add(patient(till));
        try (TestClient client = bridge.client()) {
            client.send(TestClient.create("cx-4", till.alias(), 1050));
            client.awaitStatus("cx-4", "STARTED");
            client.send(TestClient.create("cx-5", till.alias(), 700));
            client.awaitStatus("cx-5", "WAITING");
            client.send(about("cx-5-c", "cancel", "cx-5"));
            assertThat(text(client.awaitFinal("cx-5-c"), "status")).isEqualTo("SUCCEEDED");
            JsonNode stopped = client.awaitFinal("cx-5");
            assertThat(text(stopped, "status")).isEqualTo("NOT_SENT");
            assertThat(code(stopped)).isEqualTo("CANCELLED_BEFORE_START");
            assertThat(bridge.calls(till, "cancel")).isZero();
            client.send(about("cx-4-c", "cancel", "cx-4"));
            assertThat(text(client.awaitFinal("cx-4-c"), "status")).isEqualTo("SUCCEEDED");
            assertThat(bridge.calls(till, "create")).isEqualTo(1);
        }
    }

    @Test
    void f42_a_cancel_that_overtakes_its_create_is_kept_and_stops_it(RunningBridge bridge) {
        Till till = bridge.till();
        try (TestClient client = bridge.client()) {
            client.send(about("cx-6-c", "cancel", "cx-6"));
            JsonNode cancel = client.awaitFinal("cx-6-c");
            assertThat(text(cancel, "status")).isEqualTo("FAILED");
            assertThat(code(cancel)).isEqualTo("UNKNOWN_PAYMENT");
            client.send(TestClient.create("cx-6", till.alias(), 1050));
            JsonNode create = client.awaitFinal("cx-6");
            assertThat(text(create, "status")).isEqualTo("NOT_SENT");
            assertThat(code(create)).isEqualTo("CANCELLED_BEFORE_START");
            assertThat(bridge.calls(till, "create")).isZero();
        }
    }

    @Test
    void a_cancel_waits_for_a_create_that_is_on_the_wire(RunningBridge bridge) {
        Till till = bridge.till();
        bridge.sandbox().faults().add(patient(till).late(Duration.ofSeconds(1)));
        try (TestClient client = bridge.client()) {
            client.send(TestClient.create("cx-7", till.alias(), 1050));
            bridge.awaitCalls(till, "create", 1);
            client.send(about("cx-7-c", "cancel", "cx-7"));
            client.awaitStatus("cx-7-c", "WAITING");
            assertThat(text(client.awaitFinal("cx-7-c"), "status")).isEqualTo("SUCCEEDED");
            assertThat(text(client.awaitFinal("cx-7"), "status")).isEqualTo("CANCELLED");
        }
    }

    @Test
    void after_a_lost_answer_to_a_cancel_the_payment_tells_and_nobody_is_hit(RunningBridge bridge) {
        Till till = bridge.till();
        bridge.sandbox().faults().add(patient(till));
        // The cancel reaches the terminal only long after the bridge has given up on its answer.
        bridge.sandbox()
                .faults()
                .add(Fault.onCancel().terminal(till.id()).times(1).actAfter(Duration.ofSeconds(4)));
        try (TestClient client = bridge.client()) {
            client.send(TestClient.create("cx-8", till.alias(), 1050));
            JsonNode started = client.awaitStatus("cx-8", "STARTED");
            client.send(about("cx-8-c", "cancel", "cx-8"));
            client.awaitStatus("cx-8-c", "IN_DOUBT");
            bridge.sandbox().act(text(started, "providerTransactionId"), Outcome.PAID);
            JsonNode cancel = client.awaitFinal("cx-8-c");
            assertThat(code(cancel)).isEqualTo("TOO_LATE");
            // The next customer is not let onto the terminal while that cancel may still arrive.
            client.send(TestClient.create("cx-9", till.alias(), 700));
            client.awaitStatus("cx-9", "WAITING");
            assertThat(text(client.awaitFinal("cx-9"), "status")).isEqualTo("NOT_SENT");
            assertThat(code(client.awaitFinal("cx-9"))).isEqualTo("TERMINAL_BUSY");
        }
    }

    @Test
    void a_refund_gives_back_and_the_cap_holds(RunningBridge bridge) {
        Till till = bridge.till();
        try (TestClient client = bridge.client()) {
            JsonNode sale = paid(client, till, "rx-1");
            client.send(refund("rx-1-a", "rx-1", 400));
            JsonNode first = client.awaitFinal("rx-1-a");
            assertThat(text(first, "status")).isEqualTo("SUCCEEDED");
            assertThat(first.at("/payment/status").asText()).isEqualTo("PARTLY_REFUNDED");
            assertThat(first.at("/payment/id").asText())
                    .isEqualTo(sale.at("/payment/id").asText());
            assertThat(text(first, "providerTransactionId"))
                    .isNotEmpty()
                    .isNotEqualTo(sale.at("/payment/providerTransactionId").asText());

            client.send(refund("rx-1-b", "rx-1", 651));
            JsonNode high = client.awaitFinal("rx-1-b");
            assertThat(text(high, "status")).isEqualTo("REFUSED");
            assertThat(code(high)).isEqualTo("REFUND_TOO_HIGH");

            client.send(about("rx-1-c", "refund", "rx-1"));
            JsonNode rest = client.awaitFinal("rx-1-c");
            assertThat(rest.at("/payment/status").asText()).isEqualTo("REFUNDED");
            assertThat(rest.at("/payment/amounts/refunded").asLong()).isEqualTo(1050);
            assertThat(bridge.moneyBack(till)).isEqualTo(1050);
            assertThat(bridge.calls(till, "refund")).isEqualTo(2);
        }
    }

    @Test
    void f43_f63_refunds_that_come_together_give_back_no_more_than_was_paid(RunningBridge bridge) {
        Till till = bridge.till();
        try (TestClient client = bridge.client()) {
            paid(client, till, "rx-2");
            for (int i = 0; i < 6; i++) {
                client.send(refund("rx-2-" + i, "rx-2", 600));
            }
            long succeeded = 0;
            for (int i = 0; i < 6; i++) {
                JsonNode result = client.awaitFinal("rx-2-" + i);
                if (text(result, "status").equals("SUCCEEDED")) {
                    succeeded++;
                } else {
                    assertThat(code(result)).isIn("REFUND_TOO_HIGH", "TERMINAL_BUSY");
                }
            }
            assertThat(succeeded).isEqualTo(1);
            assertThat(bridge.moneyBack(till)).isEqualTo(600);
        }
    }

    @Test
    void f44_after_a_refund_whose_answer_was_lost_no_other_is_let_through(RunningBridge bridge) {
        Till till = bridge.till();
        bridge.sandbox()
                .faults()
                .add(Fault.onRefund().terminal(till.id()).times(1).breakConnection());
        try (TestClient client = bridge.client()) {
            paid(client, till, "rx-3");
            client.send(refund("rx-3-a", "rx-3", 400));
            client.awaitStatus("rx-3-a", "IN_DOUBT");
            client.send(refund("rx-3-b", "rx-3", 400));
            JsonNode second = client.awaitFinal("rx-3-b");
            assertThat(text(second, "status")).isEqualTo("REFUSED");
            assertThat(code(second)).isEqualTo("NOT_ALLOWED_NOW");
            // It is the only transaction of its amount in the list, so the provider can be asked about it.
            JsonNode found = client.awaitFinal("rx-3-a");
            assertThat(text(found, "status")).isEqualTo("SUCCEEDED");
            assertThat(text(found, "providerTransactionId")).isNotNull();
            assertThat(found.at("/payment/amounts/refunded").asLong()).isEqualTo(400);
            assertThat(bridge.calls(till, "refund")).isEqualTo(1);
        }
    }

    @Test
    void a_lost_refund_is_for_a_person_where_more_than_one_transaction_may_be_it(RunningBridge bridge) {
        Till till = bridge.till();
        try (TestClient client = bridge.client()) {
            paid(client, till, "rx-5");
            client.send(refund("rx-5-a", "rx-5", 400));
            assertThat(text(client.awaitFinal("rx-5-a"), "status")).isEqualTo("SUCCEEDED");
            // By hand at the terminal, of the same amount: neither carries a reference of ours.
            bridge.sandbox()
                    .days()
                    .write(
                            till.id(),
                            "by-hand-1",
                            LocalDateTime.now(ZoneId.of("Europe/Amsterdam")),
                            "success",
                            400,
                            null);
            bridge.sandbox()
                    .faults()
                    .add(Fault.onRefund().terminal(till.id()).times(1).breakConnection());
            client.send(refund("rx-5-b", "rx-5", 400));
            client.awaitStatus("rx-5-b", "IN_DOUBT");
            JsonNode last = client.awaitFinal("rx-5-b");
            assertThat(text(last, "status")).isEqualTo("NEEDS_ATTENTION");
            assertThat(last.at("/payment/amounts/refunded").asLong()).isEqualTo(400);
            List<HistoryRow> story =
                    bridge.bridge().ledger().inTransaction(tx -> tx.historyOf(text(last.path("payment"), "id")));
            assertThat(story).anyMatch(row -> row.text().startsWith("More than one transaction may be this refund"));
            assertThat(bridge.calls(till, "refund")).isEqualTo(2);
        }
    }

    @Test
    void what_a_ccv_terminal_cannot_do_is_refused_before_any_http(RunningBridge bridge) {
        Till till = bridge.till(Brand.CCV);
        try (TestClient client = bridge.client()) {
            paid(client, till, "rx-4");
            long calls = bridge.calls(till, null);
            client.send(refund("rx-4-r", "rx-4", 100));
            client.send(command("rx-4-t", "ctmp").put("terminal", till.alias()));
            for (String key : new String[] {"rx-4-r", "rx-4-t"}) {
                JsonNode result = client.awaitFinal(key);
                assertThat(text(result, "status")).isEqualTo("REFUSED");
                assertThat(code(result)).isEqualTo("NOT_SUPPORTED");
                assertThat(result.at("/error/message").asText()).contains("CCV");
            }
            assertThat(bridge.calls(till, null)).isEqualTo(calls);
        }
    }

    @Test
    void a_receipt_is_mailed_once(RunningBridge bridge) {
        Till till = bridge.till(Brand.CCV);
        try (TestClient client = bridge.client()) {
            paid(client, till, "mx-1");
            ObjectNode mail = about("mx-1-m", "mail-receipt", "mx-1");
            mail.putObject("receipt").put("to", "klant@example.nl").put("subject", "Uw bon");
            client.send(mail);
            assertThat(text(client.awaitFinal("mx-1-m"), "status")).isEqualTo("SUCCEEDED");
            client.send(mail);
            assertThat(bridge.calls(till, "mailreceipt")).isEqualTo(1);
        }
    }

    @Test
    void f46_a_receipt_whose_mailing_timed_out_may_have_been_sent_and_is_not_repeated(RunningBridge bridge) {
        Till till = bridge.till();
        bridge.sandbox().faults().add(Fault.onMailReceipt().terminal(till.id()).neverAnswer());
        try (TestClient client = bridge.client()) {
            paid(client, till, "mx-2");
            ObjectNode mail = about("mx-2-m", "mail-receipt", "mx-2");
            mail.putObject("receipt").put("to", "klant@example.nl");
            client.send(mail);
            bridge.awaitCalls(till, "mailreceipt", 1);
            // Money goes on meanwhile.
            paid(client, till, "mx-3");
            JsonNode result = client.awaitFinal("mx-2-m");
            assertThat(text(result, "status")).isEqualTo("NEEDS_ATTENTION");
            assertThat(code(result)).isEqualTo("MAYBE_SENT");
            assertThat(result.at("/error/resend").asText()).isEqualTo("safe");
            assertThat(bridge.calls(till, "mailreceipt")).isEqualTo(1);
        }
    }

    @Test
    void ctmp_makes_the_terminal_call_its_host(RunningBridge bridge) {
        Till till = bridge.till();
        try (TestClient client = bridge.client()) {
            client.send(command("tx-1", "ctmp").put("terminal", till.alias()));
            assertThat(text(client.awaitFinal("tx-1"), "status")).isEqualTo("SUCCEEDED");
            assertThat(bridge.sandbox().ctmps(till.id())).isEqualTo(1);
        }
    }

    @Test
    void questions_about_terminals_are_answered_from_directory_and_ledger(RunningBridge bridge) {
        Till till = bridge.till();
        bridge.sandbox().faults().add(patient(till));
        try (TestClient client = bridge.client()) {
            client.send(TestClient.create("qx-1", till.alias(), 1050));
            client.awaitStatus("qx-1", "STARTED");
            client.send(command("qx-2", "terminal-status").put("terminal", till.alias()));
            JsonNode one = client.awaitFinal("qx-2");
            assertThat(one.at("/terminal/state").asText()).isEqualTo("BUSY");
            assertThat(one.at("/terminal/labels/shop").asText()).isEqualTo("Utrecht");
            client.send(command("qx-3", "list-terminals"));
            assertThat(client.awaitFinal("qx-3").path("terminals").size()).isGreaterThan(100);
            client.send(about("qx-1-c", "cancel", "qx-1"));
            client.awaitFinal("qx-1-c");
        }
    }
}
