package nl.pinbridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** One result of a command as lines for people. */
final class ResultText {
    private static final int STATUS_WIDTH = "NEEDS_ATTENTION".length();

    private final HumanText human;

    ResultText(HumanText human) {
        this.human = human;
    }

    List<String> lines(JsonNode result) {
        List<String> lines = new ArrayList<>();
        String status = HumanText.text(result, "status");
        JsonNode payment = result.path("payment");
        StringBuilder first = new StringBuilder();
        first.append(human.time(HumanText.text(result, "occurredAt")));
        first.append("  ").append(human.status(status, STATUS_WIDTH));
        if (payment.isObject()) {
            first.append("  ").append(HumanText.money(payment.path("amounts")));
        }
        first.append("  ").append(message(result, status));
        lines.add(first.toString().stripTrailing());
        if (result.path("final").asBoolean() && payment.isObject()) {
            lines.add("          payment " + HumanText.text(payment, "id") + " is "
                    + human.status(HumanText.text(payment, "status"), 0) + ", " + HumanText.text(payment, "provider")
                    + at(payment) + number(result, payment)
                    + (payment.path("test").asBoolean() ? " (test)" : ""));
        }
        String paymentUrl = payment.isObject() ? HumanText.text(payment, "paymentUrl") : "";
        if (!paymentUrl.isEmpty() && !result.path("final").asBoolean()) {
            lines.add("          browser step: " + paymentUrl);
        }
        List<JsonNode> terminals = new ArrayList<>();
        result.path("terminals").forEach(terminals::add);
        if (result.path("terminal").isObject()) {
            terminals.add(result.path("terminal"));
        }
        for (JsonNode terminal : terminals) {
            lines.add("          " + HumanText.text(terminal, "alias") + "  " + HumanText.text(terminal, "provider")
                    + " " + HumanText.text(terminal, "id") + "  " + HumanText.text(terminal, "brand") + "  "
                    + HumanText.text(terminal, "state"));
        }
        return lines;
    }

    private static String at(JsonNode payment) {
        String terminal = HumanText.text(payment, "terminal");
        return terminal.isEmpty() ? "" : " at " + terminal;
    }

    private static String number(JsonNode result, JsonNode payment) {
        String own = HumanText.text(result, "providerTransactionId");
        String number = own.isEmpty() ? HumanText.text(payment, "providerTransactionId") : own;
        return number.isEmpty() ? "" : ", transaction " + number;
    }

    private static String message(JsonNode result, String status) {
        JsonNode error = result.path("error");
        if (error.isObject()) {
            String field = HumanText.text(error, "field");
            return HumanText.text(error, "code") + (field.isEmpty() ? "" : " in " + field) + ": "
                    + HumanText.text(error, "message");
        }
        return switch (status) {
            case "WAITING" -> "the terminal is busy with something else";
            case "STARTED" -> "the provider has it, the customer is busy";
            case "IN_DOUBT" -> "it may or may not have happened; the bridge is finding out";
            case "SUCCEEDED" -> "done";
            default -> "";
        };
    }
}
