package nl.pinbridge.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The known name that a misspelt one was probably meant to be. */
final class DidYouMean {
    private DidYouMean() {}

    /** The nearest of the known names; empty when none is near. */
    static Optional<String> of(String wrong, Collection<String> known) {
        // A fifth of the letters may differ: more would suggest another setting rather than the same one spelt right.
        int allowed = Math.max(2, Math.min(5, wrong.length() / 5));
        record Near(String name, int distance) {}
        return known.stream()
                .map(name -> new Near(name, distance(wrong, name)))
                .filter(near -> near.distance() <= allowed)
                .min(Comparator.comparingInt(Near::distance).thenComparing(Near::name))
                .map(Near::name);
    }

    /** " Did you mean …?", or nothing. */
    static String sentence(String wrong, Collection<String> known) {
        return of(wrong, known).map(name -> " Did you mean " + name + "?").orElse("");
    }

    /** Levenshtein's distance with swaps of neighbours, two rows back at most. */
    private static int distance(String a, String b) {
        int[] before = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(last[j - 1] + change, Math.min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], before[j - 2] + 1);
                }
            }
            before = last;
            last = row;
        }
        return last[b.length()];
    }
}
