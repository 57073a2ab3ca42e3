package nl.pinbridge.config;

/**
 * One thing wrong with what an operator wrote.
 *
 * @param source where it stands: a file, with a line where known, {@code environment} or {@code -D}
 * @param key the setting or the path in the file, for example {@code terminals.till-1.provider}
 * @param sentence what is wrong and what to write instead; never the value of a secret
 */
public record Complaint(String source, String key, String sentence) {
    @Override
    public String toString() {
        return key.isEmpty() ? source + ": " + sentence : source + ": " + key + ": " + sentence;
    }
}
