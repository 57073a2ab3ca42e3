package nl.pinbridge.kit;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import nl.pinbridge.contract.Json;
import nl.pinbridge.provider.JqException;
import nl.pinbridge.provider.JqScript;
import nl.pinbridge.provider.ProviderFolder;
import nl.pinbridge.provider.ProviderFolderException;
import org.jspecify.annotations.Nullable;

/** A provider's folder as its files are, however broken; what cannot be read is noted and left out. */
final class KitFolder {
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final Set<String> KEYS = new TreeSet<>(Set.of("name", "source", "script", "input", "output"));

    private final Path path;
    private final String name;
    private final Notes notes;
    private final @Nullable ProviderFolder provider;
    private final Wiring wiring;
    private final Set<String> scriptFiles = new TreeSet<>();
    private final Map<String, String> texts = new TreeMap<>();
    private final Map<String, JqScript> scripts = new TreeMap<>();
    private final List<Example> examples = new ArrayList<>();

    private KitFolder(Path path, Notes notes) {
        this.path = path.toAbsolutePath().normalize();
        this.name = String.valueOf(this.path.getFileName());
        this.notes = notes;
        this.provider = readProvider();
        this.wiring = new Wiring(name);
        list(".").forEach(this::readFile);
        list("examples").forEach(this::readExample);
    }

    /**
     * @throws UncheckedIOException when there is no such folder
     */
    static KitFolder read(Path path, Notes notes) {
        if (!Files.isDirectory(path)) {
            throw new UncheckedIOException(new NotDirectoryException(path.toString()));
        }
        return new KitFolder(path, notes);
    }

    private List<Path> list(String below) {
        Path folder = path.resolve(below).normalize();
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !String.valueOf(file.getFileName()).startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable ProviderFolder readProvider() {
        try {
            return ProviderFolder.read(path);
        } catch (ProviderFolderException e) {
            boolean none = e.getCause() instanceof NoSuchFileException;
            // The message begins with the whole path, which the finding names already.
            String told = String.valueOf(e.getMessage());
            String file = path.resolve(ProviderFolder.FILE) + ": ";
            notes.wrong(
                    KitRule.PROVIDER_YAML,
                    ProviderFolder.FILE,
                    none ? "is not there" : told.startsWith(file) ? told.substring(file.length()) : told);
            return null;
        }
    }

    private void readFile(Path file) {
        String fileName = String.valueOf(file.getFileName());
        if (fileName.endsWith(".camel.yaml")) {
            try {
                wiring.read(YAML.readTree(text(file)));
            } catch (IOException e) {
                notes.wrong(KitRule.ROUTE, fileName, "cannot be read: " + firstLine(e));
            }
        } else if (fileName.endsWith(".jq")) {
            scriptFiles.add(fileName);
            try {
                scripts.put(fileName, JqScript.compile(fileName, text(file)));
                notes.tried(Chapter.FOLDER);
            } catch (IOException | JqException e) {
                Throwable deepest = e;
                while (deepest.getCause() != null) {
                    deepest = deepest.getCause();
                }
                notes.wrong(KitRule.SCRIPT, fileName, "is no jq: " + firstLine(deepest));
            }
        } else if (fileName.equals(ProviderFolder.FILE) || fileName.equals(ProviderFolder.COMMAND_SCHEMA)) {
            try {
                text(file);
            } catch (IOException e) {
                // Whoever read it first has told.
                return;
            }
        } else {
            notes.wrong(KitRule.UNUSED, fileName, "is no file that the bridge reads");
        }
    }

    private void readExample(Path file) {
        String shown = "examples/" + file.getFileName();
        JsonNode json;
        try {
            json = Json.MAPPER.readTree(text(file));
        } catch (IOException e) {
            notes.wrong(KitRule.EXAMPLE_FORM, shown, "cannot be read: " + firstLine(e));
            return;
        }
        Set<String> keys = new TreeSet<>();
        json.fieldNames().forEachRemaining(keys::add);
        if (!keys.equals(KEYS)) {
            notes.wrong(KitRule.EXAMPLE_FORM, shown, "has the keys " + keys + " where " + KEYS + " are wanted");
            return;
        }
        for (String key : List.of("name", "source", "script")) {
            if (!json.path(key).isTextual() || json.path(key).textValue().isBlank()) {
                notes.wrong(KitRule.EXAMPLE_FORM, shown, "its " + key + " is no text");
                return;
            }
        }
        String script = json.path("script").textValue();
        if (!scriptFiles.contains(script) && !script.equals(ProviderFolder.FILE)) {
            notes.wrong(KitRule.EXAMPLE_FORM, shown, "is of the script " + script + ", which is not in the folder");
            return;
        }
        examples.add(
                new Example(shown, json.path("name").textValue(), script, json.path("input"), json.path("output")));
    }

    private String text(Path file) throws IOException {
        try {
            String text = Files.readString(file);
            texts.put(
                    path.relativize(file.toAbsolutePath().normalize())
                            .toString()
                            .replace('\\', '/'),
                    text);
            return text;
        } catch (CharacterCodingException e) {
            throw new IOException("it is not UTF-8", e);
        }
    }

    static String firstLine(Throwable thrown) {
        return String.valueOf(thrown.getMessage()).lines().findFirst().orElse("");
    }

    Path path() {
        return path;
    }

    String name() {
        return name;
    }

    Notes notes() {
        return notes;
    }

    /** Null where provider.yaml cannot be read. */
    @Nullable
    ProviderFolder provider() {
        return provider;
    }

    Wiring wiring() {
        return wiring;
    }

    /** The names of all scripts, those that do not compile included. */
    Set<String> scriptFiles() {
        return scriptFiles;
    }

    /** What a script's file says. */
    String textOf(String script) {
        return texts.getOrDefault(script, "");
    }

    /** Every file that could be read, by its path below the folder. */
    Map<String, String> allTexts() {
        return texts;
    }

    /** Null where it is not there or does not compile. */
    @Nullable
    JqScript script(String script) {
        return scripts.get(script);
    }

    List<Example> examples() {
        return examples;
    }

    List<Example> examplesOf(String script) {
        return examples.stream()
                .filter(example -> example.script().equals(script))
                .toList();
    }

    /** The output of a script; null where it fails. */
    static @Nullable JsonNode run(JqScript script, JsonNode input) {
        try {
            return script.apply(input);
        } catch (JqException e) {
            return null;
        }
    }
}
