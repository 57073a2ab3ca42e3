package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** The JSON of the simulated PayProxy, after the samples of providers/ccv.md §A2 to §A5. */
final class PayProxyText {
    /** Stands for a second {@code status} until the text is written: an object holds a name once. */
    private static final String TWICE = "\u0001status";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxxx").withZone(ZoneId.of("Europe/Amsterdam"));

    private PayProxyText() {}

    /** The answer to a sale or a capture that is over. */
    static ObjectNode ended(Payment<PayProxyOwn> payment, Instant now, boolean doubled) {
        ObjectNode answer = JSON.createObjectNode();
        String word = payment.own().word().isEmpty() ? "SUCCESS" : payment.own().word();
        answer.put("status", word);
        boolean paid = payment.moved().paid() > 0 || word.equalsIgnoreCase("SUCCESS");
        boolean sale = payment.own().type().equals(PayProxyOwn.SALE);
        if (sale && paid) {
            answer.put("amount", major(payment.moved().paid()));
            answer.put("currency", "EUR");
            answer.put("card", "ECMC");
            // Not the number that was sent: as in the sample.
            answer.put("requestId", Long.toString(now.getEpochSecond()));
            answer.put("stan", "%08d".formatted(payment.sequence() % 100_000_000));
            if (doubled) {
                answer.put(TWICE, word);
            }
            answer.put("timestamp", TIME.format(now));
        }
        String title = paid ? "Akkoord" : "Niet akkoord";
        String amount = "EUR " + major(paid ? payment.moved().paid() : payment.amount());
        if (paid) {
            answer.put("customerReceipt", receipt("Kopie Kaarthouder", payment, title, amount));
            if (sale) {
                answer.put("merchantReceipt", receipt("Kopie Merchant", payment, title, amount));
            }
        }
        answer.put("journalReceipt", receipt("Kopie Merchant", payment, title, amount));
        answer.put(
                "eJournal",
                "<?xml version=\"1.0\"?>\n<E-Journal>\n<Result>" + word + "</Result>\n<Amount>" + amount
                        + "</Amount>\n</E-Journal>");
        return answer;
    }

    /** JSON in a JSON string. */
    private static String receipt(String head, Payment<PayProxyOwn> payment, String title, String amount) {
        ArrayNode lines = JSON.createArrayNode();
        lines.add(head)
                .add("")
                .add("******* PAS OP: TEST SYSTEEM *******")
                .add("Terminal: " + payment.terminal())
                .add("Trace: " + payment.sequence())
                .add("Bedrag: " + amount)
                .add(title);
        return lines.toString();
    }

    static ObjectNode state(String terminal, boolean busy) {
        ObjectNode answer = JSON.createObjectNode();
        answer.put("status", "SUCCESS");
        answer.put("terminalAction", "OK");
        answer.put("terminalId", terminal);
        answer.put("terminalState", busy ? "BUSY" : "IDLE");
        answer.put("journalReceipt", JSON.createArrayNode().add("Status").toString());
        return answer;
    }

    static ObjectNode display() {
        return JSON.createObjectNode()
                .put("text", "In progress")
                .put("textId", "C1345")
                .put("languageCode", "EN")
                .put("displayText", "One moment please");
    }

    static ObjectNode error(String why) {
        return JSON.createObjectNode().put("error", why);
    }

    static String major(long minor) {
        return BigDecimal.valueOf(minor, 2).toPlainString();
    }

    static boolean isDoubled(ObjectNode answer) {
        return answer.has(TWICE);
    }

    static void status(ObjectNode answer, String word) {
        answer.put("status", word);
        if (isDoubled(answer)) {
            answer.put(TWICE, word);
        }
    }

    /** The text as it goes over the wire: what stands twice stands there under its own name. */
    static String written(String text) {
        return text.replace("\"\\u0001status\"", "\"status\"");
    }
}
