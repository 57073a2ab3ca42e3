package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Bavindo's JSON, and Adyen's inside it (providers/bavindo.md §3 to §9). */
final class BavindoText {
    /** Where the details have Adyen's sum. */
    static final String AUTHORISED =
            "/adyen_response/SaleToPOIResponse/TransactionStatusResponse/RepeatedMessageResponse/RepeatedResponseMessageBody/PaymentResponse/PaymentResult/AmountsResp";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ZoneId HERE = ZoneId.of("Europe/Amsterdam");
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("dd/MM/uuuu", Locale.ROOT);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private BavindoText() {}

    private static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** What a create answers. */
    static ObjectNode created(Payment<BavindoOwn> payment) {
        return object().put("payment_id", payment.id()).put("event", BavindoOwn.RUNNING);
    }

    /** The details as they are told now. */
    static ObjectNode details(Payment<BavindoOwn> payment, BavindoSetup.Choices choices, Instant now) {
        BavindoOwn own = payment.own();
        ObjectNode told = object().put("payment_id", payment.id())
                .put("store_id", own.store().id())
                .put("terminal_id", payment.terminal())
                .put("pos_id", own.posId())
                .put("date", time(payment.createdAt()))
                .put("updated_date", time(own.updatedAt()));
        boolean shows =
                own.refundedAt() != null && !now.isBefore(own.refundedAt().plus(choices.refundShows()));
        told.putObject("payment_amount")
                .put("currency", "EUR")
                .put("amount", own.amount())
                .put("amount_tip", own.tip())
                .put("amount_total", own.amount() + own.tip())
                .put("amount_refunded", shows ? payment.moved().refunded() : 0);
        told.put("status", own.status()).put("payment_method", "ipp").put("synchronous_method", own.method());
        told.set("metadata", own.metadata());
        if (choices.adyenResponse() && now.isBefore(payment.createdAt().plus(48, ChronoUnit.HOURS))) {
            told.set("adyen_response", status(payment));
        } else {
            told.putNull("adyen_response");
        }
        ArrayNode logs = told.putArray("logs");
        logs.add(time(payment.createdAt()) + " Payment created");
        return told.put("environment", own.store().environment());
    }

    private static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static ObjectNode header(Payment<BavindoOwn> payment, String category, String service) {
        return object().put("MessageCategory", category)
                .put("MessageClass", "Service")
                .put("MessageType", "Response")
                .put("POIID", payment.terminal())
                .put("ProtocolVersion", "3.0")
                .put("SaleID", payment.own().posId())
                .put("ServiceID", service);
    }

    private static String service(Payment<BavindoOwn> payment) {
        return String.format(Locale.ROOT, "%08x", payment.sequence());
    }

    /** Adyen's answer to "how does this payment stand?". */
    private static ObjectNode status(Payment<BavindoOwn> payment) {
        ObjectNode root = object();
        ObjectNode response = root.putObject("SaleToPOIResponse");
        response.set("MessageHeader", header(payment, "TransactionStatus", "503aac7f"));
        ObjectNode status = response.putObject("TransactionStatusResponse");
        status.putObject("MessageReference")
                .put("MessageCategory", "Payment")
                .put("SaleID", payment.own().posId())
                .put("ServiceID", service(payment));
        if (payment.running()) {
            status.putObject("Response")
                    .put("Result", "Failure")
                    .put("ErrorCondition", "InProgress")
                    .put("AdditionalResponse", "message=Uncompleted%20transaction");
            return root;
        }
        ObjectNode repeated = status.putObject("RepeatedMessageResponse");
        repeated.set("MessageHeader", header(payment, "Payment", service(payment)));
        repeated.putObject("RepeatedResponseMessageBody").set("PaymentResponse", paymentResponse(payment));
        status.putObject("Response").put("Result", "Success");
        return root;
    }

    private static ObjectNode paymentResponse(Payment<BavindoOwn> payment) {
        BavindoOwn own = payment.own();
        boolean paid = payment.moved().paid() > 0;
        String condition = own.condition();
        ObjectNode response = object();
        String transaction = "oLkO0" + payment.sequence();
        response.putObject("POIData")
                .put("POIReconciliationID", "1000")
                .putObject("POITransactionID")
                .put("TimeStamp", time(payment.createdAt()))
                .put(
                        "TransactionID",
                        paid || "Refusal".equals(condition) ? transaction + ".PSP" + payment.sequence() : transaction);
        ArrayNode receipts = response.putArray("PaymentReceipt");
        receipts.add(receipt(payment, "CashierReceipt", "KOPIE WINKELIER"));
        receipts.add(receipt(payment, "CustomerReceipt", "KOPIE KLANT"));
        if (paid) {
            ObjectNode result = response.putObject("PaymentResult");
            result.putObject("AmountsResp")
                    .put("AuthorizedAmount", BigDecimal.valueOf(own.amount() + own.tip(), 2))
                    .put("Currency", "EUR");
            result.putObject("PaymentInstrumentData")
                    .putObject("CardData")
                    .put("MaskedPan", "541333 **** 9999")
                    .put("PaymentBrand", "mc");
        }
        ObjectNode told = response.putObject("Response");
        if (condition == null) {
            told.put("Result", "Success").put("AdditionalResponse", "tid=" + payment.sequence());
        } else {
            told.put("Result", "Failure")
                    .put("ErrorCondition", condition)
                    .put(
                            "AdditionalResponse",
                            "refusalReason=" + encoded(reason(condition)) + "&message=" + encoded(condition));
        }
        return response;
    }

    private static String reason(String condition) {
        return switch (condition) {
            case "Aborted" -> "104 Merchant cancelled tx";
            case "Cancel" -> "108 Shopper cancelled tx";
            case "Refusal" -> "199 Card declined";
            default -> condition;
        };
    }

    private static ObjectNode receipt(Payment<BavindoOwn> payment, String kind, String title) {
        ObjectNode receipt = object().put("DocumentQualifier", kind);
        ArrayNode lines =
                receipt.putObject("OutputContent").put("OutputFormat", "Text").putArray("OutputText");
        line(lines, "key=header1");
        line(lines, "name=" + encoded(title) + "&key=merchantTitle");
        line(lines, "key=filler");
        line(lines, "name=Datum&value=" + encoded(DAY.format(payment.createdAt().atZone(HERE))) + "&key=txdate");
        line(lines, "name=Tijd&value=" + encoded(TIME.format(payment.createdAt().atZone(HERE))) + "&key=txtime");
        line(lines, "name=Kaart&value=" + encoded("****9999") + "&key=pan");
        return receipt;
    }

    private static void line(ArrayNode lines, String text) {
        lines.addObject().put("EndOfLineFlag", true).put("Text", text);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static ObjectNode envelope(Payment<BavindoOwn> payment, String type, String event) {
        BavindoOwn own = payment.own();
        return object().put("event_type", type)
                .put("event", event)
                .put("payment_id", payment.id())
                .put("store_id", own.store().id())
                .put("terminal_id", payment.terminal())
                .put("pos_id", own.posId());
    }

    /**
     * The event webhook.
     *
     * @param lie failed for what is paid, paid for what failed
     * @param repeated true for Adyen's response inside a status response
     */
    static ObjectNode event(Payment<BavindoOwn> payment, boolean lie, boolean repeated) {
        BavindoOwn own = payment.own();
        boolean paid = own.status().equals(BavindoOwn.SUCCESS) != lie;
        String condition = own.condition() == null && !paid ? "Refusal" : own.condition();
        ObjectNode told = envelope(payment, "service.payment.response", paid ? BavindoOwn.SUCCESS : BavindoOwn.FAILURE);
        told.put("event_condition", paid || condition == null ? null : condition.toLowerCase(Locale.ROOT))
                .put("currency", "EUR")
                .put("amount", own.amount())
                .put("amount_tip", own.tip())
                .put("amount_total", own.amount() + own.tip());
        told.set("metadata", own.metadata());
        if (repeated) {
            told.set("adyen_payload", status(payment));
        } else {
            ObjectNode response = paymentResponse(payment);
            if (lie) {
                response.putObject("Response").put("Result", paid ? "Success" : "Failure");
            }
            told.putObject("adyen_payload").putObject("SaleToPOIResponse").set("PaymentResponse", response);
        }
        told.put("environment", own.store().environment());
        return Fields.put(told, payment.fields());
    }

    /** The display webhook. */
    static ObjectNode display(Payment<BavindoOwn> payment, String event) {
        ObjectNode told = envelope(payment, "device.display.request", event);
        told.set("metadata", payment.own().metadata());
        told.putObject("adyen_payload")
                .putObject("SaleToPOIRequest")
                .putObject("DisplayRequest")
                .putArray("DisplayOutput")
                .addObject()
                .put("Device", "CashierDisplay")
                .put("InfoQualify", "Status")
                .putObject("OutputContent")
                .put("OutputFormat", "MessageRef")
                .putObject("PredefinedContent")
                .put(
                        "ReferenceID",
                        "TransactionID=oLkO0" + payment.sequence() + "&TimeStamp=" + encoded(time(payment.createdAt()))
                                + "&event=" + event.toUpperCase(Locale.ROOT));
        return told.put("environment", payment.own().store().environment());
    }

    /** What a cancel and a refund answer. */
    static ObjectNode done(Payment<BavindoOwn> payment, String type, String event, @Nullable String condition) {
        return object().put("event_type", type)
                .put("event", event)
                .put("event_condition", condition)
                .put("payment_id", payment.id())
                .put("store_id", payment.own().store().id());
    }

    static ArrayNode terminals(Collection<String> ids) {
        ArrayNode list = JSON.createArrayNode();
        ids.forEach(id -> list.addObject().put("terminal_id", id).put("status", "initialised"));
        return list;
    }
}
