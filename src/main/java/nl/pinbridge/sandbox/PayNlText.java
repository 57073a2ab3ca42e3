package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** PAY.'s answers, field by field and in the order of the samples (providers/paynl.md §4.1, §5, §11, §13 and §14). */
final class PayNlText {
    private static final ZoneId ZONE = ZoneId.of("Europe/Amsterdam");
    private static final DateTimeFormatter ISO = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx", Locale.ROOT);
    private static final DateTimeFormatter ON_TICKET = DateTimeFormatter.ofPattern("dd/MM/uuuu HH:mm", Locale.ROOT);
    private static final DateTimeFormatter IN_LEGACY = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);
    private static final String MASKED_CARD = "679107xxxxxxxxx2449";
    private static final String CUSTOMER_KEY = "a6d9da63e3d54bf3f2f6dcd081ee0974";
    /** The expiry of the sample: 28 days after it was created. */
    private static final Duration EXPIRY = Duration.ofDays(28);

    private static final List<String> STATS =
            List.of("extra1", "extra2", "extra3", "tool", "info", "object", "promotorId", "domainId");
    private static final ObjectMapper JSON = new ObjectMapper();

    private PayNlText() {}

    /** Of two kinds, as they come: one begins with the seconds and a digit above 3, the newer one with a zero. */
    static String id(long sequence, Instant at) {
        String tail = String.format(Locale.ROOT, "%012x", sequence);
        if (sequence % 2 == 0) {
            return String.format(Locale.ROOT, "%08x-5114-8d75-136c-%s", at.getEpochSecond() & 0xFFFF_FFFFL, tail);
        }
        String millis = String.format(Locale.ROOT, "%012x", at.toEpochMilli() & 0xFFFF_FFFF_FFFFL);
        return millis.substring(0, 8) + "-" + millis.substring(8) + "-7c2d-b9ae-" + tail;
    }

    /** Eleven digits, an X and four hexadecimal ones. */
    static String orderId(long sequence) {
        return digits(sequence) + "X" + mark(sequence);
    }

    static String transactionCode(long sequence) {
        String twelve = String.format(Locale.ROOT, "%012d", 555_000_000_000L + sequence);
        return "EX-" + twelve.substring(0, 4) + "-" + twelve.substring(4, 8) + "-" + twelve.substring(8);
    }

    static String refundCode(long sequence, long number) {
        String twelve = String.format(Locale.ROOT, "%012d", (sequence * 10 + number) % 1_000_000_000_000L);
        return "RF-" + twelve.substring(0, 4) + "-" + twelve.substring(4, 8) + "-" + twelve.substring(8);
    }

    private static String digits(long sequence) {
        return Long.toString(51_000_000_000L + sequence);
    }

    private static String mark(long sequence) {
        return String.format(Locale.ROOT, "%04x", (sequence * 40_503) & 0xFFFF);
    }

    private static String uuid(long sequence) {
        String digits = digits(sequence);
        return String.format(
                Locale.ROOT,
                "ae8c%04x-%04x-%s-%s-%sa%s",
                sequence >> 16 & 0xFFFF,
                sequence & 0xFFFF,
                mark(sequence),
                digits.substring(0, 4),
                digits.substring(4),
                mark(sequence));
    }

    private static String transferCode(long sequence) {
        String all = "90000" + digits(sequence);
        return all.substring(0, 4) + " " + all.substring(4, 8) + " " + all.substring(8, 12) + " " + all.substring(12);
    }

    private static String paymentId(Payment<PayNlOwn> payment) {
        return String.format(
                Locale.ROOT,
                "%08x-5114-8389-203a-0%s",
                payment.createdAt().getEpochSecond() & 0xFFFF_FFFFL,
                digits(payment.sequence()));
    }

    static String iso(Instant at) {
        return ISO.format(at.truncatedTo(ChronoUnit.SECONDS).atZone(ZONE));
    }

    private static @Nullable String isoOrNull(@Nullable Instant at) {
        return at == null ? null : iso(at);
    }

    /** All of its fields, with what was sent of them. */
    static ObjectNode stats(JsonNode sent) {
        ObjectNode all = JSON.createObjectNode();
        STATS.forEach(name -> all.set(name, sent.path(name).isValueNode() ? sent.path(name) : all.nullNode()));
        return all;
    }

    /**
     * The order.
     *
     * @param code instead of the order's own status code; null for that
     * @param all true for somebody who has shown a login: without one the data of the payment in the store is missing
     * @param newer true with the fields that the sample of a pin payment lacks
     */
    static ObjectNode order(Payment<PayNlOwn> payment, @Nullable Integer code, boolean all, boolean newer) {
        PayNlOwn.Order order = payment.own().order();
        PayNlOwn.State state = payment.own().state();
        boolean supplied = state.supplied();
        Moved money = payment.moved();
        boolean paid = supplied && money.authorised() + money.paid() + money.refunded() > 0;
        String key = paid ? (all ? CUSTOMER_KEY : "a6d9************************0974") : null;
        ObjectNode node = JSON.createObjectNode()
                .put("id", payment.id())
                .put("type", payment.refund() ? "credit" : "sale")
                .put("serviceId", order.serviceId())
                .put("description", order.description())
                .put("reference", payment.ownReference())
                .put("manualTransferCode", transferCode(payment.sequence()))
                .put("orderId", orderId(payment.sequence()))
                .put("uuid", uuid(payment.sequence()))
                .putNull("customerKey");
        node.set("status", status(state, code));
        node.put("receipt", paid ? receipt(payment) : null);
        node.putObject("integration")
                .put("pointOfInteraction", order.pointOfInteraction())
                .put("test", order.test());
        if (newer) {
            node.set("stats", order.stats().deepCopy());
            node.set("transferData", order.transferData().deepCopy());
        }
        node.set("amount", amount(payment.amount()));
        if (newer) {
            moved(node, payment);
        }
        node.putNull("checkoutData");
        ObjectNode one = node.putArray("payments").addObject().put("id", paymentId(payment));
        ObjectNode method = one.putObject("paymentMethod").put("id", order.method());
        method.putObject("input").put("terminalCode", payment.terminal()).putNull("terminalPin");
        one.putNull("customerType").put("customerKey", key).put("customerId", paid && all ? MASKED_CARD : null);
        one.putNull("customerName");
        if (newer) {
            one.putNull("customerMethod");
        }
        one.putNull("ipAddress").put("secureStatus", false).put("paymentVerificationMethod", paid ? 17 : 0);
        one.set("status", status(state, code));
        one.set("currencyAmount", amount(payment.amount()));
        one.set("amount", amount(payment.amount()));
        if (newer) {
            moved(one, payment);
        }
        one.set("supplierData", supplied && all ? supplierData(payment, paid) : one.nullNode());
        links(
                node.put("createdAt", iso(payment.createdAt()))
                        .put("createdBy", order.createdBy())
                        .put("modifiedAt", iso(Objects.requireNonNullElse(state.modifiedAt(), payment.createdAt())))
                        .putNull("modifiedBy")
                        .put(
                                "expiresAt",
                                order.expiresAt() == null
                                        ? iso(payment.createdAt().plus(EXPIRY))
                                        : order.expiresAt())
                        .put("completedAt", newer ? isoOrNull(state.completedAt()) : null)
                        .putObject("links"),
                payment,
                newer);
        return Fields.put(node, payment.fields());
    }

    private static ObjectNode status(PayNlOwn.State state, @Nullable Integer code) {
        int told = code == null ? state.code() : code;
        String action = code == null && state.action() != null ? state.action() : PayNlCodes.action(told);
        return JSON.createObjectNode().put("code", told).put("action", action);
    }

    static ObjectNode amount(long cents) {
        return JSON.createObjectNode().put("value", cents).put("currency", "EUR");
    }

    private static void moved(ObjectNode node, Payment<PayNlOwn> payment) {
        Moved moved = payment.moved();
        node.set("authorizedAmount", amount(moved.authorised()));
        node.set("capturedAmount", amount(payment.refund() ? moved.refunded() : moved.paid()));
    }

    private static void links(ObjectNode links, Payment<PayNlOwn> payment, boolean newer) {
        String order = payment.own().order().coreUrl() + "/v1/orders/" + payment.id();
        for (String name : List.of("status", "abort", "approve", "decline", "void", "capture")) {
            links.put(name, order + "/" + name);
        }
        if (newer) {
            links.put("captureAmount", order + "/capture/amount")
                    .put("captureProducts", order + "/capture/products")
                    .put("debug", order + "/debug");
        }
        String checkout = "https://checkout.pay.nl/to/payment/" + paymentId(payment);
        links.put("checkout", checkout).put("redirect", checkout);
    }

    private static String receipt(Payment<PayNlOwn> payment) {
        ArrayNode lines = JSON.createArrayNode();
        List.of(
                        " Customer's receipt",
                        " ",
                        "  Jasper's Bedrijf  ",
                        " ",
                        "Terminal: 8XDN6L",
                        "Merchant: 618088",
                        "Maestro",
                        "Kaart: " + MASKED_CARD,
                        payment.refund() ? "TERUGBETALING" : "BETALING",
                        onTicket(payment),
                        "Autorisatiecode: " + authorisation(payment),
                        "Totaal: " + payment.amount() / 100 + ","
                                + String.format(Locale.ROOT, "%02d", payment.amount() % 100) + " EUR",
                        "AKKOORD")
                .forEach(lines::add);
        return Base64.getEncoder().encodeToString(lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String onTicket(Payment<PayNlOwn> payment) {
        return ON_TICKET.format(Objects.requireNonNullElse(payment.own().state().modifiedAt(), payment.createdAt())
                .atZone(ZONE));
    }

    private static String authorisation(Payment<PayNlOwn> payment) {
        return String.format(Locale.ROOT, "F%05d", payment.sequence() % 100_000);
    }

    private static ObjectNode supplierData(Payment<PayNlOwn> payment, boolean paid) {
        String incident = payment.own().state().incident();
        ObjectNode data = JSON.createObjectNode()
                .put("incident_code", incident)
                .put("incident_text", incident == null ? null : PayNlCodes.incidentText(incident))
                .put("authorization_code", paid ? authorisation(payment) : null)
                .put("signature", false);
        if (!paid) {
            return data.putNull("ticket_data");
        }
        ObjectNode ticket = data.putObject("ticket_data")
                .put("shop_logo", "")
                .put("shop_location", "")
                .put("terminal", "8XDN6L")
                .put("merchant", "618088")
                .put("period", "5164")
                .put("transaction", String.format(Locale.ROOT, "%08d", payment.sequence() % 100_000_000))
                .put("card_brand_label_name", "Maestro")
                .put("application_identifier", "A0000000043060")
                .put("issuer_label_name", "MAESTRO")
                .put("formatted_card_number", MASKED_CARD)
                .put("card_number", MASKED_CARD)
                .put("card_sequence_number", "00")
                .putNull("valid_thru")
                .put("cardholder_name_extended", "")
                .putNull("cardholder_name")
                .put("service_identifier", payment.refund() ? "TERUGBETALING" : "BETALING (Contactloze betaling)")
                .put("date_time", onTicket(payment))
                .put("authorization_code", authorisation(payment))
                .put("merchant_reference", transferCode(payment.sequence()))
                .put("acquirer_zone", "")
                .put("transaction_amount", payment.amount())
                .put("transaction_currency", "EUR")
                .put("dcc_exchange_rate_information", "")
                .putNull("dcc_billing_amount");
        for (String empty : List.of(
                "cardholder_billing_currency_name",
                "dcc_label_1",
                "dcc_value_1",
                "dcc_label_2",
                "dcc_value_2",
                "reading_mode_text",
                "pin_status_text",
                "signature_label_text",
                "legal_id",
                "dcc_disclaimer",
                "ticket_footer_line_1",
                "ticket_footer_line_2")) {
            ticket.put(empty, "");
        }
        return data;
    }

    /** The shape of errors at {@code connect.pay.nl}. */
    static ObjectNode error(String code, String title, String detail) {
        return JSON.createObjectNode()
                .put("type", "https://developer.pay.nl/docs/error-codes")
                .put("code", code)
                .put("title", title)
                .put("detail", detail);
    }

    static ObjectNode violation(String path, String message) {
        ObjectNode error = error("PAY-1400", "Foute aanvraag", "");
        error.putArray("violations")
                .addObject()
                .put("propertyPath", path)
                .put("message", message)
                .put("code", "PAY-1400");
        return error;
    }

    /** The shape of errors at {@code rest.pay.nl}. */
    static ObjectNode restError(String code, String message) {
        ObjectNode error = JSON.createObjectNode();
        error.putObject("errors").putObject("general").put("code", code).put("message", message);
        return error;
    }

    /**
     * The answer to a refund without a card; no real one was found, the fields are those that two official clients read.
     *
     * @param amount of this refund, minor units
     */
    static ObjectNode refunded(
            Payment<PayNlOwn> payment, long amount, @Nullable String description, long number, String by, Instant now) {
        ObjectNode answer = JSON.createObjectNode()
                .put("orderId", orderId(payment.sequence()))
                .put("transactionId", transactionCode(payment.sequence()))
                .put("description", description)
                .put(
                        "processDate",
                        iso(now.atZone(ZONE).truncatedTo(ChronoUnit.DAYS).toInstant()));
        answer.set("amount", amount(payment.amount()));
        answer.set("amountRefunded", amount(amount));
        ObjectNode one = answer.putArray("refundedTransactions").addObject();
        one.set("amountRefunded", amount(amount));
        one.putObject("refund").put("id", refundCode(payment.sequence(), number));
        one.put("createdAt", iso(now)).put("createdBy", by);
        return answer.put("createdAt", iso(now)).put("createdBy", by);
    }

    /** A transaction as {@code rest.pay.nl} tells of it. */
    static ObjectNode transaction(Payment<PayNlOwn> payment) {
        ObjectNode answer = JSON.createObjectNode()
                .put("id", transactionCode(payment.sequence()))
                .put("orderId", orderId(payment.sequence()))
                .put("serviceCode", payment.own().order().serviceId())
                .put("reference", payment.ownReference());
        answer.set("status", status(payment.own().state(), null));
        answer.set("amount", amount(payment.amount()));
        answer.set("amountConverted", amount(payment.amount()));
        answer.set("amountPaid", amount(payment.moved().paid()));
        answer.set("amountRefunded", amount(payment.moved().refunded()));
        answer.putObject("paymentMethod").put("id", payment.own().order().method());
        return Fields.put(
                answer.put("createdAt", iso(payment.createdAt()))
                        .put(
                                "modifiedAt",
                                iso(Objects.requireNonNullElse(
                                        payment.own().state().modifiedAt(), payment.createdAt()))),
                payment.fields());
    }

    static ObjectNode terminal(PayNlSetup.Terminal terminal, String service) {
        ObjectNode node = JSON.createObjectNode()
                .put("code", terminal.code())
                .put("name", "Terminal " + terminal.code())
                .put("attribution", "PAY.nl* CompanyName")
                .put("status", "ACTIVE")
                .put("connectionStatus", terminal.connected() ? "ONLINE" : "UNKNOWN");
        node.putObject("merchant")
                .put("code", "M-3421-2120")
                .put("status", "ACTIVE")
                .put("name", "CompanyName")
                .put("incorporationCountry", "NL");
        node.putObject("service")
                .put("code", service)
                .put("status", "ACTIVE")
                .put("name", "Shop")
                .put("mcc", 5992);
        node.put("terminalType", "SIMULATED").put("ecrProtocol", "PAY");
        ArrayNode types = node.putArray("paymentTypes").add("PAYMENT");
        if (terminal.refunds()) {
            types.add("REFUND");
        }
        return node;
    }

    /** {@code {event, type, version, id, object}}. */
    static ObjectNode exchange(ObjectNode order) {
        ObjectNode body = JSON.createObjectNode()
                .put("event", "status_changed")
                .put("type", "order")
                .put("version", 1)
                .put("id", order.path("id").asText());
        body.set("object", order);
        return body;
    }

    /** The flat fields of the single core, all of them texts, the amount in euros. */
    static ObjectNode legacy(Payment<PayNlOwn> payment, String action, long cents) {
        PayNlOwn.Order order = payment.own().order();
        ObjectNode stats = order.stats();
        Instant ended = Objects.requireNonNullElse(payment.own().state().modifiedAt(), payment.createdAt());
        return JSON.createObjectNode()
                .put("action", action)
                .put("pincode", "")
                .put("website_location_id", "1")
                .put("website_id", "1")
                .put("program_id", "202521")
                .put("promotor_id", stats.path("promotorId").asText(""))
                .put("tool", text(stats, "tool"))
                .put("info", text(stats, "info"))
                .put("object", text(stats, "object"))
                .put("domain_id", "0")
                .put("ip_address", "10.11.12.13")
                .put("amount", euros(cents))
                .put("extra1", text(stats, "extra1"))
                .put("extra2", text(stats, "extra2"))
                .put("extra3", text(stats, "extra3"))
                .put("secret", "")
                .put("enduser_id", "0")
                .put("payment_session_id", orderId(payment.sequence()))
                .put("payment_profile_id", Integer.toString(order.method()))
                .put("product_id", "")
                .put("payment_method_id", "4")
                .put("starttime", IN_LEGACY.format(payment.createdAt().atZone(ZONE)))
                .put("stoptime", IN_LEGACY.format(ended.atZone(ZONE)))
                .put("customer_id", "")
                .put("order_id", orderId(payment.sequence()))
                .put("customer_key", "a6d9**********************0974")
                .put("country_id", "")
                .put("country_code", "NL");
    }

    private static String text(ObjectNode stats, String name) {
        return stats.path(name).isNull() ? "" : stats.path(name).asText("");
    }

    /** Euros with a point, without zeros at the end, as in the sample's {@code 0.1}; from cents and without any rounding. */
    static String euros(long cents) {
        String decimals = String.format(Locale.ROOT, "%02d", cents % 100).replaceAll("0+$", "");
        return cents / 100 + (decimals.isEmpty() ? "" : "." + decimals);
    }
}
