package nl.pinbridge.sandbox;

import java.util.Locale;

/**
 * A terminal that the sandbox knows.
 *
 * @param id the provider's terminal id
 * @param key the API key that belongs to it; never shown
 * @param brand which back end it pretends to be
 */
public record SandboxTerminal(String id, String key, Brand brand) {
    public SandboxTerminal {
        if (id.isBlank() || key.isBlank()) {
            throw new IllegalArgumentException("a terminal needs an id and a key");
        }
    }

    /**
     * Reads {@code id:key:BRAND}; the key may hold colons.
     *
     * @throws IllegalArgumentException with a sentence for the person who typed it; it does not repeat the key
     */
    public static SandboxTerminal parse(String text) {
        int first = text.indexOf(':');
        int last = text.lastIndexOf(':');
        if (first < 1 || last <= first + 1) {
            throw new IllegalArgumentException("a terminal is written as id:key:BRAND");
        }
        String brand = text.substring(last + 1).trim().toUpperCase(Locale.ROOT);
        for (Brand known : Brand.values()) {
            if (known.name().equals(brand)) {
                return new SandboxTerminal(text.substring(0, first).trim(), text.substring(first + 1, last), known);
            }
        }
        throw new IllegalArgumentException(
                "the brand of terminal " + text.substring(0, first) + " must be CCV or WORLDLINE");
    }

    @Override
    public String toString() {
        return "SandboxTerminal[id=" + id + ", brand=" + brand + "]";
    }
}
