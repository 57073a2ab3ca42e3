package nl.pinbridge.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import nl.pinbridge.contract.Json;
import picocli.CommandLine.Help.Ansi;

/** Turns the bridge's JSON into lines for people, and into one-line JSON for programs. */
final class HumanText {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter DATE_TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("EEEE yyyy-MM-dd", Locale.ENGLISH);
    private static final Set<String> GOOD = Set.of("SUCCEEDED", "PAID", "AUTHORISED", "REFUNDED", "PARTLY_REFUNDED");
    private static final Set<String> UNDERWAY = Set.of("WAITING", "STARTED", "IN_DOUBT", "OPEN");

    /** Plain ASCII: whatever the terminal's character set is, a program reads the same text. */
    private static final ObjectWriter ONE_LINE = Json.MAPPER.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);

    private final ZoneId zone;
    private final Ansi ansi;

    HumanText(ZoneId zone, Ansi ansi) {
        this.zone = zone;
        this.ansi = ansi;
    }

    static String oneLine(JsonNode node) {
        try {
            return ONE_LINE.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text of a field; empty where it is absent or null. Control characters, which could fool a terminal, become '?'. */
    static String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isMissingNode() || value.isNull() ? "" : clean(value.asText());
    }

    static String clean(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u0080-\\u009f\\u202a-\\u202e\\u2066-\\u2069]", "?");
    }

    String time(String instant) {
        return instant(instant).map(at -> TIME.format(at.atZone(zone))).orElse(instant);
    }

    String dateTime(String instant) {
        return instant(instant).map(at -> DATE_TIME.format(at.atZone(zone))).orElse(instant);
    }

    Optional<LocalDate> day(String instant) {
        return instant(instant).map(at -> at.atZone(zone).toLocalDate());
    }

    static String day(LocalDate day) {
        return DAY.format(day);
    }

    static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** A status padded to a width, in colour where wanted. */
    String status(String status, int width) {
        String style = GOOD.contains(status) ? "green" : UNDERWAY.contains(status) ? "yellow" : "red";
        String padding = " ".repeat(Math.max(0, width - status.length()));
        // Not as markup: a status is the other side's text, and '|@' in it must stay text.
        return ansi.enabled()
                ? Ansi.Style.on(Ansi.Style.parse(style)) + status + Ansi.Style.off(Ansi.Style.parse(style)) + padding
                : status + padding;
    }

    /** The money of a payment: {@code EUR 10,50 paid, EUR 5,00 refunded}; what was asked while nothing has moved. */
    static String money(JsonNode amounts) {
        if (!amounts.isObject()) {
            return "";
        }
        String currency = text(amounts, "currency");
        List<String> moved = new ArrayList<>();
        for (String kind : List.of("authorised", "paid", "captured", "refunded")) {
            long minor = amounts.path(kind).asLong();
            if (minor != 0) {
                moved.add(HumanAmount.show(minor, currency) + " " + kind);
            }
        }
        long tip = amounts.path("tip").asLong();
        if (tip != 0) {
            moved.add("with " + HumanAmount.show(tip, currency) + " tip");
        }
        return moved.isEmpty()
                ? HumanAmount.show(amounts.path("requested").asLong(), currency) + " asked"
                : String.join(", ", moved);
    }
}
