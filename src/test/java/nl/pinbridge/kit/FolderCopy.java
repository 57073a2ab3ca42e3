package nl.pinbridge.kit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import nl.pinbridge.contract.Json;

/** A copy of a provider's folder as delivered, to be broken. */
final class FolderCopy {
    static final Path SHIPPED = Path.of("routes/providers");

    private final Path folder;

    private FolderCopy(Path folder) {
        this.folder = folder;
    }

    static FolderCopy of(String provider, Path below) {
        Path folder = below.resolve(provider);
        Path from = SHIPPED.resolve(provider);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path to = folder.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(file, to);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new FolderCopy(folder);
    }

    Path folder() {
        return folder;
    }

    Report check() {
        return ProviderKit.check(folder);
    }

    FolderCopy file(String name, String text) {
        try {
            Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    String read(String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Replaces every place where a text stands. */
    FolderCopy edit(String name, String find, String replace) {
        String text = read(name);
        assertThat(text).contains(find);
        return file(name, text.replace(find, replace));
    }

    FolderCopy append(String name, String more) {
        return file(name, read(name) + more);
    }

    FolderCopy delete(String name) {
        try {
            Files.delete(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Changes an example as it stands in its file. */
    FolderCopy example(String name, Consumer<ObjectNode> change) {
        String file = "examples/" + name + ".json";
        ObjectNode example = (ObjectNode) Json.read(read(file));
        change.accept(example);
        return file(file, Json.write(example));
    }

    /** Takes away the examples of which something is true. */
    FolderCopy withoutExamples(Predicate<JsonNode> which) {
        try (Stream<Path> files = Files.list(folder.resolve("examples"))) {
            List<Path> gone = files.filter(file -> which.test(Json.read(read("examples/" + file.getFileName()))))
                    .toList();
            assertThat(gone).isNotEmpty();
            gone.forEach(file -> delete("examples/" + file.getFileName()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }
}
