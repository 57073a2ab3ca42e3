package nl.pinbridge.routecheck;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import nl.pinbridge.routecheck.Yaml.Fields;
import org.jspecify.annotations.Nullable;

/** Steps one after the other: a route, or what an error handler does. */
final class Chain {
    private final YamlFile file;
    private final Fields fields;
    private final @Nullable String id;
    private final @Nullable Target from;
    private final List<Step> steps;

    private Chain(YamlFile file, Fields fields, @Nullable Target from, Fields holder) {
        this.file = file;
        this.fields = fields;
        this.id = fields.text("id");
        this.from = from;
        this.steps = Step.list(this, holder.items("steps"));
    }

    static Chain route(YamlFile file, Fields fields) {
        Fields from = fields.fields("from");
        Target start = fields.get("from") instanceof Yaml.Scalar scalar
                ? Target.of(scalar.text(), Fields.none(scalar.line()), scalar.line())
                : Target.of(
                        Objects.requireNonNullElse(from.text("uri"), ""),
                        from.fields("parameters"),
                        from.lineOf("uri"));
        return new Chain(file, fields, start, from);
    }

    static Chain failure(YamlFile file, Fields fields) {
        return new Chain(file, fields, null, fields);
    }

    YamlFile file() {
        return file;
    }

    int line() {
        return fields.line();
    }

    /** The mapping that it was made of. */
    Fields fields() {
        return fields;
    }

    @Nullable
    String id() {
        return id;
    }

    /** Where a route's messages come from; null for an error handler. */
    @Nullable
    Target from() {
        return from;
    }

    boolean isFrom(String uri) {
        return from != null && from.uri().equals(uri);
    }

    /** The steps of the chain itself, those within other steps left out. */
    List<Step> steps() {
        return steps;
    }

    /** Every step, those within other steps included, in the order of the file. */
    List<Step> all() {
        List<Step> all = new ArrayList<>();
        steps.forEach(step -> step.addTo(all));
        return all;
    }
}
