package nl.pinbridge.reconciliation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

        void add(long theirsSigned, long oursSigned) {
            count = Math.addExact(count, 1);
            theirs = Math.addExact(theirs, theirsSigned);
            ours = Math.addExact(ours, oursSigned);
        }
    }

    private final Map<String, Line> byTerminal = new TreeMap<>();
    private final Map<String, Line> byStatus = new TreeMap<>();
    private final Map<String, Line> byClass = new TreeMap<>();
    private final Map<String, Line> byType = new TreeMap<>();

    /** What the exceptions add to the ledger's total, by currency. */
    private final Map<String, Long> exceptions = new TreeMap<>();

    private long rows;
    private long matched;

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
        matched += pair && exception == null ? 1 : 0;
        byTerminal.computeIfAbsent(terminal, first -> new Line()).add(theirs, ours);
        byType.computeIfAbsent(type, first -> new Line()).add(theirs, ours);
        byStatus.computeIfAbsent(status, first -> new Line()).add(theirs, ours);
        if (exception != null) {
            byClass.computeIfAbsent(exception.name(), first -> new Line()).add(theirs, ours);
            exceptions.merge(theirCurrency, theirs, Math::addExact);
            exceptions.merge(ourCurrency, -ours, Math::addExact);
        }
    }

    long rows() {
        return rows;
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
        trailer.put(
                "exceptions",
                byClass.values().stream().mapToLong(line -> line.count).sum());
        trailer.set("byTerminal", lines("terminal", byTerminal));
        trailer.set("byType", lines("type", byType));
        trailer.set("byStatus", lines("status", byStatus));
        trailer.set("byException", lines("exception", byClass));
    }

    private static ArrayNode lines(String name, Map<String, Line> lines) {
        ArrayNode all = Json.MAPPER.createArrayNode();
        lines.forEach((key, line) -> all.addObject()
                .put(name, key)
                .put("count", line.count)
                .put("provider", line.theirs)
                .put("ledger", line.ours));
        return all;
    }
}
