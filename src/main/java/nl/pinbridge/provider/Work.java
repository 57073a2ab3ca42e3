package nl.pinbridge.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import nl.pinbridge.config.Terminal;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.contract.Json;
import nl.pinbridge.ledger.CommandRow;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.ledger.PaymentRow;
import nl.pinbridge.ledger.ResultWriter;
import org.jspecify.annotations.Nullable;

/**
 * Turns a nudge into work: reads the ledger and says what is to be done now. A nudge may come twice, late or for nothing.
 */
public final class Work {
    /** What is to be done. */
    public sealed interface Task {
        /** A provider is to be called. */
        record Call(ProviderJob job) implements Task {}

        /** A status command that the ledger can answer. */
        record AnswerStatus(String commandRow) implements Task {}

        /** The command was marked and whoever marked it was interrupted. */
        record Interrupted(String commandRow) implements Task {}

        /** A look at a payment whose transaction nobody knows. */
        record BlindLook(String paymentId) implements Task {}

        /** The command cannot be worked on; nothing was sent. */
        record Impossible(String commandRow, String why) implements Task {}

        /** There is nothing to do. */
        record Nothing() implements Task {}
    }

    private final Ledger ledger;
    private final Function<String, Optional<Terminal>> terminals;
    private final Function<String, Duration> lookInterval;

    /**
     * @param terminals finds a terminal by its alias
     * @param lookInterval the longest pause between looks of a provider
     */
    public Work(
            Ledger ledger, Function<String, Optional<Terminal>> terminals, Function<String, Duration> lookInterval) {
        this.ledger = ledger;
        this.terminals = terminals;
        this.lookInterval = lookInterval;
    }

    /**
     * What a nudge for a command asks for now.
     *
     * @param redelivered true when the broker gives the nudge out again because its first receiver vanished
     */
    public Task ofCommand(String commandRow, boolean redelivered) {
        return ledger.inTransaction(tx -> {
            CommandRow command = tx.command(commandRow).orElse(null);
            if (command == null || command.isOver()) {
                return new Task.Nothing();
            }
            if (command.type().movesMoney()) {
                var attempt = tx.openAttempt(commandRow);
                if (attempt.isPresent()) {
                    return redelivered && attempt.get().outcome() == null
                            ? new Task.Interrupted(commandRow)
                            : new Task.Nothing();
                }
            }
            PaymentRow payment = command.paymentId() == null
                    ? null
                    : tx.payment(command.paymentId()).orElse(null);
            if (payment == null) {
                return new Task.Impossible(commandRow, "its payment is not in the ledger");
            }
            if (command.type() == CommandType.STATUS
                    && (!payment.status().isOpen() || payment.providerTransactionId() == null)) {
                return new Task.AnswerStatus(commandRow);
            }
            Terminal terminal = terminals.apply(payment.terminal()).orElse(null);
            if (terminal == null) {
                return command.type() == CommandType.STATUS
                        ? new Task.AnswerStatus(commandRow)
                        : new Task.Impossible(
                                commandRow, "the terminal " + payment.terminal() + " is no longer in the directory");
            }
            return new Task.Call(job(command.type().wire(), command, commandRow, payment, terminal));
        });
    }

    /** The results of a command that whoever was interrupted may have left unpublished. */
    public Nudges leftBehind(String commandRow) {
        return ledger.inTransaction(tx -> new Nudges().deliver(tx.unpublished(commandRow)));
    }

    /** What a look at a payment asks for now; the look is taken, so that a doubled alarm does nothing. */
    public Task ofLook(String paymentId) {
        return ledger.inTransaction(tx -> {
            PaymentRow payment = tx.payment(paymentId).orElse(null);
            if (payment == null) {
                return new Task.Nothing();
            }
            Instant now = tx.now();
            if (!tx.claimLook(paymentId, now, now.plus(lookInterval.apply(payment.provider())))) {
                return new Task.Nothing();
            }
            payment = tx.payment(paymentId).orElseThrow();
            Terminal terminal = terminals.apply(payment.terminal()).orElse(null);
            if (payment.providerTransactionId() == null || terminal == null) {
                return new Task.BlindLook(paymentId);
            }
            CommandRow creator = tx.command(payment.createdBy()).orElseThrow();
            return new Task.Call(job("status", creator, null, payment, terminal));
        });
    }

    private static ProviderJob job(
            String operation, CommandRow command, @Nullable String commandRow, PaymentRow payment, Terminal terminal) {
        ObjectNode view = Json.object();
        view.put("operation", operation);
        JsonNode sent = Json.read(command.body());
        ObjectNode asked = view.putObject("command");
        for (String field : new String[] {"commandId", "amount", "reference", "returnUrl", "provider"}) {
            asked.set(field, sent.get(field));
        }
        asked.put("type", command.type().wire());
        ObjectNode paid = ResultWriter.payment(payment);
        paid.remove("receipts");
        paid.put("ownReference", payment.ownReference());
        paid.put("createdAt", payment.createdAt().toString());
        view.set("payment", paid);
        ObjectNode till = view.putObject("terminal");
        till.put("alias", terminal.alias());
        till.put("id", terminal.id());
        till.put("brand", terminal.brand());
        till.set("labels", Json.MAPPER.valueToTree(terminal.labels()));
        view.putObject("settings").putNull("callbackUrl");
        return new ProviderJob(payment.provider(), operation, commandRow, payment.id(), terminal, view);
    }
}
