package nl.pinbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of fault on every operation of PAY. that moves money or stops it: whether it acted is judged by what it left behind. */
@Execution(ExecutionMode.CONCURRENT)
class PayNlFaultsTest {
    /** What is called. */
    enum Op {
        CREATE("create", null),
        REFUND("refund", null),
        ABORT("abort", Fault.onCreate().outcome(Outcome.NEVER_ENDS)),
        VOID("void", Fault.onCreate().outcome(Outcome.AUTHORISED)),
        CAPTURE("capture", Fault.onCreate().outcome(Outcome.AUTHORISED)),
        CAPTURE_AMOUNT("capture-amount", Fault.onCreate().outcome(Outcome.AUTHORISED)),
        APPROVE("approve", Fault.onCreate().code("85")),
        DECLINE("decline", Fault.onCreate().code("85")),
        REFUND_TRANSACTION("refund-transaction", Fault.onCreate().outcome(Outcome.PAID));

        final String name;
        final @org.jspecify.annotations.Nullable Fault before;

        Op(String name, @org.jspecify.annotations.Nullable Fault before) {
            this.name = name;
            this.before = before;
        }

        Fault fault() {
            return Fault.on(name);
        }
    }

    private Sandbox sandbox;
    private PayNlTill till;
    private JsonNode order = Till.JSON.createObjectNode();
    private int lines;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(SandboxOptions.defaults()
                .withPayNl(PayNlTill.SETUP.withChoices(PayNlChoices.DEFAULT.withRefundPause(Duration.ZERO)))
                .withCustomerDelay(Duration.ofMillis(20)));
        till = new PayNlTill(sandbox);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private void prepare(Op op) {
        if (op.before != null) {
            sandbox.faults().add(op.before.times(1));
            order = Till.json(till.create(PayNlTill.pin(1050, "before")));
            if (op != Op.ABORT) {
                await().until(() -> !lines().isEmpty());
            }
        }
        lines = lines().size();
    }

    private List<Charge> lines() {
        return Stream.of(
                        sandbox.book().charges(),
                        sandbox.book().refunds(),
                        sandbox.book().reservations())
                .flatMap(List::stream)
                .toList();
    }

    private CompletableFuture<HttpResponse<String>> callLater(Op op) {
        String id = order.path("id").asText();
        return switch (op) {
            case CREATE -> till.createLater(PayNlTill.pin(1050, "a"));
            case REFUND -> till.createLater(PayNlTill.order(2351, PayNlTill.TERMINAL, 250, "a"));
            case CAPTURE_AMOUNT -> till.callLater("PATCH", id, "capture/amount", "{\"amount\":400}");
            case REFUND_TRANSACTION ->
                till.restLater(
                        "PATCH",
                        "/transactions/" + order.path("orderId").asText() + "/refund",
                        "{\"amount\":{\"value\":100}}");
            default -> till.callLater("PATCH", id, op.name, null);
        };
    }

    private HttpResponse<String> call(Op op) {
        return callLater(op).join();
    }

    private void acted(Op op, boolean expected) {
        await().pollDelay(Duration.ofMillis(expected ? 0 : 120)).untilAsserted(() -> {
            if (op == Op.ABORT) {
                assertThat(till.code(order.path("id").asText())).isEqualTo(expected ? -90 : 50);
            } else {
                assertThat(lines()).hasSize(expected ? lines + 1 : lines);
            }
        });
    }

    private String answered(Op op) {
        List<Call> calls = sandbox.calls().matching(op.name, null, null, null);
        return calls.isEmpty() ? "" : calls.get(calls.size() - 1).answered();
    }

    private static Fault acting(Fault fault, boolean act) {
        return act ? fault : fault.withoutActing();
    }

    static Stream<Arguments> with_and_without_acting() {
        return Stream.of(Op.values()).flatMap(op -> Stream.of(Arguments.of(op, true), Arguments.of(op, false)));
    }

    @ParameterizedTest
    @MethodSource("with_and_without_acting")
    void a_connection_can_break_after_or_without_acting(Op op, boolean act) {
        prepare(op);
        sandbox.faults().add(acting(op.fault().breakConnection().times(1), act));

        assertThatThrownBy(() -> call(op)).hasCauseInstanceOf(IOException.class);
        acted(op, act);
    }

    @ParameterizedTest
    @MethodSource("with_and_without_acting")
    void an_answer_can_never_come(Op op, boolean act) {
        prepare(op);
        sandbox.faults().add(acting(op.fault().neverAnswer(), act));
        CompletableFuture<HttpResponse<String>> answer = callLater(op);

        await().until(() -> answered(op).startsWith("never"));
        acted(op, act);
        assertThat(answer).isNotDone();
        assertThat(answered(op)).isEqualTo(act ? "never answered after acting" : "never answered without acting");
    }

    @ParameterizedTest
    @MethodSource("with_and_without_acting")
    void any_http_status_can_come_with_or_without_acting(Op op, boolean act) {
        prepare(op);
        sandbox.faults().add(acting(op.fault().http(502), act));

        assertThat(call(op).statusCode()).isEqualTo(502);
        acted(op, act);
    }

    @ParameterizedTest
    @EnumSource(Op.class)
    void an_answer_can_come_late_while_the_call_acted_at_once(Op op) {
        prepare(op);
        sandbox.faults().add(op.fault().late(Duration.ofSeconds(1)));
        CompletableFuture<HttpResponse<String>> answer = callLater(op);
        acted(op, true);
        assertThat(answer).isNotDone();

        assertThat(answer.join().statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(Op.class)
    void a_call_can_act_late_and_is_answered_after_that(Op op) {
        prepare(op);
        sandbox.faults().add(op.fault().actAfter(Duration.ofMillis(700)));
        CompletableFuture<HttpResponse<String>> answer = callLater(op);
        acted(op, false);
        assertThat(answer).isNotDone();

        assertThat(answer.join().statusCode()).isEqualTo(200);
        acted(op, true);
    }

    @ParameterizedTest
    @EnumSource(Op.class)
    void an_answer_can_be_held(Op op) {
        prepare(op);
        sandbox.faults().add(op.fault().held().times(1));
        CompletableFuture<HttpResponse<String>> answer = callLater(op);
        await().until(() -> sandbox.held() == 1);
        acted(op, true);

        assertThat(sandbox.release()).isEqualTo(1);
        assertThat(answer.join().statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(Op.class)
    void a_body_can_be_cut_short_or_empty_or_no_json(Op op) {
        prepare(op);
        sandbox.faults().add(op.fault().answer(new Answer.Truncated(false)).times(1));
        assertThatThrownBy(() -> Till.JSON.readTree(call(op).body())).isInstanceOf(JsonProcessingException.class);
        acted(op, true);

        sandbox.faults()
                .add(op.fault()
                        .withoutActing()
                        .answer(new Answer.Truncated(true))
                        .times(1));
        assertThatThrownBy(() -> call(op)).hasCauseInstanceOf(IOException.class);
        sandbox.faults()
                .add(op.fault().withoutActing().answer(new Answer.Empty()).times(1));
        assertThat(call(op).body()).isEmpty();
        sandbox.faults()
                .add(op.fault().withoutActing().answer(new Answer.NotJson()).times(1));
        assertThat(call(op).body()).startsWith("<html>");
    }

    @ParameterizedTest
    @EnumSource(Op.class)
    void busy_not_found_and_too_many_can_be_answered_whatever_the_truth_is(Op op) {
        prepare(op);
        sandbox.faults().add(op.fault().answer(new Answer.Busy()).times(1));
        assertThat(Till.json(call(op)).path("code").asText()).isEqualTo("PAY-9206");
        sandbox.faults().add(op.fault().tooMany().times(1));
        assertThat(call(op).statusCode()).isEqualTo(429);
        acted(op, false);
        sandbox.faults()
                .add(op.fault().withoutActing().answer(new Answer.NotFound()).times(1));
        assertThat(Till.json(call(op)).path("code").asText()).isEqualTo("PAY-001");
        acted(op, false);
    }

    @ParameterizedTest
    @EnumSource(Op.class)
    void an_answer_can_tell_of_what_never_was(Op op) {
        prepare(op);
        sandbox.faults()
                .add(op.fault()
                        .withoutActing()
                        .answer(new Answer.Changed(Map.of()))
                        .times(1));

        assertThat(call(op).statusCode()).isEqualTo(200);
        acted(op, false);
    }

    @ParameterizedTest
    @EnumSource(Op.class)
    void what_acts_late_does_not_act_after_a_reset(Op op) {
        prepare(op);
        sandbox.faults().add(op.fault().actAfter(Duration.ofSeconds(2)));
        CompletableFuture<HttpResponse<String>> answer = callLater(op);
        await().until(() -> sandbox.calls().count(op.name) >= 1);
        sandbox.reset();

        assertThatThrownBy(answer::join).hasCauseInstanceOf(IOException.class);
        assertThat(lines()).isEmpty();
    }

    @Test
    void amount_status_and_id_can_be_told_wrong_while_the_book_stays_right() {
        sandbox.faults()
                .add(Fault.onCreate().answer(new Answer.WrongAmount(99_999)).times(1));
        JsonNode wrong = Till.json(till.create(PayNlTill.pin(1050, "a")));
        assertThat(wrong.at("/amount/value").asLong()).isEqualTo(99_999);
        assertThat(wrong.at("/payments/0/amount/value").asLong()).isEqualTo(99_999);
        await().until(() -> sandbox.book().total() == 1_050);

        sandbox.faults()
                .add(Fault.onCreate().answer(new Answer.NoTransactionId()).times(1));
        JsonNode nameless = Till.json(till.create(PayNlTill.pin(1050, "b")));
        assertThat(nameless.has("id")).isFalse();
        assertThat(nameless.has("orderId")).isFalse();
        assertThat(nameless.has("links")).isFalse();
        await().until(() -> sandbox.book().size() == 2);

        String id = wrong.path("id").asText();
        sandbox.faults()
                .add(Fault.onStatus().answer(new Answer.StatusWord("4711")).times(1));
        assertThat(till.order(id).path("status").toString()).isEqualTo("{\"code\":4711,\"action\":\"UNKNOWN\"}");
        sandbox.faults()
                .add(Fault.onStatus().answer(new Answer.StatusWord("-90")).times(1));
        assertThat(till.order(id).at("/payments/0/status").toString())
                .isEqualTo("{\"code\":-90,\"action\":\"CANCEL\"}");
        sandbox.faults()
                .add(Fault.onStatus().answer(new Answer.StatusWord("betaald")).times(1));
        assertThat(till.order(id).path("status").toString()).isEqualTo("{\"code\":100,\"action\":\"betaald\"}");
        assertThat(till.code(id)).isEqualTo(100);
    }

    @Test
    void a_script_can_be_for_one_provider_or_one_host_only() {
        sandbox.faults().add(Fault.onAnything().provider("pinvandaag").http(503).withoutActing());
        sandbox.faults().add(Fault.onAnything().host("connect.pay.nl").http(502).withoutActing());
        String orders = "/v1/orders";

        assertThat(till.create(PayNlTill.pin(1, "a")).statusCode()).isEqualTo(502);
        assertThat(till.send(
                                "POST",
                                sandbox.payNlCoreUrl(2) + orders,
                                PayNlTill.TOKEN,
                                PayNlTill.pin(1, "a").toString())
                        .statusCode())
                .isEqualTo(200);
        assertThat(till.rest("GET", "/terminals", null).statusCode()).isEqualTo(200);
    }

    @Test
    void a_status_without_login_can_be_scripted_like_one_with() {
        String id = till.started(PayNlTill.pin(1, "a"));
        sandbox.faults()
                .add(Fault.onStatus().terminal(PayNlTill.TERMINAL).http(503).times(1));

        assertThat(till.send("GET", sandbox.payNlUrl() + "/v1/orders/" + id + "/status", null, null)
                        .statusCode())
                .isEqualTo(503);
        assertThat(sandbox.calls().matching("status", null, "a", id))
                .extracting(Call::login)
                .containsExactly((String) null);
    }

    @Test
    void the_page_and_the_control_api_show_both_providers() {
        till.started(PayNlTill.pin(777, "so-1"));
        await().until(() -> sandbox.book().size() == 1);
        Till control = new Till(sandbox.url());

        assertThat(control.send("GET", "/sandbox", "").body())
                .contains("Terminals of pinvandaag", "Terminals of paynl", PayNlTill.TERMINAL, "7,77");
        assertThat(control.get("/sandbox/book").at("/charges/0/provider").asText())
                .isEqualTo("paynl");
        assertThat(control.get("/sandbox/calls/count?provider=paynl&host=connect.pay.nl")
                        .path("count")
                        .asInt())
                .isEqualTo(1);
        assertThat(control.get("/sandbox/calls/count?host=rest.pay.nl")
                        .path("count")
                        .asInt())
                .isZero();
        assertThat(control.get("/sandbox/calls").toString()).doesNotContain(PayNlTill.SETUP.token());
    }

    @Test
    void a_script_over_http_can_choose_codes_fields_and_a_second_thought() {
        Till control = new Till(sandbox.url());
        HttpResponse<String> added = control.send(
                "POST",
                "/sandbox/faults",
                """
                {"provider":"paynl","operation":"create","times":1,"outcome":"cancelled-at-terminal","code":"-64",
                 "incident":"2629","fields":{"/transferData":[]},"then":{"outcome":"paid","charged":700,"afterMs":200}}
                """);
        assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
        String id = till.started(PayNlTill.pin(777, "a"));
        await().until(() -> till.code(id) == -64);
        await().until(() -> till.code(id) == 100);

        assertThat(till.order(id).path("transferData").isArray()).isTrue();
        assertThat(sandbox.book().total()).isEqualTo(700);
        assertThat(control.send("POST", "/sandbox/act", "{\"transactionId\":\"" + id + "\",\"code\":\"-70\"}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(till.code(id)).isEqualTo(-70);
        assertThat(control.get("/sandbox/book").at("/refunds/0/type").asText()).isEqualTo("chargeback");
        for (String wrong : List.of(
                "{\"provider\":\"visa\",\"answer\":\"never\"}",
                "{\"outcome\":\"paid\",\"then\":{\"later\":1}}",
                "{\"operation\":\"terminals\",\"code\":\"100\"}",
                "{\"answer\":\"changed\",\"changes\":{\"id\":1}}",
                "{\"fields\":{\"\":1}}")) {
            assertThat(control.send("POST", "/sandbox/faults", wrong).statusCode())
                    .as(wrong)
                    .isEqualTo(400);
        }
    }

    @Test
    void an_old_amount_can_be_told_once_after_a_capture() {
        prepare(Op.CAPTURE);
        call(Op.CAPTURE);
        String id = order.path("id").asText();
        sandbox.faults()
                .add(Fault.onStatus()
                        .answer(new Answer.Changed(Map.of(
                                "/capturedAmount/value",
                                Till.JSON.getNodeFactory().numberNode(0))))
                        .times(1));

        assertThat(till.order(id).at("/capturedAmount/value").asLong()).isZero();
        assertThat(till.order(id).at("/capturedAmount/value").asLong()).isEqualTo(1_050);
    }
}
