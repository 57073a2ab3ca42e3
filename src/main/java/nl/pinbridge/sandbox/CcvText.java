package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How CCV writes transactions (providers/ccv.md B1 and B2, and its page on the status of a payment). */
final class CcvText {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyMMddHHmmssSSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    private CcvText() {}

    /** A reference: terminal transactions begin with TL; the rest holds the time, and is not to be parsed by anybody. */
    static String reference(long sequence, Instant now) {
        return "TL" + STAMP.format(now) + "CB" + Long.toString(sequence, 36).toUpperCase(Locale.ROOT) + ".S";
    }

    static String decimal(long minor) {
        return BigDecimal.valueOf(minor, 2).toPlainString();
    }

    static void amount(ObjectNode into, String field, long minor, boolean text) {
        if (text) {
            into.put(field, decimal(minor));
        } else {
            into.put(field, BigDecimal.valueOf(minor, 2));
        }
    }

    /** A transaction as it is told, whoever asks. */
    static ObjectNode transaction(Payment<CcvOwn> payment, CcvChoices choices, boolean withRelated) {
        CcvOwn.Order order = payment.own().order();
        CcvOwn.State state = payment.own().state();
        boolean done = state.status().equals(CcvOwn.SUCCESS);
        Instant last = Objects.requireNonNullElse(state.finalAt(), payment.createdAt());
        ObjectNode told = JSON.createObjectNode();
        if (order.original() != null) {
            told.put("originalReference", order.original());
        }
        told.put("lastUpdate", last.toEpochMilli());
        if (state.finalAt() != null) {
            told.put("statusFinalDate", last.toEpochMilli());
        }
        told.put("created", payment.createdAt().toEpochMilli()).put("entryMode", "instore");
        if (done) {
            told.put("brand", "maestro");
        }
        ObjectNode details = told.putObject("details");
        details.setAll(order.details());
        details.put("wakeUpType", "CLOUD_CONNECT");
        if (done) {
            details.put("maskedPan", "6799XXXXXXXXX5008")
                    .put("customerReceipt", receipt(payment, "Kopie Kaarthouder"))
                    .put("merchantReceipt", receipt(payment, "Kopie Merchant"))
                    .put("journalReceipt", receipt(payment, "Kopie Merchant"))
                    .put("eJournal", "<?xml version=\"1.0\"?>\n<E-Journal>\n</E-Journal>")
                    .put("printCustomerReceipt", true)
                    .put("askCustomerSignature", false)
                    .put("askCustomerIdentification", false)
                    .put("askMerchantSignature", false);
        }
        told.put("payUrl", "https://onlinepayments.ccv.eu/terminal/poll?reference=" + payment.id());
        amount(told, "amount", done ? charged(payment) : payment.amount(), choices.amountsAsText());
        told.put("description", description(payment, choices))
                .put("status", state.status())
                .put("reference", payment.id());
        if (order.merchantOrderReference() != null) {
            told.put("merchantOrderReference", order.merchantOrderReference());
        }
        told.put("method", "terminal")
                .put("type", order.type())
                .put("language", order.language())
                .put("currency", order.currency().toLowerCase(Locale.ROOT))
                .put("returnUrl", order.returnUrl());
        if (state.failure() != null) {
            told.put("failureCode", state.failure());
        }
        if (withRelated && (choices.related() || !state.related().isEmpty())) {
            ArrayNode related = told.putArray("relatedTransactions");
            state.related().forEach(each -> related.add(related(payment, each, choices)));
        }
        return told;
    }

    /** What the card was really charged, or given back. */
    private static long charged(Payment<CcvOwn> payment) {
        Moved moved = payment.moved();
        long whole = payment.refund() ? moved.refunded() : moved.authorised() > 0 ? moved.authorised() : moved.paid();
        return whole == 0 ? payment.amount() : whole;
    }

    private static @Nullable String description(Payment<CcvOwn> payment, CcvChoices choices) {
        return payment.refund() && choices.refundRepeats() == CcvChoices.Repeats.NOTHING
                ? "Refund of " + payment.own().order().original()
                : payment.own().order().description();
    }

    /** A capture or a reversal. */
    static ObjectNode related(Payment<CcvOwn> payment, CcvOwn.Related each, CcvChoices choices) {
        ObjectNode told = JSON.createObjectNode()
                .put("originalReference", payment.id())
                .put("lastUpdate", each.at().toEpochMilli())
                .put("created", each.at().toEpochMilli());
        if (payment.own().order().merchantOrderReference() != null) {
            told.put("merchantOrderReference", payment.own().order().merchantOrderReference());
        }
        told.putObject("details");
        amount(told, "amount", each.amount(), choices.amountsAsText());
        return told.put("reference", each.reference())
                .put("description", each.description())
                .put("status", CcvOwn.SUCCESS)
                .put("method", "terminal")
                .put("type", each.type())
                .put("language", payment.own().order().language())
                .put("currency", payment.own().order().currency().toLowerCase(Locale.ROOT));
    }

    /** JSON in a text. */
    private static String receipt(Payment<CcvOwn> payment, String head) {
        return JSON.createArrayNode()
                .add(head)
                .add("")
                .add("******* PAS OP: TEST SYSTEEM *******")
                .add("Terminal: " + payment.terminal())
                .add("Bedrag EUR " + decimal(payment.amount()).replace('.', ','))
                .toString();
    }

    /**
     * An error. Its reference is the error's own.
     *
     * @param number makes the reference
     * @param failure null for none
     * @param field what is wrong; null where it is no one field
     */
    static ObjectNode error(
            long number, String type, String message, @Nullable String failure, @Nullable String field) {
        ObjectNode told = JSON.createObjectNode()
                .put("type", type)
                .put("message", message)
                .put("reference", String.format(Locale.ROOT, "%08x", number & 0xffffffffL));
        if (failure != null) {
            told.put("failureCode", failure);
        }
        if (field != null) {
            told.put("field", field);
        }
        return told;
    }
}
