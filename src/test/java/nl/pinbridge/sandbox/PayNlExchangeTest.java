package nl.pinbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The exchange as a receiver gets it, against providers/paynl.md §14. */
class PayNlExchangeTest {
    private static final String GOOD = "{\"result\":true,\"description\":\"ok\"}";
    private static final PayNlChoices.Exchange QUICK =
            PayNlChoices.DEFAULT.exchange().withRetries(Duration.ofMillis(100), Duration.ofMillis(100));

    private record Got(String method, String query, Map<String, String> headers, String body) {
        JsonNode json() {
            return Till.json(body);
        }

        int code() {
            return json().at("/object/status/code").asInt();
        }
    }

    private final List<Got> got = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile String answer = GOOD;
    private volatile Duration pause = Duration.ZERO;
    private HttpServer receiver;
    private @Nullable Sandbox started;
    private Sandbox sandbox;
    private PayNlTill till;

    @BeforeEach
    void start() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.setExecutor(threads);
        receiver.createContext("/", this::receive);
        receiver.start();
        restart(PayNlChoices.DEFAULT.withExchange(QUICK));
    }

    private void restart(PayNlChoices choices) {
        if (started != null) {
            started.close();
        }
        sandbox = Sandbox.start(SandboxOptions.defaults()
                .withPayNl(PayNlTill.SETUP.withChoices(choices))
                .withCustomerDelay(Duration.ofMillis(20)));
        started = sandbox;
        till = new PayNlTill(sandbox);
    }

    @AfterEach
    void stop() {
        sandbox.close();
        receiver.stop(0);
        threads.shutdownNow();
    }

    private void receive(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new java.util.HashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), values.get(0)));
        got.add(new Got(
                exchange.getRequestMethod(),
                String.valueOf(exchange.getRequestURI().getRawQuery()),
                headers,
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        try {
            java.util.concurrent.locks.LockSupport.parkNanos(pause.toNanos());
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        } finally {
            exchange.close();
        }
    }

    private ObjectNode hooked(long cents, String reference) {
        return PayNlTill.pin(cents, reference)
                .put("exchangeUrl", "http://127.0.0.1:" + receiver.getAddress().getPort() + "/exchange?secret=1");
    }

    private Got only(int count) {
        await().until(() -> got.size() >= count);
        await().during(Duration.ofMillis(200)).until(() -> got.size() == count);
        return got.get(count - 1);
    }

    private static boolean genuine(Got call) {
        String algorithm = String.valueOf(call.headers().get("signature-algorithm"));
        return "SL-1234-5678".equals(call.headers().get("signature-keyid"))
                && PayNlExchange.hmac(algorithm, PayNlTill.SETUP.service().secret(), call.body())
                        .equals(call.headers().get("signature"));
    }

    private static List<String> fields(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void the_signature_agrees_with_the_official_test_vector() {
        assertThat(PayNlExchange.hmac(
                        "sha512",
                        "150a14ed5bea6cc731cf86c41566ac427a8db48ef1b9fd626664b3bfbb99071fa4c922f33dde38719b8c8354e2b7ab9d77e0e67fc12843920a712e73d558e197",
                        ""))
                .isEqualTo(
                        "1e23c01aec9410779fb4efdcd8582ff66d3d8f99b17060272d564e05c33b475770ce5d2277ee4fb1917c0716e10d1533f4b4925e4870e2cd1f0884f12f1de793");
    }

    @Test
    void a_paid_order_is_told_once_signed_and_whole() throws Exception {
        String id = till.started(hooked(150, "REF1234"));
        Got call = only(1);
        JsonNode sample = Till.JSON.readTree(getClass().getResourceAsStream("/sandbox/paynl-exchange.json"));

        assertThat(call.method()).isEqualTo("POST");
        assertThat(call.headers())
                .containsEntry("signature-method", "HMAC")
                .containsEntry("signature-algorithm", "sha512")
                .containsEntry("content-type", "application/json");
        assertThat(genuine(call)).isTrue();
        assertThat(call.query()).isEqualTo("secret=1&type=order&id=" + id + "&event=status_changed");
        assertThat(fields(call.json())).isEqualTo(fields(sample));
        assertThat(fields(call.json().path("object"))).isEqualTo(fields(sample.path("object")));
        assertThat(fields(call.json().at("/object/payments/0"))).isEqualTo(fields(sample.at("/object/payments/0")));
        assertThat(fields(call.json().at("/object/links"))).isEqualTo(fields(sample.at("/object/links")));
        assertThat(call.json().path("id").asText()).isEqualTo(id);
        assertThat(call.code()).isEqualTo(100);
        assertThat(call.json().path("object")).isEqualTo(till.order(id));
        assertThat(sandbox.webhooks().sent())
                .singleElement()
                .matches(SentWebhook::taken)
                .matches(sent -> sent.answered().equals("200") && sent.attempt() == 1);
    }

    @ParameterizedTest
    @CsvSource({"sha256,64", "sha384,96", "sha512,128"})
    void the_algorithm_and_the_key_can_be_chosen(String algorithm, int length) {
        restart(PayNlChoices.DEFAULT.withExchange(QUICK.withAlgorithm(algorithm).withByToken(true)));
        till.started(hooked(150, "a"));
        Got call = only(1);

        assertThat(call.headers()).containsEntry("signature-keyid", "AT-1234-5678");
        assertThat(call.headers().get("signature"))
                .hasSize(length)
                .isEqualTo(PayNlExchange.hmac(algorithm, PayNlTill.SETUP.token(), call.body()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"result\":false}", "", "TRUE|", "{\"result\":\"true\"}", "<html>"})
    void what_is_not_the_wanted_answer_brings_it_again(String wrong) {
        answer = wrong;
        till.started(hooked(150, "a"));

        Got call = only(3);
        assertThat(got).allMatch(one -> one.body().equals(call.body()) && genuine(one));
        assertThat(sandbox.webhooks().sent()).extracting(SentWebhook::attempt).containsExactly(1, 2, 3);
        assertThat(sandbox.webhooks().sent()).noneMatch(SentWebhook::taken);
    }

    @Test
    void an_answer_that_comes_too_late_is_none() {
        restart(PayNlChoices.DEFAULT.withExchange(QUICK.withPatience(Duration.ofMillis(200))));
        pause = Duration.ofMillis(600);
        till.started(hooked(150, "a"));

        await().until(() -> got.size() == 3);
        assertThat(PayNlChoices.DEFAULT.exchange().patience()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void a_second_attempt_that_is_taken_is_the_last() {
        answer = "{\"result\":false}";
        till.started(hooked(150, "a"));
        await().until(() -> got.size() == 1);
        answer = GOOD;

        only(2);
    }

    @Test
    void an_order_without_a_url_is_told_nowhere() {
        String id = till.started(PayNlTill.pin(150, "a"));
        await().until(() -> till.code(id) == 100);

        assertThat(sandbox.webhooks().sent()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"false,0", "true,1"})
    void a_cancelled_payment_is_told_only_where_that_is_chosen(boolean told, int calls) {
        restart(PayNlChoices.DEFAULT.withExchange(QUICK.withCancels(told)));
        sandbox.faults().add(Fault.onCreate().outcome(Outcome.CANCELLED_AT_TERMINAL));
        String id = till.started(hooked(150, "a"));
        await().until(() -> till.code(id) == -90);

        await().during(Duration.ofMillis(200))
                .until(() -> sandbox.webhooks().sent().size() == calls);
    }

    @Test
    void f60_a_payment_after_a_cancel_is_told() {
        restart(PayNlChoices.DEFAULT.withExchange(QUICK.withCancels(true)));
        sandbox.faults()
                .add(Fault.onCreate()
                        .outcome(Outcome.CANCELLED_AT_TERMINAL)
                        .then(Outcome.PAID, Duration.ofMillis(200)));
        till.started(hooked(150, "a"));

        assertThat(only(2).code()).isEqualTo(100);
        assertThat(got.get(0).code()).isEqualTo(-90);
        assertThat(sandbox.book().charges()).hasSize(1);
    }

    @Test
    void a_refund_by_card_is_told_as_an_order_of_type_credit() {
        ObjectNode order = PayNlTill.order(2351, PayNlTill.TERMINAL, 250, "a");
        order.set("exchangeUrl", hooked(1, "b").path("exchangeUrl"));
        till.started(order);
        Got call = only(1);

        assertThat(call.json().at("/object/type").asText()).isEqualTo("credit");
        assertThat(call.code()).isEqualTo(100);
    }

    @Test
    void a_refund_without_card_is_told_in_the_flat_form() {
        JsonNode order = Till.json(till.create(PayNlTill.pin(500, "a")));
        await().until(() -> till.code(order.path("id").asText()) == 100);
        String url = hooked(1, "b").path("exchangeUrl").asText();
        till.rest(
                "PATCH",
                "/transactions/" + order.path("orderId").asText() + "/refund",
                "{\"amount\":{\"value\":1},\"exchangeUrl\":\"" + url + "\"}");

        only(2);
        assertThat(got)
                .extracting(call -> call.json().path("action").asText())
                .containsExactly("refund:add", "refund:received");
        assertThat(got.get(0).json().path("amount").asText()).isEqualTo("0.01");
        assertThat(got.get(0).json().path("order_id")).isEqualTo(order.path("orderId"));
    }

    @ParameterizedTest
    @EnumSource(WebhookScript.Way.class)
    void every_way_can_be_scripted(WebhookScript.Way way) {
        sandbox.webhooks().add(WebhookScript.of(way).provider("paynl").times(1));
        String id = till.started(hooked(150, "a"));
        await().until(() -> till.code(id) == 100);
        int calls =
                switch (way) {
                    case LOST -> 0;
                    case DOUBLED, REPLAYED, REORDERED -> 2;
                    default -> 1;
                };
        await().atMost(Duration.ofSeconds(3)).until(() -> got.size() == calls);
        await().during(Duration.ofMillis(200)).until(() -> got.size() == calls);
        if (calls == 0) {
            return;
        }
        Got first = got.get(0);
        Got last = got.get(calls - 1);
        switch (way) {
            case DOUBLED, REPLAYED -> {
                assertThat(last.body()).isEqualTo(first.body());
                assertThat(last.headers().get("signature"))
                        .isEqualTo(first.headers().get("signature"));
            }
            case REORDERED -> {
                assertThat(first.code()).isEqualTo(100);
                assertThat(last.code()).isEqualTo(50);
                assertThat(last.json().at("/object/capturedAmount/value").asLong())
                        .isZero();
                assertThat(genuine(last)).isTrue();
            }
            case WRONG_TRANSACTION -> {
                assertThat(first.json().path("id").asText()).isNotEqualTo(id);
                assertThat(genuine(first)).isTrue();
            }
            case WRONG_STATUS -> {
                assertThat(first.code()).isEqualTo(-90);
                assertThat(genuine(first)).isTrue();
            }
            case FORGED -> {
                assertThat(first.code()).isEqualTo(-90);
                assertThat(first.headers()).containsEntry("signature-keyid", "SL-1234-5678");
                assertThat(genuine(first)).isFalse();
            }
            case TAMPERED -> {
                assertThat(first.json().at("/object/amount/value").asLong()).isEqualTo(151);
                assertThat(genuine(first)).isFalse();
            }
            case UNSIGNED -> assertThat(first.headers()).doesNotContainKey("signature");
            case UNKNOWN_KEY -> assertThat(first.headers()).containsEntry("signature-keyid", "SL-9999-9999");
            default -> assertThat(genuine(first)).isTrue();
        }
    }

    @Test
    void a_forgery_claims_paid_for_what_is_not() {
        sandbox.faults().add(Fault.onCreate().outcome(Outcome.DECLINED));
        sandbox.webhooks().add(WebhookScript.of(WebhookScript.Way.FORGED));
        till.started(hooked(150, "a"));

        assertThat(only(1).code()).isEqualTo(100);
        assertThat(sandbox.book().charges()).isEmpty();
    }

    @Test
    void what_was_sent_can_be_replayed_byte_by_byte() {
        till.started(hooked(150, "a"));
        only(1);
        Till control = new Till(sandbox.url());
        JsonNode sent = control.get("/sandbox/webhooks").at("/webhooks/0");
        assertThat(sent.path("taken").asBoolean()).isTrue();
        assertThat(sent.at("/headers/signature-method").asText()).isEqualTo("HMAC");
        assertThat(control.send("POST", "/sandbox/webhooks/replay", "{\"number\":0}")
                        .statusCode())
                .isEqualTo(200);

        Got again = only(2);
        assertThat(again.body()).isEqualTo(got.get(0).body());
        assertThat(again.headers().get("signature"))
                .isEqualTo(got.get(0).headers().get("signature"));
        assertThat(control.send("POST", "/sandbox/webhooks/replay", "{\"number\":7}")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void it_can_come_late_and_before_the_answer_to_create() {
        sandbox.faults().add(Fault.onCreate().late(Duration.ofMillis(600)).times(1));
        var create = till.createLater(hooked(150, "a"));
        await().until(() -> got.size() == 1);
        assertThat(create).isNotDone();
        create.join();

        sandbox.webhooks().add(WebhookScript.of(WebhookScript.Way.ONCE).late(Duration.ofMillis(500)));
        String id = till.started(hooked(150, "b"));
        await().until(() -> till.code(id) == 100);
        assertThat(got).hasSize(1);
        await().until(() -> got.size() == 2);
    }

    @Test
    void unsigned_json_has_the_same_body_and_no_signature() {
        restart(PayNlChoices.DEFAULT.withExchange(QUICK.withStyle(PayNlChoices.UNSIGNED)));
        till.started(hooked(150, "a"));
        Got call = only(1);

        assertThat(call.headers()).doesNotContainKeys("signature", "signature-method");
        assertThat(call.code()).isEqualTo(100);
    }

    @Test
    void the_legacy_form_is_flat_with_texts_and_euros() throws Exception {
        sandbox.webhooks().add(WebhookScript.of(WebhookScript.Way.ONCE).style(PayNlChoices.LEGACY_JSON));
        ObjectNode order = hooked(1_050, "a");
        order.putObject("stats").put("extra1", "4711");
        String orderId = Till.json(till.create(order)).path("orderId").asText();
        JsonNode body = only(1).json();

        assertThat(body).allMatch(JsonNode::isTextual);
        assertThat(fields(body))
                .containsExactly(
                        "action",
                        "pincode",
                        "website_location_id",
                        "website_id",
                        "program_id",
                        "promotor_id",
                        "tool",
                        "info",
                        "object",
                        "domain_id",
                        "ip_address",
                        "amount",
                        "extra1",
                        "extra2",
                        "extra3",
                        "secret",
                        "enduser_id",
                        "payment_session_id",
                        "payment_profile_id",
                        "product_id",
                        "payment_method_id",
                        "starttime",
                        "stoptime",
                        "customer_id",
                        "order_id",
                        "customer_key",
                        "country_id",
                        "country_code");
        assertThat(body.path("action").asText()).isEqualTo("new_ppt");
        assertThat(body.path("amount").asText()).isEqualTo("10.5");
        assertThat(body.path("extra1").asText()).isEqualTo("4711");
        assertThat(body.path("order_id").asText()).isEqualTo(orderId);
    }

    @Test
    void the_legacy_form_can_have_the_comma_of_the_sample_or_be_a_form_or_variables() {
        sandbox.webhooks()
                .add(WebhookScript.of(WebhookScript.Way.ONCE).printed().times(1));
        till.started(hooked(150, "a"));
        String printed = only(1).body();
        assertThat(printed).contains(",\n}");
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> Till.JSON.readTree(printed)))
                .isInstanceOf(JsonProcessingException.class);

        answer = "TRUE| Processed";
        sandbox.webhooks()
                .add(WebhookScript.of(WebhookScript.Way.ONCE)
                        .style(PayNlChoices.LEGACY_POST)
                        .times(1));
        till.started(hooked(150, "b"));
        assertThat(only(2).body()).startsWith("action=new_ppt&").contains("&amount=1.5&");
        sandbox.webhooks()
                .add(WebhookScript.of(WebhookScript.Way.ONCE)
                        .style(PayNlChoices.LEGACY_GET)
                        .times(1));
        till.started(hooked(150, "c"));
        Got call = only(3);
        assertThat(call.method()).isEqualTo("GET");
        assertThat(call.query()).startsWith("secret=1&action=new_ppt&");
        assertThat(sandbox.webhooks().sent().get(2).taken()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1,0.01", "10,0.1", "100,1", "150,1.5", "1000,10", "1005,10.05", "123456,1234.56"})
    void legacy_euros_are_exact(long cents, String euros) {
        assertThat(PayNlText.euros(cents)).isEqualTo(euros);
    }

    @Test
    void nothing_is_sent_beyond_this_machine() {
        till.started(PayNlTill.pin(150, "a").put("exchangeUrl", "https://example.org/exchange"));
        await().until(() -> sandbox.webhooks().sent().size() == 1
                && !sandbox.webhooks().sent().get(0).answered().equals(Call.PENDING));

        assertThat(sandbox.webhooks().sent().get(0).answered()).startsWith("not sent");
    }
}
