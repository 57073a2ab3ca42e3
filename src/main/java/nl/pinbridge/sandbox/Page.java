package nl.pinbridge.sandbox;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The page for people: what the terminals are doing and what was really charged and given back. */
final class Page {
    private static final int ROWS = 50;

    private Page() {}

    static String of(Sandbox sandbox) {
        StringBuilder page = new StringBuilder(4_096);
        page.append(
                        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"2\">")
                .append("<title>PinBridge sandbox</title><style>")
                .append("body{font:15px system-ui,sans-serif;margin:2em auto;max-width:70em;padding:0 1em}")
                .append("table{border-collapse:collapse;width:100%;margin-bottom:2em}")
                .append(
                        "th,td{text-align:left;padding:.3em .6em;border-bottom:1px solid #ccc}td.n,th.n{text-align:right}")
                .append("</style></head><body><h1>Sandbox</h1>")
                .append("<p>A stand-in written from documentation. No card is charged here. Held answers: ")
                .append(sandbox.held())
                .append(". Scripts in force: ")
                .append(sandbox.faults().inForce().size())
                .append(".</p>");
        for (StandIn standIn : sandbox.standIns()) {
            table(
                    page,
                    "Terminals of " + standIn.name(),
                    List.of("Terminal", "Brand", "State", "Calls to its management host"),
                    standIn.terminals(),
                    state -> List.of(
                            state.id(),
                            orDash(state.brand()),
                            state.running() == 0 ? "free" : "customer busy",
                            Long.toString(state.ctmps())));
            table(
                    page,
                    "Payments and refunds that are not over, " + standIn.name(),
                    List.of("Terminal", "Transaction", "Reference", "Type", "Euros", "Since"),
                    newest(standIn.payments().stream()
                            .filter(Payment::running)
                            .map(payment -> (Payment<?>) payment)
                            .toList()),
                    payment -> List.of(
                            payment.terminal(),
                            payment.id(),
                            orDash(payment.ownReference()),
                            payment.type(),
                            euros(payment.amount()),
                            payment.createdAt().toString()));
        }
        book(page, "charges", sandbox.book().charges());
        book(page, "refunds", sandbox.book().refunds());
        List<Mail> mails = sandbox.outbox().all();
        table(
                page,
                "Receipts mailed: " + mails.size(),
                List.of("At", "Terminal", "Transaction", "To", "Subject"),
                newest(mails),
                mail -> List.of(
                        mail.at().toString(),
                        mail.terminal(),
                        mail.transactionId(),
                        mail.to(),
                        orDash(mail.subject())));
        List<Call> calls = sandbox.calls().all();
        table(
                page,
                "Calls: " + calls.size(),
                List.of("At", "Provider", "Operation", "Terminal", "Transaction", "Reference", "Answered"),
                newest(calls),
                call -> List.of(
                        call.at().toString(),
                        call.host() == null ? call.provider() : call.host(),
                        call.operation(),
                        orDash(call.terminal()),
                        orDash(call.transactionId()),
                        orDash(call.ownReference()),
                        call.answered()));
        return page.append("</body></html>").toString();
    }

    private static void book(StringBuilder page, String what, List<Charge> lines) {
        table(
                page,
                "Book: " + lines.size() + " " + what + ", "
                        + euros(lines.stream().mapToLong(Charge::amount).sum())
                        + " euros",
                List.of("At", "Terminal", "Transaction", "Reference", "Euros"),
                newest(lines),
                line -> List.of(
                        line.at().toString(),
                        line.terminal(),
                        line.transactionId(),
                        orDash(line.ownReference()),
                        euros(line.amount())));
    }

    private static <T> List<T> newest(List<T> all) {
        List<T> last = new ArrayList<>(all.subList(Math.max(0, all.size() - ROWS), all.size()));
        Collections.reverse(last);
        return last;
    }

    private static <T> void table(
            StringBuilder page, String title, List<String> heads, List<T> rows, Function<T, List<String>> cells) {
        page.append("<h2>").append(escaped(title)).append("</h2><table><tr>");
        heads.forEach(head -> page.append("<th>").append(head).append("</th>"));
        page.append("</tr>");
        for (T row : rows) {
            page.append("<tr>");
            cells.apply(row)
                    .forEach(cell -> page.append("<td>").append(escaped(cell)).append("</td>"));
            page.append("</tr>");
        }
        page.append("</table>");
    }

    /** Euros in Dutch notation, from cents and without any rounding. */
    private static String euros(long cents) {
        return cents / 100 + "," + String.format(Locale.ROOT, "%02d", cents % 100);
    }

    private static String orDash(@Nullable String text) {
        return text == null ? "-" : text;
    }

    /** References come from outside. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
