package nl.pinbridge.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fills in {@code {{env:NAME}}} and {@code {{file:/path}}}, so that a secret need not stand in a file that people share.
 *
 * <p>What is filled in is taken as it is: a placeholder inside it stays text.
 */
public final class Placeholders {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(.*?)}}", Pattern.DOTALL);
    private static final long LARGEST_FILE = 64 * 1024;

    private final Path home;
    private final Map<String, String> env;

    /**
     * @param home where relative paths start
     */
    public Placeholders(Path home, Map<String, String> env) {
        this.home = home;
        this.env = Map.copyOf(env);
    }

    /**
     * The text with every placeholder filled in.
     *
     * @throws IllegalArgumentException with a sentence for the operator, when one cannot be
     */
    public String resolve(String text) {
        return resolve(text, false);
    }

    /** As {@link #resolve(String)}, but leaves placeholders of other kinds for whoever reads the value next. */
    String resolveOwn(String text) {
        return resolve(text, true);
    }

    private String resolve(String text, boolean leaveOthers) {
        Matcher matcher = PLACEHOLDER.matcher(text);
        StringBuilder filled = new StringBuilder();
        while (matcher.find()) {
            String inner = matcher.group(1).strip();
            String value;
            if (inner.startsWith("env:")) {
                value = variable(inner.substring(4).strip());
            } else if (inner.startsWith("file:")) {
                value = content(inner.substring(5).strip());
            } else if (leaveOthers) {
                value = matcher.group();
            } else {
                throw new IllegalArgumentException(
                        "has a placeholder that is neither {{env:NAME}} nor {{file:/path}}: " + matcher.group());
            }
            matcher.appendReplacement(filled, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(filled).toString();
    }

    private String variable(String name) {
        String value = env.get(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException(
                    "needs the environment variable " + name + ", which is " + (value == null ? "not set." : "empty."));
        }
        return value;
    }

    private String content(String name) {
        String text;
        try {
            Path file = home.resolve(name);
            if (Files.size(file) > LARGEST_FILE) {
                throw new IllegalArgumentException("needs the file " + name + ", which is larger than 64 KB.");
            }
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("needs the file " + name + ", which does not exist.", e);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("needs the file " + name + ", which is no text in UTF-8.", e);
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException(
                    "needs the file " + name + ", which cannot be read: is it a file, and readable for this user?", e);
        }
        if (text.endsWith("\n")) {
            text = text.substring(0, text.length() - (text.endsWith("\r\n") ? 2 : 1));
        }
        if (text.isEmpty()) {
            throw new IllegalArgumentException("needs the file " + name + ", which is empty.");
        }
        return text;
    }
}
