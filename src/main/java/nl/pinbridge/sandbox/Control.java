package nl.pinbridge.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** The sandbox's own HTTP API and page under {@code /sandbox}; {@code docs/sandbox.md} describes it. */
final class Control {
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Reply(int status, String type, String body) {
        static Reply json(int status, JsonNode body) {
            return new Reply(status, "application/json", body.toString());
        }
    }

    private final Vertx vertx;
    private final Sandbox sandbox;

    Control(Vertx vertx, Sandbox sandbox) {
        this.vertx = vertx;
        this.sandbox = sandbox;
    }

    void handle(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            Callable<Reply> work = () -> answer(request, body.toString());
            // A book of a hundred thousand charges takes its time to write: off the event loop.
            vertx.executeBlocking(work, false)
                    .otherwise(wrong -> wrong instanceof IllegalArgumentException
                                    || wrong instanceof ArithmeticException
                                    || wrong instanceof JsonProcessingException
                            ? Reply.json(400, error(String.valueOf(wrong.getMessage())))
                            : Reply.json(500, error(wrong.toString())))
                    .onSuccess(reply -> request.response()
                            .setStatusCode(reply.status())
                            .putHeader("Content-Type", reply.type())
                            .end(reply.body()));
        });
    }

    private Reply answer(HttpServerRequest request, String body) throws JsonProcessingException {
        String what = request.method().name().toUpperCase(Locale.ROOT) + " " + request.path();
        switch (what) {
            case "GET /sandbox":
                return new Reply(200, "text/html; charset=utf-8", Page.of(sandbox));
            case "GET /sandbox/book":
                return Reply.json(200, book());
            case "GET /sandbox/mails":
                return Reply.json(200, mails());
            case "GET /sandbox/terminals":
                return Reply.json(200, terminals());
            case "GET /sandbox/calls":
                return Reply.json(200, calls(matching(request)));
            case "GET /sandbox/calls/count":
                return Reply.json(
                        200,
                        JSON.createObjectNode().put("count", matching(request).size()));
            case "GET /sandbox/faults":
                return Reply.json(200, faults());
            case "POST /sandbox/faults":
                return Reply.json(201, add(JSON.readTree(body)));
            case "DELETE /sandbox/faults":
                sandbox.faults().clear();
                return Reply.json(200, JSON.createObjectNode());
            case "GET /sandbox/webhooks":
                return Reply.json(200, webhooks());
            case "POST /sandbox/webhooks":
                sandbox.webhooks().add(Scripts.webhook(JSON.readTree(body)));
                return Reply.json(201, JSON.createObjectNode());
            case "POST /sandbox/webhooks/replay":
                sandbox.webhooks().replay(JSON.readTree(body).path("number").asInt(-1));
                return Reply.json(200, JSON.createObjectNode());
            case "DELETE /sandbox/webhooks":
                sandbox.webhooks().clearScripts();
                return Reply.json(200, JSON.createObjectNode());
            case "PUT /sandbox/bavindo/webhook":
                sandbox.bavindoWebhooks(JSON.readTree(body).path("url").textValue());
                return Reply.json(200, JSON.createObjectNode());
            case "GET /sandbox/held":
                return Reply.json(200, JSON.createObjectNode().put("held", sandbox.held()));
            case "POST /sandbox/release":
                return Reply.json(200, JSON.createObjectNode().put("released", sandbox.release()));
            case "POST /sandbox/act":
                JsonNode act = JSON.readTree(body);
                sandbox.act(act.path("transactionId").asText(), Scripts.act(act));
                return Reply.json(200, JSON.createObjectNode());
            case "POST /sandbox/reset":
                sandbox.reset();
                return Reply.json(200, JSON.createObjectNode());
            default:
                return Reply.json(404, error("nothing answers to " + what));
        }
    }

    private List<Call> matching(HttpServerRequest request) {
        for (String name : request.params().names()) {
            if (!List.of("provider", "host", "operation", "terminal", "ownReference", "transactionId")
                    .contains(name)) {
                throw new IllegalArgumentException("unknown parameter " + name);
            }
        }
        String provider = request.getParam("provider");
        String host = request.getParam("host");
        return sandbox
                .calls()
                .matching(
                        request.getParam("operation"),
                        request.getParam("terminal"),
                        request.getParam("ownReference"),
                        request.getParam("transactionId"))
                .stream()
                .filter(call -> provider == null || provider.equals(call.provider()))
                .filter(call -> host == null || host.equals(call.host()))
                .toList();
    }

    private ObjectNode add(JsonNode body) {
        List<Fault> scripts = new ArrayList<>();
        if (body.isArray()) {
            body.forEach(script -> scripts.add(Scripts.read(script)));
        } else {
            scripts.add(Scripts.read(body));
        }
        ObjectNode added = JSON.createObjectNode();
        ArrayNode ids = added.putArray("ids");
        sandbox.faults().addAll(scripts).forEach(ids::add);
        return added;
    }

    private ObjectNode faults() {
        ObjectNode all = JSON.createObjectNode();
        ArrayNode list = all.putArray("faults");
        sandbox.faults().inForce().forEach(script -> list.add(Scripts.write(script)));
        return all;
    }

    private ObjectNode book() {
        ObjectNode book = JSON.createObjectNode();
        List<Charge> charges = sandbox.book().charges();
        book.put("count", charges.size()).put("total", sum(charges));
        lines(book.putArray("charges"), charges);
        List<Charge> refunds = sandbox.book().refunds();
        book.put("refundCount", refunds.size()).put("refunded", sum(refunds));
        lines(book.putArray("refunds"), refunds);
        lines(book.putArray("reservations"), sandbox.book().reservations());
        return book;
    }

    private static long sum(List<Charge> lines) {
        return lines.stream().mapToLong(Charge::amount).sum();
    }

    private static void lines(ArrayNode list, List<Charge> lines) {
        lines.forEach(charge -> list.addObject()
                .put("provider", charge.provider())
                .put("terminal", charge.terminal())
                .put("transactionId", charge.transactionId())
                .put("ownReference", charge.ownReference())
                .put("amount", charge.amount())
                .put("type", charge.type())
                .put("at", charge.at().toString()));
    }

    private ObjectNode mails() {
        List<Mail> mails = sandbox.outbox().all();
        ObjectNode all = JSON.createObjectNode().put("count", mails.size());
        ArrayNode list = all.putArray("mails");
        mails.forEach(mail -> list.addObject()
                .put("provider", mail.provider())
                .put("terminal", mail.terminal())
                .put("transactionId", mail.transactionId())
                .put("to", mail.to())
                .put("name", mail.name())
                .put("subject", mail.subject())
                .put("html", mail.html())
                .put("at", mail.at().toString()));
        return all;
    }

    private ObjectNode webhooks() {
        List<SentWebhook> sent = sandbox.webhooks().sent();
        ObjectNode all = JSON.createObjectNode().put("count", sent.size());
        ArrayNode list = all.putArray("webhooks");
        sent.forEach(webhook -> {
            ObjectNode one = list.addObject()
                    .put("provider", webhook.provider())
                    .put("transactionId", webhook.transactionId())
                    .put("terminal", webhook.terminal())
                    .put("url", webhook.url())
                    .put("body", webhook.body())
                    .put("attempt", webhook.attempt())
                    .put("answered", webhook.answered())
                    .put("taken", webhook.taken());
            ObjectNode headers = one.putObject("headers");
            webhook.headers().forEach(headers::put);
        });
        return all;
    }

    private ObjectNode terminals() {
        ObjectNode all = JSON.createObjectNode();
        ArrayNode list = all.putArray("terminals");
        sandbox.standIns().forEach(standIn -> standIn.terminals().forEach(state -> list.addObject()
                .put("provider", standIn.name())
                .put("id", state.id())
                .put("brand", state.brand())
                .put("running", state.running())
                .put("ctmps", state.ctmps())));
        return all;
    }

    private static ObjectNode calls(List<Call> calls) {
        ObjectNode all = JSON.createObjectNode().put("count", calls.size());
        ArrayNode list = all.putArray("calls");
        calls.forEach(call -> list.addObject()
                .put("number", call.number())
                .put("provider", call.provider())
                .put("host", call.host())
                .put("operation", call.operation())
                .put("login", call.login())
                .put("terminal", call.terminal())
                .put("ownReference", call.ownReference())
                .put("transactionId", call.transactionId())
                .put("at", call.at().toString())
                .put("answered", call.answered()));
        return all;
    }

    private static ObjectNode error(String message) {
        return JSON.createObjectNode().put("error", message);
    }
}
