package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Pin Vandaag V1's answers, field by field and in the order of the vendor's samples (providers/pinvandaag.md §3 to §7). */
final class PinVandaagText {
    static final String STARTED = "started";
    static final String SUCCESS = "success";
    static final String FAILED = "failed";

    /** The samples agree with Dutch local time; the vendor names no zone. */
    private static final ZoneId ZONE = ZoneId.of("Europe/Amsterdam");

    private static final DateTimeFormatter CREATED_AT = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter PRINTED = DateTimeFormatter.ofPattern("dd/MM/uuuu HH:mm", Locale.ROOT);
    private static final DateTimeFormatter IN_CCV_ID = DateTimeFormatter.ofPattern("uuMMddHHmmssSSS", Locale.ROOT);
    private static final String MASKED_CARD = "673703xxxxxxxxx5008";
    private static final ObjectMapper JSON = new ObjectMapper();

    private PinVandaagText() {}

    static String transactionId(Brand brand, long sequence, Instant at) {
        return switch (brand) {
            case WORLDLINE -> Long.toString(sequence);
            // The part in hexadecimal runs through all values before it repeats: an odd factor modulo 2^32.
            case CCV ->
                "TL" + IN_CCV_ID.format(at.atZone(ZONE))
                        + String.format(Locale.ROOT, "%08X", (sequence * 2_654_435_761L) & 0xFFFF_FFFFL) + ".1";
        };
    }

    static ObjectNode create(Payment<PinVandaagOwn> payment, boolean withPaymentUrl) {
        ObjectNode answer = head(payment);
        if (withPaymentUrl && payment.own().brand() == Brand.CCV) {
            answer.put("paymentUrl", paymentUrl(payment));
        }
        return answer.put("ownReference", payment.ownReference());
    }

    /** As in the sample: without {@code ownReference}, and with a {@code callbackUrl} that is always null. */
    static ObjectNode refund(Payment<PinVandaagOwn> refund) {
        return head(refund);
    }

    static ObjectNode cancelled() {
        return done("transaction has been cancelled");
    }

    /** The vendor's own spelling. */
    static ObjectNode ctmp() {
        return done("CTMP request has been send");
    }

    static ObjectNode mailed(String to) {
        return done("mail sent to " + to);
    }

    /** Reconstructed from the vendor's client; there is no sample. */
    static ObjectNode latest(Payment<PinVandaagOwn> payment) {
        ObjectNode status = status(payment);
        ObjectNode answer = JSON.createObjectNode().put("status", "success");
        ObjectNode data = answer.putObject("data");
        for (String field : List.of("transactionId", "status", "createdAt", "amount", "errorMsg", "receipt")) {
            data.set(field, status.path(field));
        }
        return answer;
    }

    /** A row of the list: as the status, without the receipts. */
    static ObjectNode listed(Payment<PinVandaagOwn> payment) {
        ObjectNode row = status(payment).putNull("receipt");
        row.remove("journalReceipt");
        return row;
    }

    static ObjectNode status(Payment<PinVandaagOwn> payment) {
        boolean success = payment.own().status().equals(SUCCESS);
        ObjectNode answer = head(payment);
        if (payment.own().brand() == Brand.CCV) {
            if (success) {
                return answer.putNull("paymentUrl")
                        .putNull("errorMsg")
                        .put("ownReference", payment.ownReference())
                        .put("receipt", ccvReceipt(payment))
                        .put("journalReceipt", ccvJournal(payment));
            }
            return answer.putNull("receipt")
                    .put("paymentUrl", paymentUrl(payment))
                    .put("errorMsg", payment.own().errorMsg())
                    .put("ownReference", payment.ownReference());
        }
        if (success) {
            return answer.putNull("incidentCode")
                    .putNull("errorMsg")
                    .put("ownReference", payment.ownReference())
                    .put("receipt", worldLineReceipt(payment));
        }
        return answer.putNull("receipt")
                .put("incidentCode", payment.own().incidentCode())
                .put("errorMsg", payment.own().errorMsg())
                .put("ownReference", payment.ownReference());
    }

    /** Fields and order of the documented sample, which has neither {@code errorMsg} nor {@code incidentCode}. */
    static ObjectNode webhook(Payment<PinVandaagOwn> payment) {
        return head(payment).putNull("paymentUrl").putNull("receipt").put("ownReference", payment.ownReference());
    }

    /** As the vendor's page prints it: the reference lacks its quotes, so that this is no JSON. */
    static String asPrinted(ObjectNode webhook) {
        return webhook.toPrettyString().replaceAll("(\"ownReference\" *: *)\"([^\"]*)\"", "$1$2");
    }

    private static ObjectNode done(String message) {
        return JSON.createObjectNode().put("status", "success").put("message", message);
    }

    /** V1 documents no error answers; this is the shape that the vendor's newer client reads from V2. */
    static ObjectNode error(String message) {
        return JSON.createObjectNode().put("status", "error").put("message", message);
    }

    static ObjectNode notFound() {
        return JSON.createObjectNode().put("status", "not_found").put("message", "transaction not found");
    }

    /** Euros in Dutch notation, from cents and without any rounding. */
    static String euros(long cents) {
        return cents / 100 + "," + String.format(Locale.ROOT, "%02d", cents % 100);
    }

    private static ObjectNode head(Payment<PinVandaagOwn> payment) {
        return JSON.createObjectNode()
                .put("transactionId", payment.id())
                .put("status", payment.own().status())
                .put("amount", payment.amount())
                .put("terminal", payment.terminal())
                .put("createdAt", time(payment.createdAt()))
                .put("callbackUrl", payment.own().callbackUrl());
    }

    static String paymentUrl(Payment<PinVandaagOwn> payment) {
        return "https://redirect.jforce.be/terminal/poll?reference=" + payment.id();
    }

    static String ccvReceipt(Payment<PinVandaagOwn> payment) {
        return ccvLines(List.of(
                " Kopie Kaarthouder",
                " ",
                "Terminal: CT695868 Merchant: 21830001 ",
                "Periode: 2162    Transactie: " + number(payment),
                "Token: " + token(payment) + "     ",
                "Contactloze betaling",
                " (A0000000043060)",
                "Kaart: " + MASKED_CARD,
                "Kaartnr: 03   ",
                " ",
                "BETALING",
                printed(payment) + "  Auth. code:  " + authorisation(payment),
                " ",
                "Totaal:   " + euros(payment.amount()) + " EUR",
                " ",
                "   AKKOORD"));
    }

    private static String ccvJournal(Payment<PinVandaagOwn> payment) {
        return ccvLines(List.of(
                "        JOURNAAL",
                " ",
                "Terminal: CT695868 Merchant: 21830001 ",
                "Periode: 2162    Transactie: " + number(payment),
                "Token: " + token(payment) + "     ",
                " (A0000000043060)",
                "Kaart: " + MASKED_CARD,
                "Kaartnr: 03   ",
                " ",
                "BETALING",
                printed(payment) + "  Auth. code:  " + authorisation(payment),
                " ",
                "Totaal:   " + euros(payment.amount()) + " EUR",
                "   AKKOORD",
                "ACQUIRER ID:  52800002",
                "TRANSACTION TREATMENT RES. 0000",
                " ================"));
    }

    static String worldLineReceipt(Payment<PinVandaagOwn> payment) {
        List<String> lines = List.of(
                "POI: " + payment.terminal(),
                "KLANTTICKET",
                "--------------------------------------",
                "Terminal:           CT695867",
                "Merchant:           21830001",
                "Periode:             2169",
                "Transactie:          " + number(payment),
                "Token:       " + token(payment),
                "",
                "",
                "Maestro",
                "(A0000000043060)",
                "Kaart:       " + MASKED_CARD,
                "Kaartserienummer:          3",
                "",
                payment.refund() ? "TERUGBETALING" : "BETALING",
                "Datum:        " + printed(payment),
                "Autorisatiecode:        " + authorisation(payment),
                "",
                "",
                "Totaal:            " + euros(payment.amount()) + " EUR",
                "",
                "Contactless",
                "Leesmethode: CHIP");
        ArrayNode pairs = JSON.createArrayNode();
        lines.forEach(line -> pairs.addArray().add(0).add(line + "\r"));
        pairs.addArray().add(0).add("");
        // The sample's inner text escapes slashes, as PHP does; that of the CCV sample does not.
        return pairs.toString().replace("/", "\\/");
    }

    private static String ccvLines(List<String> lines) {
        ArrayNode texts = JSON.createArrayNode();
        lines.forEach(texts::add);
        return texts.toString();
    }

    /** As both interfaces write times. */
    static String time(Instant at) {
        return CREATED_AT.format(at.atZone(ZONE));
    }

    private static String printed(Payment<PinVandaagOwn> payment) {
        return PRINTED.format(Objects.requireNonNullElse(payment.own().endedAt(), payment.createdAt())
                .atZone(ZONE));
    }

    private static String number(Payment<PinVandaagOwn> payment) {
        return String.format(Locale.ROOT, "%08d", payment.sequence() % 100_000_000);
    }

    private static String token(Payment<PinVandaagOwn> payment) {
        return "1009216" + String.format(Locale.ROOT, "%012d", payment.sequence());
    }

    private static String authorisation(Payment<PinVandaagOwn> payment) {
        return String.format(Locale.ROOT, "%06X", (payment.sequence() * 7_919) & 0xFF_FFFF);
    }
}
