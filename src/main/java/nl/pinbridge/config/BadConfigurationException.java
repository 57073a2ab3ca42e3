package nl.pinbridge.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration cannot be used; it carries everything found wrong, so that one start shows all of it. */
public final class BadConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Complaint> complaints;

    public BadConfigurationException(List<Complaint> complaints) {
        super(complaints.stream().map(Complaint::toString).collect(Collectors.joining("\n")));
        if (complaints.isEmpty()) {
            throw new IllegalArgumentException("a bad configuration needs a complaint");
        }
        this.complaints = List.copyOf(complaints);
    }

    public List<Complaint> complaints() {
        return complaints;
    }
}
