package nl.pinbridge.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
     * @param payment as it is after the change; null where there is none
     * @return the command with its new version
     */
    public static CommandRow tell(
            Tx tx,
            Nudges nudges,
            CommandRow command,
            CommandStatus status,
            @Nullable ResultError error,
            @Nullable PaymentRow payment) {
        Instant now = tx.now();
        int version = command.version() + 1;
        String transaction = payment != null ? payment.providerTransactionId() : command.providerTransactionId();
        CommandRow changed = new CommandRow(
                command.rowId(),
                command.sender(),
                command.commandId(),
                command.contentHash(),
                command.body(),
                command.type(),
                status,
                version,
                command.terminal(),
                command.device(),
                command.provider(),
                command.paymentId(),
                transaction,
                error == null ? null : Json.write(error),
                command.routeId(),
                command.routeFingerprint(),
                command.receivedAt(),
                command.expiresAt(),
                command.waitUntil(),
                status.isFinal() ? null : command.nextNudgeAt());
        tx.update(changed);
        String id = Ids.next();
        ObjectNode body = body(
                id,
                command.commandId(),
                command.type().wire(),
                status,
                version,
                command.type().movesMoney() ? transaction : null,
                payment == null ? null : payment(payment),
                error,
                now,
                command.routeId(),
                command.routeFingerprint());
        nudges.deliver(tx.insert(
                new ResultRow(id, command.rowId(), version, status.name(), Json.write(body), now), status.isFinal()));
        tx.history(
                command.paymentId(),
                command.rowId(),
                "RESULT",
                "Told the sender: " + command.type().wire() + " is " + status.name()
                        + (error == null ? "" : " (" + error.code().name() + ")") + ", version " + version,
                null);
        return changed;
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
