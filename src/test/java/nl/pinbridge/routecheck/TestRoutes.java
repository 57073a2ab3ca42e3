package nl.pinbridge.routecheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import nl.pinbridge.config.Settings;
import nl.pinbridge.provider.ProviderFolder;

/** A route folder to be edited and judged. */
final class TestRoutes {
    static final Path SHIPPED = Path.of("routes");

    /** The names that the bridge binds. */
    static final Set<String> BLOCKS = Set.of(
            "intake",
            "wake",
            "take-command",
            "refresh",
            "take-look",
            "take-webhook",
            "provider-route",
            "outcome",
            "publish",
            "failure",
            "sweep",
            "close-gate",
            "admin");

    private static final Set<String> PLACEHOLDERS = readPlaceholders();

    private final Path folder;

    private TestRoutes(Path folder) {
        this.folder = folder;
    }

    /** A folder with nothing in it. */
    static TestRoutes empty(Path folder) {
        return new TestRoutes(folder);
    }

    /** A copy of the routes as delivered, without the recorded examples. */
    static TestRoutes shipped(Path folder) {
        try (Stream<Path> files = Files.walk(SHIPPED)) {
            files.filter(file -> Files.isRegularFile(file) && !file.toString().contains("examples"))
                    .forEach(file ->
                            write(folder.resolve(SHIPPED.relativize(file).toString()), read(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new TestRoutes(folder);
    }

    Path folder() {
        return folder;
    }

    TestRoutes file(String name, String text) {
        write(folder.resolve(name), text);
        return this;
    }

    /** Replaces the first place where a text stands. */
    TestRoutes edit(String name, String find, String replace) {
        String text = read(folder.resolve(name));
        assertThat(text).contains(find);
        int at = text.indexOf(find);
        return file(name, text.substring(0, at) + replace + text.substring(at + find.length()));
    }

    /** The names of the files in a folder as delivered, without what lies below it. */
    static List<String> filesOf(String name) {
        try (Stream<Path> files = Files.list(SHIPPED.resolve(name))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As it stands in {@code provider.yaml}: the key by which an operation is declared as one that may be called once only. */
    static String onceKey() {
        return read(SHIPPED.resolve("providers/pinvandaag/provider.yaml")).contains("    once: true")
                ? "once"
                : "money";
    }

    /** Takes back what was changed in a file. */
    void restore(String name) {
        file(name, read(SHIPPED.resolve(name)));
    }

    TestRoutes append(String name, String more) {
        return file(name, read(folder.resolve(name)) + more);
    }

    TestRoutes delete(String name) {
        try {
            Files.delete(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    List<Finding> findings() {
        return RouteCheck.of(folder, placeholders(), BLOCKS).run();
    }

    /** Without Camel's schema, which knows most of what other rules refuse. */
    List<Finding> findingsBesideSchema() {
        return RouteCheck.of(folder, placeholders(), BLOCKS)
                .run(RouteCheck.RULES.stream()
                        .filter(rule -> !(rule instanceof SchemaRule))
                        .toList());
    }

    List<Finding> findings(String rule) {
        assertThat(RouteCheck.RULES).extracting(Rule::name).contains(rule);
        return findings().stream()
                .filter(finding -> finding.rule().equals(rule))
                .toList();
    }

    /** What the bridge gives to routes, from the settings as delivered. */
    static Set<String> placeholders() {
        return PLACEHOLDERS;
    }

    private static Set<String> readPlaceholders() {
        Set<String> names = new TreeSet<>(Settings.of(Map.of("pinbridge.terminals", "config/terminals.yaml"))
                .placeholderValues()
                .stringPropertyNames());
        names.add("pinbridge.sweep.millis");
        ProviderFolder.readAll(SHIPPED.resolve("providers"))
                .keySet()
                .forEach(provider -> names.add("pinbridge.provider." + provider + ".consumers"));
        return Set.copyOf(names);
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
