package nl.pinbridge.config;

import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * The terminals by alias, as {@code config/terminals.yaml} stood when it was read. Immutable: a changed file makes a new directory.
 *
 * <p>The file is read as a tree with positions and not into objects, because two equal aliases, an unquoted {@code 007} and a
 * misspelt field must be seen as they were written.
 */
public final class TerminalDirectory {
    private static final Pattern ALIAS = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern TEXT = Pattern.compile("[^\\p{Cntrl}]{1,200}");
    private static final Set<String> FIELDS = new TreeSet<>(Set.of("provider", "id", "brand", "key", "labels", "url"));

    private final Map<String, Terminal> terminals;

    private TerminalDirectory(Map<String, Terminal> terminals) {
        this.terminals = Collections.unmodifiableMap(terminals);
    }

    /** A directory of these terminals, for tests. */
    public static TerminalDirectory of(List<Terminal> terminals) {
        Map<String, Terminal> byAlias = new LinkedHashMap<>();
        terminals.forEach(terminal -> byAlias.put(terminal.alias(), terminal));
        return new TerminalDirectory(byAlias);
    }

    /**
     * Reads the file.
     *
     * @param brands of every provider with a folder, by its name; an empty set where the provider knows no brands
     * @param placeholders for {@code {{env:…}}} and {@code {{file:…}}}
     * @throws BadConfigurationException with every complaint, each with the line
     */
    public static TerminalDirectory read(Path file, Map<String, Set<String>> brands, Placeholders placeholders) {
        return read(file, brands, Set.of(), placeholders);
    }

    /**
     * Reads the file.
     *
     * @param ownUrls the providers whose terminals are called at an address of their own each
     */
    public static TerminalDirectory read(
            Path file, Map<String, Set<String>> brands, Set<String> ownUrls, Placeholders placeholders) {
        return new Reading(file, brands, ownUrls, placeholders).directory();
    }

    public Optional<Terminal> find(String alias) {
        return Optional.ofNullable(terminals.get(alias));
    }

    /** All of them, as the file orders them. */
    public List<Terminal> all() {
        return List.copyOf(terminals.values());
    }

    private static final class Reading {
        private final Path file;
        private final Map<String, Set<String>> brands;
        private final Set<String> ownUrls;
        private final Placeholders placeholders;
        private final List<Complaint> complaints = new ArrayList<>();

        Reading(Path file, Map<String, Set<String>> brands, Set<String> ownUrls, Placeholders placeholders) {
            this.file = file;
            this.brands = brands;
            this.ownUrls = ownUrls;
            this.placeholders = placeholders;
        }

        TerminalDirectory directory() {
            Map<String, Terminal> found = new LinkedHashMap<>();
            Node root = tree();
            if (root != null) {
                Map<String, Node> top = fields(root, "", Set.of("terminals"));
                Node list = top.get("terminals");
                if (list != null) {
                    readAll(list, found);
                } else if (complaints.isEmpty()) {
                    complain(root, "terminals", "is missing: the file begins with 'terminals:'.");
                }
            }
            if (!complaints.isEmpty()) {
                throw new BadConfigurationException(complaints);
            }
            return new TerminalDirectory(found);
        }

        private @Nullable Node tree() {
            try {
                Node root = new Yaml(new SafeConstructor(new LoaderOptions()))
                        .compose(new StringReader(Files.readString(file)));
                if (root == null) {
                    complaints.add(new Complaint(file.toString(), "terminals", "is missing: the file is empty."));
                }
                return root;
            } catch (NoSuchFileException e) {
                complaints.add(new Complaint(
                        file.toString(), "", "does not exist. Name the terminal directory in pinbridge.terminals."));
            } catch (IOException e) {
                complaints.add(new Complaint(
                        file.toString(),
                        "",
                        "cannot be read: is it a text file in UTF-8, and readable for this user?"));
            } catch (MarkedYAMLException e) {
                // Not the message as a whole: it quotes the line, and a key may stand there.
                String where = e.getProblemMark() == null
                        ? file.toString()
                        : file + ":" + (e.getProblemMark().getLine() + 1);
                complaints.add(new Complaint(where, "", "is no YAML here: " + e.getProblem() + "."));
            } catch (YAMLException e) {
                complaints.add(new Complaint(file.toString(), "", "is no YAML."));
            }
            return null;
        }

        private void readAll(Node list, Map<String, Terminal> found) {
            // An empty list ("terminals:" alone) is a directory without terminals; the sandbox and a first install have
            // that.
            if (list instanceof ScalarNode scalar && Tag.NULL.equals(scalar.getTag())) {
                return;
            }
            Map<String, String> devices = new HashMap<>();
            for (Map.Entry<String, Node> entry : fields(list, "terminals", null).entrySet()) {
                String alias = entry.getKey();
                String path = "terminals." + alias;
                if (!ALIAS.matcher(alias).matches()) {
                    complain(
                            entry.getValue(),
                            path,
                            "is no alias: up to 64 letters, digits, '.', '_' and '-', a letter or digit first.");
                }
                Terminal terminal = terminal(alias, path, entry.getValue());
                if (terminal == null) {
                    continue;
                }
                String other = devices.putIfAbsent(terminal.device(), alias);
                if (other != null) {
                    complain(
                            entry.getValue(),
                            path + ".id",
                            "is the same device as " + other + ": give each device one alias.");
                }
                found.put(alias, terminal);
            }
        }

        private @Nullable Terminal terminal(String alias, String path, Node node) {
            Map<String, Node> fields = fields(node, path, FIELDS);
            int before = complaints.size();
            String provider = text(node, fields, path, "provider", true);
            String id = text(node, fields, path, "id", true);
            String brand = text(node, fields, path, "brand", false);
            String key = text(node, fields, path, "key", false);
            Map<String, String> labels = labels(fields.get("labels"), path + ".labels");
            String address = text(node, fields, path, "url", false);
            URI url = address == null ? null : url(fields.getOrDefault("url", node), path, address);
            if (provider != null) {
                checkProvider(fields, path, provider, brand, node);
                if (brands.containsKey(provider)) {
                    checkUrl(fields, path, provider, node);
                }
            }
            if (provider == null || id == null || complaints.size() > before) {
                return provider == null || id == null ? null : new Terminal(alias, provider, id, brand, null, labels);
            }
            return new Terminal(alias, provider, id, brand, key == null ? null : new Secret(key), labels, url);
        }

        private void checkUrl(Map<String, Node> fields, String path, String provider, Node node) {
            boolean own = ownUrls.contains(provider);
            if (own && !fields.containsKey("url")) {
                complain(
                        node,
                        path + ".url",
                        "is missing: each terminal of " + provider
                                + " is called at an address of its own, such as http://192.168.1.20:8080.");
            } else if (!own && fields.containsKey("url")) {
                complain(
                        fields.getOrDefault("url", node),
                        path + ".url",
                        "must be left out: " + provider + " has one address for all terminals" + " (pinbridge.provider."
                                + provider + ".url).");
            }
        }

        private @Nullable URI url(Node node, String path, String text) {
            try {
                URI url = URI.create(text);
                boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
                if (http
                        && url.getHost() != null
                        && url.getUserInfo() == null
                        && url.getQuery() == null
                        && url.getFragment() == null) {
                    return url;
                }
            } catch (IllegalArgumentException e) {
                // Said below.
            }
            complain(
                    node,
                    path + ".url",
                    "must be an http or https address of a host, with a port and a path if you like, and nothing else.");
            return null;
        }

        private void checkProvider(
                Map<String, Node> fields, String path, String provider, @Nullable String brand, Node node) {
            Set<String> known = brands.get(provider);
            if (known == null) {
                complain(
                        fields.getOrDefault("provider", node),
                        path + ".provider",
                        "is '" + provider + "', but there is no folder of that name below the routes' providers."
                                + DidYouMean.sentence(provider, brands.keySet()));
            } else if (known.isEmpty() && brand != null) {
                complain(
                        fields.getOrDefault("brand", node),
                        path + ".brand",
                        "must be left out: " + provider + " knows no brands.");
            } else if (!known.isEmpty() && !fields.containsKey("brand")) {
                complain(node, path + ".brand", "is missing: one of " + listed(known) + ".");
            } else if (brand != null && !known.contains(brand)) {
                complain(
                        fields.getOrDefault("brand", node),
                        path + ".brand",
                        "is '" + brand + "', but must be one of " + listed(known) + ".");
            }
        }

        private Map<String, String> labels(@Nullable Node node, String path) {
            if (node == null) {
                return Map.of();
            }
            Map<String, String> labels = new LinkedHashMap<>();
            Map<String, Node> fields = fields(node, path, null);
            fields.keySet().forEach(name -> {
                String value = text(node, fields, path, name, true);
                if (value != null) {
                    labels.put(name, value);
                }
            });
            return Collections.unmodifiableMap(labels);
        }

        /** The text of a field with its placeholders filled in; null when it is absent or complained of. */
        private @Nullable String text(
                Node parent, Map<String, Node> fields, String path, String name, boolean required) {
            Node node = fields.get(name);
            String key = path + "." + name;
            if (node == null) {
                if (required) {
                    complain(parent, key, "is missing.");
                }
                return null;
            }
            if (!(node instanceof ScalarNode scalar)) {
                complain(node, key, "must be a text.");
                return null;
            }
            if (!Tag.STR.equals(scalar.getTag())) {
                // 0123 would be read as 83, 1e5 as 100000, NO as false: an id is what stands there.
                complain(node, key, scalar.getValue().isBlank() ? "is empty." : "must be a text: put it in quotes.");
                return null;
            }
            String value;
            try {
                value = placeholders.resolve(scalar.getValue());
            } catch (IllegalArgumentException e) {
                complain(node, key, String.valueOf(e.getMessage()));
                return null;
            }
            if (value.isBlank()) {
                complain(node, key, "is empty.");
                return null;
            }
            if (!TEXT.matcher(value).matches() && !name.equals("key")) {
                complain(node, key, "must be one line of at most 200 characters.");
                return null;
            }
            if (!value.equals(value.strip())) {
                complain(node, key, "begins or ends with white space.");
                return null;
            }
            return value;
        }

        /** The fields of a mapping by name; anything doubled, not known or not named by a plain text is complained of. */
        private Map<String, Node> fields(Node node, String path, @Nullable Set<String> known) {
            if (!(node instanceof MappingNode mapping)) {
                complain(node, path, "must be 'name: value' lines.");
                return Map.of();
            }
            Map<String, Node> fields = new LinkedHashMap<>();
            for (NodeTuple tuple : mapping.getValue()) {
                Node keyNode = tuple.getKeyNode();
                if (!(keyNode instanceof ScalarNode scalar)) {
                    complain(keyNode, path, "has a name that is no text.");
                    continue;
                }
                String name = scalar.getValue();
                String key = path.isEmpty() ? name : path + "." + name;
                if (known != null && !known.contains(name)) {
                    complain(keyNode, key, "is no field here." + DidYouMean.sentence(name, known));
                } else if (fields.putIfAbsent(name, tuple.getValueNode()) != null) {
                    complain(keyNode, key, "stands in this file twice.");
                }
            }
            return fields;
        }

        private void complain(Node node, String key, String sentence) {
            String where = node.getStartMark() == null
                    ? file.toString()
                    : file + ":" + (node.getStartMark().getLine() + 1);
            complaints.add(new Complaint(where, key, sentence));
        }

        private static String listed(Set<String> words) {
            return words.stream().sorted().collect(Collectors.joining(", "));
        }
    }
}
