package nl.pinbridge.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;
import nl.pinbridge.contract.CommandStatus;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.contract.Json;
import nl.pinbridge.contract.ResultError;
import org.jspecify.annotations.Nullable;

/** Writes results: the JSON of the contract's section on results, every field present, null where unknown. */
public final class ResultWriter {
    private ResultWriter() {}

    /**
     * Gives a command a new state and writes the result that tells of it, in the same transaction.
     *
     * @param nudges takes the deliveries that were written
     * @param status the new status
     * @param error null unless the command did not succeed
     * @param about the payment or refund that it is about, as it is after the change; null where there is none. Of a refund the
     *     result shows the payment that it gives back
     * @return the command with its new version
     */
    public static CommandRow tell(
            Tx tx,
            Nudges nudges,
            CommandRow command,
            CommandStatus status,
            @Nullable ResultError error,
            @Nullable PaymentRow about) {
        return tell(tx, nudges, command, status, error, about, body -> {});
    }

    /** The same, with fields that only this kind of answer has. */
    public static CommandRow tell(
            Tx tx,
            Nudges nudges,
            CommandRow command,
            CommandStatus status,
            @Nullable ResultError error,
            @Nullable PaymentRow about,
            Consumer<ObjectNode> more) {
        Instant now = tx.now();
        CommandRow changed = command.with(row -> {
            row.status(status);
            row.version(command.version() + 1);
            row.error(error == null ? null : Json.write(error));
            if (about != null) {
                row.providerTransactionId(about.providerTransactionId());
            }
            if (status.isFinal()) {
                row.nextNudgeAt(null);
            }
        });
        tx.update(changed);
        String id = Ids.next();
        PaymentRow shown = shown(tx, about);
        ObjectNode body = body(
                id,
                command.commandId(),
                command.type().wire(),
                status,
                changed.version(),
                command.type().movesMoney() ? changed.providerTransactionId() : null,
                shown == null ? null : payment(shown),
                error,
                now,
                command.routeId(),
                command.routeFingerprint());
        more.accept(body);
        nudges.deliver(tx.insert(
                new ResultRow(id, command.rowId(), changed.version(), status.name(), Json.write(body), now),
                status.isFinal()));
        tx.history(
                about == null ? command.paymentId() : about.story(),
                command.rowId(),
                "RESULT",
                "Told the sender: " + command.type().wire() + " is " + status.name()
                        + (error == null ? "" : " (" + error.code().name() + ")") + ", version " + changed.version(),
                null);
        return changed;
    }

    private static @Nullable PaymentRow shown(Tx tx, @Nullable PaymentRow about) {
        if (about == null || about.kind() == PaymentRow.Kind.PAYMENT) {
            return about;
        }
        return about.refundOf() == null ? null : tx.payment(about.refundOf()).orElse(null);
    }

    /** A result that the ledger does not remember: a refusal by the schema, or of a key that was used before. */
    public static ObjectNode unremembered(
            String commandId, @Nullable CommandType type, ResultError error, int version, Instant now) {
        return body(
                Ids.next(),
                commandId,
                type == null ? null : type.wire(),
                error.code().status(),
                version,
                null,
                null,
                error,
                now,
                null,
                null);
    }

    private static ObjectNode body(
            String resultId,
            String commandId,
            @Nullable String command,
            CommandStatus status,
            int version,
            @Nullable String providerTransactionId,
            @Nullable JsonNode payment,
            @Nullable ResultError error,
            Instant occurredAt,
            @Nullable String routeId,
            @Nullable String routeFingerprint) {
        ObjectNode body = Json.object();
        body.put("resultId", resultId);
        body.put("commandId", commandId);
        body.put("command", command);
        body.put("status", status.name());
        body.put("final", status.isFinal());
        body.put("version", version);
        body.put("providerTransactionId", providerTransactionId);
        body.set("payment", payment);
        body.set("error", error == null ? null : Json.MAPPER.valueToTree(error));
        body.put("occurredAt", occurredAt.truncatedTo(ChronoUnit.MILLIS).toString());
        if (routeId == null) {
            body.putNull("route");
        } else {
            body.putObject("route").put("id", routeId).put("fingerprint", routeFingerprint);
        }
        return body;
    }

    /** The {@code payment} object of results. */
    public static ObjectNode payment(PaymentRow row) {
        ObjectNode payment = Json.object();
        payment.put("id", row.id());
        payment.put("status", row.status().name());
        payment.put("version", row.version());
        payment.put("provider", row.provider());
        payment.put("terminal", row.terminal());
        payment.put("providerTransactionId", row.providerTransactionId());
        payment.put("reference", row.reference());
        payment.put("test", row.test());
        payment.put("paymentUrl", row.paymentUrl());
        ObjectNode amounts = payment.putObject("amounts");
        amounts.put("currency", row.currency());
        amounts.put("requested", row.requested());
        amounts.put("tip", row.tip());
        amounts.put("authorised", row.authorised());
        amounts.put("paid", row.paid());
        amounts.put("captured", row.captured());
        amounts.put("refunded", row.refunded());
        payment.set("card", parsed(row.card()));
        payment.set("receipts", parsed(row.receipts()));
        payment.set("labels", Json.read(row.labels()));
        return payment;
    }

    private static @Nullable JsonNode parsed(@Nullable String json) {
        return json == null ? null : Json.read(json);
    }
}
