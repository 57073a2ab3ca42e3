package nl.pinbridge.intake;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import nl.pinbridge.config.Probe;
import nl.pinbridge.config.Terminal;
import nl.pinbridge.contract.Amount;
import nl.pinbridge.contract.Command;
import nl.pinbridge.contract.CommandStatus;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.contract.ErrorCode;
import nl.pinbridge.contract.Fingerprint;
import nl.pinbridge.contract.Json;
import nl.pinbridge.contract.PaymentStatus;
import nl.pinbridge.contract.ResultError;
import nl.pinbridge.ledger.CommandRow;
import nl.pinbridge.ledger.Ids;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.ledger.PaymentRow;
import nl.pinbridge.ledger.ReplyTarget;
import nl.pinbridge.ledger.ResultRow;
import nl.pinbridge.ledger.ResultWriter;
import nl.pinbridge.ledger.Tx;
import org.jspecify.annotations.Nullable;

/** Takes commands in: judges them, records them once, and says where they go. Safe to run twice with the same message. */
public final class Intake {
    /**
     * A message from the command address.
     *
     * @param text its body
     * @param sender the authenticated user
     * @param replyTo bare name of an allowed reply queue
     * @param correlationId of the results; null when the message has neither a correlation id nor a message id
     * @param ingress when the broker took it
     * @param expiration its own expiry; null when it has none
     * @param expired true when it comes from the expiry queue
     */
    public record Received(
            String text,
            String sender,
            String replyTo,
            @Nullable String correlationId,
            Instant ingress,
            @Nullable Instant expiration,
            boolean expired) {}

    /** Where a message goes from here. */
    public enum Way {
        /** To the lane of its provider. */
        LANE,
        /** Past the lanes. */
        EXPRESS,
        /** Nowhere: its results say all. */
        ANSWERED,
        /** To {@code payments.refused}: nobody can be answered. */
        REFUSED
    }

    /** A result that the ledger does not keep, for one reply queue and the events. */
    public record DirectResult(String replyTo, String correlationId, ObjectNode body) {}

    /**
     * The verdict.
     *
     * @param commandRow the ledger's id; null where the ledger keeps nothing
     * @param provider for {@link Way#LANE}
     * @param reason for {@link Way#REFUSED}
     * @param field for {@link Way#REFUSED}; null where none is at fault
     * @param direct a result to send at once; null where there is none
     */
    public record Verdict(
            Way way,
            @Nullable String commandRow,
            @Nullable String provider,
            @Nullable String reason,
            @Nullable String field,
            @Nullable DirectResult direct,
            Nudges nudges) {}

    /**
     * How long a message waits in hand for a ledger that is away. Handed back, it would be delivered again after those behind it, and
     * two commands for one terminal would change places.
     */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final CommandReader reader = new CommandReader();
    private final Ledger ledger;
    private final Function<String, Optional<Terminal>> terminals;
    private final Capabilities capabilities;
    private final Duration defaultTtl;
    private final Duration laneWait;
    private final Clock clock;
    private final Probe probe;

    /** Can this terminal do that? */
    public interface Capabilities extends BiPredicate<Terminal, CommandType> {}

    public Intake(
            Ledger ledger,
            Function<String, Optional<Terminal>> terminals,
            Capabilities capabilities,
            Duration defaultTtl,
            Duration laneWait,
            Clock clock,
            Probe probe) {
        this.ledger = ledger;
        this.terminals = terminals;
        this.capabilities = capabilities;
        this.defaultTtl = defaultTtl;
        this.laneWait = laneWait;
        this.clock = clock;
        this.probe = probe;
    }

    /** Takes one message in. */
    public Verdict accept(Received message) {
        Reading reading = reader.read(message.text());
        if (reading instanceof Reading.Unreadable unreadable) {
            return new Verdict(Way.REFUSED, null, null, unreadable.reason(), unreadable.field(), null, new Nudges());
        }
        if (reading instanceof Reading.Refused refused) {
            return direct(
                    message,
                    refused.commandId(),
                    ResultWriter.unremembered(
                            refused.commandId(), refused.type(), refused.error(), 1, clock.instant()));
        }
        Command command = ((Reading.Valid) reading).command();
        probe.at("validated");
        return ledger.durablyWithPatience(PATIENCE, tx -> record(tx, message, command));
    }

    private static Verdict direct(Received message, String commandId, ObjectNode body) {
        String correlation = message.correlationId() == null ? commandId : message.correlationId();
        return new Verdict(
                Way.ANSWERED,
                null,
                null,
                null,
                null,
                new DirectResult(message.replyTo(), correlation, body),
                new Nudges());
    }

    private Verdict record(Tx tx, Received message, Command command) {
        String hash = Fingerprint.of(command);
        ReplyTarget target = new ReplyTarget(
                message.replyTo(),
                message.correlationId() == null ? command.commandId() : message.correlationId(),
                command.finalOnly());
        Optional<CommandRow> known = tx.command(message.sender(), command.commandId());
        if (known.isPresent()) {
            CommandRow row = known.get();
            return row.contentHash().equals(hash)
                    ? repeated(tx, row, target)
                    : keyReused(tx, message, command, row, hash);
        }
        return fresh(tx, message, command, hash, target);
    }

    /** The same command once more: whoever sent it hears what is known now, and what comes later. */
    private static Verdict repeated(Tx tx, CommandRow seen, ReplyTarget target) {
        // The command is locked so that no result slips between the new target and the result it is sent now.
        CommandRow row = tx.lockCommand(seen.rowId()).orElseThrow();
        tx.addReplyTarget(row.rowId(), target);
        Nudges nudges = new Nudges();
        Optional<ResultRow> latest = tx.latestResult(row.rowId());
        if (latest.isPresent() && row.status() != null && (row.isOver() || !target.finalOnly())) {
            nudges.deliver(List.of(tx.deliver(latest.get(), target.address(), target.correlationId())));
        }
        // A redelivery after a crash finds its own command here: it must go on, and a nudge too many does no harm.
        boolean idle = row.status() == null && tx.openAttempt(row.rowId()).isEmpty();
        if (idle && row.type().movesMoney()) {
            return new Verdict(Way.LANE, row.rowId(), row.provider(), null, null, null, nudges);
        }
        return new Verdict(idle ? Way.EXPRESS : Way.ANSWERED, row.rowId(), null, null, null, null, nudges);
    }

    private Verdict keyReused(Tx tx, Received message, Command command, CommandRow row, String hash) {
        tx.history(
                row.paymentId(),
                row.rowId(),
                "KEY_REUSED",
                "The key was used again with other content: " + hash + " instead of " + row.contentHash(),
                null);
        ResultError error = ResultError.field(
                ErrorCode.KEY_REUSED,
                "commandId",
                "This commandId was used before with other content (fingerprint " + row.contentHash() + ", now " + hash
                        + "). The first command stands; send a changed one with a new commandId.");
        return direct(
                message,
                command.commandId(),
                ResultWriter.unremembered(command.commandId(), command.type(), error, 0, clock.instant()));
    }

    private Verdict fresh(Tx tx, Received message, Command command, String hash, ReplyTarget target) {
        Instant now = tx.now();
        Instant expiresAt = expiry(message, command);
        String rowId = Ids.next();
        Terminal terminal = command.terminal() == null
                ? null
                : terminals.apply(command.terminal()).orElse(null);
        Optional<PaymentRow> existing =
                command.payment() == null ? Optional.empty() : payment(tx, message.sender(), command.payment());
        ResultError refusal = refusal(command, terminal, existing);
        boolean creates = command.type() == CommandType.CREATE && refusal == null;
        String paymentId = creates ? Ids.next() : existing.map(PaymentRow::id).orElse(null);
        CommandRow row = new CommandRow(
                rowId,
                message.sender(),
                command.commandId(),
                hash,
                Json.write(command.json()),
                command.type(),
                null,
                0,
                command.terminal(),
                terminal == null ? null : terminal.device(),
                terminal == null ? existing.map(PaymentRow::provider).orElse(null) : terminal.provider(),
                paymentId,
                null,
                null,
                null,
                null,
                now,
                expiresAt,
                now.plus(laneWait),
                now.plus(Duration.ofSeconds(30)));
        tx.insert(row);
        tx.addReplyTarget(rowId, target);
        if (refusal != null) {
            return answered(tx, row, refusal.code().status(), refusal, null);
        }
        PaymentRow payment = existing.orElse(null);
        if (creates && terminal != null) {
            payment = open(row, command, terminal, paymentId, now);
            tx.insert(payment);
            tx.ensureLane(payment.device());
        }
        if (payment != null) {
            tx.history(
                    payment.id(),
                    rowId,
                    "COMMAND",
                    "Command " + command.commandId() + " (" + command.type().wire() + ") came in from "
                            + message.sender(),
                    null);
        }
        boolean stale = message.expired() || !now.isBefore(expiresAt);
        if (stale && command.type() != CommandType.STATUS) {
            if (creates && payment != null) {
                payment = nl.pinbridge.ledger.Rows.withLook(payment, PaymentStatus.NOT_PAID, null, null);
                tx.update(payment);
            }
            return answered(
                    tx,
                    row,
                    CommandStatus.NOT_SENT,
                    ResultError.of(
                            ErrorCode.STALE,
                            "The command's time was up (" + expiresAt
                                    + ") before the bridge saw it; nothing reached the terminal."),
                    payment);
        }
        return switch (command.type()) {
            case PING -> answered(tx, row, CommandStatus.SUCCEEDED, null, null);
            case STATUS -> new Verdict(Way.EXPRESS, rowId, null, null, null, null, new Nudges());
            default -> new Verdict(Way.LANE, rowId, row.provider(), null, null, null, new Nudges());
        };
    }

    private static Verdict answered(
            Tx tx, CommandRow row, CommandStatus status, @Nullable ResultError error, @Nullable PaymentRow payment) {
        Nudges nudges = new Nudges();
        ResultWriter.tell(tx, nudges, row, status, error, payment);
        return new Verdict(Way.ANSWERED, row.rowId(), null, null, null, null, nudges);
    }

    private @Nullable ResultError refusal(Command command, @Nullable Terminal terminal, Optional<PaymentRow> payment) {
        if (command.type() == CommandType.PING) {
            return null;
        }
        if (command.terminal() != null && terminal == null) {
            return ResultError.field(
                    ErrorCode.UNKNOWN_TERMINAL,
                    "terminal",
                    "There is no terminal '" + command.terminal() + "' in the terminal directory.");
        }
        if (command.payment() != null && payment.isEmpty()) {
            return ResultError.field(
                    ErrorCode.UNKNOWN_PAYMENT,
                    "payment",
                    "No payment is known by '" + command.payment()
                            + "': name our payment id or the commandId that created it.");
        }
        if (command.type() == CommandType.STATUS) {
            return null;
        }
        if (command.type() != CommandType.CREATE || terminal == null || !capabilities.test(terminal, command.type())) {
            return ResultError.field(
                    ErrorCode.NOT_SUPPORTED,
                    "command",
                    "'" + command.type().wire() + "' is not supported"
                            + (terminal == null ? " by this version." : " on terminal '" + terminal.alias() + "'."));
        }
        Amount amount = command.amount();
        if (amount != null && !amount.currency().equals("EUR")) {
            return ResultError.field(
                    ErrorCode.NOT_SUPPORTED,
                    "amount.currency",
                    "The terminal takes EUR only, not " + amount.currency() + ".");
        }
        return null;
    }

    private static Optional<PaymentRow> payment(Tx tx, String sender, String name) {
        Optional<PaymentRow> byKey = tx.command(sender, name).flatMap(creator -> tx.paymentCreatedBy(creator.rowId()));
        if (byKey.isPresent()) {
            return byKey;
        }
        // A payment of another sender is none of this one's business.
        return tx.payment(name).filter(payment -> tx.command(payment.createdBy())
                .filter(creator -> creator.sender().equals(sender))
                .isPresent());
    }

    private static PaymentRow open(
            CommandRow row, Command command, Terminal terminal, @Nullable String id, Instant now) {
        Amount amount = command.amount();
        if (amount == null || id == null) {
            throw new IllegalStateException("A create without an amount passed the schema");
        }
        return new PaymentRow(
                id,
                row.rowId(),
                PaymentStatus.OPEN,
                1,
                terminal.provider(),
                terminal.alias(),
                terminal.device(),
                id,
                null,
                amount.currency(),
                amount.value(),
                0,
                0,
                0,
                0,
                0,
                command.reference(),
                false,
                null,
                null,
                null,
                Json.write(terminal.labels()),
                null,
                null,
                now,
                null,
                null,
                0);
    }

    /** Of several expiries the earliest counts; without any, the default from the broker's ingress time. */
    private Instant expiry(Received message, Command command) {
        List<Instant> named = new ArrayList<>();
        if (command.expiresAt() != null) {
            named.add(command.expiresAt());
        }
        if (message.expiration() != null) {
            named.add(message.expiration());
        }
        return named.stream().min(Instant::compareTo).orElse(message.ingress().plus(defaultTtl));
    }
}
