package nl.pinbridge.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import nl.pinbridge.contract.Json;
import nl.pinbridge.ledger.AttemptRow;
import nl.pinbridge.ledger.CommandRow;
import nl.pinbridge.ledger.HistoryRow;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.ledger.PaymentRow;
import nl.pinbridge.ledger.ResultRow;
import nl.pinbridge.ledger.ResultWriter;
import nl.pinbridge.ledger.Tx;
import nl.pinbridge.ledger.WorkItemRow;

/** The latest payments, and the story of one. */
final class Payments {
    private final Ledger ledger;

    Payments(Ledger ledger) {
        this.ledger = ledger;
    }

    ObjectNode latest(int limit) {
        return ledger.inTransaction(tx -> {
            ObjectNode answer = Json.object();
            ArrayNode list = answer.putArray("payments");
            for (PaymentRow row : tx.latestPayments(limit)) {
                ObjectNode line = ResultWriter.payment(row);
                line.remove("receipts");
                line.put("createdAt", row.createdAt().toString());
                line.put("commandId", tx.command(row.createdBy()).orElseThrow().commandId());
                list.add(line);
            }
            return answer;
        });
    }

    ObjectNode story(String name) {
        return ledger.inTransaction(
                tx -> find(tx, name).map(row -> story(tx, row)).orElseThrow(() -> unknown(name)));
    }

    static SorryException unknown(String name) {
        return new SorryException(
                "No payment is known by '" + name + "': name its id, its commandId or the provider's transaction.");
    }

    /** A payment or refund by its id, by the provider's transaction, or by the command that created it. */
    static Optional<PaymentRow> find(Tx tx, String name) {
        return tx.payment(name).or(() -> tx.paymentByReference(name)).or(() -> tx.commandsNamed(name).stream()
                .flatMap(row -> tx.paymentCreatedBy(row.rowId()).stream())
                .findFirst());
    }

    /** A payment's story; of a refund that of the payment that it gives back. */
    private static ObjectNode story(Tx tx, PaymentRow found) {
        PaymentRow payment = tx.payment(found.story()).orElseThrow();
        List<PaymentRow> refunds = tx.refundsOf(payment.id());
        ObjectNode answer = Json.object();
        ObjectNode shown = ResultWriter.payment(payment);
        shown.put("createdAt", payment.createdAt().toString());
        answer.set("payment", shown);
        ArrayNode back = answer.putArray("refunds");
        refunds.forEach(refund -> back.addObject()
                .put("id", refund.id())
                .put("status", refund.status().name())
                .put("terminal", refund.terminal())
                .put("amount", refund.requested())
                .put("providerTransactionId", refund.providerTransactionId())
                .put("createdAt", refund.createdAt().toString())
                .put("commandId", tx.command(refund.createdBy()).orElseThrow().commandId()));
        ArrayNode history = answer.putArray("history");
        for (HistoryRow row : tx.historyOf(payment.id())) {
            history.addObject()
                    .put("at", row.at().toString())
                    .put("kind", row.kind())
                    .put("text", row.text())
                    .set("detail", row.detail() == null ? null : Json.read(row.detail()));
        }
        ArrayNode commands = answer.putArray("commands");
        ArrayNode attempts = answer.putArray("attempts");
        ArrayNode results = answer.putArray("results");
        List<CommandRow> about = new ArrayList<>(tx.commandsOf(payment.id()));
        refunds.forEach(refund -> about.addAll(tx.commandsOf(refund.id())));
        about.sort(Comparator.comparing(CommandRow::rowId));
        for (CommandRow row : about) {
            commands.addObject()
                    .put("commandId", row.commandId())
                    .put("command", row.type().wire())
                    .put("sender", row.sender())
                    .put("status", row.status() == null ? null : row.status().name())
                    .put("version", row.version())
                    .put("receivedAt", row.receivedAt().toString());
            for (AttemptRow attempt : tx.attemptsOf(row.rowId())) {
                attempts.addObject()
                        .put("id", attempt.id())
                        .put("operation", attempt.operation())
                        .put("number", attempt.callNumber())
                        .put("markedAt", attempt.markedAt().toString())
                        .put("outcome", attempt.outcome())
                        .set("evidence", attempt.evidence() == null ? null : Json.read(attempt.evidence()));
            }
            for (ResultRow result : tx.resultsOf(row.rowId())) {
                results.addObject()
                        .put("resultId", result.id())
                        .put("commandId", row.commandId())
                        .put("version", result.version())
                        .put("status", result.status())
                        .put("createdAt", result.createdAt().toString());
            }
        }
        ArrayNode work = answer.putArray("work");
        List<WorkItemRow> items = new ArrayList<>(tx.workItemsOf(payment.id()));
        refunds.forEach(refund -> items.addAll(tx.workItemsOf(refund.id())));
        for (WorkItemRow item : items) {
            work.addObject()
                    .put("id", item.id())
                    .put("reason", item.reason())
                    .put("text", item.text())
                    .put("openedAt", item.openedAt().toString())
                    .put(
                            "closedAt",
                            item.closedAt() == null ? null : item.closedAt().toString())
                    .put("closedBy", item.closedBy())
                    .put("closeWhy", item.closeWhy());
        }
        return answer;
    }
}
