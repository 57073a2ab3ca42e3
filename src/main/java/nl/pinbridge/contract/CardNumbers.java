package nl.pinbridge.contract;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds whole card numbers in text, so that none is ever kept. A number counts as one when it stands by itself (no letter or
 * digit touches it), bare or in groups with one kind of separator, has a length and first digits that card schemes use, and its
 * check digit is right. Most long numbers of other kinds are none: order numbers, times and dates fail one of these. A masked
 * number has too few digits to be one.
 */
public final class CardNumbers {
    private static final int SHORTEST = 14;
    private static final int LONGEST = 19;

    /** So many may stay. */
    private static final int LAST_DIGITS = 4;

    /** Between the groups of a printed number; the last three are spaces that do not break. */
    private static final String SEPARATORS = " -./_\t\u00a0\u2007\u202f";

    /** Where digits stand in a text, by position; both ends count as part of it. */
    private record Run(int from, int to) {}

    private CardNumbers() {}

    /** True when a whole card number stands in the text. */
    public static boolean isIn(@Nullable String text) {
        return text != null && !found(text).isEmpty();
    }

    /** The text with all but the last four digits of each whole card number written as {@code x}. */
    public static String masked(String text) {
        List<Run> found = found(text);
        if (found.isEmpty()) {
            return text;
        }
        StringBuilder clean = new StringBuilder(text);
        for (Run card : found) {
            int kept = 0;
            for (int i = card.to(); i >= card.from(); i--) {
                if (isDigit(text.charAt(i)) && kept++ >= LAST_DIGITS) {
                    clean.setCharAt(i, 'x');
                }
            }
        }
        return clean.toString();
    }

    private static List<Run> found(String text) {
        List<Run> cards = new ArrayList<>();
        List<Run> chain = new ArrayList<>();
        for (int i = 0; i < text.length(); ) {
            if (!isDigit(text.charAt(i))) {
                i++;
                continue;
            }
            int end = i;
            while (end + 1 < text.length() && isDigit(text.charAt(end + 1))) {
                end++;
            }
            Run run = new Run(i, end);
            if (!chain.isEmpty() && !follows(text, chain, run)) {
                // The last group may begin the next number: 1234 4111-1111-1111-1111.
                Run last = chain.get(chain.size() - 1);
                judge(text, chain, cards);
                chain.clear();
                if (isGap(text.substring(last.to() + 1, run.from()))) {
                    chain.add(last);
                }
            }
            chain.add(run);
            i = end + 1;
        }
        judge(text, chain, cards);
        return cards;
    }

    /** True when the run goes on where the chain ends, after the same separators as before. */
    private static boolean follows(String text, List<Run> chain, Run run) {
        Run last = chain.get(chain.size() - 1);
        String gap = text.substring(last.to() + 1, run.from());
        return isGap(gap)
                && (chain.size() < 2
                        || gap.equals(text.substring(chain.get(chain.size() - 2).to() + 1, last.from())));
    }

    /** One separator, or the same twice. */
    private static boolean isGap(String between) {
        return !between.isEmpty()
                && between.length() <= 2
                && SEPARATORS.indexOf(between.charAt(0)) >= 0
                && between.charAt(0) == between.charAt(between.length() - 1);
    }

    /** Other numbers may stand before and after a card number in the same row of groups, so every part of the row is tried. */
    private static void judge(String text, List<Run> chain, List<Run> cards) {
        int first = 0;
        while (first < chain.size()) {
            int next = first + 1;
            int count = 0;
            int longest = -1;
            for (int last = first; last < chain.size() && count <= LONGEST; last++) {
                count += chain.get(last).to() - chain.get(last).from() + 1;
                Run whole = new Run(chain.get(first).from(), chain.get(last).to());
                if (count >= SHORTEST && count <= LONGEST && isAlone(text, whole) && isCard(text, whole)) {
                    longest = last;
                }
            }
            if (longest >= 0) {
                cards.add(new Run(chain.get(first).from(), chain.get(longest).to()));
                next = longest + 1;
            }
            first = next;
        }
    }

    private static boolean isAlone(String text, Run run) {
        return (run.from() == 0 || !isWord(text.charAt(run.from() - 1)))
                && (run.to() + 1 == text.length() || !isWord(text.charAt(run.to() + 1)));
    }

    private static boolean isCard(String text, Run run) {
        StringBuilder digits = new StringBuilder(LONGEST);
        for (int i = run.from(); i <= run.to(); i++) {
            if (isDigit(text.charAt(i))) {
                digits.append(text.charAt(i));
            }
        }
        String number = digits.toString();
        return isScheme(number) && isChecked(number);
    }

    /**
     * First digits and lengths as the schemes publish them (ISO/IEC 7812). Left out are Visa's 13 digits and Maestro's 12 to 15:
     * they went out of use long ago, and article numbers look like them.
     */
    private static boolean isScheme(String number) {
        int length = number.length();
        int four = Integer.parseInt(number, 0, 4, 10);
        int two = four / 100;
        if (two == 34 || two == 37) {
            return length == 15;
        }
        if (two == 36 || two == 38 || two == 39 || (four >= 3000 && four <= 3059) || four == 3095) {
            return length == 14 || length >= 16;
        }
        if (four >= 3528 && four <= 3589) {
            return length >= 16;
        }
        if (number.charAt(0) == '4') {
            return length == 16 || length == 19;
        }
        if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) {
            return length == 16;
        }
        if (two == 50 || (two >= 56 && two <= 69)) {
            return length >= 16;
        }
        return false;
    }

    /** The check digit by Luhn's rule (ISO/IEC 7812-1, annex B). */
    private static boolean isChecked(String number) {
        int sum = 0;
        boolean twice = false;
        for (int i = number.length() - 1; i >= 0; i--) {
            int digit = number.charAt(i) - '0';
            int value = twice ? digit * 2 : digit;
            sum += value > 9 ? value - 9 : value;
            twice = !twice;
        }
        return sum % 10 == 0;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c);
    }
}
