package nl.pinbridge.cli;

import java.util.Currency;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nl.pinbridge.contract.Amount;
import org.jspecify.annotations.Nullable;

/**
 * Amounts as people type and read them.
 *
 * <p>All decimals of the currency must be typed: {@code 1050} could be ten euros fifty in cents or a thousand and fifty euros, and
 * {@code 10.5} may be a slip of the keyboard. Thousands are never separated, so a comma and a point mean the same.
 */
final class HumanAmount {
    private static final Pattern TYPED = Pattern.compile("([0-9]{1,12})(?:[.,]([0-9]{1,12}))?");
    private static final Pattern CODE = Pattern.compile("[A-Z]{3}");

    private HumanAmount() {}

    /**
     * @param currency ISO 4217 code
     * @throws IllegalArgumentException with a sentence that says how to write it
     */
    static Amount parse(String text, String currency) {
        int decimals = decimals(currency);
        Matcher typed = TYPED.matcher(text);
        String fraction = typed.matches() && typed.group(2) != null ? typed.group(2) : "";
        if (!typed.matches() || fraction.length() != decimals) {
            throw new IllegalArgumentException("'" + text + "' is no amount in " + currency + ": write "
                    + (decimals == 0
                            ? "a whole number such as 1050."
                            : "all " + decimals + " decimals and no separator of thousands, such as 10."
                                    + "50000".substring(0, decimals) + "."));
        }
        return new Amount(Long.parseLong(typed.group(1) + fraction), currency);
    }

    /** For people: {@code EUR 10,50}. */
    static String show(long minor, String currency) {
        int decimals;
        try {
            decimals = decimals(currency);
        } catch (IllegalArgumentException e) {
            // An answer in a currency that this machine does not know is shown as it was sent.
            return currency + " " + minor + " (minor units)";
        }
        String digits = Long.toString(Math.abs(minor));
        String padded = "0".repeat(Math.max(0, decimals + 1 - digits.length())) + digits;
        int point = padded.length() - decimals;
        return currency + " " + (minor < 0 ? "-" : "") + padded.substring(0, point)
                + (decimals == 0 ? "" : "," + padded.substring(point));
    }

    private static int decimals(String currency) {
        if (CODE.matcher(currency).matches()) {
            try {
                int decimals = Currency.getInstance(currency).getDefaultFractionDigits();
                if (decimals >= 0) {
                    return decimals;
                }
            } catch (IllegalArgumentException e) {
                throw noCurrency(currency, e);
            }
        }
        throw noCurrency(currency, null);
    }

    private static IllegalArgumentException noCurrency(String currency, @Nullable Throwable cause) {
        return new IllegalArgumentException(
                "'" + currency + "' is no currency: write its ISO 4217 code, such as EUR.", cause);
    }
}
