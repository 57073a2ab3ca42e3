package nl.pinbridge.intake;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One pass over the text before any tree is built. It finds what a tree would hide (doubled keys, {@code 1050.0}) and
 * reads the key even where the rest is wrong, so that the sender can be answered.
 */
final class CommandScan {
    /** Objects and lists inside each other, the command itself included. */
    static final int DEEPEST = 16;

    private static final int LONGEST_NUMBER = 40;
    private static final int LONGEST_NAME = 200;
    private static final String KEY = "commandId";

    /** How a text can fail to be one JSON object. */
    static final class NotReadableException extends Exception {
        private static final long serialVersionUID = 1L;

        NotReadableException(String why) {
            super(why, null, false, false);
        }

        String why() {
            return String.valueOf(getMessage());
        }
    }

    /** Something that a JSON Schema cannot say or see. */
    record Problem(String field, String message) {}

    /**
     * What the pass found.
     *
     * @param commandId the text of the top-level {@code commandId}; null when it is absent, doubled or no text
     * @param command the text of the top-level {@code command}; null when it is absent or no text
     * @param names the names at the top, in order
     * @param problem the first problem; null when there is none
     */
    record Found(@Nullable String commandId, @Nullable String command, Set<String> names, @Nullable Problem problem) {}

    private static final class Level {
        final String path;
        final boolean list;
        final Set<String> names = new HashSet<>();
        String child = "";
        int index;

        Level(String path, boolean list) {
            this.path = path;
            this.list = list;
        }
    }

    private final JsonFactory factory;
    private final Set<String> names = new LinkedHashSet<>();
    private final Deque<Level> levels = new ArrayDeque<>();
    private @Nullable Problem problem;
    private @Nullable String commandId;
    private @Nullable String command;
    private boolean keyDoubled;

    private CommandScan(int longestText) {
        factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        // the text is bounded, and this pass wants to see what is too deep or too long, not to fail on
                        // it
                        .maxNestingDepth(longestText)
                        .maxNumberLength(longestText)
                        .maxNameLength(longestText)
                        .maxStringLength(longestText)
                        .build())
                .build();
    }

    static Found of(String text, int longestText) throws NotReadableException {
        return new CommandScan(longestText).run(text);
    }

    private Found run(String text) throws NotReadableException {
        try (JsonParser parser = factory.createParser(text)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new NotReadableException("The message is empty; a command is a JSON object.");
            }
            if (first != JsonToken.START_OBJECT) {
                throw new NotReadableException("The message is JSON but no object; a command is a JSON object.");
            }
            levels.push(new Level("", false));
            while (!levels.isEmpty()) {
                step(parser, parser.nextToken());
            }
            if (parser.nextToken() != null) {
                throw new NotReadableException("Something follows the command; send one JSON object in each message.");
            }
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            throw new NotReadableException("The message is not JSON"
                    + (at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")")
                    + "; a command is a JSON object.");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Found(keyDoubled ? null : commandId, command, names, problem);
    }

    private void step(JsonParser parser, @Nullable JsonToken token) throws IOException {
        Level level = levels.element();
        if (token == null) {
            throw new IllegalStateException("the parser reports an open object itself");
        }
        switch (token) {
            case FIELD_NAME -> name(level, parser.currentName());
            case START_OBJECT, START_ARRAY -> {
                String path = pathOfNext(level);
                if (levels.size() == DEEPEST) {
                    report(path, "goes deeper than " + DEEPEST + " levels: send less nested content");
                }
                levels.push(new Level(path, token == JsonToken.START_ARRAY));
            }
            case END_OBJECT, END_ARRAY -> levels.pop();
            case VALUE_NUMBER_FLOAT ->
                report(
                        pathOfNext(level),
                        "is written with a fraction or an exponent: write a whole number, amounts in minor units"
                                + " (1050, not 10.50, 1050.0 or 1.05e3)");
            case VALUE_NUMBER_INT -> {
                String path = pathOfNext(level);
                if (parser.getTextLength() > LONGEST_NUMBER) {
                    report(path, "is a number of more than " + LONGEST_NUMBER + " digits: send such a value as text");
                } else if (parser.getText().equals("-0")) {
                    report(path, "is written as -0: write 0");
                }
            }
            case VALUE_STRING -> text(level, parser.getText());
            default -> pathOfNext(level);
        }
    }

    private void name(Level level, String name) {
        boolean top = levels.size() == 1;
        level.child = name;
        if (!level.names.add(name)) {
            report(pathOfNext(level), "stands there twice: send every field once");
            keyDoubled |= top && name.equals(KEY);
        }
        if (name.length() > LONGEST_NAME) {
            report(pathOfNext(level), "has a name of more than " + LONGEST_NAME + " characters: leave it out");
        }
        if (badUnicode(name)) {
            report(pathOfNext(level), "has a name with half a surrogate pair: send valid Unicode");
        }
        if (top) {
            names.add(name);
        }
    }

    private void text(Level level, String value) {
        String path = pathOfNext(level);
        if (levels.size() == 1 && level.child.equals(KEY)) {
            commandId = value;
        }
        if (levels.size() == 1 && level.child.equals("command")) {
            command = value;
        }
        if (badUnicode(value)) {
            report(path, "holds half a surrogate pair: send valid Unicode");
        }
    }

    private String pathOfNext(Level level) {
        if (levels.size() > DEEPEST) {
            // already reported; a path for each of ten thousand levels would fill the memory
            return level.path;
        }
        return level.list ? FieldPath.item(level.path, level.index++) : FieldPath.child(level.path, level.child);
    }

    private void report(String field, String message) {
        if (problem == null) {
            problem = new Problem(field, message);
        }
    }

    private static boolean badUnicode(String text) {
        return text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}
