package nl.pinbridge.routecheck;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import nl.pinbridge.contract.Json;
import nl.pinbridge.provider.JqException;
import nl.pinbridge.provider.JqScript;
import nl.pinbridge.routecheck.Yaml.Fields;
import nl.pinbridge.routecheck.Yaml.Scalar;
import org.jspecify.annotations.Nullable;

/**
 * An answer that counts as proof that nothing was started says so. A success, a time-out or a server's fault says nothing of the kind
 * by its status alone: the payment may stand, and a till that is told "not sent" sends again.
 */
final class RefusalsRule extends DescribedRule {
    private static final Set<Integer> UNCLEAR = new TreeSet<>(
            IntStream.concat(IntStream.of(408), IntStream.concat(IntStream.range(200, 400), IntStream.range(500, 600)))
                    .boxed()
                    .toList());

    RefusalsRule() {
        super(
                "refusals",
                "in `provider.yaml`: a rule under `refusals` or `busy` that takes a status 2xx, 3xx, 408 or 5xx for proof"
                        + " without a condition on what the answer says",
                "after such an answer the payment may stand; a back office that reads \"not sent\" sends again",
                "nothing, so that the payment is in doubt and looked at; or a `when` on words that the provider documents");
    }

    @Override
    public void check(RouteFiles files, Findings out) {
        for (Provider provider : files.providers().values()) {
            if (provider.file().content() instanceof Fields fields) {
                for (String kind : List.of("refusals", "busy")) {
                    for (Yaml each : fields.items(kind)) {
                        if (each instanceof Fields rule) {
                            check(provider, kind, rule, out);
                        }
                    }
                }
            }
        }
    }

    private static void check(Provider provider, String kind, Fields rule, Findings out) {
        Set<String> statuses = new TreeSet<>();
        rule.items("status").forEach(each -> statuses.add(each instanceof Scalar scalar ? scalar.text() : ""));
        for (int status : UNCLEAR) {
            boolean meant = statuses.isEmpty() || statuses.contains(String.valueOf(status));
            if (meant && acceptsSilence(status, rule.text("when"))) {
                out.at(
                        provider.file().path(),
                        rule.line(),
                        "under " + kind + ": a bare status " + status
                                + " proves nothing: add a when that reads the provider's words, or leave it in doubt");
                return;
            }
        }
    }

    /** Whether an answer without a word in it would count. */
    private static boolean acceptsSilence(int status, @Nullable String when) {
        if (when == null) {
            return true;
        }
        ObjectNode silence = Json.object();
        silence.put("status", status);
        silence.putNull("json");
        silence.put("text", "");
        try {
            return JqScript.compile("when", when).test(silence);
        } catch (JqException e) {
            // The bridge lets such a rule not count; whether it is jq at all is told by another rule.
            return false;
        }
    }
}
