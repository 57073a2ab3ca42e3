package nl.pinbridge.reconciliation;

/** Amounts for people, from minor units with two decimals and without any floating point. */
final class Money {
    private Money() {}

    /** {@code 1234,50}, for spreadsheets. */
    static String plain(long cents, char decimal) {
        String digits = String.format("%03d", Math.abs(cents));
        return (cents < 0 ? "-" : "")
                + digits.substring(0, digits.length() - 2)
                + decimal
                + digits.substring(digits.length() - 2);
    }

    /** {@code 1.234,50}, as the Dutch write it. */
    static String dutch(long cents) {
        String plain = plain(cents, ',');
        StringBuilder text = new StringBuilder(plain);
        int stop = plain.startsWith("-") ? 1 : 0;
        for (int at = plain.length() - 6; at > stop; at -= 3) {
            text.insert(at, '.');
        }
        return text.toString();
    }
}
