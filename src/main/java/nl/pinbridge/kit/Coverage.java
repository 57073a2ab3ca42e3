package nl.pinbridge.kit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nl.pinbridge.contract.ErrorCode;
import nl.pinbridge.kit.Report.Shown;
import nl.pinbridge.outcome.Reading;

/** How much of the closed lists the examples show. What is missing is no fault: not every provider says everything. */
final class Coverage {
    /** The reasons that a provider's own word can give; all others are the bridge's. */
    static final List<ErrorCode> CODES = List.of(
            ErrorCode.DECLINED,
            ErrorCode.CANCELLED_AT_TERMINAL,
            ErrorCode.CANCELLED_BY_COMMAND,
            ErrorCode.TIMED_OUT_AT_TERMINAL,
            ErrorCode.PROVIDER_FAILED);

    private Coverage() {}

    static Map<String, Shown> of(KitFolder folder) {
        Set<String> operations = new LinkedHashSet<>();
        Set<String> states = new LinkedHashSet<>();
        Set<String> codes = new LinkedHashSet<>();
        for (Example example : folder.examples()) {
            Set<String> read = folder.wiring().readBy(example.script());
            operations.addAll(read);
            if (!read.isEmpty()) {
                said(example.output(), states, codes);
                example.output().path("rows").forEach(row -> said(row, states, codes));
            }
        }
        Map<String, Shown> all = new LinkedHashMap<>();
        all.put(
                "operations",
                shown(
                        folder.provider() == null
                                ? folder.wiring().called()
                                : folder.provider().operations().keySet(),
                        operations));
        all.put(
                "states",
                shown(Arrays.stream(Reading.State.values()).map(Enum::name).toList(), states));
        all.put("codes", shown(CODES.stream().map(Enum::name).toList(), codes));
        return all;
    }

    private static void said(JsonNode output, Set<String> states, Set<String> codes) {
        states.add(output.path("state").asText());
        codes.add(output.path("code").asText());
    }

    private static Shown shown(Collection<String> list, Set<String> seen) {
        List<String> shown = new ArrayList<>(list);
        shown.retainAll(seen);
        List<String> missing = new ArrayList<>(list);
        missing.removeAll(seen);
        return new Shown(List.copyOf(shown), List.copyOf(missing));
    }
}
