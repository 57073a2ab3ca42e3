package nl.pinbridge.reconciliation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import nl.pinbridge.config.Terminal;
import nl.pinbridge.contract.Json;

/** Which terminals a run reads, and which it does not and why: a day must never silently miss one. */
record Coverage(List<Till> covered, List<Gap> gaps) {
    /** A terminal that is read. */
    record Till(String alias, String id, String device) {
        static Till of(Terminal terminal) {
            return new Till(terminal.alias(), terminal.id(), terminal.device());
        }
    }

    /**
     * A terminal that is not.
     *
     * @param terminal its alias, or its device where the directory knows it no more
     */
    record Gap(String terminal, String reason) {}

    Coverage {
        covered = List.copyOf(covered);
        gaps = List.copyOf(gaps);
    }

    List<String> devices() {
        return covered.stream().map(Till::device).toList();
    }

    List<String> aliases() {
        return covered.stream().map(Till::alias).toList();
    }

    Coverage without(Till till, String reason) {
        List<Till> rest = new ArrayList<>(covered);
        rest.remove(till);
        List<Gap> more = new ArrayList<>(gaps);
        more.add(new Gap(till.alias(), reason));
        return new Coverage(rest, more);
    }

    static Coverage parse(String text) {
        JsonNode json = Json.read(text);
        List<Till> covered = new ArrayList<>();
        json.path("covered")
                .forEach(till -> covered.add(new Till(
                        till.path("terminal").asText(),
                        till.path("id").asText(),
                        till.path("device").asText())));
        List<Gap> gaps = new ArrayList<>();
        json.path("notCovered")
                .forEach(gap -> gaps.add(new Gap(
                        gap.path("terminal").asText(), gap.path("reason").asText())));
        return new Coverage(covered, gaps);
    }

    String text() {
        ObjectNode json = json();
        for (int i = 0; i < covered.size(); i++) {
            ((ObjectNode) json.path("covered").get(i))
                    .put("device", covered.get(i).device());
        }
        return Json.write(json);
    }

    /** As the feed's header has it. */
    ObjectNode json() {
        ObjectNode json = Json.object();
        ArrayNode read = json.putArray("covered");
        covered.forEach(till -> read.addObject().put("terminal", till.alias()).put("id", till.id()));
        ArrayNode not = json.putArray("notCovered");
        gaps.forEach(gap -> not.addObject().put("terminal", gap.terminal()).put("reason", gap.reason()));
        return json;
    }
}
