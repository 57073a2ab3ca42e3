package nl.pinbridge.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import nl.pinbridge.config.Terminal;
import nl.pinbridge.contract.Json;
import nl.pinbridge.contract.PaymentStatus;
import nl.pinbridge.ledger.AttemptRow;
import nl.pinbridge.ledger.CandidateRow;
import nl.pinbridge.ledger.CommandRow;
import nl.pinbridge.ledger.Desk;
import nl.pinbridge.ledger.HistoryRow;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.ledger.PaymentRow;
import nl.pinbridge.ledger.ResultWriter;
import nl.pinbridge.ledger.Tx;
import nl.pinbridge.ledger.WorkItemRow;
import nl.pinbridge.outcome.Decisions;
import nl.pinbridge.outcome.Decisions.Verdict;
import org.jspecify.annotations.Nullable;

/** What the machine could not establish: listed, shown with all that is known, and settled by a person. */
final class WorkItems {
    private static final int MOST = 1_000;

    private final Ledger ledger;
    private final Decisions decisions;
    private final Admin.House house;
    private final Consumer<Nudges> publish;

    WorkItems(Ledger ledger, Decisions decisions, Admin.House house, Consumer<Nudges> publish) {
        this.ledger = ledger;
        this.decisions = decisions;
        this.house = house;
        this.publish = publish;
    }

    ObjectNode list(Question asked) {
        boolean all = asked.json().path("all").asBoolean();
        int limit = asked.limit(100, MOST);
        return ledger.inTransaction(tx -> {
            Desk desk = new Desk(tx);
            ObjectNode answer = Json.object();
            ArrayNode list = answer.putArray("items");
            for (WorkItemRow item : all ? desk.latestWorkItems(limit) : desk.openWorkItems(limit)) {
                list.add(line(tx, item));
            }
            return answer;
        });
    }

    private static ObjectNode line(Tx tx, WorkItemRow item) {
        ObjectNode line = Json.object();
        line.put("id", item.id());
        line.put("reason", item.reason());
        line.put("text", item.text());
        line.put("openedAt", item.openedAt().toString());
        line.put("ageSeconds", age(tx, item).toSeconds());
        line.put("closedAt", item.closedAt() == null ? null : item.closedAt().toString());
        line.put("closedBy", item.closedBy());
        line.put("closeWhy", item.closeWhy());
        PaymentRow payment =
                item.paymentId() == null ? null : tx.payment(item.paymentId()).orElse(null);
        line.put("what", payment == null ? null : what(payment));
        line.put("payment", payment == null ? null : payment.id());
        line.put("status", payment == null ? null : payment.status().name());
        line.put("provider", payment == null ? null : payment.provider());
        line.put("terminal", payment == null ? null : payment.terminal());
        line.put("amount", payment == null ? 0 : payment.requested());
        line.put("currency", payment == null ? null : payment.currency());
        line.put("reference", payment == null ? null : payment.reference());
        line.put(
                "commandId",
                payment == null
                        ? null
                        : tx.command(payment.createdBy()).orElseThrow().commandId());
        return line;
    }

    private static Duration age(Tx tx, WorkItemRow item) {
        return Duration.between(item.openedAt(), item.closedAt() == null ? tx.now() : item.closedAt());
    }

    private static String what(PaymentRow payment) {
        return payment.kind().name().toLowerCase(Locale.ROOT);
    }

    ObjectNode show(String name) {
        return ledger.inTransaction(tx -> {
            WorkItemRow item = find(tx, name)
                    .orElseThrow(() -> new SorryException("There is no work item '" + name
                            + "', nor a payment of that name that has one: 'work list' shows those that are open."));
            ObjectNode answer = Json.object();
            answer.set("item", line(tx, item));
            PaymentRow payment = item.paymentId() == null
                    ? null
                    : tx.payment(item.paymentId()).orElse(null);
            if (payment == null) {
                answer.putNull("payment");
                answer.putArray("actions").add("It is about no payment that the ledger knows.");
                return answer;
            }
            describe(tx, answer, item, payment);
            return answer;
        });
    }

    /** By its own id, or the latest one, open ones first, of a payment. */
    private static Optional<WorkItemRow> find(Tx tx, String name) {
        return new Desk(tx).workItem(name).or(() -> Payments.find(tx, name).flatMap(payment -> {
            List<WorkItemRow> items = tx.workItemsOf(payment.id());
            return items.stream()
                    .filter(item -> item.closedAt() == null)
                    .findFirst()
                    .or(() -> items.isEmpty() ? Optional.empty() : Optional.of(items.get(items.size() - 1)));
        }));
    }

    private void describe(Tx tx, ObjectNode answer, WorkItemRow item, PaymentRow payment) {
        Terminal terminal = house.ofDevice(payment.device()).orElse(null);
        CommandRow creator = tx.command(payment.createdBy()).orElseThrow();
        ObjectNode shown = ResultWriter.payment(payment);
        shown.put("ownReference", payment.ownReference());
        shown.put("createdAt", payment.createdAt().toString());
        shown.put(
                "markedAt",
                payment.markedAt() == null ? null : payment.markedAt().toString());
        shown.put("terminalId", terminal == null ? null : terminal.id());
        shown.put("refundOf", payment.refundOf());
        answer.set("payment", shown);
        answer.putObject("command")
                .put("commandId", creator.commandId())
                .put("command", creator.type().wire())
                .put("sender", creator.sender())
                .put(
                        "status",
                        creator.status() == null ? null : creator.status().name())
                .put("version", creator.version());
        ArrayNode exchanges = answer.putArray("exchanges");
        ArrayNode candidates = answer.putArray("candidates");
        for (CandidateRow candidate : tx.candidates(payment.id())) {
            candidates
                    .addObject()
                    .put("providerTransactionId", candidate.providerTransactionId())
                    .put("seenAt", candidate.seenAt().toString())
                    .put("askedAt", candidate.askedAt() == null ? null : String.valueOf(candidate.askedAt()))
                    .put("refutedAt", candidate.refutedAt() == null ? null : String.valueOf(candidate.refutedAt()));
        }
        for (CommandRow command : about(tx, payment, creator)) {
            for (AttemptRow attempt : tx.attemptsOf(command.rowId())) {
                exchanges
                        .addObject()
                        .put("operation", attempt.operation())
                        .put("markedAt", attempt.markedAt().toString())
                        .put("outcome", attempt.outcome())
                        .set("evidence", read(attempt.evidence()));
            }
        }
        ArrayNode history = answer.putArray("history");
        for (HistoryRow row : tx.historyOf(payment.story())) {
            JsonNode detail = read(row.detail());
            history.addObject()
                    .put("at", row.at().toString())
                    .put("kind", row.kind())
                    .put("text", row.text())
                    .set("detail", detail);
        }
        ArrayNode actions = answer.putArray("actions");
        actions(tx, item, payment, terminal).forEach(actions::add);
    }

    private static List<CommandRow> about(Tx tx, PaymentRow payment, CommandRow creator) {
        return payment.refundOf() == null ? tx.commandsOf(payment.id()) : List.of(creator);
    }

    private static @Nullable JsonNode read(@Nullable String json) {
        return json == null ? null : Json.read(json);
    }

    /** What a person can safely do, in order; nothing else is needed. */
    private List<String> actions(Tx tx, WorkItemRow item, PaymentRow payment, @Nullable Terminal terminal) {
        boolean refund = payment.kind() == PaymentRow.Kind.REFUND;
        String word = refund ? "refund" : "payment";
        String settle = "./pinbridge work settle " + item.id() + " --as ";
        String sign = " --by NAME --why TEXT";
        if (item.closedAt() != null) {
            return List.of("It is closed: nothing needs to be done.");
        }
        if (item.reason().equals(Decisions.CHANGE_UNKNOWN)) {
            return ofChange(tx, item, payment, settle, sign);
        }
        boolean known = !payment.status().isOpen() && payment.status() != PaymentStatus.CONFLICT;
        if (known) {
            String as = (payment.status() == PaymentStatus.NOT_PAID ? Verdict.NOT_PAID : Verdict.PAID).wire();
            return List.of("It has been proved meanwhile that the " + word + " is " + payment.status()
                    + ": close it with " + settle + as + sign);
        }
        Instant until = payment.markedAt() == null
                ? Instant.EPOCH
                : payment.markedAt().plus(house.rules(payment.provider()).maximum());
        String wait = payment.status().isOpen() && tx.now().isBefore(until)
                ? "Wait until " + until + ": until then it may still end by itself, and settling it is refused."
                : null;
        String look = "Look in the portal of " + payment.provider() + " and in the journal of terminal "
                + payment.terminal() + (terminal == null ? "" : " (" + terminal.id() + ")") + " for a " + word + " of "
                + payment.requested() + " " + payment.currency() + " (minor units) "
                + (payment.markedAt() == null
                        ? "around " + payment.createdAt()
                        : "after " + payment.markedAt() + " and before " + until)
                + (payment.providerTransactionId() == null
                        ? ", with our reference " + payment.ownReference()
                        : ", transaction " + payment.providerTransactionId())
                + ".";
        String yes = (refund ? "If the money went back: " : "If the customer paid exactly this: ")
                + settle
                + Verdict.PAID.wire()
                + sign;
        String no = (refund ? "If the money surely did not go back: " : "If surely nothing was charged: ")
                + settle
                + Verdict.NOT_PAID.wire()
                + sign;
        String never = refund
                ? "Until then do not give the money back in another way."
                : "Until then do not charge the customer again, and do not send the command with a new commandId.";
        return wait == null ? List.of(look, yes, no, never) : List.of(wait, look, yes, no, never);
    }

    /** What to do where nobody knows whether a capture, void, approval or decline was carried out. */
    private static List<String> ofChange(Tx tx, WorkItemRow item, PaymentRow payment, String settle, String sign) {
        String what = item.commandRow() == null
                ? "change"
                : tx.command(item.commandRow())
                        .map(command -> command.type().wire())
                        .orElse("change");
        String look = "Look in the portal of " + payment.provider() + " for transaction "
                + payment.providerTransactionId() + ": of " + payment.authorised() + " " + payment.currency()
                + " reserved, " + payment.captured() + " was captured (minor units) when the provider was last asked.";
        return List.of(
                look,
                "If the " + what + " was carried out: " + settle + Verdict.DONE.wire() + sign,
                "If it surely was not: " + settle + Verdict.NOT_DONE.wire() + sign,
                "Until then the payment takes no other capture, void, approve or decline.");
    }

    ObjectNode settle(Question asked) {
        String name = asked.needed("id");
        Verdict verdict = Verdict.of(asked.needed("as"))
                .orElseThrow(() ->
                        new SorryException("Settle it as 'paid' or 'not-paid', a change as 'done' or 'not-done'."));
        Decisions.Answer answer = decisions.settle(name, verdict, asked.signature());
        if (answer instanceof Decisions.Answer.Done done) {
            publish.accept(done.nudges());
            ObjectNode told =
                    Json.object().put("item", name).put("as", verdict.wire()).put("told", done.told());
            PaymentRow payment = done.payment();
            told.set("payment", payment == null ? null : ResultWriter.payment(payment));
            return told;
        }
        throw new SorryException(((Decisions.Answer.Refused) answer).why());
    }
}
