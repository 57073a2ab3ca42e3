package nl.pinbridge.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the terminal directory again when its file changes, so that a till can be added while the bridge runs. A directory with
 * anything wrong in it is refused whole, and the one in force stays.
 */
public final class DirectoryWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryWatch.class);
    private static final long PAUSE_MILLIS = 1_000;

    private final Path file;
    private final Supplier<TerminalDirectory> reader;
    private final Terminals terminals;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "terminal-directory");
        thread.setDaemon(true);
        return thread;
    });

    private final ScheduledFuture<?> looking;
    private @Nullable Stamp seen;
    private volatile List<Complaint> complaints = List.of();

    private record Stamp(long millis, long size, @Nullable Object key) {}

    /**
     * @param reader reads the file as at the start
     * @param terminals takes the directories that are right
     */
    public DirectoryWatch(Path file, Supplier<TerminalDirectory> reader, Terminals terminals) {
        this.file = file;
        this.reader = reader;
        this.terminals = terminals;
        this.seen = stamp();
        looking = clock.scheduleWithFixedDelay(this::look, PAUSE_MILLIS, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** What is wrong with the file as it now is; empty while the directory in force is that of the file. */
    public List<Complaint> complaints() {
        return complaints;
    }

    private @Nullable Stamp stamp() {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(found.lastModifiedTime().toMillis(), found.size(), found.fileKey());
        } catch (IOException e) {
            return null;
        }
    }

    private void look() {
        Stamp now = stamp();
        // An editor may take the file away for a moment before it puts the new one there.
        if (now == null || now.equals(seen)) {
            return;
        }
        seen = now;
        try {
            TerminalDirectory next = reader.get();
            LOG.info("{} has changed and is in force: {}", file.getFileName(), difference(terminals.current(), next));
            terminals.replace(next);
            complaints = List.of();
        } catch (BadConfigurationException e) {
            complaints = e.complaints();
            LOG.error(
                    "{} has changed and is refused; the directory as it was stays in force: {}",
                    file.getFileName(),
                    complaints.stream().map(Complaint::toString).collect(Collectors.joining("; ")));
        } catch (RuntimeException e) {
            LOG.error("{} has changed and could not be read; the directory as it was stays in force", file, e);
        }
    }

    private static String difference(TerminalDirectory before, TerminalDirectory after) {
        Set<String> gone = aliases(before);
        gone.removeAll(aliases(after));
        Set<String> added = aliases(after);
        added.removeAll(aliases(before));
        long changed = after.all().stream()
                .filter(terminal -> before.find(terminal.alias())
                        .filter(old -> !old.equals(terminal))
                        .isPresent())
                .count();
        return after.all().size() + " terminals, added " + added + ", taken out " + gone + ", changed " + changed;
    }

    private static Set<String> aliases(TerminalDirectory directory) {
        return directory.all().stream().map(Terminal::alias).collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public void close() {
        looking.cancel(false);
        clock.shutdownNow();
    }
}
