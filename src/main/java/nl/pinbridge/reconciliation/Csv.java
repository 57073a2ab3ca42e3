package nl.pinbridge.reconciliation;

import java.io.IOException;
import java.io.Writer;
import org.jspecify.annotations.Nullable;

/**
 * Lines that a spreadsheet opens. A text that it could take for a formula gets an apostrophe before it: references come from
 * outside.
 */
final class Csv {
    private final Writer out;
    private final char separator;
    private final boolean decimalComma;
    private boolean first = true;

    Csv(Writer out, char separator, boolean decimalComma) {
        this.out = out;
        this.separator = separator;
        this.decimalComma = decimalComma;
    }

    Csv text(@Nullable String text) throws IOException {
        String safe = text == null ? "" : text;
        if (!safe.isEmpty() && "=+-@\t\r\n".indexOf(safe.charAt(0)) >= 0) {
            safe = "'" + safe;
        }
        boolean quote = safe.indexOf(separator) >= 0
                || safe.indexOf('"') >= 0
                || safe.indexOf('\n') >= 0
                || safe.indexOf('\r') >= 0;
        return cell(quote ? '"' + safe.replace("\"", "\"\"") + '"' : safe);
    }

    Csv number(long number) throws IOException {
        return cell(Long.toString(number));
    }

    /** An amount of minor units, exact to the cent; null is an empty cell. */
    Csv money(@Nullable Long cents) throws IOException {
        return cell(cents == null ? "" : Money.plain(cents, decimalComma ? ',' : '.'));
    }

    void end() throws IOException {
        out.write("\r\n");
        first = true;
    }

    private Csv cell(String text) throws IOException {
        if (!first) {
            out.write(separator);
        }
        first = false;
        out.write(text);
        return this;
    }
}
