package nl.pinbridge.sandbox;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The scripts in force. One that counts for the next so many calls goes before one that stays; beyond that the oldest goes first. Safe for any thread.
 */
public final class Faults {
    private static final class Entry {
        final long id;
        final Fault fault;
        /** Calls that it still counts for; null without limit. */
        @Nullable
        Integer left;

        Entry(long id, Fault fault) {
            this.id = id;
            this.fault = fault;
            this.left = fault.times();
        }
    }

    /**
     * A script in force.
     *
     * @param id names it in the control API
     * @param left calls that it still counts for; null without limit
     */
    public record InForce(long id, Fault fault, @Nullable Integer left) {}

    /** What each simulated provider can do, by its name. */
    private final Map<String, Set<Operation>> operations = new HashMap<>();

    private final List<Entry> entries = new ArrayList<>();
    private long lastId;

    Faults() {}

    /** From now on scripts may name this provider and its operations. */
    synchronized void know(String provider, Set<Operation> can) {
        operations.put(provider, can);
    }

    /**
     * Puts a script in force.
     *
     * @return its id
     * @throws IllegalArgumentException when it would never do anything
     */
    public long add(Fault fault) {
        return addAll(List.of(fault)).get(0);
    }

    /**
     * Puts all of them in force, or none.
     *
     * @return their ids
     * @throws IllegalArgumentException when one of them would never do anything
     */
    public synchronized List<Long> addAll(List<Fault> scripts) {
        scripts.forEach(this::check);
        List<Long> ids = new ArrayList<>();
        for (Fault fault : scripts) {
            entries.add(new Entry(++lastId, fault));
            ids.add(lastId);
        }
        return ids;
    }

    /** A script is let through when there is a provider for which it can do something. */
    private void check(Fault fault) {
        String provider = fault.calls().provider();
        if (provider != null && !operations.containsKey(provider)) {
            throw new IllegalArgumentException("unknown provider " + provider);
        }
        List<Operation> named = operations.entrySet().stream()
                .filter(entry -> provider == null || provider.equals(entry.getKey()))
                .flatMap(entry -> entry.getValue().stream())
                .filter(can -> fault.calls().operation() == null
                        || can.name().equals(fault.calls().operation()))
                .toList();
        String operation = fault.calls().operation();
        if (named.isEmpty()) {
            throw new IllegalArgumentException("unknown operation " + operation);
        }
        if (!fault.scriptsOutcome() && !fault.scriptsAnswer()) {
            throw new IllegalArgumentException("the script changes nothing: give it an outcome, an answer or a delay");
        }
        if (operation == null) {
            return;
        }
        Ending ending = fault.ending();
        if (!ending.customerDelay(null).saysNothing() && named.stream().noneMatch(can -> can.starts() || can.ends())) {
            throw new IllegalArgumentException(
                    "an outcome belongs to a call that starts or cancels something, not to " + operation);
        }
        if (ending.customerDelay() != null && named.stream().noneMatch(Operation::starts)) {
            throw new IllegalArgumentException("no customer waits for " + operation);
        }
        if (named.stream().noneMatch(Operation::tells)
                && (fault.answer() instanceof Answer.WrongAmount || fault.answer() instanceof Answer.NoTransactionId)) {
            throw new IllegalArgumentException("the answer to " + operation + " holds neither amount nor transaction");
        }
    }

    public synchronized List<InForce> inForce() {
        return entries.stream()
                .map(entry -> new InForce(entry.id, entry.fault, entry.left))
                .toList();
    }

    /** Takes one script away; false when it was not there (any more). */
    public synchronized boolean remove(long id) {
        return entries.removeIf(entry -> entry.id == id);
    }

    public synchronized void clear() {
        entries.clear();
    }

    /** What this call is to be answered, used up by one; null for the documented answer. */
    synchronized @Nullable Fault takeAnswer(Asked asked) {
        return use(
                find(entry -> entry.fault.scriptsAnswer() && entry.fault.calls().matches(asked)));
    }

    /**
     * What becomes of what this call has just started or ends, used up by one; null when nothing is scripted. Scripts that also say what is answered are left
     * out: they were used up when the call was answered. A refused call uses up no outcome, and a call that ends something none that was not meant for it.
     */
    synchronized @Nullable Fault takeOutcome(Asked asked) {
        return use(find(entry -> entry.fault.scriptsOutcome()
                && !entry.fault.scriptsAnswer()
                && (!asked.operation().ends() || entry.fault.calls().operation() != null)
                && entry.fault.calls().matches(asked)));
    }

    private @Nullable Entry find(Predicate<Entry> wanted) {
        Entry standing = null;
        for (Entry entry : entries) {
            if (wanted.test(entry)) {
                if (entry.left != null) {
                    return entry;
                }
                standing = standing == null ? entry : standing;
            }
        }
        return standing;
    }

    private @Nullable Fault use(@Nullable Entry entry) {
        if (entry == null) {
            return null;
        }
        if (entry.left != null) {
            entry.left -= 1;
            if (entry.left == 0) {
                entries.remove(entry);
            }
        }
        return entry.fault;
    }
}
