package nl.pinbridge.routecheck;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which route leads to which, within one message: over {@code direct:} and over the block that calls the provider's route. Queues end a
 * message and its transaction, so they are no part of it.
 */
final class Flow {
    /** The block that goes to {@code direct:<provider>-<operation>}, whichever the ledger's job names. */
    static final String PROVIDER_ROUTE = "provider-route";

    /**
     * Blocks that write what happened, or that must see a failure: nothing may run them again, aside or without the error handler.
     */
    static final Set<String> GUARDED_BLOCKS = Set.of(
            "intake",
            "wake",
            "take-command",
            "refresh",
            "take-look",
            "take-webhook",
            PROVIDER_ROUTE,
            "outcome",
            "publish",
            "failure",
            "close-gate",
            "sweep",
            "admin");

    private final RouteFiles files;
    private final Map<Chain, Set<Chain>> next = new IdentityHashMap<>();
    private final Map<Chain, Integer> calls = new IdentityHashMap<>();

    private Flow(RouteFiles files) {
        this.files = files;
        files.chains().forEach(chain -> next.put(chain, next(chain)));
    }

    static Flow of(RouteFiles files) {
        return new Flow(files);
    }

    private Set<Chain> next(Chain chain) {
        Set<Chain> found = new LinkedHashSet<>();
        chain.all().forEach(step -> found.addAll(next(step)));
        return found;
    }

    private List<Chain> next(Step step) {
        List<Chain> found = new ArrayList<>();
        Target target = step.target();
        for (Chain route : files.routes()) {
            if (target != null && (target.is("direct") || target.is("seda")) && route.isFrom(target.uri())) {
                found.add(route);
            }
            Target from = route.from();
            if (PROVIDER_ROUTE.equals(step.block())
                    && from != null
                    && files.begunBy(from.uri()).isPresent()) {
                found.add(route);
            }
        }
        return found;
    }

    /** The chain and everything that it leads to. */
    Set<Chain> from(Chain chain) {
        Set<Chain> seen = new LinkedHashSet<>();
        Deque<Chain> open = new ArrayDeque<>(List.of(chain));
        while (!open.isEmpty()) {
            Chain each = open.pop();
            if (seen.add(each)) {
                open.addAll(next.getOrDefault(each, Set.of()));
            }
        }
        return seen;
    }

    /** Whether the chain leads back to itself. */
    boolean isCircle(Chain chain) {
        return next.getOrDefault(chain, Set.of()).stream()
                .anyMatch(each -> from(each).contains(chain));
    }

    private boolean leadsTo(Chain chain, Predicate<Step> wanted) {
        return from(chain).stream().anyMatch(each -> each.all().stream().anyMatch(wanted));
    }

    /** Whether the chain makes a call that may be made once only, or leads to one. */
    boolean leadsToMoney(Chain chain) {
        return leadsTo(chain, step -> PROVIDER_ROUTE.equals(step.block()) || isMoneyCall(step));
    }

    /** Whether something in the chain, or in what it leads to, must not be repeated or swallowed. */
    boolean isGuarded(Chain chain) {
        return leadsTo(chain, step -> isMoneyCall(step) || GUARDED_BLOCKS.contains(String.valueOf(step.block())));
    }

    /** A call of an unknown operation counts: nobody has said that it may be repeated. */
    boolean isMoneyCall(Step step) {
        Target target = step.target();
        return target != null
                && target.is("provider-call")
                && files.called(target).map(Provider.Operation::once).orElse(true);
    }

    /** How many money calls one message can make on its way from here: 0, 1, or 2 for more than one. */
    int moneyCalls(Chain chain) {
        return moneyCalls(chain, new HashSet<>());
    }

    private int moneyCalls(Chain chain, Set<Chain> above) {
        Integer known = calls.get(chain);
        // A circle has its own finding.
        if (known != null || !above.add(chain)) {
            return known == null ? 0 : known;
        }
        int found = Math.min(2, moneyCalls(chain.steps(), above));
        above.remove(chain);
        calls.put(chain, found);
        return found;
    }

    /** How many money calls a message can have made when this step is over. */
    private int moneyCalls(Step step, Set<Chain> above) {
        if (isMoneyCall(step)) {
            return 1;
        }
        int most = PROVIDER_ROUTE.equals(step.block()) ? 1 : 0;
        for (Chain target : next(step)) {
            most = Math.max(most, moneyCalls(target, above));
        }
        int inside = 0;
        for (List<Step> branch : step.branches()) {
            int calls = moneyCalls(branch, above);
            inside = step.is("choice") ? Math.max(inside, calls) : inside + calls;
        }
        return most + inside;
    }

    private int moneyCalls(List<Step> steps, Set<Chain> above) {
        int sum = 0;
        for (Step step : steps) {
            sum += moneyCalls(step, above);
        }
        return sum;
    }

    /** The provider's operation whose route this is; null for other routes. */
    Provider.@Nullable Operation operation(Chain chain) {
        Target from = chain.from();
        return from == null ? null : files.begunBy(from.uri()).orElse(null);
    }
}
