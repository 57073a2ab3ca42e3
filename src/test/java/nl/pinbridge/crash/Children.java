package nl.pinbridge.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Starts real processes on this test's own class path, to be killed for real. */
final class Children {
    private Children() {}

    static Process java(Class<?> main, List<String> jvm, Path errors, Map<String, String> environment, String... args)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-XX:+UseSerialGC");
        command.add("-Xshare:auto");
        command.add("-Xmx512m");
        command.addAll(jvm);
        command.add(main.getName());
        command.addAll(List.of(args));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** kill -9, and wait until it is gone. */
    static void kill(Process process) throws IOException, InterruptedException {
        signal(process, "KILL");
        process.waitFor();
    }

    /** Sends a signal, such as STOP, to the process alone. Java's own destroyForcibly would throw away what it printed. */
    static void signal(Process process, String signal) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                .start()
                .waitFor();
        if (exit != 0 && process.isAlive()) {
            throw new IOException("kill -" + signal + " ended with " + exit);
        }
        if (signal.equals("STOP")) {
            awaitStopped(process);
        }
    }

    /** kill returns before the threads stand still: on a busy machine one of them may still write a request. */
    private static void awaitStopped(Process process) {
        Path threads = Path.of("/proc", String.valueOf(process.pid()), "task");
        if (Files.isDirectory(threads)) {
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> allStopped(threads));
        }
    }

    private static boolean allStopped(Path threads) throws IOException {
        try (Stream<Path> all = Files.list(threads)) {
            for (Path thread : all.toList()) {
                String stat = Files.readString(thread.resolve("stat"));
                // The state follows the name, which stands in brackets and may hold anything.
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
        } catch (NoSuchFileException endedMeanwhile) {
            return false;
        }
        return true;
    }

    static BufferedReader output(Process process) {
        return process.inputReader(StandardCharsets.UTF_8);
    }
}
