package nl.pinbridge.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nl.pinbridge.provider.JqScript;
import org.jspecify.annotations.Nullable;

/** An amount goes out as exactly what it is, in whatever form the provider wants, and what is no amount does not go out. */
final class MoneyOutCheck {
    /** Operations that cannot be asked for without an amount. */
    private static final Set<String> WITH_AMOUNT =
            Set.of("create", "authorise", "refund", "refund-without-card", "capture-amount");

    /** Those that start something: no provider gives 0 a meaning, and the currency is not settled yet. */
    private static final Set<String> ABOVE_ZERO = Set.of("create", "authorise", "refund", "refund-without-card");

    private static final List<String> AMOUNT = List.of("command", "amount");
    private static final List<String> VALUE = List.of("command", "amount", "value");
    private static final List<String> CURRENCY = List.of("command", "amount", "currency");

    private static final Map<String, JsonNode> NO_AMOUNTS = noAmounts();

    private MoneyOutCheck() {}

    private static Map<String, JsonNode> noAmounts() {
        Map<String, JsonNode> none = new LinkedHashMap<>();
        none.put("-1", IntNode.valueOf(-1));
        none.put("10.5", DecimalNode.valueOf(new BigDecimal("10.5")));
        none.put("the text \"1050\"", TextNode.valueOf("1050"));
        none.put("null", NullNode.getInstance());
        return none;
    }

    static void check(KitFolder folder) {
        for (String name : folder.scriptFiles()) {
            Set<String> operations = folder.wiring().requestedBy(name);
            JqScript script = folder.script(name);
            if (script == null || operations.isEmpty()) {
                continue;
            }
            Set<String> needing = new HashSet<>(operations);
            needing.retainAll(WITH_AMOUNT);
            boolean all = true;
            // Where a payment goes back as a whole, no amount is told, and any other than that of the payment is
            // refused.
            boolean whole = folder.provider() != null
                    && folder.provider().refundsWhole()
                    && operations.equals(Set.of("refund-without-card"));
            for (Example example : folder.examplesOf(name)) {
                if (!example.input().at("/command/amount/value").isIntegralNumber()
                        || KitFolder.run(script, example.input()) == null) {
                    continue;
                }
                if (!whole) {
                    goesOut(folder, script, example, !needing.isEmpty(), all);
                }
                all = false;
                if (!needing.isEmpty()) {
                    boolean starts = needing.stream().anyMatch(ABOVE_ZERO::contains);
                    refused(folder, script, example, starts);
                    if (starts) {
                        currency(folder, script, example);
                    }
                }
            }
        }
    }

    /** Every place of the request that changes with the amount is exactly the amount. */
    private static void goesOut(KitFolder folder, JqScript script, Example example, boolean needed, boolean all) {
        Map<Long, JsonNode> outputs = new LinkedHashMap<>();
        for (long cents : all ? Cents.MANY : Cents.SOME) {
            folder.notes().tried(Chapter.MONEY);
            JsonNode output = KitFolder.run(script, Spot.with(example.input(), VALUE, LongNode.valueOf(cents)));
            if (output == null) {
                folder.notes()
                        .some(
                                KitRule.AMOUNT_OUT,
                                example.script(),
                                "fails for the amount " + Cents.shown(cents) + " in " + example.file());
                return;
            }
            outputs.put(cents, ExamplesCheck.normal(output));
        }
        Map<String, Spot> varying = new LinkedHashMap<>();
        JsonNode first = outputs.values().iterator().next();
        for (JsonNode output : outputs.values()) {
            for (Spot spot : Spot.below(output)) {
                if (spot.isLeaf() && !spot.in(first).equals(spot.value())) {
                    varying.putIfAbsent(spot.shown(), spot);
                }
            }
        }
        if (varying.isEmpty() && needed) {
            folder.notes()
                    .some(KitRule.AMOUNT_OUT, example.script(), "the amount does not go out, as in " + example.file());
        }
        for (Spot spot : varying.values()) {
            String wrong = wrong(spot, outputs);
            if (wrong != null) {
                folder.notes().some(KitRule.AMOUNT_OUT, example.script(), wrong + ", as in " + example.file());
            }
        }
    }

    private static @Nullable String wrong(Spot spot, Map<Long, JsonNode> outputs) {
        String closest = null;
        int most = -1;
        for (Cents.Form form : Cents.Form.values()) {
            int right = 0;
            String wrong = null;
            for (Map.Entry<Long, JsonNode> each : outputs.entrySet()) {
                JsonNode value = spot.in(each.getValue());
                if (form.is(value, each.getKey())) {
                    right++;
                } else if (wrong == null) {
                    wrong = spot.shown() + " is " + (value.isMissingNode() ? "not there" : value) + " for the amount "
                            + Cents.shown(each.getKey()) + ", exact is " + form.of(each.getKey());
                }
            }
            if (wrong == null) {
                return null;
            }
            if (right > most) {
                most = right;
                closest = wrong;
            }
        }
        return closest;
    }

    private static void refused(KitFolder folder, JqScript script, Example example, boolean aboveZero) {
        Map<String, JsonNode> all = new LinkedHashMap<>(NO_AMOUNTS);
        if (aboveZero) {
            all.put("0", IntNode.valueOf(0));
        }
        all.forEach((shown, value) -> {
            folder.notes().tried(Chapter.MONEY);
            if (KitFolder.run(script, Spot.with(example.input(), VALUE, value)) != null) {
                folder.notes()
                        .some(
                                KitRule.AMOUNT_REFUSED,
                                example.script(),
                                "makes a request of the amount " + shown + ", as in " + example.file());
            }
        });
        folder.notes().tried(Chapter.MONEY);
        if (KitFolder.run(script, Spot.with(example.input(), AMOUNT, null)) != null) {
            folder.notes()
                    .some(
                            KitRule.AMOUNT_REFUSED,
                            example.script(),
                            "makes a request without an amount, as in " + example.file());
        }
    }

    private static void currency(KitFolder folder, JqScript script, Example example) {
        folder.notes().tried(Chapter.MONEY);
        JsonNode output = KitFolder.run(script, Spot.with(example.input(), CURRENCY, TextNode.valueOf("XTS")));
        if (output != null
                && Spot.below(output).stream()
                        .noneMatch(spot -> spot.value().asText().equals("XTS"))) {
            folder.notes()
                    .some(
                            KitRule.CURRENCY,
                            example.script(),
                            "makes the same request for another currency, as in " + example.file());
        }
    }
}
