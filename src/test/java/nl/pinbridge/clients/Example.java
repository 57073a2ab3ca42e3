package nl.pinbridge.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** The client examples of the documentation, each run as a reader would run it: in a process of its own. */
enum Example {
    JAVA {
        @Override
        List<String> command() {
            return List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-cp",
                    compiled() + File.pathSeparator + System.getProperty("java.class.path"),
                    "PayAtTill");
        }
    },
    PYTHON("python3") {
        @Override
        List<String> command() {
            return List.of("python3", SOURCES.resolve("python/pay_at_till.py").toString());
        }
    },
    NODE("node", "npm") {
        @Override
        List<String> command() {
            return List.of("node", installed().resolve("pay-at-till.mjs").toString());
        }
    };

    /** What a process printed and how it ended. */
    record Run(int exit, List<String> lines, String errors) {}

    private static final Path SOURCES = Path.of("docs", "clients").toAbsolutePath();
    private static final int SECONDS = 60;

    private final List<String> tools;
    private volatile @Nullable String missing;

    Example(String... tools) {
        this.tools = List.of(tools);
    }

    abstract List<String> command();

    /** Skips the test, and says why, on a machine that lacks what the example is written for. */
    void assumeInstalled() {
        assumeTrue(
                isInstalled(),
                () -> "The " + this + " example was not tried: there is no " + missing + " on this machine");
    }

    boolean isInstalled() {
        String none = missing;
        if (none == null) {
            none = tools.stream().filter(tool -> !starts(tool)).findFirst().orElse("");
            missing = none;
        }
        return none.isEmpty();
    }

    private static boolean starts(String tool) {
        try {
            return run(Path.of(""), Map.of(), List.of(tool, "--version")).exit() == 0;
        } catch (UncheckedIOException notThere) {
            return false;
        }
    }

    /**
     * Runs the example to its end.
     *
     * @param folder where it runs and writes its journal; made when it is not there
     */
    Run run(Path folder, Map<String, String> environment, Object... arguments) {
        List<String> command = new ArrayList<>(command());
        Arrays.stream(arguments).map(String::valueOf).forEach(command::add);
        return run(folder, environment, command);
    }

    private static Run run(Path folder, Map<String, String> environment, List<String> command) {
        try {
            Files.createDirectories(folder.toAbsolutePath());
            Path out = Files.createTempFile("example", ".out");
            Path errors = Files.createTempFile("example", ".err");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toAbsolutePath().toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(out.toFile())
                    .redirectError(errors.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            try {
                boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
                String said = Files.readString(errors, StandardCharsets.UTF_8);
                assertThat(ended)
                        .as(
                                "%s ended within %s s; it printed %s %s",
                                command.get(0), SECONDS, Files.readString(out), said)
                        .isTrue();
                return new Run(process.exitValue(), Files.readAllLines(out, StandardCharsets.UTF_8), said);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                Files.delete(out);
                Files.delete(errors);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The Java example; compiled once, because java with a source file compiles at every start. */
    private static synchronized Path compiled() {
        Path from = SOURCES.resolve("java").resolve("PayAtTill.java");
        Path to = Path.of("target", "clients", "java").toAbsolutePath();
        try {
            Files.createDirectories(to);
            Path done = to.resolve("PayAtTill.java");
            if (!Files.exists(done) || Files.mismatch(done, from) >= 0) {
                ByteArrayOutputStream said = new ByteArrayOutputStream();
                int errors = ToolProvider.getSystemJavaCompiler()
                        .run(null, said, said, "-Xlint:all", "-proc:none", "-d", to.toString(), from.toString());
                assertThat(said.toString(StandardCharsets.UTF_8)).isEmpty();
                assertThat(errors).isZero();
                Files.copy(from, done, StandardCopyOption.REPLACE_EXISTING);
            }
            return to;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The Node example with its library, below target; installed once for each lock file. */
    private static synchronized Path installed() {
        Path from = SOURCES.resolve("node");
        Path to = Path.of("target", "clients", "node").toAbsolutePath();
        try {
            Files.createDirectories(to);
            Path done = to.resolve("installed.lock");
            boolean same = Files.exists(done) && Files.mismatch(done, from.resolve("package-lock.json")) < 0;
            for (String file : List.of("package.json", "package-lock.json", "pay-at-till.mjs")) {
                Files.copy(from.resolve(file), to.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
            if (!same) {
                Run npm = run(
                        to,
                        Map.of(),
                        List.of("npm", "ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"));
                assertThat(npm.exit())
                        .as("npm ci of the Node example, which needs the npm registry once: %s", npm.errors())
                        .isZero();
                Files.copy(from.resolve("package-lock.json"), done, StandardCopyOption.REPLACE_EXISTING);
            }
            return to;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
