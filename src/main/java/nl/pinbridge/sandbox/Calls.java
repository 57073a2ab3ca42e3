package nl.pinbridge.sandbox;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Every HTTP call that reached a stand-in, in order of arrival. Safe for any thread; grows until a reset. */
public final class Calls {
    private final List<Call> calls = new ArrayList<>();
    /** Numbers go on after a reset, so that an answer that is still on its way cannot touch a newer call. */
    private long before;

    Calls() {}

    synchronized long open(
            String provider,
            @Nullable String host,
            String operation,
            @Nullable String login,
            @Nullable String terminal,
            @Nullable String ownReference,
            @Nullable String transactionId,
            Instant at) {
        long number = before + calls.size() + 1;
        calls.add(new Call(
                number, provider, host, operation, login, terminal, ownReference, transactionId, at, Call.PENDING));
        return number;
    }

    synchronized void change(long number, UnaryOperator<Call> change) {
        long index = number - before - 1;
        if (index >= 0) {
            calls.set((int) index, change.apply(calls.get((int) index)));
        }
    }

    public synchronized List<Call> all() {
        return List.copyOf(calls);
    }

    /** The calls that match, oldest first; null matches everything. */
    public List<Call> matching(
            @Nullable String operation,
            @Nullable String terminal,
            @Nullable String ownReference,
            @Nullable String transactionId) {
        return all().stream()
                .filter(call -> operation == null || operation.equals(call.operation()))
                .filter(call -> terminal == null || terminal.equals(call.terminal()))
                .filter(call -> ownReference == null || ownReference.equals(call.ownReference()))
                .filter(call -> transactionId == null || transactionId.equals(call.transactionId()))
                .toList();
    }

    /** The calls that came in at this host of a provider, oldest first. */
    public List<Call> at(String host) {
        return all().stream().filter(call -> host.equals(call.host())).toList();
    }

    /** How often an operation was called for one reference of the caller. */
    public long count(String operation, String ownReference) {
        return matching(operation, null, ownReference, null).size();
    }

    /** How often an operation was called. */
    public long count(String operation) {
        return matching(operation, null, null, null).size();
    }

    synchronized void clear() {
        before += calls.size();
        calls.clear();
    }
}
