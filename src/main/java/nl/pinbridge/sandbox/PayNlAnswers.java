package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What goes back to a caller of the simulated PAY. */
final class PayNlAnswers extends Answers {
    private final PayNlChoices.Http http;

    PayNlAnswers(PayNlChoices.Http http) {
        this.http = http;
    }

    @Override
    String word(ObjectNode documented) {
        JsonNode status = documented.path("status");
        return status.isObject()
                ? status.path("code").asText() + " " + status.path("action").asText()
                : "ok";
    }

    @Override
    void amount(ObjectNode documented, long amount) {
        for (String field : List.of("amount", "amountRefunded", "amountConverted")) {
            put(documented, field, amount);
        }
        for (JsonNode payment : documented.path("payments")) {
            put((ObjectNode) payment, "amount", amount);
            put((ObjectNode) payment, "currencyAmount", amount);
        }
    }

    private static void put(ObjectNode node, String field, long amount) {
        if (node.path(field) instanceof ObjectNode value) {
            value.put("value", amount);
        }
    }

    @Override
    void status(ObjectNode documented, String word) {
        if (word.matches("-?[0-9]{1,6}")) {
            put(documented, Integer.parseInt(word));
        } else {
            statuses(documented).forEach(status -> status.put("action", word));
        }
    }

    /** Another status code, with its documented word, in the order and in its payment. */
    static void put(ObjectNode order, int code) {
        statuses(order).forEach(status -> status.put("code", code).put("action", PayNlCodes.action(code)));
    }

    private static List<ObjectNode> statuses(ObjectNode order) {
        return List.of(order.path("status"), order.at("/payments/0/status")).stream()
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .toList();
    }

    @Override
    void withoutId(ObjectNode documented) {
        documented.remove(List.of("id", "orderId", "transactionId", "uuid", "manualTransferCode", "links"));
    }

    @Override
    Delivery busy() {
        return json(
                http.busy(),
                PayNlText.error("PAY-9206", "Terminal in use", "Terminal in use"),
                http.busy() + " terminal in use");
    }

    @Override
    Delivery notFound() {
        return json(
                http.notFound(),
                PayNlText.error("PAY-001", "Transaction not found", "Transaction not found"),
                http.notFound() + " not found");
    }

    @Override
    Delivery tooMany() {
        return json(429, PayNlText.error("", "Too Many Requests", ""), "429 too many requests");
    }

    Delivery unauthorised() {
        return json(http.unauthorised(), PayNlText.error("", "Unauthorized", ""), http.unauthorised() + " no login");
    }

    Delivery forbidden(String why) {
        return json(http.forbidden(), PayNlText.error("", "Forbidden", why), http.forbidden() + " " + why);
    }

    Delivery violation(String path, String message) {
        return json(
                http.badRequest(), PayNlText.violation(path, message), http.badRequest() + " " + path + ": " + message);
    }

    Delivery badRequest(String code, String detail) {
        return json(
                http.badRequest(),
                PayNlText.error(code, "Foute aanvraag", detail),
                http.badRequest() + " " + code + " " + detail);
    }

    Delivery notConnected() {
        return json(
                http.notConnected(),
                PayNlText.error("PAY-1400", "Foute aanvraag", "terminal not connected"),
                http.notConnected() + " terminal not connected");
    }

    Delivery wrongState(String code, String detail) {
        return json(
                http.wrongState(),
                PayNlText.error(code, "Bad request", detail),
                http.wrongState() + " " + code + " " + detail);
    }

    Delivery restRefusal(int status, String code, String message) {
        return json(status, PayNlText.restError(code, message), status + " " + code + " " + message);
    }

    Delivery noSuchPath(int status) {
        return json(
                status,
                PayNlText.error("", status == 405 ? "Method Not Allowed" : "Not Found", ""),
                status + (status == 405 ? " method not allowed" : " no such path"));
    }
}
