package nl.pinbridge.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import nl.pinbridge.contract.ContractSchema;
import nl.pinbridge.sandbox.Call;
import nl.pinbridge.sandbox.Charge;
import nl.pinbridge.sandbox.Sandbox;

/**
 * Holds what the back office was told against the sandbox's book: at most one charge a command, every command ended, the sum of what
 * is called paid equal to the sum of the charges less those that are with a person.
 */
final class Judge {
    private static final ContractSchema RESULTS = ContractSchema.ofResults();

    /** Commands of which a person has to find out whether they took money. */
    private static final Set<String> MAKERS = Set.of("create", "authorise", "capture", "approve", "decline");

    private static final Pattern ORDER = Pattern.compile("[0-9]{11}X[0-9a-f]{4}");

    /** PAY.'s, for reads only. */
    private static final List<String> OTHER_CORES =
            List.of("connect.payments.nl", "connect.achterelkebetaling.nl", "connect.premium-pay.nl");

    private final Office office;
    private final Sandbox sandbox;
    private final List<String> complaints = new ArrayList<>();
    private final Map<String, String> aliases = new HashMap<>();

    long toldPaid;
    long charged;
    long withPerson;
    long toldBack;
    long givenBack;
    long backWithPerson;
    long elsewhere;
    final Map<String, Long> chargedBy = new TreeMap<>();
    final Map<String, Long> givenBackBy = new TreeMap<>();

    Judge(Office office, Sandbox sandbox, List<Till.Place> places) {
        this.office = office;
        this.sandbox = sandbox;
        places.forEach(place -> aliases.put(place.id(), place.alias()));
    }

    /** What is wrong; empty when nothing is. */
    List<String> judge() {
        Map<String, JsonNode> payments = new HashMap<>();
        Set<String> attended = new HashSet<>();
        Map<String, String> refundTransactions = new HashMap<>();
        Set<String> refundsWithPerson = new HashSet<>();
        for (String key : office.keys()) {
            JsonNode result = office.best(key);
            if (result == null || !result.path("final").asBoolean()) {
                complaints.add(key + " has no final result: " + result);
                continue;
            }
            if (!RESULTS.validate(result).isEmpty()) {
                complaints.add(key + " breaks the contract: " + RESULTS.validate(result));
            }
            JsonNode payment = result.path("payment");
            if (payment.isObject()) {
                payments.merge(
                        payment.path("id").asText(),
                        payment,
                        (a, b) -> a.path("version").asInt() >= b.path("version").asInt() ? a : b);
            }
            String type = result.path("command").asText();
            boolean needsPerson = result.path("status").asText().equals("NEEDS_ATTENTION");
            if (MAKERS.contains(type) && needsPerson) {
                attended.add(payment.path("id").asText());
            }
            if (type.equals("refund")) {
                if (needsPerson) {
                    refundsWithPerson.add(key);
                    JsonNode asked = office.command(key).path("amount");
                    backWithPerson += asked.isObject()
                            ? asked.path("value").asLong()
                            : payment.at("/amounts/paid").asLong();
                } else if (result.path("status").asText().equals("SUCCEEDED")) {
                    // Money that goes back without the card stands in the book under the payment's own transaction.
                    boolean withoutCard =
                            office.command(key).at("/provider/withoutCard").asBoolean();
                    refundTransactions.put(
                            withoutCard
                                    ? ""
                                    : result.path("providerTransactionId").asText(""),
                            key);
                }
            }
            if (type.equals("cancel")) {
                judgeCancel(key, result, payment);
            }
        }
        judgePayments(payments, attended);
        judgeRefunds(payments, refundTransactions, refundsWithPerson);
        return complaints;
    }

    private void judgeCancel(String key, JsonNode result, JsonNode payment) {
        String status = result.path("status").asText();
        String code = result.at("/error/code").asText();
        if (status.equals("SUCCEEDED") && !payment.path("status").asText().equals("NOT_PAID")) {
            complaints.add(key + " says cancelled, and the payment is " + payment.path("status"));
        }
        if (code.equals("TOO_LATE")
                && payment.at("/amounts/paid").asLong() == 0
                && payment.at("/amounts/authorised").asLong() == 0) {
            complaints.add(key + " says too late, and nothing was paid");
        }
    }

    private void judgePayments(Map<String, JsonNode> payments, Set<String> attended) {
        Set<String> known = new HashSet<>();
        for (Charge charge : sandbox.book().charges()) {
            charged += charge.amount();
            chargedBy.merge(charge.provider(), charge.amount(), Long::sum);
            String reference = paymentOf(charge, payments, attended, known);
            if (!known.add(reference)) {
                complaints.add("DOUBLE CHARGE of " + reference);
            }
            if (!payments.containsKey(reference)) {
                complaints.add("A charge that nobody was told of: " + charge);
            } else if (attended.contains(reference) && taken(payments.get(reference)) == 0) {
                withPerson += charge.amount();
            }
        }
        payments.forEach((id, payment) -> {
            long paid = taken(payment);
            toldPaid += paid;
            String status = payment.path("status").asText();
            boolean isCharged = known.contains(id);
            if (status.equals("NOT_PAID") && isCharged) {
                complaints.add("SAID NOT PAID, AND CHARGED: " + payment);
            }
            if (paid > 0 && !isCharged) {
                complaints.add("SAID PAID, AND NOT CHARGED: " + payment);
            }
            if ((status.equals("OPEN") || status.equals("IN_DOUBT")) && !attended.contains(id)) {
                complaints.add("Left open and with nobody: " + payment);
            }
        });
        for (Shop shop : Shop.values()) {
            for (Call call : sandbox.calls().matching(shop.wire("cancel"), null, null, null)) {
                if (call.ownReference() != null && !payments.containsKey(call.ownReference())) {
                    complaints.add("A cancel hit what nobody cancelled: " + call);
                }
            }
        }
        for (String core : OTHER_CORES) {
            for (Call call : sandbox.calls().at(core)) {
                if (call.operation().equals("status")) {
                    elsewhere++;
                } else {
                    complaints.add("A call that may be made once went to another core: " + call);
                }
            }
        }
        if (toldPaid != charged - withPerson) {
            complaints.add("Told paid " + toldPaid + ", charged " + charged + " of which with a person " + withPerson);
        }
    }

    /**
     * The payment of ours that a charge is. A provider that takes no reference of ours knows it by the number of the call; where the
     * answer was lost, that is one that is with a person, at that terminal and of that amount.
     */
    private String paymentOf(Charge charge, Map<String, JsonNode> payments, Set<String> attended, Set<String> known) {
        String reference = String.valueOf(charge.ownReference());
        if (!charge.provider().equals(Shop.CCV_PAYPROXY.provider())) {
            return reference;
        }
        List<JsonNode> there = payments.values().stream()
                .filter(payment -> payment.path("terminal").asText().equals(aliases.get(charge.terminal())))
                .toList();
        return there.stream()
                .filter(payment ->
                        payment.path("providerTransactionId").asText("").equals(reference))
                .findFirst()
                .or(() -> there.stream()
                        .filter(payment -> payment.path("providerTransactionId").isNull())
                        .filter(payment -> payment.at("/amounts/requested").asLong() == charge.amount())
                        .filter(payment -> attended.contains(payment.path("id").asText())
                                && !known.contains(payment.path("id").asText()))
                        .findFirst())
                .map(payment -> payment.path("id").asText())
                .orElse(charge.terminal() + "/" + reference);
    }

    /** What was captured of a reservation is taken, whatever becomes of the rest. */
    private static long taken(JsonNode payment) {
        return Math.max(
                payment.at("/amounts/paid").asLong(),
                payment.at("/amounts/captured").asLong());
    }

    private void judgeRefunds(
            Map<String, JsonNode> payments, Map<String, String> transactions, Set<String> withPerson) {
        Set<String> booked = new HashSet<>();
        Set<String> references = new HashSet<>();
        for (Charge refund : sandbox.book().refunds()) {
            givenBack += refund.amount();
            givenBackBy.merge(refund.provider(), refund.amount(), Long::sum);
            if (refund.ownReference() != null && !references.add(refund.ownReference())) {
                complaints.add("GIVEN BACK TWICE: " + refund);
            }
            booked.add(refund.transactionId());
            if (!transactions.containsKey(refund.transactionId())
                    && !transactions.containsKey("")
                    && withPerson.isEmpty()) {
                complaints.add("Money went back that nobody was told of: " + refund);
            }
        }
        transactions.forEach((transaction, key) -> {
            // Of a refund without the card only the sum is known; PAY.'s older exchanges name a refund by its order,
            // the book by its id.
            if (!transaction.isEmpty() && !ORDER.matcher(transaction).matches() && !booked.contains(transaction)) {
                complaints.add(key + " says given back, and the book has no " + transaction);
            }
        });
        payments.forEach((id, payment) -> {
            long refunded = payment.at("/amounts/refunded").asLong();
            toldBack += refunded;
            if (refunded > payment.at("/amounts/paid").asLong()) {
                complaints.add("MORE BACK THAN PAID: " + payment);
            }
        });
        if (toldBack > givenBack || givenBack > toldBack + backWithPerson) {
            complaints.add(
                    "Told back " + toldBack + ", given back " + givenBack + ", with a person up to " + backWithPerson);
        }
    }
}
