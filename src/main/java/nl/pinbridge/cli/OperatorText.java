package nl.pinbridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import nl.pinbridge.contract.Json;

/** The operator's answers for people. */
final class OperatorText {
    private static final int LONGEST_CELL = 60;

    private final HumanText human;

    OperatorText(HumanText human) {
        this.human = human;
    }

    HumanText human() {
        return human;
    }

    /** A table without a coloured column. */
    Table table(String... heads) {
        return new Table(human, List.of(heads), -1);
    }

    /** An instant as people read it. */
    String moment(String instant) {
        return human.dateTime(instant);
    }

    List<String> workItems(JsonNode items) {
        if (items.isEmpty()) {
            return List.of("There are no work items: nothing needs a person.");
        }
        Table table = new Table(
                human,
                List.of("OPENED", "AGE", "REASON", "STATUS", "AMOUNT", "TERMINAL", "COMMAND", "CLOSED BY", "ITEM"),
                3);
        for (JsonNode item : items) {
            table.row(
                    human.dateTime(HumanText.text(item, "openedAt")),
                    age(item.path("ageSeconds").asLong()),
                    HumanText.text(item, "reason"),
                    HumanText.text(item, "status"),
                    amount(item),
                    HumanText.text(item, "terminal"),
                    HumanText.text(item, "commandId"),
                    HumanText.text(item, "closedBy"),
                    HumanText.text(item, "id"));
        }
        List<String> lines = new ArrayList<>(table.lines());
        lines.add("");
        lines.add("See one: ./pinbridge work show ITEM");
        return lines;
    }

    private static String amount(JsonNode item) {
        String currency = HumanText.text(item, "currency");
        return currency.isEmpty()
                ? ""
                : HumanAmount.show(item.path("amount").asLong(), currency)
                        + (HumanText.text(item, "what").equals("refund") ? " back" : "");
    }

    /** In the two largest units: 45s, 12m, 3h 20m, 4d 2h. */
    static String age(long seconds) {
        Duration age = Duration.ofSeconds(Math.max(seconds, 0));
        if (age.toDays() > 0) {
            return age.toDays() + "d " + age.toHoursPart() + "h";
        }
        if (age.toHours() > 0) {
            return age.toHours() + "h " + age.toMinutesPart() + "m";
        }
        return age.toMinutes() > 0 ? age.toMinutes() + "m" : age.toSeconds() + "s";
    }

    List<String> workItem(JsonNode answer) {
        JsonNode item = answer.path("item");
        JsonNode payment = answer.path("payment");
        List<String> lines = new ArrayList<>();
        lines.add("Work item  " + HumanText.text(item, "id") + ", open for "
                + age(item.path("ageSeconds").asLong()));
        if (!HumanText.text(item, "closedAt").isEmpty()) {
            lines.set(
                    0,
                    "Work item  " + HumanText.text(item, "id") + ", closed at "
                            + human.dateTime(HumanText.text(item, "closedAt")) + " by "
                            + HumanText.text(item, "closedBy") + " (" + HumanText.text(item, "closeWhy") + ")");
        }
        lines.add("Reason     " + HumanText.text(item, "reason"));
        lines.add("           " + HumanText.text(item, "text"));
        if (payment.isObject()) {
            lines.add("About      " + HumanText.text(item, "what") + " " + HumanText.text(payment, "id") + ", "
                    + human.status(HumanText.text(payment, "status"), 0));
            lines.add("Amount     " + amount(item));
            lines.add("Terminal   " + HumanText.text(payment, "terminal") + " (" + HumanText.text(payment, "provider")
                    + " " + HumanText.text(payment, "terminalId") + ")");
            lines.add("Command    " + HumanText.text(answer.path("command"), "commandId") + " ("
                    + HumanText.text(answer.path("command"), "command") + ") of "
                    + HumanText.text(answer.path("command"), "sender"));
            optional(lines, "Reference  ", HumanText.text(payment, "reference"));
            optional(lines, "Provider's ", HumanText.text(payment, "providerTransactionId"));
            optional(lines, "Ours there ", HumanText.text(payment, "ownReference"));
        }
        evidence(lines, answer);
        lines.add("");
        lines.add("What you can do:");
        int number = 1;
        for (JsonNode action : answer.path("actions")) {
            lines.add("  " + number++ + ". " + HumanText.clean(action.asText()));
        }
        return lines;
    }

    private void evidence(List<String> lines, JsonNode answer) {
        if (!answer.path("history").isEmpty()) {
            lines.add("");
            lines.add("What happened:");
            for (JsonNode entry : answer.path("history")) {
                lines.add("  " + human.dateTime(HumanText.text(entry, "at")) + "  " + HumanText.text(entry, "text"));
            }
        }
        if (!answer.path("exchanges").isEmpty()) {
            lines.add("");
            lines.add("What was exchanged (no keys, no card numbers):");
            for (JsonNode exchange : answer.path("exchanges")) {
                String outcome = HumanText.text(exchange, "outcome");
                lines.add("  " + human.dateTime(HumanText.text(exchange, "markedAt")) + "  "
                        + HumanText.text(exchange, "operation") + ": "
                        + (outcome.isEmpty() ? "no answer is known" : outcome));
                if (exchange.path("evidence").isObject()) {
                    exchange.path("evidence")
                            .fields()
                            .forEachRemaining(field -> lines.add("      " + HumanText.clean(field.getKey()) + ": "
                                    + HumanText.clean(plain(field.getValue()))));
                }
            }
        }
        if (!answer.path("candidates").isEmpty()) {
            lines.add("");
            lines.add("What it could be at the provider:");
            answer.path("candidates").forEach(candidate -> lines.add("  " + HumanText.clean(plain(candidate))));
        }
    }

    private static String plain(JsonNode value) {
        return value.isValueNode() ? value.asText() : Json.write(value);
    }

    List<String> decisions(JsonNode decisions) {
        if (decisions.isEmpty()) {
            return List.of("No operator has decided anything yet.");
        }
        Table table = new Table(human, List.of("AT", "ACTION", "SUBJECT", "BY", "WHY"), -1);
        for (JsonNode one : decisions) {
            table.row(
                    human.dateTime(HumanText.text(one, "at")),
                    HumanText.text(one, "action"),
                    HumanText.text(one, "subject"),
                    HumanText.text(one, "by"),
                    HumanText.text(one, "why"));
        }
        return table.lines();
    }

    List<String> lanes(JsonNode lanes) {
        if (lanes.isEmpty()) {
            return List.of("There are no terminals.");
        }
        Table table = new Table(
                human, List.of("TERMINAL", "STATE", "SINCE", "UNTIL", "COMMAND", "PAYMENT", "IS", "WAITING"), -1);
        for (JsonNode lane : lanes) {
            String terminal = HumanText.text(lane, "terminal");
            table.row(
                    terminal.isEmpty() ? HumanText.text(lane, "device") : terminal,
                    HumanText.text(lane, "state"),
                    human.dateTime(HumanText.text(lane, "takenAt")),
                    human.dateTime(HumanText.text(lane, "blockedUntil")),
                    HumanText.text(lane, "command"),
                    HumanText.text(lane, "payment"),
                    HumanText.text(lane, "paymentStatus"),
                    lane.path("waiting").asInt() == 0
                            ? ""
                            : lane.path("waiting").asText());
        }
        return table.lines();
    }

    List<String> deadLetters(JsonNode answer) {
        JsonNode letters = answer.path("letters");
        if (letters.isEmpty()) {
            return List.of("There are no dead letters.");
        }
        Table table = new Table(human, List.of("ID", "SENT", "KIND", "ABOUT", "FROM", "LIES ON"), -1);
        for (JsonNode letter : letters) {
            table.row(
                    HumanText.text(letter, "id"),
                    human.dateTime(HumanText.text(letter, "sentAt")),
                    HumanText.text(letter, "kind"),
                    cut(HumanText.text(letter, "about")),
                    HumanText.text(letter, "from"),
                    HumanText.text(letter, "queue"));
        }
        List<String> lines = new ArrayList<>(table.lines());
        if (answer.path("count").asInt() > letters.size()) {
            lines.add(letters.size() + " of " + answer.path("count").asInt() + " are shown; --limit shows more.");
        }
        return lines;
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_CELL ? text : text.substring(0, LONGEST_CELL - 1) + "…";
    }

    static List<String> deadLetter(JsonNode answer) {
        List<String> lines = new ArrayList<>();
        lines.add("Message    " + HumanText.text(answer, "id") + " on " + HumanText.text(answer, "queue"));
        lines.add("From       " + HumanText.text(answer, "from") + ", a " + HumanText.text(answer, "kind"));
        optional(lines, "About      ", HumanText.text(answer, "about"));
        answer.path("message")
                .path("properties")
                .fields()
                .forEachRemaining(field -> lines.add("Property   " + HumanText.clean(field.getKey()) + " = "
                        + HumanText.clean(field.getValue().asText())));
        lines.add("Body       " + HumanText.text(answer.path("message"), "body"));
        lines.add("");
        answer.path("actions").forEach(action -> lines.add(HumanText.clean(action.asText())));
        return lines;
    }

    private static void optional(List<String> lines, String head, String value) {
        if (!value.isEmpty()) {
            lines.add(head + value);
        }
    }
}
