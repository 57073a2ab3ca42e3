package nl.pinbridge.routecheck;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import nl.pinbridge.provider.ProviderFolder;
import nl.pinbridge.routecheck.Yaml.Entry;
import nl.pinbridge.routecheck.Yaml.Fields;
import nl.pinbridge.routecheck.Yaml.Items;

/** The route folder as the rules see it. */
public final class RouteFiles {
    static final String SUFFIX = ".camel.yaml";

    private final Path folder;
    private final Set<String> placeholders;
    private final Set<String> blocks;
    private final List<YamlFile> files = new ArrayList<>();
    private final List<Path> others = new ArrayList<>();
    private final List<Chain> routes = new ArrayList<>();
    private final List<Failures> failures = new ArrayList<>();
    private final Map<String, Provider> providers = new TreeMap<>();

    /** A {@code routeConfiguration} and its handlers. */
    record Failures(YamlFile file, Fields fields, List<Chain> handlers) {}

    private RouteFiles(Path folder, Set<String> placeholders, Set<String> blocks) {
        this.folder = folder;
        this.placeholders = Set.copyOf(placeholders);
        this.blocks = Set.copyOf(blocks);
    }

    /** Reads everything below the folder; what cannot be read is kept as a fault of its file. */
    static RouteFiles read(Path folder, Set<String> placeholders, Set<String> blocks) {
        RouteFiles read = new RouteFiles(folder, placeholders, blocks);
        try (Stream<Path> walk = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            // All cases of the suffix: better one file too many than one that Camel reads and nobody judges.
            walk.filter(path -> !Files.isDirectory(path)).sorted().forEach(path -> {
                if (path.toString().toLowerCase(Locale.ROOT).endsWith(SUFFIX)) {
                    read.files.add(YamlFile.read(path));
                } else {
                    read.others.add(path);
                }
            });
        } catch (IOException | UncheckedIOException e) {
            read.files.clear();
            read.others.clear();
        }
        read.providerFolders();
        read.files.forEach(read::items);
        return read;
    }

    private void providerFolders() {
        try (Stream<Path> below = Files.list(folder.resolve("providers"))) {
            below.filter(each -> Files.exists(each.resolve(ProviderFolder.FILE)))
                    .forEach(each -> providers.put(
                            String.valueOf(each.getFileName()),
                            Provider.of(each, YamlFile.read(each.resolve(ProviderFolder.FILE)))));
        } catch (IOException e) {
            // A bridge without providers: the routes are judged all the same.
            providers.clear();
        }
    }

    private void items(YamlFile file) {
        if (!(file.content() instanceof Items items)) {
            return;
        }
        for (Yaml item : items.items()) {
            if (!(item instanceof Fields fields)) {
                continue;
            }
            for (Entry entry : fields.entries()) {
                if (!(entry.value() instanceof Fields content)) {
                    continue;
                }
                if (entry.key().equals("route")) {
                    routes.add(Chain.route(file, content));
                } else if (entry.key().equals("routeConfiguration")) {
                    failures.add(failures(file, content));
                }
            }
        }
    }

    private static Failures failures(YamlFile file, Fields content) {
        List<Chain> handlers = new ArrayList<>();
        for (Yaml each : content.items("onException")) {
            if (each instanceof Fields outer && outer.get("onException") instanceof Fields handler) {
                handlers.add(Chain.failure(file, handler));
            }
        }
        return new Failures(file, content, List.copyOf(handlers));
    }

    Path folder() {
        return folder;
    }

    /** Every key that {@code {{…}}} may name. */
    Set<String> placeholders() {
        return placeholders;
    }

    /** Every name that {@code process} may refer to. */
    Set<String> blocks() {
        return blocks;
    }

    /** The files that Camel loads. */
    List<YamlFile> files() {
        return files;
    }

    /** All other files below the folder. */
    List<Path> others() {
        return others;
    }

    List<Chain> routes() {
        return routes;
    }

    List<Failures> failures() {
        return failures;
    }

    /** Routes and error handlers. */
    List<Chain> chains() {
        List<Chain> all = new ArrayList<>(routes);
        failures.forEach(each -> all.addAll(each.handlers()));
        return all;
    }

    /** Every step of every route and error handler. */
    List<Step> steps() {
        return chains().stream().flatMap(chain -> chain.all().stream()).toList();
    }

    /** Those with a {@code provider.yaml}, by the name of their folder. */
    Map<String, Provider> providers() {
        return providers;
    }

    List<Provider.Operation> operations() {
        return providers.values().stream()
                .flatMap(provider -> provider.operations().values().stream())
                .toList();
    }

    /** The operation that {@code provider-call:pinvandaag/create} calls; empty where there is none. */
    Optional<Provider.Operation> called(Target target) {
        return operations().stream()
                .filter(operation -> operation.call().equals(target.uri()))
                .findFirst();
    }

    /** The operation whose route begins at this uri. */
    Optional<Provider.Operation> begunBy(String uri) {
        return operations().stream()
                .filter(operation -> operation.partOf() == null)
                .filter(operation -> operation.route().equals(uri))
                .findFirst();
    }
}
