package nl.pinbridge.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Supplier;
import nl.pinbridge.config.Probe;
import nl.pinbridge.config.Terminal;
import nl.pinbridge.contract.Amount;
import nl.pinbridge.contract.Command;
import nl.pinbridge.contract.CommandStatus;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.contract.Confidential;
import nl.pinbridge.contract.ContractSchema;
import nl.pinbridge.contract.ErrorCode;
import nl.pinbridge.contract.Fingerprint;
import nl.pinbridge.contract.Json;
import nl.pinbridge.contract.PaymentStatus;
import nl.pinbridge.contract.ResultError;
import nl.pinbridge.ledger.CommandRow;
import nl.pinbridge.ledger.CommandRowBuilder;
import nl.pinbridge.ledger.Doubted;
import nl.pinbridge.ledger.Ids;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.ledger.Path;
import nl.pinbridge.ledger.PaymentRow;
import nl.pinbridge.ledger.PaymentRowBuilder;
import nl.pinbridge.ledger.ReplyTarget;
import nl.pinbridge.ledger.ResultRow;
import nl.pinbridge.ledger.ResultWriter;
import nl.pinbridge.ledger.Tx;
import nl.pinbridge.ledger.Unsent;
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
        /** Where what is slow and harmless is done. */
        ERRAND,
        /** Nowhere: its results say all. */
        ANSWERED,
        /** To {@code payments.refused}: nobody can be answered. */
        REFUSED;

        static Way of(Path path) {
            return switch (path) {
                case LANE -> LANE;
                case EXPRESS -> EXPRESS;
                case ERRAND -> ERRAND;
            };
        }
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

    /** How long a command may be on its way from intake to its work before the sweep wakes it. */
    private static final Duration NUDGE_GRACE = Duration.ofSeconds(30);

    private final CommandReader reader = new CommandReader();
    private final Ledger ledger;
    private final Admission admission;
    private final Confidential confidential;
    private final Capabilities capabilities;
    private final Supplier<List<Terminal>> allTerminals;
    private final Duration defaultTtl;
    private final Duration laneWait;
    private final Clock clock;
    private final Probe probe;
    private volatile Instant doubtedBefore = Instant.EPOCH;

    /** Can this terminal do that? */
    public interface Capabilities extends BiPredicate<Terminal, CommandType> {
        /** Does the provider's folder have this operation for this terminal? */
        default boolean offers(Terminal terminal, String operation) {
            return false;
        }

        /** What the terminal's provider takes in a command, beside the contract; null for nothing more. */
        @Nullable
        default ContractSchema schema(Terminal terminal) {
            return null;
        }

        /** What a command may use once only, where this operation uses such a thing: {@code provider:hash}; null where it does not. */
        @Nullable
        default String usedOnce(Terminal terminal, String operation, JsonNode command) {
            return null;
        }

        /** What commands may hold that nobody is to be shown. */
        default Confidential confidential() {
            return Confidential.NONE;
        }

        /** Whether the terminal's provider gives money back without a terminal, and in no other way. */
        default boolean refundsWithoutCardOnly(Terminal terminal) {
            return false;
        }

        /** Whether the terminal's provider gives whole payments back only. */
        default boolean refundsWhole(Terminal terminal) {
            return false;
        }

        /** The least that a payment there can be of, minor units. */
        default long leastAmount(Terminal terminal) {
            return 1;
        }
    }

    /**
     * @param terminal finds a terminal by its alias
     * @param allTerminals the whole directory
     * @param refundUnknownSales may money be given back for a sale that the ledger does not know?
     */
    public Intake(
            Ledger ledger,
            Function<String, Optional<Terminal>> terminal,
            Supplier<List<Terminal>> allTerminals,
            Capabilities capabilities,
            boolean refundUnknownSales,
            Duration defaultTtl,
            Duration laneWait,
            Clock clock,
            Probe probe) {
        this.ledger = ledger;
        this.admission = new Admission(terminal, capabilities, refundUnknownSales);
        this.confidential = capabilities.confidential();
        this.capabilities = capabilities;
        this.allTerminals = allTerminals;
        this.defaultTtl = defaultTtl;
        this.laneWait = laneWait;
        this.clock = clock;
        this.probe = probe;
    }

    /**
     * The ledger was restored from a backup: what came to the broker before this instant and would start something may have been
     * started already, by the ledger that is lost. It is not started; a person looks.
     */
    public void doubtWhatCameBefore(Instant restored) {
        doubtedBefore = restored;
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
        Way way = idle ? Way.of(row.path()) : Way.ANSWERED;
        return new Verdict(way, row.rowId(), row.provider(), null, null, null, nudges);
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
        Admission.Admitted admitted;
        ResultError refusal = null;
        try {
            admitted = admission.judge(tx, message.sender(), command);
        } catch (Admission.RefusedException e) {
            refusal = e.error();
            if (refusal.code() == ErrorCode.INVALID) {
                // What is wrong by a schema is not remembered, whosever schema it is.
                return direct(
                        message,
                        command.commandId(),
                        ResultWriter.unremembered(command.commandId(), command.type(), refusal, 1, clock.instant()));
            }
            PaymentRow named = command.payment() == null
                    ? null
                    : tx.paymentNamed(message.sender(), command.payment()).orElse(null);
            admitted = new Admission.Admitted(null, named, null, null);
        }
        CommandRow row = row(message, command, hash, admitted, tx.now());
        tx.insert(row);
        tx.addReplyTarget(row.rowId(), target);
        PaymentRow payment = admitted.payment();
        if (payment != null) {
            tx.history(
                    payment.story(),
                    row.rowId(),
                    "COMMAND",
                    "Command " + command.commandId() + " (" + command.type().wire() + ") came in from "
                            + message.sender(),
                    null);
        }
        if (refusal != null) {
            return answered(tx, row, refusal, payment);
        }
        PaymentRow started = start(tx, row, command, admitted);
        if (message.ingress().isBefore(doubtedBefore) && Doubted.concerns(row)) {
            Nudges nudges = new Nudges();
            CommandRow now = tx.lockCommand(row.rowId()).orElseThrow();
            Doubted.end(tx, nudges, now, started != null ? started : payment);
            return new Verdict(Way.ANSWERED, row.rowId(), null, null, null, null, nudges);
        }
        boolean stale = message.expired() || !row.receivedAt().isBefore(row.expiresAt());
        if (stale && !isQuestion(command.type())) {
            Nudges nudges = new Nudges();
            Unsent.end(
                    tx,
                    nudges,
                    row,
                    started != null ? started : payment,
                    ResultError.of(
                            ErrorCode.STALE,
                            "The command's time was up (" + row.expiresAt()
                                    + ") before the bridge saw it; nothing reached the terminal."));
            return new Verdict(Way.ANSWERED, row.rowId(), null, null, null, null, nudges);
        }
        ObjectNode keptBack = confidential.taken(command.json());
        if (keptBack != null && started != null) {
            tx.keepBack(row.rowId(), Json.write(keptBack));
        }
        return switch (command.type()) {
            case PING -> answered(tx, row, null, null);
            case LIST_TERMINALS, TERMINAL_STATUS -> told(tx, row, admitted.terminal());
            default -> new Verdict(Way.of(row.path()), row.rowId(), row.provider(), null, null, null, new Nudges());
        };
    }

    /** These are worth answering however late they come: they start nothing. */
    private static boolean isQuestion(CommandType type) {
        return switch (type) {
            case STATUS, PING, LIST_TERMINALS, TERMINAL_STATUS -> true;
            default -> false;
        };
    }

    private CommandRow row(Received message, Command command, String hash, Admission.Admitted admitted, Instant now) {
        Terminal terminal = admitted.terminal();
        PaymentRow payment = admitted.payment();
        return CommandRowBuilder.builder()
                .rowId(Ids.next())
                .sender(message.sender())
                .commandId(command.commandId())
                .contentHash(hash)
                .body(Json.write(confidential.hidden(command.json())))
                .type(command.type())
                .version(0)
                .terminal(terminal == null ? command.terminal() : terminal.alias())
                .device(terminal != null && needsDevice(command, terminal) ? terminal.device() : null)
                .provider(provider(terminal, payment))
                .paymentId(payment == null ? null : payment.id())
                .target(command.payment())
                .receivedAt(now)
                .expiresAt(expiry(message, command))
                .waitUntil(now.plus(laneWait))
                .nextNudgeAt(now.plus(NUDGE_GRACE))
                .build();
    }

    /** A refund without its card happens on no terminal, and waits for none. */
    private boolean needsDevice(Command command, Terminal terminal) {
        boolean withoutCard = command.type() == CommandType.REFUND
                && (command.json().at("/provider/withoutCard").asBoolean()
                        || capabilities.refundsWithoutCardOnly(terminal));
        boolean elsewhere = command.type() == CommandType.CAPTURE && command.payment() == null;
        return elsewhere || (Path.of(command.type()) == Path.LANE && !withoutCard);
    }

    private static @Nullable String provider(@Nullable Terminal terminal, @Nullable PaymentRow payment) {
        if (terminal != null) {
            return terminal.provider();
        }
        return payment == null ? null : payment.provider();
    }

    /** Writes the payment or refund that a command wants to start, and makes sure that its device has a lane. */
    private static @Nullable PaymentRow start(Tx tx, CommandRow row, Command command, Admission.Admitted admitted) {
        if (row.device() != null) {
            tx.ensureLane(row.device());
        }
        Terminal terminal = admitted.terminal();
        Amount amount = admitted.starts();
        if (terminal == null || amount == null) {
            return null;
        }
        boolean refund = command.type() == CommandType.REFUND;
        PaymentRow original = admitted.payment();
        String id = Ids.next();
        PaymentRow started = PaymentRowBuilder.builder()
                .id(id)
                .kind(refund ? PaymentRow.Kind.REFUND : PaymentRow.Kind.PAYMENT)
                .refundOf(original == null ? null : original.id())
                .createdBy(row.rowId())
                .status(PaymentStatus.OPEN)
                .version(1)
                .provider(terminal.provider())
                .terminal(terminal.alias())
                .device(terminal.device())
                .ownReference(id)
                .currency(amount.currency())
                .requested(amount.value())
                .reference(command.reference())
                .labels(Json.write(terminal.labels()))
                .createdAt(row.receivedAt())
                .build();
        tx.insert(started);
        if (admitted.uses() != null) {
            tx.use(admitted.uses(), id);
        }
        if (!refund) {
            tx.update(row.withPaymentId(id));
            tx.history(
                    id,
                    row.rowId(),
                    "COMMAND",
                    "Command " + command.commandId() + " (" + command.type().wire() + ") came in from " + row.sender(),
                    null);
        }
        return started;
    }

    private static Verdict answered(Tx tx, CommandRow row, @Nullable ResultError error, @Nullable PaymentRow payment) {
        Nudges nudges = new Nudges();
        CommandStatus status =
                error == null ? CommandStatus.SUCCEEDED : error.code().status();
        ResultWriter.tell(tx, nudges, row, status, error, payment);
        return new Verdict(Way.ANSWERED, row.rowId(), null, null, null, null, nudges);
    }

    /** Answers with a terminal, or with all of them, as the directory and the ledger know them. */
    private Verdict told(Tx tx, CommandRow row, @Nullable Terminal one) {
        Nudges nudges = new Nudges();
        ResultWriter.tell(tx, nudges, row, CommandStatus.SUCCEEDED, null, null, body -> {
            if (one != null) {
                body.set("terminal", described(tx, one));
            } else {
                var list = body.putArray("terminals");
                allTerminals.get().forEach(terminal -> list.add(described(tx, terminal)));
            }
        });
        return new Verdict(Way.ANSWERED, row.rowId(), null, null, null, null, nudges);
    }

    private static ObjectNode described(Tx tx, Terminal terminal) {
        ObjectNode json = Json.object();
        json.put("alias", terminal.alias());
        json.put("provider", terminal.provider());
        json.put("id", terminal.id());
        json.put("brand", terminal.brand());
        json.put("state", state(tx, terminal));
        json.set("labels", Json.MAPPER.valueToTree(terminal.labels()));
        return json;
    }

    /** What the bridge knows of a terminal; no provider tells whether the device itself is switched on. */
    private static String state(Tx tx, Terminal terminal) {
        if (tx.paused(terminal.provider())) {
            return "PAUSED";
        }
        return tx.lane(terminal.device())
                        .filter(lane -> lane.isTakenFor("", tx.now()))
                        .isPresent()
                ? "BUSY"
                : "FREE";
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
