package nl.pinbridge.routecheck;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The flag that puts a call behind the ledger's mark cannot be taken off by an edit, nor gone around by a second name for the same call.
 */
final class OnceRule extends DescribedRule {
    OnceRule() {
        super(
                "once",
                "in `provider.yaml`: a command that moves money declared as repeatable; a repeatable operation whose"
                        + " method and path reach a money operation, `{value}` in the path included",
                "the flag is what puts a call behind the ledger's mark: without it every look could charge",
                "keep the flag; give the other operation a path of its own");
    }

    @Override
    public void check(RouteFiles files, Findings out) {
        for (Provider provider : files.providers().values()) {
            for (Provider.Operation operation : provider.operations().values()) {
                if (operation.movesMoney() && !operation.declaredOnce()) {
                    out.at(
                            provider.file().path(),
                            operation.line(),
                            "the operation " + operation.name()
                                    + " moves money: it must be declared as one that may be called once only");
                }
                if (operation.once()) {
                    continue;
                }
                provider.operations().values().stream()
                        .filter(other -> other.once() && reaches(operation, other))
                        .forEach(other -> out.at(
                                provider.file().path(),
                                operation.line(),
                                "the operation " + operation.name() + " can call what " + other.name()
                                        + " calls, without the mark that keeps that from being repeated"));
            }
        }
    }

    private static boolean reaches(Provider.Operation free, Provider.Operation once) {
        List<String> from = segments(free.path());
        List<String> to = segments(once.path());
        if (!free.method().equalsIgnoreCase(once.method()) || from.size() != to.size()) {
            return false;
        }
        for (int i = 0; i < from.size(); i++) {
            if (!from.get(i).contains("{")
                    && !to.get(i).contains("{")
                    && !from.get(i).equals(to.get(i))) {
                return false;
            }
            if (!from.get(i).contains("{") && to.get(i).contains("{")) {
                // The money call takes any value here, the other one a fixed word: another resource.
                return false;
            }
        }
        return true;
    }

    /** As a lenient server reads a path: case, empty segments and a trailing slash do not count. */
    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/", -1)) {
            if (!segment.isEmpty() && !segment.equals(".")) {
                segments.add(segment.toLowerCase(Locale.ROOT));
            }
        }
        return segments;
    }
}
