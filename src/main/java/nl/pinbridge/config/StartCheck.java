package nl.pinbridge.config;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Gathers what is wrong with the configuration over several files, so that an operator mends all of it in one go and not one
 * start at a time.
 */
public final class StartCheck {
    /** Exit code {@code EX_CONFIG} of {@code sysexits.h}. */
    public static final int EX_CONFIG = 78;

    private final List<Complaint> complaints = new ArrayList<>();

    /** The value, or empty when reading it failed, with its complaints kept. */
    public <T> Optional<T> read(Supplier<T> reader) {
        try {
            return Optional.of(reader.get());
        } catch (BadConfigurationException e) {
            complaints.addAll(e.complaints());
            return Optional.empty();
        }
    }

    /**
     * As {@link #read(Supplier)}, for rooms that refuse a value with an {@link IllegalArgumentException} whose message is a sentence.
     *
     * @param source where the value stands
     * @param key the setting it came from
     */
    public <T> Optional<T> read(String source, String key, Supplier<T> reader) {
        return read(() -> {
            try {
                return reader.get();
            } catch (IllegalArgumentException e) {
                String sentence = e.getMessage() == null ? "cannot be used: " + e : e.getMessage();
                throw new BadConfigurationException(List.of(new Complaint(source, key, sentence)));
            }
        });
    }

    public void add(Complaint complaint) {
        complaints.add(complaint);
    }

    public void addAll(List<Complaint> more) {
        complaints.addAll(more);
    }

    public List<Complaint> complaints() {
        return List.copyOf(complaints);
    }

    /**
     * @throws BadConfigurationException when there was any complaint
     */
    public void finish() {
        if (!complaints.isEmpty()) {
            throw new BadConfigurationException(complaints);
        }
    }

    /** Prints the complaints, one a line, under a sentence that says that nothing was started. */
    public static void report(List<Complaint> complaints, PrintStream to) {
        to.println("PinBridge was not started: "
                + (complaints.size() == 1
                        ? "one thing in its configuration is wrong."
                        : complaints.size() + " things in its configuration are wrong."));
        complaints.forEach(complaint -> to.println("  " + complaint));
    }
}
