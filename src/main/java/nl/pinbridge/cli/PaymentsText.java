package nl.pinbridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Payments as a table, and one payment as a story. */
final class PaymentsText {
    private static final List<String> HEADS =
            List.of("CREATED", "STATUS", "PROVIDER", "TERMINAL", "AMOUNT", "REFERENCE", "COMMAND", "PAYMENT");
    private static final int STATUS_COLUMN = 1;

    private final HumanText human;

    PaymentsText(HumanText human) {
        this.human = human;
    }

    List<String> table(JsonNode payments) {
        if (payments.isEmpty()) {
            return List.of("There are no payments yet.");
        }
        Table table = new Table(human, HEADS, STATUS_COLUMN);
        for (JsonNode payment : payments) {
            table.row(
                    human.dateTime(HumanText.text(payment, "createdAt")),
                    HumanText.text(payment, "status"),
                    HumanText.text(payment, "provider"),
                    HumanText.text(payment, "terminal"),
                    HumanText.money(payment.path("amounts")),
                    HumanText.text(payment, "reference"),
                    HumanText.text(payment, "commandId"),
                    HumanText.text(payment, "id"));
        }
        return table.lines();
    }

    List<String> story(JsonNode answer, ZoneId zone) {
        JsonNode payment = answer.path("payment");
        List<String> lines = new ArrayList<>();
        lines.add("Payment    " + HumanText.text(payment, "id"));
        lines.add("Status     " + human.status(HumanText.text(payment, "status"), 0)
                + (payment.path("test").asBoolean() ? " (test)" : ""));
        lines.add("Amount     " + HumanText.money(payment.path("amounts")));
        lines.add(
                "Terminal   " + HumanText.text(payment, "terminal") + " (" + HumanText.text(payment, "provider") + ")");
        optional(lines, "Reference  ", HumanText.text(payment, "reference"));
        optional(lines, "Provider's ", HumanText.text(payment, "providerTransactionId"));
        for (JsonNode refund : answer.path("refunds")) {
            lines.add("Refund     "
                    + HumanAmount.show(
                            refund.path("amount").asLong(), HumanText.text(payment.path("amounts"), "currency"))
                    + " " + refundWord(HumanText.text(refund, "status")) + " (command "
                    + HumanText.text(refund, "commandId") + ")");
        }
        JsonNode card = payment.path("card");
        if (card.isObject()) {
            optional(
                    lines,
                    "Card       ",
                    (HumanText.text(card, "brand") + " " + HumanText.text(card, "maskedPan")).strip());
        }
        for (JsonNode item : answer.path("work")) {
            if (HumanText.text(item, "closedAt").isEmpty()) {
                lines.add("Attention  " + HumanText.text(item, "reason") + ": " + HumanText.text(item, "text"));
                lines.add("           ./pinbridge work show " + HumanText.text(item, "id"));
            }
        }
        lines.add("");
        lines.add("What happened (times in " + zone.getId() + "):");
        LocalDate day = null;
        for (Step step : steps(answer)) {
            LocalDate of = human.day(step.at()).orElse(null);
            if (of != null && !of.equals(day)) {
                lines.add("  " + HumanText.day(of));
                day = of;
            }
            lines.add("  " + human.time(step.at()) + "  " + step.sentence());
        }
        return lines;
    }

    private record Step(String at, String sentence) {
        Instant instant() {
            // What has no readable time is told last and not left out.
            return HumanText.instant(at).orElse(Instant.MAX);
        }
    }

    /** The history tells it all; the evidence behind a sentence is for {@code --json}. */
    private static List<Step> steps(JsonNode answer) {
        List<Step> steps = new ArrayList<>();
        for (JsonNode entry : answer.path("history")) {
            steps.add(new Step(HumanText.text(entry, "at"), HumanText.text(entry, "text")));
        }
        steps.sort(Comparator.comparing(Step::instant));
        return steps;
    }

    /** A refund is kept as a payment that goes the other way; people call its states otherwise. */
    private static String refundWord(String status) {
        return switch (status) {
            case "OPEN" -> "is under way";
            case "IN_DOUBT" -> "is in doubt";
            case "PAID" -> "was given back";
            case "NOT_PAID" -> "did not happen";
            default -> "is " + status;
        };
    }

    private static void optional(List<String> lines, String head, String value) {
        if (!value.isEmpty()) {
            lines.add(head + value);
        }
    }
}
