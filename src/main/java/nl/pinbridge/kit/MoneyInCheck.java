package nl.pinbridge.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import nl.pinbridge.contract.Json;
import nl.pinbridge.kit.Cents.Form;
import nl.pinbridge.provider.JqScript;

/** An amount comes back as exactly what the provider wrote, and what is no amount comes back as none. */
final class MoneyInCheck {
    private static final Set<String> AMOUNTS =
            Set.of("amount", "tip", "receiptTotal", "authorised", "captured", "paid", "refunded");

    /** Far from what recorded answers hold, so that it can only have come from the place where it was put. */
    private static final long SIGN = 81_573_931;

    private MoneyInCheck() {}

    static void check(KitFolder folder) {
        Set<String> done = new HashSet<>();
        for (Example example : folder.examples()) {
            JqScript script = folder.script(example.script());
            if (script == null || folder.wiring().readBy(example.script()).isEmpty()) {
                continue;
            }
            for (Spot read : amounts(example.output())) {
                folder.notes().tried(Chapter.MONEY);
                if (!read.value().isIntegralNumber()) {
                    folder.notes()
                            .wrong(
                                    KitRule.AMOUNT_IN,
                                    example.file(),
                                    read.shown() + " is " + read.value() + ", where whole minor units are wanted");
                    continue;
                }
                for (Spot source : Spot.below(example.input(), "answer", "json")) {
                    form(script, example, source, read)
                            .filter(form -> done.add(example.script() + source.anyItem() + read.anyItem() + form))
                            .ifPresent(form -> exact(folder, script, example, source, form, read));
                }
            }
        }
    }

    private static List<Spot> amounts(JsonNode output) {
        List<Spot> found = new ArrayList<>();
        for (Spot spot : Spot.below(output)) {
            String last = spot.steps().get(spot.steps().size() - 1);
            boolean here = spot.steps().size() == 1
                    || (spot.steps().size() == 3 && spot.steps().get(0).equals("rows"));
            if (here && AMOUNTS.contains(last) && !spot.value().isNull()) {
                found.add(spot);
            }
        }
        return found;
    }

    /** In which form the amount that was read stands in this place of the answer; empty where it does not come from here. */
    private static java.util.Optional<Form> form(JqScript script, Example example, Spot source, Spot read) {
        for (Form form : Form.values()) {
            if (source.isLeaf() && form.is(source.value(), read.value().longValue())) {
                JsonNode output = KitFolder.run(script, source.with(example.input(), form.of(SIGN)));
                JsonNode now = output == null ? null : read.in(output);
                if (now != null
                        && now.isNumber()
                        && !now.asText().equals(read.value().asText())) {
                    return java.util.Optional.of(form);
                }
            }
        }
        return java.util.Optional.empty();
    }

    private static void exact(KitFolder folder, JqScript script, Example example, Spot source, Form form, Spot read) {
        for (long cents : Cents.SOME) {
            folder.notes().tried(Chapter.MONEY);
            // As it is on the wire: text that is parsed, not a node that is handed on.
            JsonNode input = Json.read(Json.write(source.with(example.input(), form.of(cents))));
            JsonNode output = KitFolder.run(script, input);
            JsonNode got = output == null ? null : read.in(output);
            if (got == null || !got.isIntegralNumber() || got.longValue() != cents) {
                folder.notes()
                        .some(
                                KitRule.AMOUNT_IN,
                                example.script(),
                                read.shown() + " is " + got + " where the answer says " + form.of(cents) + " at "
                                        + source.shown() + ", exact is " + cents + ", as in " + example.file());
                return;
            }
        }
        for (JsonNode damaged : damaged(form)) {
            folder.notes().tried(Chapter.MONEY);
            JsonNode output = KitFolder.run(script, source.with(example.input(), damaged));
            JsonNode got = output == null ? null : read.in(output);
            if (got != null
                    && got.isNumber()
                    && !got.asText().equals(read.value().asText())) {
                folder.notes()
                        .some(
                                KitRule.AMOUNT_IN,
                                example.script(),
                                read.shown() + " is " + got + " where the answer says " + damaged + " at "
                                        + source.shown() + ", which is no amount, as in " + example.file());
            }
        }
    }

    /** What no form of an amount is. */
    private static List<JsonNode> damaged(Form form) {
        List<JsonNode> all = new ArrayList<>(List.of(
                DecimalNode.valueOf(new BigDecimal("4711.505")),
                TextNode.valueOf("4711.505"),
                TextNode.valueOf("4711,50"),
                TextNode.valueOf("4711e2"),
                TextNode.valueOf("4711 EUR"),
                TextNode.valueOf("0x4711"),
                Json.read("{\"a\":1e999999999}").path("a"),
                Json.read("{\"a\":99999999999999999999999}").path("a")));
        if (form == Form.WHOLE) {
            all.add(DecimalNode.valueOf(new BigDecimal("4711.5")));
        }
        return all;
    }
}
