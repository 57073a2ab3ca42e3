package nl.pinbridge.intake;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import nl.pinbridge.config.Terminal;
import nl.pinbridge.contract.Amount;
import nl.pinbridge.contract.Command;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.contract.ContractSchema;
import nl.pinbridge.contract.ErrorCode;
import nl.pinbridge.contract.PaymentStatus;
import nl.pinbridge.contract.ResultError;
import nl.pinbridge.ledger.PaymentRow;
import nl.pinbridge.ledger.Refunds;
import nl.pinbridge.ledger.Reservations;
import nl.pinbridge.ledger.SingleUse;
import nl.pinbridge.ledger.Tx;
import nl.pinbridge.provider.ProviderFolder;
import org.jspecify.annotations.Nullable;

/** Judges a command that keeps to the schema against what the bridge knows: terminals, payments, what each provider can do. */
final class Admission {
    /** What the terminals of this version take; the schema knows all currencies, so that the refusal can name the reason. */
    private static final String CURRENCY = "EUR";

    private final Function<String, Optional<Terminal>> terminals;
    private final Intake.Capabilities capabilities;
    private final boolean refundUnknownSales;
    private final Map<String, SchemaReader> schemas = new ConcurrentHashMap<>();

    /**
     * @param refundUnknownSales may money be given back for a sale that the ledger does not know? Nobody can say then how much is left
     */
    Admission(
            Function<String, Optional<Terminal>> terminals,
            Intake.Capabilities capabilities,
            boolean refundUnknownSales) {
        this.terminals = terminals;
        this.capabilities = capabilities;
        this.refundUnknownSales = refundUnknownSales;
    }

    /**
     * What a command is about.
     *
     * @param terminal where it happens; null where it happens on none
     * @param payment the payment that it names; null where it names none or none is known
     * @param starts the amount of the payment or refund that is to start, minor units; null where none is
     * @param uses what at most one payment may use, and this one is to use; null where it uses nothing of the kind
     */
    record Admitted(
            @Nullable Terminal terminal,
            @Nullable PaymentRow payment,
            @Nullable Amount starts,
            @Nullable SingleUse uses) {
        Admitted(@Nullable Terminal terminal, @Nullable PaymentRow payment, @Nullable Amount starts) {
            this(terminal, payment, starts, null);
        }
    }

    /** A command that is refused. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient ResultError error;

        RefusedException(ResultError error) {
            super(error.message(), null, false, false);
            this.error = error;
        }

        ResultError error() {
            return error;
        }
    }

    Admitted judge(Tx tx, String sender, Command command) throws RefusedException {
        Terminal terminal = command.terminal() == null ? null : terminal(command.terminal());
        PaymentRow payment = command.payment() == null
                ? null
                : tx.paymentNamed(sender, command.payment()).orElse(null);
        keepsTheProvidersRules(command, terminal, payment);
        return switch (command.type()) {
            case PING, LIST_TERMINALS, TERMINAL_STATUS -> new Admitted(terminal, null, null);
            case CREATE, AUTHORISE -> create(command, required(terminal, "terminal"), euros(command));
            case REFUND ->
                payment == null ? refundOfUnknown(command, terminal) : refund(tx, command, terminal, payment);
            // A cancel for a key that was not seen stops the create that may still come.
            case CANCEL -> new Admitted(null, payment, null);
            case STATUS -> new Admitted(terminal, known(command, payment), null);
            case MAIL_RECEIPT -> mailReceipt(command, known(command, payment));
            case CTMP -> new Admitted(able(command, required(terminal, "terminal")), null, null);
            // Its days and terminals are judged where it is worked on, by the calendar of the business day.
            case RECONCILE -> new Admitted(null, null, null);
            case CAPTURE, VOID, APPROVE, DECLINE ->
                terminal != null && command.payment() == null
                        ? elsewhere(tx, command, terminal)
                        : change(command, payment);
        };
    }

    /** What the contract leaves to the provider, above all the command's provider object, is judged by the provider's own schema. */
    private void keepsTheProvidersRules(Command command, @Nullable Terminal named, @Nullable PaymentRow payment)
            throws RefusedException {
        Terminal terminal = named == null && payment != null
                ? terminals.apply(payment.terminal()).orElse(null)
                : named;
        ContractSchema schema = terminal == null ? null : capabilities.schema(terminal);
        if (terminal == null || schema == null) {
            return;
        }
        CommandScan.Problem problem = schemas.computeIfAbsent(
                        terminal.provider(),
                        name -> new SchemaReader(
                                schema, List.of("provider"), "is unknown to " + name + ": leave it out"))
                .firstOf((ObjectNode) command.json());
        if (problem != null) {
            throw new RefusedException(ResultError.field(
                    ErrorCode.INVALID, problem.field(), problem.field() + " " + problem.message() + "."));
        }
    }

    /** An authorisation that was made without the bridge is captured: that starts a payment, and can be done once. */
    private Admitted elsewhere(Tx tx, Command command, Terminal terminal) throws RefusedException {
        String operation = ProviderFolder.CAPTURE_ELSEWHERE;
        if (command.type() != CommandType.CAPTURE || !capabilities.offers(terminal, operation)) {
            throw new RefusedException(ResultError.field(
                    ErrorCode.NOT_SUPPORTED,
                    "terminal",
                    "Only a payment of this bridge can be captured at " + terminal.provider()
                            + ": name it in payment."));
        }
        Amount amount = euros(command);
        String key =
                required(capabilities.usedOnce(terminal, operation, command.json()), "what names the authorisation");
        SingleUse found = tx.lockUse(key);
        Optional<PaymentRow> user = Optional.ofNullable(found.usedBy())
                .flatMap(tx::payment)
                .filter(payment -> payment.status() != PaymentStatus.NOT_PAID);
        if (user.isPresent()) {
            throw new RefusedException(ResultError.field(
                    ErrorCode.NOT_ALLOWED_NOW,
                    "provider",
                    "This authorisation is captured once only, and another capture of it is "
                            + user.get().status() + ": nothing was started."));
        }
        return new Admitted(terminal, null, amount, found);
    }

    private Admitted create(Command command, Terminal terminal, Amount amount) throws RefusedException {
        able(command, terminal);
        if (amount.value() < capabilities.leastAmount(terminal)) {
            throw new RefusedException(ResultError.field(
                    ErrorCode.NOT_SUPPORTED,
                    "amount.value",
                    terminal.provider() + " takes no payment below " + capabilities.leastAmount(terminal)
                            + " (minor units of " + amount.currency() + "); nothing was started."));
        }
        return new Admitted(terminal, null, amount);
    }

    private Admitted refund(Tx tx, Command command, @Nullable Terminal named, PaymentRow payment)
            throws RefusedException {
        if (payment.kind() == PaymentRow.Kind.REFUND) {
            throw new RefusedException(ResultError.field(
                    ErrorCode.UNKNOWN_PAYMENT,
                    "payment",
                    "'" + command.payment() + "' is a refund: name the payment that is to be given back."));
        }
        Terminal terminal = able(command, named == null ? terminal(payment.terminal()) : named);
        if (!terminal.provider().equals(payment.provider())) {
            throw new RefusedException(ResultError.field(
                    ErrorCode.NOT_SUPPORTED,
                    "terminal",
                    "The payment ran at " + payment.provider() + " and terminal '" + terminal.alias() + "' belongs to "
                            + terminal.provider() + ": refund on a terminal of the same provider."));
        }
        Amount asked = command.amount() == null ? null : euros(command);
        if (asked != null && !asked.currency().equals(payment.currency())) {
            throw new RefusedException(ResultError.field(
                    ErrorCode.NOT_SUPPORTED,
                    "amount.currency",
                    "The payment was in " + payment.currency() + "; it can only be given back in that currency."));
        }
        Amount amount =
                asked != null ? asked : new Amount(Math.max(Refunds.left(tx, payment, null), 0), payment.currency());
        if (!payment.status().isOpen()) {
            Optional<ResultError> refusal = Refunds.refusal(tx, payment, amount.value(), null);
            if (refusal.isPresent()) {
                throw new RefusedException(refusal.get());
            }
            if (capabilities.refundsWhole(terminal)) {
                Optional<ResultError> part = Refunds.refusalOfPart(payment, amount.value());
                if (part.isPresent()) {
                    throw new RefusedException(part.get());
                }
            }
        }
        return new Admitted(terminal, payment, amount);
    }

    private Admitted refundOfUnknown(Command command, @Nullable Terminal terminal) throws RefusedException {
        if (!refundUnknownSales) {
            throw new RefusedException(unknownPayment(command));
        }
        if (terminal == null || command.amount() == null) {
            throw new RefusedException(ResultError.field(
                    ErrorCode.UNKNOWN_PAYMENT,
                    terminal == null ? "terminal" : "amount",
                    "No payment is known by '" + command.payment()
                            + "'. To refund a sale that the bridge did not see, name terminal and amount."));
        }
        return new Admitted(able(command, terminal), null, euros(command));
    }

    /**
     * A change of a payment that exists: whether it may be changed so is judged when the provider has been asked how it stands.
     */
    private Admitted change(Command command, @Nullable PaymentRow payment) throws RefusedException {
        PaymentRow known = known(command, payment);
        if (known.kind() == PaymentRow.Kind.REFUND) {
            throw new RefusedException(ResultError.field(
                    ErrorCode.UNKNOWN_PAYMENT,
                    "payment",
                    "'" + command.payment() + "' is a refund: there is nothing to "
                            + command.type().wire() + "."));
        }
        Amount asked = command.amount();
        if (asked != null && !asked.currency().equals(known.currency())) {
            throw new RefusedException(ResultError.field(
                    ErrorCode.NOT_SUPPORTED,
                    "amount.currency",
                    "The payment is in " + known.currency() + "; it can only be captured in that currency."));
        }
        able(command, terminal(known.terminal()));
        if (!known.status().isOpen()) {
            Optional<ResultError> refusal = Reservations.wrongState(command.type(), known);
            if (refusal.isPresent()) {
                throw new RefusedException(refusal.get());
            }
        }
        return new Admitted(null, known, null);
    }

    private Admitted mailReceipt(Command command, PaymentRow payment) throws RefusedException {
        Terminal terminal = terminals.apply(payment.terminal()).orElse(null);
        if (terminal != null) {
            able(command, terminal);
        }
        return new Admitted(null, payment, null);
    }

    private Terminal terminal(String alias) throws RefusedException {
        return terminals
                .apply(alias)
                .orElseThrow(() -> new RefusedException(ResultError.field(
                        ErrorCode.UNKNOWN_TERMINAL,
                        "terminal",
                        "There is no terminal '" + alias + "' in the terminal directory.")));
    }

    private static PaymentRow known(Command command, @Nullable PaymentRow payment) throws RefusedException {
        if (payment == null) {
            throw new RefusedException(unknownPayment(command));
        }
        return payment;
    }

    private static ResultError unknownPayment(Command command) {
        return ResultError.field(
                ErrorCode.UNKNOWN_PAYMENT,
                "payment",
                "No payment is known by '" + command.payment()
                        + "': name our payment id or the commandId that created it.");
    }

    private Terminal able(Command command, Terminal terminal) throws RefusedException {
        if (!capabilities.test(terminal, command.type())) {
            throw new RefusedException(ResultError.field(
                    ErrorCode.NOT_SUPPORTED,
                    "command",
                    "'" + command.type().wire() + "' is not supported on terminal '" + terminal.alias() + "' ("
                            + terminal.provider() + (terminal.brand() == null ? "" : ", " + terminal.brand()) + ")."));
        }
        return terminal;
    }

    private static Amount euros(Command command) throws RefusedException {
        Amount amount = required(command.amount(), "amount");
        if (!amount.currency().equals(CURRENCY)) {
            throw new RefusedException(ResultError.field(
                    ErrorCode.NOT_SUPPORTED,
                    "amount.currency",
                    "The terminal takes " + CURRENCY + " only, not " + amount.currency() + "."));
        }
        return amount;
    }

    private static <T> T required(@Nullable T value, String field) {
        if (value == null) {
            throw new IllegalStateException("A command without " + field + " passed the schema");
        }
        return value;
    }
}
