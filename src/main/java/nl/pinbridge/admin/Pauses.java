package nl.pinbridge.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeSet;
import nl.pinbridge.contract.Json;
import nl.pinbridge.ledger.Desk;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.ledger.OperatorAction;
import nl.pinbridge.outcome.Signature;

/** Stops a provider from being sent anything new, and lets it go on. */
final class Pauses {
    static final String PAUSE = "PAUSE";
    static final String RESUME = "RESUME";

    private final Ledger ledger;
    private final Collection<String> providers;

    Pauses(Ledger ledger, Collection<String> providers) {
        this.ledger = ledger;
        this.providers = providers;
    }

    ObjectNode pause(Question asked, boolean pause) {
        String provider = asked.needed("provider");
        if (!providers.contains(provider)) {
            throw new SorryException("There is no provider '" + provider + "'. The bridge knows: "
                    + String.join(", ", new TreeSet<>(providers)) + ".");
        }
        Signature signature = asked.signature();
        String action = pause ? PAUSE : RESUME;
        return ledger.durably(tx -> {
            Desk desk = new Desk(tx);
            desk.ensureProvider(provider);
            boolean before = desk.lockProvider(provider);
            ObjectNode answer = Json.object();
            answer.put("provider", provider).put("paused", pause).put("changed", before != pause);
            if (before == pause) {
                Optional<OperatorAction> last = desk.lastAction(action, provider);
                answer.put(
                        "told",
                        provider + (pause ? " was paused already" : " was not paused")
                                + last.map(one -> " (by " + one.byName() + " at " + one.at() + ": " + one.why() + ")")
                                        .orElse("")
                                + "; nothing was changed.");
                return answer;
            }
            tx.pause(provider, pause);
            desk.record(action, provider, signature.user(), signature.by(), signature.why(), null);
            answer.put(
                    "told",
                    pause
                            ? provider
                                    + " is paused: new commands are answered NOT_SENT/PAUSED, what is under way is followed up."
                            : provider + " goes on: commands are sent to it again.");
            return answer;
        });
    }
}
