package nl.pinbridge.routecheck;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import nl.pinbridge.routecheck.Yaml.Entry;
import nl.pinbridge.routecheck.Yaml.Fields;
import nl.pinbridge.routecheck.Yaml.Items;
import nl.pinbridge.routecheck.Yaml.Scalar;
import org.jspecify.annotations.Nullable;

/** One step of a route: {@code - to: {…}}. */
final class Step {
    private static final Set<String> LANGUAGES = Set.of(
            "constant",
            "csimple",
            "datasonnet",
            "exchangeProperty",
            "groovy",
            "header",
            "hl7terser",
            "java",
            "joor",
            "jq",
            "js",
            "jsonpath",
            "language",
            "method",
            "mvel",
            "ognl",
            "python",
            "ref",
            "simple",
            "spel",
            "tokenize",
            "variable",
            "wasm",
            "xpath",
            "xquery",
            "xtokenize");

    private final Chain chain;
    private final String kind;
    private final int line;
    private final Yaml body;
    private final List<List<Step>> branches = new ArrayList<>();

    /**
     * An expression in a step.
     *
     * @param text the expression; the value of {@code ref} or the like where a language has none
     */
    record Expression(String language, String text, int line) {}

    private Step(Chain chain, String kind, int line, Yaml body) {
        this.chain = chain;
        this.kind = kind;
        this.line = line;
        this.body = body;
        branches(body);
    }

    static List<Step> list(Chain chain, List<Yaml> items) {
        List<Step> steps = new ArrayList<>();
        for (Yaml item : items) {
            if (item instanceof Fields fields) {
                for (Entry entry : fields.entries()) {
                    steps.add(new Step(chain, entry.key(), entry.line(), entry.value()));
                }
            } else if (item instanceof Scalar scalar) {
                steps.add(new Step(chain, scalar.text(), scalar.line(), scalar));
            }
        }
        return List.copyOf(steps);
    }

    /** Whatever holds steps, however it is called: a branch of a choice, a catch, a fallback. */
    private void branches(Yaml within) {
        if (within instanceof Items items) {
            items.items().forEach(this::branches);
        } else if (within instanceof Fields fields) {
            for (Entry entry : fields.entries()) {
                if (entry.key().equals("steps") && entry.value() instanceof Items items) {
                    branches.add(list(chain, items.items()));
                } else {
                    branches(entry.value());
                }
            }
        }
    }

    Chain chain() {
        return chain;
    }

    /** What YAML calls it: {@code to}, {@code process}, {@code choice}, … */
    String kind() {
        return kind;
    }

    boolean is(String other) {
        return kind.equals(other);
    }

    int line() {
        return line;
    }

    /** What stands below the kind; the short form {@code - to: direct:x} has a scalar here. */
    Yaml body() {
        return body;
    }

    /** The mapping below the kind; empty in the short form. */
    Fields fields() {
        return body instanceof Fields fields ? fields : Fields.none(line);
    }

    @Nullable
    String id() {
        return fields().text("id");
    }

    /** The lists of steps in here. */
    List<List<Step>> branches() {
        return branches;
    }

    /** Where it sends to; null for a step that names no endpoint. */
    @Nullable
    Target target() {
        if (body instanceof Scalar scalar) {
            return Set.of("to", "toD", "wireTap", "poll", "pollEnrich", "enrich", "kamelet")
                            .contains(kind)
                    ? Target.of(scalar.text(), Fields.none(line), scalar.line())
                    : null;
        }
        String uri = fields().text("uri");
        return uri == null ? null : Target.of(uri, fields().fields("parameters"), fields().lineOf("uri"));
    }

    /** The block that a {@code process} names; null for other steps. */
    @Nullable
    String block() {
        return is("process") ? fields().text("ref") : null;
    }

    /** Its expressions, in the long form and in the short one; those of steps within it left out. */
    List<Expression> expressions() {
        List<Expression> found = new ArrayList<>();
        if (!is("process")) {
            expressions(body, found);
        }
        return found;
    }

    /** The expressions of something that is no step, such as {@code handled}. */
    static List<Expression> expressionsIn(Yaml within) {
        List<Expression> found = new ArrayList<>();
        expressions(within, found);
        return found;
    }

    private static void expressions(Yaml within, List<Expression> found) {
        if (within instanceof Items items) {
            items.items().forEach(item -> expressions(item, found));
        } else if (within instanceof Fields fields) {
            for (Entry entry : fields.entries()) {
                if (entry.key().equals("steps") || entry.key().equals("parameters")) {
                    continue;
                }
                if (LANGUAGES.contains(entry.key())) {
                    found.add(expression(entry));
                } else {
                    expressions(entry.value(), found);
                }
            }
        }
    }

    private static Expression expression(Entry entry) {
        if (entry.value() instanceof Fields fields) {
            String text = fields.text("expression");
            return new Expression(entry.key(), text == null ? "" : text, fields.lineOf("expression"));
        }
        return new Expression(
                entry.key(),
                entry.value() instanceof Scalar scalar ? scalar.text() : "",
                entry.value().line());
    }

    void addTo(List<Step> all) {
        all.add(this);
        branches.forEach(branch -> branch.forEach(step -> step.addTo(all)));
    }

    /** What it does in one word and a name: {@code process:intake}, {@code to:direct:work}, {@code choice}. */
    String signature() {
        if (block() != null) {
            return "process:" + block();
        }
        Target target = target();
        if (target != null) {
            return kind + ":" + target.uri();
        }
        if (is("removeHeaders") && !fields().has("excludePattern")) {
            return "removeHeaders:" + fields().text("pattern");
        }
        return kind;
    }
}
