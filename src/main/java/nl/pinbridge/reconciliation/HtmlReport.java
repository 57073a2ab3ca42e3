package nl.pinbridge.reconciliation;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import nl.pinbridge.contract.Json;
import nl.pinbridge.ledger.ReconciliationItems.Item;
import nl.pinbridge.ledger.ReconciliationTx.Feed;

/** A day on one page, which needs nothing from anywhere else: no script, no style sheet, no picture. */
final class HtmlReport {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("dd-MM-uuuu", Locale.ROOT);
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("dd-MM-uuuu HH:mm", Locale.ROOT);
    private static final int TERMINALS_SHOWN = 40;
    private static final String STYLE =
            """
            :root{color-scheme:light dark;--line:#8884;--in:#2f6f9f;--bad:#c2410c;--good:#15803d}
            body{font:15px/1.45 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}
            h1{font-size:1.6rem;margin:0}h2{font-size:1.15rem;margin:2.2rem 0 .5rem}
            .sub{opacity:.75;margin:.2rem 0 1.2rem}
            table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
            th,td{text-align:left;padding:.28rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
            td{overflow-wrap:break-word}
            td[data-h=Transaction],td[data-h="Our payment"]{overflow-wrap:anywhere}td:first-child{min-width:6.5rem}th{font-weight:600}
            .n{text-align:right;white-space:nowrap;overflow-wrap:normal}.good{color:var(--good)}
            .sum{display:flex;flex-wrap:wrap;gap:.8rem;align-items:stretch;margin:1rem 0}
            .sum div{border:1px solid var(--line);border-radius:.5rem;padding:.6rem 1rem}
            .sum b{display:block;font-size:1.35rem}.sum .op{border:0;font-size:1.5rem;padding:.7rem 0}
            .verdict{border-left:.4rem solid var(--good);padding:.5rem .9rem;margin:1rem 0;background:#15803d18}
            .verdict.bad{border-color:var(--bad);background:#c2410c18}
            .warn{border-left:.4rem solid var(--bad);padding:.5rem .9rem;margin:1rem 0;background:#c2410c18}
            svg{width:100%;height:auto;display:block}svg text{fill:currentColor;font:11px system-ui,sans-serif}
            .bar{fill:var(--in)}.bad{fill:var(--bad)}.wide{overflow-x:auto}.hash{overflow-wrap:anywhere}
            @media(max-width:45rem){body{margin:1rem auto}.wide svg.hours{min-width:44rem}.sum{gap:.3rem}
            .sum div{flex:1 1 100%}.sum .op{padding:0 1rem}.sum b{font-size:1.15rem}
            thead,.spare{display:none}tr{display:block;border-bottom:2px solid var(--line);padding:.4rem 0}
            td,td.n{display:flex;gap:.8rem;border:0;text-align:left;white-space:normal;padding:.1rem 0}
            td::before{content:attr(data-h);flex:0 0 7rem;opacity:.7}td:empty{display:none}}
            @page{size:A4 landscape;margin:12mm}
            @media print{:root{color-scheme:light}body{margin:0;max-width:none;padding:0;font-size:11px}.wide{overflow:visible}
            tr,svg,.sum,.verdict,.warn{break-inside:avoid}h2{break-after:avoid}
            *{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
            """;

    private HtmlReport() {}

    /** What the charts show, gathered row by row. */
    static final class Charts {
        private final Instant from;
        private final ZoneId zone;
        private final long[] hours;
        private final long[] exceptionsByHour;
        private final Map<String, long[]> terminals = new TreeMap<>();
        private final String currency;
        private boolean others;

        /** @param currency of all sums; money in another is counted as a row and not added up */
        Charts(Instant from, Instant to, ZoneId zone, String currency) {
            this.from = from;
            this.currency = currency;
            this.zone = zone;
            int count =
                    (int) Math.max(1, Duration.between(from, to).plusMinutes(59).toHours());
            hours = new long[count];
            exceptionsByHour = new long[count];
        }

        void add(Instant at, String terminal, JsonNode theirSide, JsonNode ourSide, boolean exception) {
            long theirs = sum(theirSide);
            long ours = sum(ourSide);
            int hour = (int) Math.max(
                    0, Math.min(hours.length - 1, Duration.between(from, at).toHours()));
            hours[hour] += theirs;
            exceptionsByHour[hour] += exception ? 1 : 0;
            long[] sums = terminals.computeIfAbsent(terminal, first -> new long[4]);
            sums[0]++;
            sums[1] += theirs;
            sums[2] += ours;
            sums[3] += exception ? 1 : 0;
        }

        private long sum(JsonNode side) {
            if (!side.isObject() || side.path("currency").asText().equals(currency)) {
                return side.path("amount").asLong();
            }
            others = true;
            return 0;
        }

        String label(int hour) {
            ZonedDateTime at = from.plus(Duration.ofHours(hour)).atZone(zone);
            return String.format(Locale.ROOT, "%02d", at.getHour());
        }
    }

    static String of(
            JsonNode header,
            JsonNode trailer,
            Charts charts,
            List<JsonNode> exceptions,
            List<Item> older,
            List<Feed> month) {
        StringBuilder page = new StringBuilder(32_768);
        LocalDate day = LocalDate.parse(header.path("businessDay").asText());
        String title = "Reconciliation " + header.path("provider").asText() + " " + DAY.format(day)
                + (header.path("dayOver").asBoolean() ? "" : " (provisional)");
        page.append("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">")
                .append(
                        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">")
                .append("<title>")
                .append(escaped(title))
                .append("</title><style>")
                .append(STYLE)
                .append("</style></head><body>");
        head(page, header, title, charts.zone);
        totals(page, trailer);
        gaps(page, header);
        hours(page, charts);
        terminals(page, charts);
        exceptions(page, trailer, exceptions);
        older(page, older, day);
        closed(page, trailer.path("explainedFromEarlierDays"));
        month(page, month);
        page.append(
                        "<h2>What this proves, and what not</h2><p>Every transaction that the provider lists and every payment in the ")
                .append(
                        "ledger is in this day once, and the totals add up to the cent. It proves transactions, not money in ")
                .append(
                        "the bank: fees, batches and payouts are not in the provider's list.</p><p class=\"sub hash\">Rows ")
                .append(escaped(trailer.path("rowsHash").asText()))
                .append("<br>List ")
                .append(escaped(header.path("listHash").asText()))
                .append("<br>Routes ")
                .append(escaped(header.path("routeFingerprint").asText()))
                .append("</p></body></html>\n");
        return page.toString();
    }

    private static void head(StringBuilder page, JsonNode header, String title, ZoneId zone) {
        page.append("<h1>")
                .append(escaped(title))
                .append("</h1><p class=\"sub\">Version ")
                .append(header.path("version").asInt());
        if (!header.path("replacesVersion").isNull()) {
            page.append(", replaces version ")
                    .append(header.path("replacesVersion").asInt());
        }
        page.append(" · from ")
                .append(moment(header.path("from").asText(), zone))
                .append(" to ")
                .append(moment(header.path("to").asText(), zone))
                .append(" (")
                .append(escaped(zone.getId()))
                .append(") · as of ")
                .append(moment(header.path("asOf").asText(), zone))
                .append(" · ")
                .append(header.path("pagesRead").asInt())
                .append(" pages read</p>");
        if (!header.path("dayOver").asBoolean()) {
            page.append(
                    "<p class=\"warn\"><b>Provisional.</b> This day was not over when it was read; the night's version replaces it.</p>");
        }
    }

    private static void totals(StringBuilder page, JsonNode trailer) {
        for (JsonNode line : trailer.path("identity")) {
            page.append("<div class=\"sum\"><div>Provider<b>")
                    .append(money(
                            line.path("providerTotal").asLong(),
                            line.path("currency").asText()))
                    .append("</b></div><div class=\"op\">=</div><div>Ledger<b>")
                    .append(money(
                            line.path("ledgerTotal").asLong(),
                            line.path("currency").asText()))
                    .append("</b></div><div class=\"op\">+</div><div>Listed exceptions<b>")
                    .append(money(
                            line.path("exceptionsTotal").asLong(),
                            line.path("currency").asText()))
                    .append("</b></div></div>");
        }
        long exceptions = trailer.path("exceptions").asLong();
        long explained = trailer.path("explained").asLong();
        page.append("<p class=\"verdict")
                .append(exceptions == explained ? "" : " bad")
                .append("\">")
                .append(count(trailer.path("rows").asLong(), "row"))
                .append(", ")
                .append(count(trailer.path("matched").asLong()))
                .append(" matched without remark, <b>")
                .append(exceptions == 0 ? "no exceptions" : count(exceptions, "exception"))
                .append("</b>")
                .append(explained == 0 ? "" : ", " + count(explained) + " of them explained")
                .append(".</p>");
    }

    private static void gaps(StringBuilder page, JsonNode header) {
        JsonNode gaps = header.path("terminals").path("notCovered");
        if (gaps.isEmpty()) {
            return;
        }
        page.append("<div class=\"warn\"><b>Terminals that are not in this day</b><ul>");
        gaps.forEach(gap -> page.append("<li>")
                .append(escaped(gap.path("terminal").asText()))
                .append(": ")
                .append(escaped(gap.path("reason").asText()))
                .append("</li>"));
        page.append("</ul></div>");
    }

    private static void hours(StringBuilder page, Charts charts) {
        long most = 1;
        for (long sum : charts.hours) {
            most = Math.max(most, Math.abs(sum));
        }
        int count = charts.hours.length;
        int width = 960;
        int step = width / count;
        page.append(
                "<h2>Per hour, as the provider lists it</h2><div class=\"wide\"><svg class=\"hours\" viewBox=\"0 0 960 190\" role=\"img\" aria-label=\"Money per hour\">");
        for (int hour = 0; hour < count; hour++) {
            long height = Math.abs(charts.hours[hour]) * 140 / most;
            int x = hour * step;
            page.append("<g><title>")
                    .append(charts.label(hour))
                    .append(":00 ")
                    .append(Money.dutch(charts.hours[hour]))
                    .append(", exceptions ")
                    .append(charts.exceptionsByHour[hour])
                    .append("</title><rect class=\"bar\" x=\"")
                    .append(x + 3)
                    .append("\" y=\"")
                    .append(160 - height)
                    .append("\" width=\"")
                    .append(step - 6)
                    .append("\" height=\"")
                    .append(height)
                    .append("\"/>");
            if (charts.exceptionsByHour[hour] > 0) {
                page.append("<circle class=\"bad\" cx=\"")
                        .append(x + step / 2)
                        .append("\" cy=\"")
                        .append(Math.max(8, 152 - height))
                        .append("\" r=\"5\"/>");
            }
            page.append("<text x=\"")
                    .append(x + step / 2)
                    .append("\" y=\"178\" text-anchor=\"middle\">")
                    .append(charts.label(hour))
                    .append("</text></g>");
        }
        page.append(
                        "<line x1=\"0\" y1=\"160.5\" x2=\"960\" y2=\"160.5\" stroke=\"currentColor\" stroke-opacity=\".3\"/>")
                .append("<text x=\"960\" y=\"12\" text-anchor=\"end\">highest ")
                .append(Money.dutch(most))
                .append("; a dot marks hours with exceptions</text></svg></div>");
    }

    private static void terminals(StringBuilder page, Charts charts) {
        List<Map.Entry<String, long[]>> all = new ArrayList<>(charts.terminals.entrySet());
        all.sort(Comparator.comparingLong((Map.Entry<String, long[]> entry) -> -Math.abs(entry.getValue()[1])));
        List<Map.Entry<String, long[]>> shown = all.subList(0, Math.min(TERMINALS_SHOWN, all.size()));
        long most = shown.stream()
                .mapToLong(entry -> Math.abs(entry.getValue()[1]))
                .max()
                .orElse(1);
        page.append("<h2>Per terminal</h2>");
        if (charts.others) {
            page.append("<p class=\"sub\">Here and per hour only ")
                    .append(escaped(charts.currency))
                    .append(" is added up.</p>");
        }
        Grid grid = new Grid("Terminal", "#Rows", "#Provider", "#Ledger", "#Exceptions", "-");
        for (Map.Entry<String, long[]> entry : shown) {
            long[] sums = entry.getValue();
            grid.row(
                    escaped(entry.getKey()),
                    count(sums[0]),
                    Money.dutch(sums[1]),
                    Money.dutch(sums[2]),
                    count(sums[3]),
                    "<svg viewBox=\"0 0 300 14\" preserveAspectRatio=\"none\"><rect class=\"bar\" y=\"2\" height=\"10\" width=\""
                            + Math.abs(sums[1]) * 300 / Math.max(1, most) + "\"/></svg>");
        }
        grid.writeTo(page);
        if (all.size() > shown.size()) {
            page.append("<p class=\"sub\">and ")
                    .append(all.size() - shown.size())
                    .append(" more; all are in the CSV file.</p>");
        }
    }

    private static void exceptions(StringBuilder page, JsonNode trailer, List<JsonNode> exceptions) {
        page.append("<h2>Exceptions, most money first</h2>");
        if (exceptions.isEmpty()) {
            page.append("<p>None.</p>");
            return;
        }
        Grid grid = new Grid(
                "Class", "#Difference", "Terminal", "#Time", "Transaction", "Our payment", "Provider", "Ledger");
        for (JsonNode row : exceptions) {
            String payment = row.path("paymentId").isNull()
                    ? ""
                    : "<div>" + escaped(row.path("reference").asText("")) + "<br><small>"
                            + escaped(row.path("paymentId").asText()) + "</small></div>";
            grid.row(
                    "<div>" + escaped(row.path("exception").asText()) + "<br><small>"
                            + escaped(row.path("reason").asText("")) + "</small>" + explained(row.path("explained"))
                            + "</div>",
                    difference(
                            row.path("difference").asLong(),
                            row.path("currency").asText()),
                    escaped(row.path("terminal").asText("")),
                    time(row.path("createdLocal").asText()),
                    escaped(row.path("providerTransactionId").asText("")),
                    payment,
                    side(row.path("theirs")),
                    side(row.path("ours")));
        }
        grid.writeTo(page);
        long all = trailer.path("exceptions").asLong();
        if (all > exceptions.size()) {
            page.append("<p class=\"sub\">and ")
                    .append(count(all - exceptions.size()))
                    .append(" more; all are in the CSV file.</p>");
        }
    }

    private static void older(StringBuilder page, List<Item> older, LocalDate day) {
        if (older.isEmpty()) {
            return;
        }
        page.append("<h2>Still open from earlier days</h2>");
        Grid grid = new Grid("Day", "#Days open", "Class", "#Difference", "Terminal", "Why");
        for (Item item : older) {
            grid.row(
                    DAY.format(item.businessDay()),
                    count(item.businessDay().datesUntil(day).count()),
                    escaped(item.kind()),
                    difference(item.difference(), item.currency()),
                    escaped(String.valueOf(item.terminal())),
                    escaped(item.text()));
        }
        grid.writeTo(page);
    }

    private static void closed(StringBuilder page, JsonNode closed) {
        if (closed.isEmpty()) {
            return;
        }
        page.append("<h2>Of earlier days, explained on this day</h2>");
        Grid grid = new Grid("Day", "Class", "#Difference", "Terminal", "Explained");
        for (JsonNode item : closed) {
            grid.row(
                    DAY.format(LocalDate.parse(item.path("businessDay").asText())),
                    escaped(item.path("exception").asText()),
                    difference(
                            item.path("difference").asLong(),
                            item.path("currency").asText()),
                    escaped(item.path("terminal").asText("")),
                    escaped(item.path("by").asText() + ": " + item.path("why").asText()));
        }
        grid.writeTo(page);
    }

    /** A table that becomes one card for each row on a narrow screen. */
    private static final class Grid {
        private final String[] heads;
        private final StringBuilder rows = new StringBuilder();

        /** @param heads a number's begins with {@code #}; {@code -} is a column that only decorates */
        Grid(String... heads) {
            this.heads = heads;
        }

        void row(String... cells) {
            rows.append("<tr>");
            for (int i = 0; i < cells.length; i++) {
                rows.append("<td").append(kind(heads[i]));
                if (!heads[i].equals("-")) {
                    rows.append(" data-h=\"").append(name(heads[i])).append('"');
                }
                rows.append('>').append(cells[i]).append("</td>");
            }
            rows.append("</tr>");
        }

        private static String kind(String head) {
            return head.startsWith("#")
                    ? " class=\"n\""
                    : head.equals("-") ? " class=\"spare\" style=\"width:35%\"" : "";
        }

        private static String name(String head) {
            return head.startsWith("#") ? head.substring(1) : head.equals("-") ? "" : head;
        }

        void writeTo(StringBuilder page) {
            page.append("<div class=\"wide\"><table><thead><tr>");
            for (String head : heads) {
                page.append("<th")
                        .append(kind(head))
                        .append('>')
                        .append(name(head))
                        .append("</th>");
            }
            page.append("</tr></thead><tbody>").append(rows).append("</tbody></table></div>");
        }
    }

    private static String explained(JsonNode explained) {
        return explained.isObject()
                ? "<br><small class=\"good\">Explained by "
                        + escaped(explained.path("by").asText()) + ": "
                        + escaped(explained.path("why").asText()) + "</small>"
                : "";
    }

    private static void month(StringBuilder page, List<Feed> month) {
        page.append("<h2>Month to date</h2>");
        Grid grid = new Grid("Day", "#Version", "#Rows", "#Provider", "#Ledger", "#Exceptions", "#Count");
        Map<String, long[]> sums = new TreeMap<>();
        for (Feed feed : month) {
            JsonNode trailer = Json.read(feed.trailer());
            for (JsonNode line : trailer.path("identity")) {
                String currency = line.path("currency").asText();
                long[] sum = sums.computeIfAbsent(currency, first -> new long[3]);
                sum[0] += line.path("providerTotal").asLong();
                sum[1] += line.path("ledgerTotal").asLong();
                sum[2] += line.path("exceptionsTotal").asLong();
                grid.row(
                        DAY.format(feed.businessDay()) + (feed.dayOver() ? "" : " (provisional)"),
                        count(feed.version()),
                        count(trailer.path("rows").asLong()),
                        money(line.path("providerTotal").asLong(), currency),
                        money(line.path("ledgerTotal").asLong(), currency),
                        money(line.path("exceptionsTotal").asLong(), currency),
                        count(trailer.path("exceptions").asLong()));
            }
        }
        sums.forEach((currency, sum) -> grid.row(
                "<b>Month</b>", "", "", money(sum[0], currency), money(sum[1], currency), money(sum[2], currency), ""));
        grid.writeTo(page);
    }

    private static String difference(long cents, String currency) {
        return currency.equals("EUR") ? Money.dutch(cents) : escaped(currency) + " " + Money.dutch(cents);
    }

    /** The time alone: the day stands above. The provider's own text where it has another form. */
    private static String time(String local) {
        return local.matches("[0-9-]{10} [0-9:]{8}") ? local.substring(11) : escaped(local);
    }

    private static String side(JsonNode side) {
        return side.isNull()
                ? "–"
                : "<div>" + escaped(side.path("status").asText()) + "<br>"
                        + difference(
                                side.path("amount").asLong(),
                                side.path("currency").asText()) + "</div>";
    }

    private static String money(long cents, String currency) {
        return (currency.equals("EUR") ? "€ " : escaped(currency) + " ") + Money.dutch(cents);
    }

    private static String count(long number) {
        String digits = Long.toString(number);
        StringBuilder text = new StringBuilder(digits);
        for (int at = digits.length() - 3; at > 0; at -= 3) {
            text.insert(at, '.');
        }
        return text.toString();
    }

    private static String count(long number, String what) {
        return count(number) + " " + what + (number == 1 ? "" : "s");
    }

    private static String moment(String instant, ZoneId zone) {
        return MOMENT.format(Instant.parse(instant).atZone(zone));
    }

    /** References and statuses come from outside. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
