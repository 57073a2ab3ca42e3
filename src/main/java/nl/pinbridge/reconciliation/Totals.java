package nl.pinbridge.reconciliation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import nl.pinbridge.contract.Json;
import nl.pinbridge.ledger.ReconciliationTx;
import org.jspecify.annotations.Nullable;

/** Counts and sums of a feed's rows, minor units; a handful of numbers however long the feed is. */
final class Totals {
    private static final class Line {
        long count;
        long theirs;
        long ours;
    }

    /** What a line adds up: never two currencies. */
    private record Key(String name, String type, String currency) implements Comparable<Key> {
        private static final Comparator<Key> ORDER =
                Comparator.comparing(Key::name).thenComparing(Key::type).thenComparing(Key::currency);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    /** Lines of one kind. */
    private static final class Lines {
        private final String name;
        private final Map<Key, Line> lines = new TreeMap<>();

        Lines(String name) {
            this.name = name;
        }

        void add(String value, String type, String theirCurrency, long theirs, String ourCurrency, long ours) {
            Line line = lines.computeIfAbsent(new Key(value, type, theirCurrency), first -> new Line());
            line.count++;
            line.theirs = Math.addExact(line.theirs, theirs);
            Line other = theirCurrency.equals(ourCurrency)
                    ? line
                    : lines.computeIfAbsent(new Key(value, type, ourCurrency), first -> new Line());
            other.ours = Math.addExact(other.ours, ours);
        }

        void writeTo(ObjectNode trailer, String field) {
            ArrayNode all = trailer.putArray(field);
            lines.forEach((key, line) -> all.addObject()
                    .put(name, key.name())
                    .put("type", key.type())
                    .put("currency", key.currency())
                    .put("count", line.count)
                    .put("provider", line.theirs)
                    .put("ledger", line.ours));
        }
    }

    private final Lines byTerminal = new Lines("terminal");
    private final Lines byStatus = new Lines("status");
    private final Lines byClass = new Lines("exception");
    private final Lines byResult = new Lines("result");

    /** What the exceptions add to the ledger's total, by currency. */
    private final Map<String, Long> exceptions = new TreeMap<>();

    private long rows;
    private long matched;
    private long exceptional;

    void add(
            String terminal,
            String type,
            String status,
            boolean pair,
            @Nullable ExceptionClass exception,
            String theirCurrency,
            long theirs,
            String ourCurrency,
            long ours) {
        rows++;
        boolean fine = pair && exception == null;
        matched += fine ? 1 : 0;
        exceptional += exception == null ? 0 : 1;
        String result = fine ? "MATCHED" : exception == null ? "NOTHING_MOVED" : "EXCEPTION";
        byTerminal.add(terminal, type, theirCurrency, theirs, ourCurrency, ours);
        byResult.add(result, type, theirCurrency, theirs, ourCurrency, ours);
        byStatus.add(status, type, theirCurrency, theirs, ourCurrency, ours);
        if (exception != null) {
            byClass.add(exception.name(), type, theirCurrency, theirs, ourCurrency, ours);
            exceptions.merge(theirCurrency, theirs, Math::addExact);
            exceptions.merge(ourCurrency, -ours, Math::addExact);
        }
    }

    /**
     * The identity: provider total = ledger total + listed exceptions, in each currency.
     *
     * @param provider as the database adds up the provider's rows
     * @param ledger as the database adds up the ledger
     * @return null where it does not hold in every currency
     */
    @Nullable
    ArrayNode identity(List<ReconciliationTx.Sum> provider, List<ReconciliationTx.Sum> ledger) {
        ArrayNode lines = Json.MAPPER.createArrayNode();
        TreeSet<String> currencies = new TreeSet<>(exceptions.keySet());
        provider.forEach(sum -> currencies.add(sum.currency()));
        ledger.forEach(sum -> currencies.add(sum.currency()));
        for (String currency : currencies) {
            long theirs = total(provider, currency);
            long ours = total(ledger, currency);
            long listed = exceptions.getOrDefault(currency, 0L);
            if (theirs != Math.addExact(ours, listed)) {
                return null;
            }
            lines.addObject()
                    .put("currency", currency)
                    .put("providerTotal", theirs)
                    .put("ledgerTotal", ours)
                    .put("exceptionsTotal", listed);
        }
        return lines;
    }

    private static long total(List<ReconciliationTx.Sum> sums, String currency) {
        return sums.stream()
                .filter(sum -> sum.currency().equals(currency))
                .mapToLong(ReconciliationTx.Sum::total)
                .sum();
    }

    void writeTo(ObjectNode trailer) {
        trailer.put("rows", rows);
        trailer.put("matched", matched);
        trailer.put("exceptions", exceptional);
        byTerminal.writeTo(trailer, "byTerminal");
        byResult.writeTo(trailer, "byResult");
        byStatus.writeTo(trailer, "byStatus");
        byClass.writeTo(trailer, "byException");
    }
}
