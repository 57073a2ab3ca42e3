package nl.pinbridge.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import nl.pinbridge.config.Terminal;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.contract.Confidential;
import nl.pinbridge.contract.ErrorCode;
import nl.pinbridge.contract.Json;
import nl.pinbridge.contract.PaymentStatus;
import nl.pinbridge.contract.ResultError;
import nl.pinbridge.ledger.AttemptRow;
import nl.pinbridge.ledger.CandidateRow;
import nl.pinbridge.ledger.CommandRow;
import nl.pinbridge.ledger.LaneRow;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.ledger.PaymentRow;
import nl.pinbridge.ledger.Refunds;
import nl.pinbridge.ledger.Reservations;
import nl.pinbridge.ledger.ResultWriter;
import nl.pinbridge.ledger.Tx;
import org.jspecify.annotations.Nullable;

/**
 * Turns a nudge into work: reads the ledger and says what is to be done now. A nudge may come twice, late or for nothing.
 */
public final class Work {
    /** What is to be done. */
    public sealed interface Task {
        /** A provider is to be called. */
        record Call(ProviderJob job) implements Task {}

        /** A provider is to be asked how the payment stands, and then the command is to be looked at again. */
        record Refresh(String commandRow, ProviderJob look) implements Task {}

        /** A status command that the ledger can answer. */
        record AnswerStatus(String commandRow) implements Task {}

        /** Days are to be reconciled. */
        record Reconcile(String commandRow) implements Task {}

        /** A cancel that is not to be sent, or not now. */
        record UnsentCancel(String commandRow) implements Task {}

        /** The command was marked and whoever marked it was interrupted. */
        record Interrupted(String commandRow) implements Task {}

        /** A look at a payment whose transaction nobody knows. */
        record BlindLook(String paymentId) implements Task {}

        /** The command ends here, with nothing sent. */
        record End(String commandRow, ResultError error) implements Task {}

        /**
         * A look at a payment whose transaction nobody knows, by reads that may show it.
         *
         * @param look at the payment
         * @param operations of the provider's folder, the best evidence first
         * @param markedAt when the payment was marked; null where it was not
         */
        record Search(ProviderJob look, List<String> operations, @Nullable Instant markedAt) implements Task {}

        /** There is nothing to do. */
        record Nothing() implements Task {}
    }

    /** How the provider was asked how a payment stands, before a command that needs to know. */
    public enum Refreshed {
        NOT_YET,
        ANSWERED,
        /** Asked, and nothing was learnt. */
        IN_VAIN
    }

    /** What terminals and providers are and can; each by the names that the ledger uses. */
    public interface World {
        /** The terminal with this device; by device and not by alias, which may have been given to another device meanwhile. */
        Optional<Terminal> terminal(String device);

        /** Can the provider do that on this terminal? */
        boolean supports(Terminal terminal, CommandType type);

        /** Does the provider's folder have this operation for this terminal? */
        boolean offers(Terminal terminal, String operation);

        /** Whether the terminal's provider gives money back without a terminal, and in no other way. */
        default boolean refundsWithoutCardOnly(Terminal terminal) {
            return !offers(terminal, CommandType.REFUND.wire()) && offers(terminal, WITHOUT_CARD);
        }

        /** Whether the terminal's provider gives whole payments back only. */
        default boolean refundsWhole(Terminal terminal) {
            return false;
        }

        /** The longest pause between looks of a provider. */
        Duration lookInterval(String provider);

        /** The reads that show a payment whose transaction is not known, the best evidence first. */
        List<String> finders(String provider);

        /** How long connecting and answering take at most. */
        Duration callTime(String provider, String operation);

        /** Where the provider sends webhooks of a payment; null where it cannot reach us. */
        @Nullable
        String callbackUrl(String provider, String paymentId);

        /** What a command may use once only, where this operation uses such a thing: {@code provider:hash}; null where it does not. */
        @Nullable
        default String useKey(Terminal terminal, String operation, JsonNode command) {
            return null;
        }

        /** The numbers by which the provider is to know such calls on the terminal; null where it wants none. */
        @Nullable
        default Numbers numbers(Terminal terminal, String operation) {
            return null;
        }

        /** What the operator set of the options that the provider's folder names. */
        default Map<String, String> options(String provider) {
            return Map.of();
        }

        /** Whether the provider is asked in its test mode. */
        default boolean test(String provider) {
            return false;
        }
    }

    /** The operation that gives money back without a terminal. */
    public static final String WITHOUT_CARD = ProviderFolder.WITHOUT_CARD;

    private final Ledger ledger;
    private final World world;

    public Work(Ledger ledger, World world) {
        this.ledger = ledger;
        this.world = world;
    }

    /**
     * What a nudge for a command asks for now.
     *
     * @param redelivered true when the broker gives the nudge out again because its first receiver vanished
     * @param refreshed what came of {@link Task.Refresh}, if it was asked for
     */
    public Task ofCommand(String commandRow, boolean redelivered, Refreshed refreshed) {
        return ledger.inTransaction(tx -> {
            CommandRow command = tx.command(commandRow).orElse(null);
            if (command == null || command.isOver()) {
                return new Task.Nothing();
            }
            Optional<AttemptRow> attempt = tx.openAttempt(commandRow);
            if (attempt.isPresent()) {
                return marked(tx, command, attempt.get(), redelivered);
            }
            return switch (command.type()) {
                case STATUS -> status(tx, command);
                case CANCEL -> cancel(tx, command, refreshed);
                case MAIL_RECEIPT -> mailReceipt(tx, command, refreshed);
                case RECONCILE -> new Task.Reconcile(commandRow);
                case CTMP -> onTerminal(tx, command, command.device(), null);
                case CAPTURE, VOID, APPROVE, DECLINE ->
                    Reservations.isChange(command) ? change(tx, command, refreshed) : start(tx, command, refreshed);
                default -> start(tx, command, refreshed);
            };
        });
    }

    private Task marked(Tx tx, CommandRow command, AttemptRow attempt, boolean redelivered) {
        if (attempt.outcome() != null) {
            return new Task.Nothing();
        }
        String provider = attempt.paymentId() == null
                ? command.provider()
                : tx.payment(attempt.paymentId()).orElseThrow().provider();
        Duration callTime = world.callTime(provider == null ? "" : provider, attempt.operation());
        boolean tooLong = tx.now().isAfter(attempt.markedAt().plus(callTime));
        return redelivered || tooLong ? new Task.Interrupted(command.rowId()) : new Task.Nothing();
    }

    /** A payment or refund that is to start. */
    private Task start(Tx tx, CommandRow command, Refreshed refreshed) {
        PaymentRow started = tx.paymentCreatedBy(command.rowId()).orElse(null);
        if (started == null) {
            return fault(command, "its payment is not in the ledger");
        }
        PaymentRow original = started.refundOf() == null
                ? null
                : tx.payment(started.refundOf()).orElseThrow();
        if (original != null && refreshed == Refreshed.NOT_YET && canBeAsked(original)) {
            return refresh(tx, command, original);
        }
        PaymentRow asked = original == null || started.requested() > 0 ? started : allThatIsLeft(tx, command, started);
        return isWithoutCard(command, asked)
                ? refundWithoutCard(tx, command, asked, refreshed)
                : onTerminal(tx, command, asked.device(), asked);
    }

    /** A refund that names no amount and came in before its payment was over: only now is it known how much is left. */
    private static PaymentRow allThatIsLeft(Tx tx, CommandRow command, PaymentRow started) {
        tx.lockCommand(command.rowId());
        PaymentRow refund = tx.lockWithOriginal(started.id()).orElseThrow();
        PaymentRow original =
                tx.payment(Objects.requireNonNull(refund.refundOf())).orElseThrow();
        long left = Refunds.left(tx, original, refund.id());
        if (original.status().isOpen() || left <= 0) {
            return refund;
        }
        tx.ask(refund.id(), left);
        return refund.withRequested(left);
    }

    /** True for a refund that says {@code "provider": {"withoutCard": true}}, and where the provider knows no other. */
    private boolean isWithoutCard(CommandRow command, PaymentRow refund) {
        return command.type() == CommandType.REFUND
                && (Json.read(command.body()).at("/provider/withoutCard").asBoolean()
                        || world.terminal(refund.device())
                                .filter(world::refundsWithoutCardOnly)
                                .isPresent());
    }

    /** The money goes back without the customer: what was given back before it is read first, because that shows a lost one. */
    private Task refundWithoutCard(Tx tx, CommandRow command, PaymentRow refund, Refreshed refreshed) {
        Terminal terminal = world.terminal(refund.device()).orElse(null);
        if (terminal == null) {
            return gone(command, refund.device());
        }
        if (refund.refundOf() == null && world.refundsWithoutCardOnly(terminal)) {
            return new Task.End(
                    command.rowId(),
                    ResultError.field(
                            ErrorCode.NOT_SUPPORTED,
                            "payment",
                            terminal.provider()
                                    + " gives back only payments that the bridge knows; nothing was given back."));
        }
        if (!world.offers(terminal, WITHOUT_CARD) || refund.refundOf() == null) {
            return new Task.End(
                    command.rowId(),
                    ResultError.field(
                            ErrorCode.NOT_SUPPORTED,
                            "provider.withoutCard",
                            "A payment at " + terminal.provider()
                                    + " can only be given back on a terminal, with its card; nothing was started."));
        }
        PaymentRow original = tx.payment(refund.refundOf()).orElseThrow();
        if (world.refundsWhole(terminal) && !original.status().isOpen()) {
            // It may have come in before it was known what was paid.
            Optional<ResultError> part = Refunds.refusalOfPart(original, refund.requested());
            if (part.isPresent()) {
                return new Task.End(command.rowId(), part.get());
            }
        }
        return switch (refreshed) {
            case NOT_YET ->
                new Task.Refresh(command.rowId(), job(tx, ProviderJob.GIVEN_BACK, command, null, refund, terminal));
            case ANSWERED -> new Task.Call(job(tx, WITHOUT_CARD, command, command.rowId(), refund, terminal));
            case IN_VAIN ->
                new Task.End(
                        command.rowId(),
                        ResultError.of(
                                ErrorCode.NO_CONNECTION,
                                "The provider could not be asked what was given back before; nothing was started. Send a"
                                        + " new command when it can be reached."));
        };
    }

    private Task status(Tx tx, CommandRow command) {
        PaymentRow payment = about(tx, command);
        Terminal terminal =
                payment == null ? null : world.terminal(payment.device()).orElse(null);
        return payment == null || terminal == null || !canBeAsked(payment)
                ? new Task.AnswerStatus(command.rowId())
                : new Task.Call(job(tx, "status", command, command.rowId(), payment, terminal));
    }

    /**
     * A cancel hits whatever runs on the device, so the provider is asked first whether the payment still does. The mark then makes
     * sure that nobody else can have started meanwhile.
     */
    private Task cancel(Tx tx, CommandRow seen, Refreshed refreshed) {
        CommandRow command = withPayment(tx, seen);
        PaymentRow payment = about(tx, command);
        Optional<Terminal> untold = payment == null
                ? Optional.empty()
                : world.terminal(payment.device())
                        .filter(one -> !tells(one) && !world.supports(one, CommandType.CANCEL));
        if (payment != null
                && untold.isPresent()
                && payment.status().isOpen()
                && tx.openAttempt(payment.createdBy()).isPresent()) {
            // Nothing would come of waiting until the provider can be asked.
            return cannotBeCalledOff(command, untold.get());
        }
        if (payment == null || !canBeAsked(payment)) {
            return new Task.UnsentCancel(command.rowId());
        }
        if (!tx.now().isBefore(command.expiresAt())) {
            return new Task.UnsentCancel(command.rowId());
        }
        boolean answered = tx.openAttempt(payment.createdBy())
                .filter(attempt -> attempt.outcome() != null)
                .isPresent();
        String holder = tx.lane(payment.device()).map(LaneRow::commandRow).orElse(null);
        if (!answered || !payment.createdBy().equals(holder)) {
            return new Task.UnsentCancel(command.rowId());
        }
        Terminal terminal = world.terminal(payment.device()).orElse(null);
        if (terminal == null) {
            return gone(command, payment.device());
        }
        if (!world.supports(terminal, CommandType.CANCEL)) {
            return cannotBeCalledOff(command, terminal);
        }
        return switch (refreshed) {
            case NOT_YET -> refresh(tx, command, payment);
            case IN_VAIN -> new Task.UnsentCancel(command.rowId());
            case ANSWERED -> new Task.Call(job(tx, "cancel", command, command.rowId(), payment, terminal));
        };
    }

    private static Task cannotBeCalledOff(CommandRow command, Terminal terminal) {
        return new Task.End(
                command.rowId(),
                ResultError.field(
                        ErrorCode.NOT_SUPPORTED,
                        "command",
                        "A payment that runs on terminal '" + terminal.alias()
                                + "' can only be called off on the terminal itself."));
    }

    /** A cancel may come before what it cancels; it finds its payment when that is there. */
    private static CommandRow withPayment(Tx tx, CommandRow command) {
        if (command.paymentId() != null || command.target() == null) {
            return command;
        }
        return tx.paymentNamed(command.sender(), command.target())
                .map(payment -> {
                    CommandRow found =
                            tx.lockCommand(command.rowId()).orElseThrow().withPaymentId(payment.id());
                    tx.update(found);
                    return found;
                })
                .orElse(command);
    }

    private Task mailReceipt(Tx tx, CommandRow command, Refreshed refreshed) {
        PaymentRow payment = about(tx, command);
        if (payment == null) {
            return fault(command, "its payment is not in the ledger");
        }
        if (refreshed == Refreshed.NOT_YET && canBeAsked(payment)) {
            return refresh(tx, command, payment);
        }
        boolean succeeded = payment.status() == PaymentStatus.PAID
                || payment.status() == PaymentStatus.PARTLY_REFUNDED
                || payment.status() == PaymentStatus.REFUNDED;
        if (!succeeded || payment.providerTransactionId() == null) {
            return new Task.End(
                    command.rowId(),
                    ResultError.field(
                            ErrorCode.NOT_ALLOWED_NOW,
                            "payment",
                            "The payment is " + payment.status()
                                    + ": there is a receipt to mail only of what succeeded."));
        }
        return onTerminal(tx, command, payment.device(), payment);
    }

    /**
     * A change of a payment: the provider is asked first how the payment stands, because whether a lost change was carried out is seen
     * by how it stands afterwards.
     */
    private Task change(Tx tx, CommandRow command, Refreshed refreshed) {
        PaymentRow payment = about(tx, command);
        if (payment == null) {
            return fault(command, "its payment is not in the ledger");
        }
        Optional<ResultError> refusal = Reservations.refusal(tx, command, payment);
        if (payment.providerTransactionId() == null || (refreshed != Refreshed.NOT_YET && refusal.isPresent())) {
            return new Task.End(
                    command.rowId(),
                    refusal.orElse(ResultError.field(
                            ErrorCode.NOT_ALLOWED_NOW,
                            "payment",
                            "The provider's name for the payment is not known yet: try again when it is STARTED.")));
        }
        Terminal terminal = world.terminal(payment.device()).orElse(null);
        if (terminal == null) {
            return gone(command, payment.device());
        }
        return switch (refreshed) {
            case NOT_YET -> refresh(tx, command, payment);
            case IN_VAIN ->
                new Task.End(
                        command.rowId(),
                        ResultError.of(
                                ErrorCode.NO_CONNECTION,
                                "The provider could not be asked how the payment stands; nothing was changed. Send a new"
                                        + " command when it can be reached."));
            case ANSWERED -> changed(tx, command, payment, terminal);
        };
    }

    private Task changed(Tx tx, CommandRow command, PaymentRow payment, Terminal terminal) {
        String way = command.type().wire();
        if (command.type() == CommandType.CAPTURE) {
            boolean products =
                    Json.read(command.body()).at("/provider/products").isArray();
            boolean all = payment.captured() == 0 && Reservations.asked(command) == payment.authorised();
            if (products && !world.offers(terminal, "capture-products")) {
                return new Task.End(
                        command.rowId(),
                        ResultError.field(
                                ErrorCode.NOT_SUPPORTED,
                                "provider.products",
                                terminal.provider() + " captures amounts, not products."));
            }
            String part = products ? "capture-products" : "capture-amount";
            way = (products || !all) && world.offers(terminal, part) ? part : way;
        }
        return new Task.Call(job(tx, way, command, command.rowId(), payment, terminal));
    }

    private Task onTerminal(Tx tx, CommandRow command, @Nullable String device, @Nullable PaymentRow payment) {
        Terminal terminal = device == null ? null : world.terminal(device).orElse(null);
        return terminal == null
                ? gone(command, device)
                : new Task.Call(job(tx, operation(command), command, command.rowId(), payment, terminal));
    }

    private static String operation(CommandRow command) {
        return command.type() == CommandType.CAPTURE
                ? ProviderFolder.CAPTURE_ELSEWHERE
                : command.type().wire();
    }

    private Task refresh(Tx tx, CommandRow command, PaymentRow payment) {
        Terminal terminal = world.terminal(payment.device()).orElse(null);
        CommandRow creator = tx.command(payment.createdBy()).orElseThrow();
        return terminal == null
                ? gone(command, payment.device())
                : new Task.Refresh(command.rowId(), job(tx, "status", creator, null, payment, terminal));
    }

    /** A final payment is not asked about again; one whose transaction is unknown cannot be, nor one of a provider that tells nothing. */
    private boolean canBeAsked(PaymentRow payment) {
        return payment.status().isOpen()
                && payment.providerTransactionId() != null
                && world.terminal(payment.device()).map(this::tells).orElse(true);
    }

    /** Whether the provider can be asked how a payment stands: some answer once, and then no more. */
    private boolean tells(Terminal terminal) {
        return world.offers(terminal, "status");
    }

    private static @Nullable PaymentRow about(Tx tx, CommandRow command) {
        return command.paymentId() == null
                ? null
                : tx.payment(command.paymentId()).orElse(null);
    }

    private static Task gone(CommandRow command, @Nullable String device) {
        return fault(command, "the terminal " + device + " is no longer in the directory");
    }

    private static Task fault(CommandRow command, String why) {
        return new Task.End(
                command.rowId(), ResultError.of(ErrorCode.BRIDGE_FAULT, "Nothing was started: " + why + "."));
    }

    /** The results of a command that whoever was interrupted may have left unpublished. */
    public Nudges leftBehind(String commandRow) {
        return ledger.inTransaction(tx -> new Nudges().deliver(tx.unpublished(commandRow)));
    }

    /** What a look at a payment asks for now; the look is taken, so that a doubled alarm does nothing. */
    public Task ofLook(String paymentId) {
        return ledger.inTransaction(tx -> {
            PaymentRow seen = tx.payment(paymentId).orElse(null);
            if (seen == null) {
                return new Task.Nothing();
            }
            Instant now = tx.now();
            if (!tx.claimLook(paymentId, now, now.plus(world.lookInterval(seen.provider())))) {
                return new Task.Nothing();
            }
            PaymentRow payment = tx.payment(paymentId).orElseThrow();
            Terminal terminal = world.terminal(payment.device()).orElse(null);
            CandidateRow candidate = payment.providerTransactionId() == null ? candidate(tx, paymentId) : null;
            List<String> finders = world.finders(payment.provider());
            if (terminal != null && payment.givenBackBefore() != null) {
                CommandRow refund = tx.command(payment.createdBy()).orElseThrow();
                return new Task.Call(job(tx, ProviderJob.GIVEN_BACK, refund, null, payment, terminal));
            }
            boolean unknown = payment.providerTransactionId() == null && candidate == null;
            if (terminal == null || !tells(terminal) || (unknown && finders.isEmpty())) {
                return new Task.BlindLook(paymentId);
            }
            CommandRow creator = tx.command(payment.createdBy()).orElseThrow();
            ProviderJob look = job(tx, "status", creator, null, payment, terminal);
            if (unknown) {
                return new Task.Search(look, due(finders, payment.looks()), payment.markedAt());
            }
            if (candidate == null) {
                return new Task.Call(look);
            }
            tx.candidateAsked(candidate, now);
            return new Task.Call(look.about(candidate.providerTransactionId()));
        });
    }

    /** The list of a day is long: it is read at the first look, and then less and less often. */
    private static List<String> due(List<String> finders, int looks) {
        boolean lists = Integer.bitCount(looks) == 1 || looks % 8 == 0;
        return finders.stream()
                .filter(finder -> lists || !finder.equals("date"))
                .toList();
    }

    /** Of the transactions that webhooks and searches named, the one whose turn it is; null when there is none to ask about. */
    private static @Nullable CandidateRow candidate(Tx tx, String paymentId) {
        return tx.candidates(paymentId).stream()
                .filter(CandidateRow::isOpen)
                .min(Comparator.comparing(CandidateRow::askedAt, Comparator.nullsFirst(Comparator.naturalOrder())))
                .orElse(null);
    }

    private ProviderJob job(
            Tx tx,
            String operation,
            CommandRow command,
            @Nullable String commandRow,
            @Nullable PaymentRow payment,
            Terminal terminal) {
        ObjectNode view = Json.object();
        view.put("operation", operation);
        JsonNode sent = Json.read(command.body());
        if (commandRow != null && command.body().contains(Confidential.STARS)) {
            tx.keptBack(commandRow).map(Json::read).ifPresent(kept -> ((ObjectNode) sent)
                    .withObject("/provider")
                    .setAll((ObjectNode) kept));
        }
        ObjectNode asked = view.putObject("command");
        for (String field : new String[] {"commandId", "amount", "reference", "returnUrl", "receipt", "provider"}) {
            asked.set(field, sent.get(field));
        }
        asked.put("type", command.type().wire());
        boolean starts = payment != null && payment.createdBy().equals(command.rowId());
        if (payment != null && starts) {
            // A refund without an amount gives back all that is left: the ledger knows how much that is.
            asked.putObject("amount").put("value", payment.requested()).put("currency", payment.currency());
        }
        Numbers numbers = starts && commandRow != null ? world.numbers(terminal, operation) : null;
        if (numbers != null) {
            // The mark takes it, if nobody has by then.
            Long before = tx.lane(terminal.device()).map(LaneRow::lastNumber).orElse(null);
            view.put("number", numbers.after(before)).put("numberBefore", before);
        }
        if (starts) {
            view.put("useKey", world.useKey(terminal, operation, sent));
        }
        view.set("payment", payment == null ? null : seen(payment));
        view.set(
                "original",
                payment == null || payment.refundOf() == null
                        ? null
                        : seen(tx.payment(payment.refundOf()).orElseThrow()));
        ObjectNode till = view.putObject("terminal");
        till.put("alias", terminal.alias());
        till.put("id", terminal.id());
        till.put("brand", terminal.brand());
        till.set("labels", Json.MAPPER.valueToTree(terminal.labels()));
        view.putObject("settings")
                .put("callbackUrl", payment == null ? null : world.callbackUrl(terminal.provider(), payment.id()))
                .put("test", world.test(terminal.provider()))
                .set("options", Json.MAPPER.valueToTree(world.options(terminal.provider())));
        return new ProviderJob(
                terminal.provider(), operation, commandRow, payment == null ? null : payment.id(), terminal, view);
    }

    /** A payment as mappings see it. */
    private static ObjectNode seen(PaymentRow payment) {
        ObjectNode seen = ResultWriter.payment(payment);
        seen.remove("receipts");
        seen.put("ownReference", payment.ownReference());
        seen.put("otherName", payment.otherName());
        seen.put("createdAt", payment.createdAt().toString());
        return seen;
    }
}
