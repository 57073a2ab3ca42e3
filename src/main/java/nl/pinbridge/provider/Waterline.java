package nl.pinbridge.provider;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Notes beside the ledger which mark this node made last, before the first byte of its call leaves. A ledger that does not know that
 * mark at the next start is an older one than the one that it was made in: it was restored from a backup.
 */
public final class Waterline implements CallGate, AutoCloseable {
    private static final Pattern ID = Pattern.compile("[0-9A-Z]{26}");

    private final CallGate marks;
    private final FileChannel file;
    private String last;

    private Waterline(CallGate marks, FileChannel file, String last) {
        this.marks = marks;
        this.file = file;
        this.last = last;
    }

    /**
     * @param file is made where it does not exist
     * @param marks where marks are made
     */
    public static Waterline open(Path file, CallGate marks) {
        try {
            String last = lastMark(file).orElse("");
            return new Waterline(
                    marks, FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE), last);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last mark that was noted; empty when none was. */
    public static Optional<String> lastMark(Path file) {
        try {
            String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
            return ID.matcher(text).matches() ? Optional.of(text) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Mark mark(ProviderJob job) throws NotMarkedException {
        Mark mark = marks.mark(job);
        note(mark.attempt());
        return mark;
    }

    private synchronized void note(String attempt) {
        if (attempt.compareTo(last) <= 0) {
            return;
        }
        try {
            // One write of one length in one place: a process that is killed leaves the old line or the new one.
            file.write(ByteBuffer.wrap((attempt + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
            last = attempt;
        } catch (IOException e) {
            throw new UncheckedIOException("The mark could not be noted beside the ledger; nothing is sent", e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
