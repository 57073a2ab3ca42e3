package nl.pinbridge.routecheck;

import java.util.ArrayList;
import java.util.List;
import nl.pinbridge.routecheck.Yaml.Entry;
import nl.pinbridge.routecheck.Yaml.Fields;
import nl.pinbridge.routecheck.Yaml.Scalar;

/**
 * An endpoint as a route names it.
 *
 * @param written the uri as it stands in the file
 * @param uri without options and without the slashes that Camel ignores
 * @param options those of the uri and those under {@code parameters}; a value that is no scalar is empty
 */
record Target(String written, String uri, List<Option> options, int line) {
    record Option(String name, String value, int line) {}

    static Target of(String written, Fields parameters, int line) {
        List<Option> options = new ArrayList<>();
        int question = written.indexOf('?');
        if (question >= 0) {
            for (String pair : written.substring(question + 1).split("&", -1)) {
                int equals = pair.indexOf('=');
                options.add(
                        equals < 0
                                ? new Option(pair, "", line)
                                : new Option(pair.substring(0, equals), pair.substring(equals + 1), line));
            }
        }
        for (Entry entry : parameters.entries()) {
            options.add(
                    new Option(entry.key(), entry.value() instanceof Scalar scalar ? scalar.text() : "", entry.line()));
        }
        String path = question < 0 ? written : written.substring(0, question);
        return new Target(written, path.strip().replaceFirst("^([A-Za-z0-9.+-]+):/{2,}", "$1:"), options, line);
    }

    /** {@code jms} of {@code jms:queue:x}; empty where there is none. */
    String scheme() {
        int colon = uri.indexOf(':');
        return colon < 0 ? "" : uri.substring(0, colon);
    }

    /** What follows the scheme. */
    String rest() {
        return uri.substring(uri.indexOf(':') + 1);
    }

    boolean is(String scheme) {
        return scheme().equals(scheme);
    }

    /** The queue of a {@code jms:queue:…}; empty for anything else. */
    String queue() {
        return is("jms") && rest().startsWith("queue:") ? rest().substring("queue:".length()) : "";
    }
}
