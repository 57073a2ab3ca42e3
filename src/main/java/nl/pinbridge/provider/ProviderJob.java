package nl.pinbridge.provider;

import com.fasterxml.jackson.databind.node.ObjectNode;
import nl.pinbridge.config.Terminal;
import org.jspecify.annotations.Nullable;

/**
 * One piece of work for a provider route. It travels as the exchange property {@link #PROPERTY}; the route's body is its {@link #view}.
 *
 * @param provider the provider's folder name
 * @param operation what is to be done, an operation of the provider's folder, for example {@code create}
 * @param commandRow the ledger's id of the command that asks; null for a look that no command asked for
 * @param paymentId the payment at stake; null where there is none
 * @param terminal where it happens
 * @param view what mappings see: {@code {operation, command, payment, terminal, settings}}, without any secret but those that the command
 *     itself holds for the provider
 * @param candidate for a look at a transaction that only a webhook or a search named: the provider's answer shows whether it is the payment's; null
 *     otherwise
 */
public record ProviderJob(
        String provider,
        String operation,
        @Nullable String commandRow,
        @Nullable String paymentId,
        Terminal terminal,
        ObjectNode view,
        @Nullable String candidate) {

    public static final String PROPERTY = "pinbridge.job";

    /** The operation that reads how much was given back of a payment in all. */
    public static final String GIVEN_BACK = "transaction";

    public ProviderJob(
            String provider,
            String operation,
            @Nullable String commandRow,
            @Nullable String paymentId,
            Terminal terminal,
            ObjectNode view) {
        this(provider, operation, commandRow, paymentId, terminal, view, null);
    }

    /** The number by which the provider is to know the call; null where it wants none. */
    @Nullable
    Long number() {
        return view.path("number").isIntegralNumber() ? view.path("number").longValue() : null;
    }

    /** The last number on the device when this one was chosen; null where there was none. */
    @Nullable
    Long numberBefore() {
        return view.path("numberBefore").isIntegralNumber()
                ? view.path("numberBefore").longValue()
                : null;
    }

    /** What at most one payment may use, where this job uses such a thing: {@code provider:hash}; null where it does not. */
    @Nullable
    String useKey() {
        return view.path("useKey").textValue();
    }

    /** The same, asked in another way. */
    public ProviderJob by(String other) {
        return new ProviderJob(
                provider,
                other,
                commandRow,
                paymentId,
                terminal,
                view.deepCopy().put("operation", other),
                candidate);
    }

    /** The same look, at this transaction. */
    ProviderJob about(String transaction) {
        ObjectNode asked = view.deepCopy();
        asked.withObject("/payment").put("providerTransactionId", transaction);
        return new ProviderJob(provider, operation, commandRow, paymentId, terminal, asked, transaction);
    }
}
