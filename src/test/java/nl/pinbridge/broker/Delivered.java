package nl.pinbridge.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What is delivered with the program, for tests that set up the parts around it by hand. */
public final class Delivered {
    private Delivered() {}

    /** The providers whose folders are delivered: each needs a lane on a broker. */
    public static List<String> providers() {
        try (Stream<Path> folders = Files.list(Path.of("routes").resolve("providers"))) {
            return folders.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
