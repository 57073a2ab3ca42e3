package nl.pinbridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Exceptions of reconciliation for people. */
final class ExceptionsText {
    private final OperatorText text;

    ExceptionsText(OperatorText text) {
        this.text = text;
    }

    List<String> list(JsonNode answer) {
        JsonNode items = answer.path("exceptions");
        if (items.isEmpty()) {
            return List.of("There are no such exceptions.");
        }
        Table table = text.table(
                "DAY",
                "OPEN",
                "CLASS",
                "DIFFERENCE",
                "TERMINAL",
                "TRANSACTION",
                "REFERENCE",
                "WHOSE",
                "CLOSED BY",
                "ID");
        for (JsonNode item : items) {
            table.row(
                    HumanText.text(item, "businessDay"),
                    item.path("openDays").asText() + "d",
                    HumanText.text(item, "exception"),
                    money(item),
                    HumanText.text(item, "terminal"),
                    HumanText.text(item, "providerTransactionId"),
                    HumanText.text(item, "reference"),
                    HumanText.text(item, "owner"),
                    HumanText.text(item, "closedBy"),
                    HumanText.text(item, "id"));
        }
        List<String> lines = new ArrayList<>(table.lines());
        if (answer.path("count").asLong() > items.size()) {
            lines.add(items.size() + " of " + answer.path("count").asLong() + " are shown; --limit shows more.");
        }
        lines.add("");
        lines.add("See both sides of one: ./pinbridge exceptions explain ID");
        return lines;
    }

    private static String money(JsonNode item) {
        return HumanAmount.show(item.path("difference").asLong(), HumanText.text(item, "currency"));
    }

    List<String> explain(JsonNode answer) {
        JsonNode item = answer.path("exception");
        JsonNode row = answer.path("row");
        List<String> lines = new ArrayList<>();
        lines.add("Exception  " + HumanText.text(item, "id") + ", "
                + (HumanText.text(item, "closedAt").isEmpty()
                        ? "open for " + item.path("openDays").asText() + " days"
                        : "closed at " + text.moment(HumanText.text(item, "closedAt")) + " by "
                                + HumanText.text(item, "closedBy") + " (" + HumanText.text(item, "closeWhy") + ")"));
        lines.add("Day        " + HumanText.text(item, "businessDay") + " of " + HumanText.text(item, "provider"));
        lines.add("Class      " + HumanText.text(item, "exception") + ": " + HumanText.text(answer, "meaning"));
        lines.add("           " + HumanText.text(item, "reason"));
        lines.add("Terminal   " + HumanText.text(item, "terminal"));
        lines.add("Difference " + money(item) + " (provider less ledger)");
        lines.add("");
        lines.add("The provider's row:");
        side(lines, row.path("theirs"), "It lists none.");
        optional(lines, "  Transaction  ", HumanText.text(row, "providerTransactionId"));
        lines.add("The ledger's payment:");
        side(lines, row.path("ours"), "It has none.");
        optional(lines, "  Payment      ", HumanText.text(row, "paymentId"));
        optional(lines, "  Command      ", HumanText.text(row, "commandId"));
        optional(lines, "  Reference    ", HumanText.text(row, "reference"));
        optional(lines, "  Is now       ", HumanText.text(answer, "paymentStatus"));
        optional(lines, "Created    ", HumanText.text(row, "createdLocal"));
        optional(lines, "Ours there ", HumanText.text(row, "ownReference"));
        lines.add("");
        lines.add("What happened:");
        for (JsonNode event : answer.path("history")) {
            lines.add("  " + text.moment(HumanText.text(event, "at")) + "  " + HumanText.text(event, "kind")
                    + (event.path("version").isNull()
                            ? ""
                            : " in version " + event.path("version").asText())
                    + ", " + money(event) + ", " + HumanText.text(event, "by") + ": " + HumanText.text(event, "text"));
        }
        for (JsonNode feed : answer.path("feeds")) {
            lines.add("  " + text.moment(HumanText.text(feed, "at")) + "  version "
                    + feed.path("version").asText() + " of the day: " + HumanText.text(feed, "report"));
        }
        lines.add("");
        lines.add("What you can do (" + HumanText.text(item, "owner") + " has the answer):");
        int number = 1;
        for (JsonNode action : answer.path("actions")) {
            lines.add("  " + number++ + ". " + HumanText.clean(action.asText()));
        }
        return lines;
    }

    private static void side(List<String> lines, JsonNode side, String none) {
        lines.add(
                side.isObject()
                        ? "  "
                                + HumanAmount.show(side.path("amount").asLong(), HumanText.text(side, "currency"))
                                + ", status " + HumanText.text(side, "status")
                        : "  " + none);
    }

    private static void optional(List<String> lines, String head, String value) {
        if (!value.isEmpty()) {
            lines.add(head + value);
        }
    }
}
