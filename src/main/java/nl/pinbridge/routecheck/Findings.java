package nl.pinbridge.routecheck;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where one rule puts what it finds. */
public final class Findings {
    private final String rule;
    private final Collection<Finding> found;

    Findings(String rule, Collection<Finding> found) {
        this.rule = rule;
        this.found = found;
    }

    /** A place that keeps each finding once, in the order of their coming. */
    static Set<Finding> collection() {
        return new LinkedHashSet<>();
    }

    /** Wrong with a file as a whole, or with a line outside of any route. */
    void at(Path file, int line, String message) {
        add(Severity.ERROR, file, line, null, null, message);
    }

    void warn(Path file, int line, String message) {
        add(Severity.WARNING, file, line, null, null, message);
    }

    void at(Chain chain, String message) {
        at(chain, chain.line(), message);
    }

    void at(Chain chain, int line, String message) {
        add(Severity.ERROR, chain.file().path(), line, chain.id(), null, message);
    }

    void at(Step step, String message) {
        at(step, step.line(), message);
    }

    void at(Step step, int line, String message) {
        add(Severity.ERROR, step.chain().file().path(), line, step.chain().id(), step.id(), message);
    }

    /** Wrong with a step, or with what stands before the first step of a chain where the step is null. */
    void at(Chain chain, @Nullable Step step, int line, String message) {
        add(Severity.ERROR, chain.file().path(), line, chain.id(), step == null ? null : step.id(), message);
    }

    private void add(
            Severity severity, Path file, int line, @Nullable String routeId, @Nullable String stepId, String message) {
        found.add(new Finding(rule, severity, file, line, routeId, stepId, message));
    }

    static List<Finding> sorted(Collection<Finding> found) {
        List<Finding> sorted = new ArrayList<>(found);
        sorted.sort(Comparator.comparing(Finding::file)
                .thenComparingInt(Finding::line)
                .thenComparing(Finding::rule)
                .thenComparing(Finding::message));
        return List.copyOf(sorted);
    }
}
