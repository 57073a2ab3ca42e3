package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Pin Vandaag V2's answers, as the vendor's clients read them (providers/pinvandaag.md §9.3 and §9.4). */
final class PinVandaagV2Text {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PinVandaagV2Text() {}

    /** Only these two fields are known. */
    static ObjectNode started(Payment<PinVandaagOwn> payment) {
        return JSON.createObjectNode().put("status", PinVandaagText.STARTED).put("transaction_id", payment.id());
    }

    /** The status at the top is about the call, that of the transaction about the money. */
    static ObjectNode status(
            Payment<PinVandaagOwn> payment, PinVandaagV2Choices choices, Instant now, @Nullable Integer stops) {
        ObjectNode answer = JSON.createObjectNode().put("status", "success");
        ObjectNode row = row(payment, choices, now, stops);
        answer.set("transaction", row);
        if (payment.own().brand() == Brand.WORLDLINE) {
            ObjectNode worldline = answer.putObject("worldline")
                    .put("ssai", String.format(Locale.ROOT, "%08d", payment.sequence() % 100_000_000))
                    .putNull("ticket")
                    .put("errormsg", row.path("error_msg").asText())
                    .put("lastupdate", row.path("updated_at").asText());
            if (choices.worldline() == PinVandaagV2Choices.Worldline.WORLDLINE) {
                worldline.set("status", row.remove("status"));
            }
        }
        return answer;
    }

    static ObjectNode row(
            Payment<PinVandaagOwn> payment, PinVandaagV2Choices choices, Instant now, @Nullable Integer stops) {
        PinVandaagOwn own = payment.own();
        boolean ccv = own.brand() == Brand.CCV;
        Instant ended = own.endedAt();
        boolean printed = own.status().equals(PinVandaagText.SUCCESS)
                && ended != null
                && !now.isBefore(ended.plus(choices.receiptLate()));
        return JSON.createObjectNode()
                .put("id", payment.sequence() % 1_000_000)
                .put("status", own.status().equals(PinVandaagText.STARTED) ? choices.waiting() : own.status())
                .put("terminal", payment.terminal())
                .put("amount", payment.amount())
                .put("transaction_id", payment.id())
                .put("own_reference", Objects.requireNonNullElse(payment.ownReference(), ""))
                .put("which_api", ccv ? "CCV" : "Worldline")
                .put("created_at", PinVandaagText.time(payment.createdAt()))
                .put("updated_at", PinVandaagText.time(ended == null ? payment.createdAt() : ended))
                .put("callback_url", Objects.requireNonNullElse(own.callbackUrl(), ""))
                .put("payment_url", ccv && payment.running() ? PinVandaagText.paymentUrl(payment) : null)
                .put(
                        "receipt",
                        !printed
                                ? null
                                : ccv ? PinVandaagText.ccvReceipt(payment) : PinVandaagText.worldLineReceipt(payment))
                .put("incident_code", own.incidentCode())
                .put("error_msg", Objects.requireNonNullElse(own.errorMsg(), ""))
                .put("cancel_counter_ccv", ccv ? Objects.requireNonNullElse(stops, 0) : null);
    }

    static ObjectNode list(List<ObjectNode> rows, int limit, int page) {
        ObjectNode answer = JSON.createObjectNode()
                .put("status", "success")
                .put("message", "")
                .put("page", page)
                .put("limit", limit);
        ArrayNode list = answer.putArray("transactions");
        rows.forEach(list::add);
        return answer;
    }

    static ObjectNode done(String status, String message) {
        return JSON.createObjectNode().put("status", status).put("message", message);
    }

    /** The two shapes of an error that the vendor's client can read. */
    static ObjectNode error(String message) {
        return done("error", message);
    }

    static ObjectNode invalid(String field, String rule, String why) {
        ObjectNode answer = JSON.createObjectNode().put("status", "error");
        ObjectNode message = answer.putObject("message").put("error", "Validation failed");
        message.putObject("validation_errors").putObject(field).put(rule, why);
        return answer;
    }
}
