package nl.pinbridge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script itself, in an installation whose Java and Maven only tell how they were called. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    private static final String TELLING_JAVA =
            """
            #!/bin/sh
            echo "home=$PINBRIDGE_HOME"
            for word in "$@"; do
                echo "[$word]"
                case $word in -XX:ArchiveClassesAtExit=*) echo archive > "${word#*=}" ;; esac
            done
            """;
    private static final String MAVEN =
            """
            #!/bin/sh
            echo "maven says hello $*"
            mkdir -p target
            echo fresh > target/pinbridge.jar
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private Path home;

    private record Ran(int code, String out, String err) {}

    @BeforeEach
    void an_installation() throws IOException {
        home = Files.createDirectories(folder.resolve("an installation"));
        Files.copy(Path.of("pinbridge"), home.resolve("pinbridge"), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        Files.createDirectories(home.resolve("src/main"));
        old(Files.writeString(home.resolve("pom.xml"), "<project/>"));
        script(home.resolve("mvnw"), MAVEN);
        jdk("17.0.15", TELLING_JAVA);
    }

    @Test
    void the_first_use_builds_and_says_so_on_standard_error_only() throws Exception {
        Ran ran = run("version");

        assertThat(ran.code()).isZero();
        assertThat(ran.err())
                .contains("First use: building PinBridge")
                .contains("maven says hello -B -q -DskipTests package");
        assertThat(ran.out()).doesNotContain("maven").contains("[version]");
    }

    @Test
    void newer_sources_are_built_again_and_older_ones_are_not() throws Exception {
        built();
        assertThat(run("version").err()).isEmpty();

        Path source = Files.writeString(home.resolve("src/main/New.java"), "class New {}");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));

        assertThat(run("version").err()).contains("building it again");
    }

    @Test
    void a_failed_build_starts_nothing() throws Exception {
        script(home.resolve("mvnw"), "#!/bin/sh\nexit 1\n");
        Ran ran = run("run");
        assertThat(ran.code()).isEqualTo(70);
        assertThat(ran.err()).contains("The build failed");
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void an_installation_without_sources_is_started_as_it_is() throws Exception {
        built();
        Files.delete(home.resolve("pom.xml"));
        assertThat(run("version").code()).isZero();
        Files.delete(home.resolve("target/pinbridge.jar"));
        assertThat(run("version").err()).contains("installation is incomplete");
    }

    @Test
    void words_reach_the_program_as_they_were_typed_from_any_folder_and_through_a_link() throws Exception {
        built();
        Path link = Files.createSymbolicLink(folder.resolve("pb"), home.resolve("pinbridge"));

        Ran ran = run(folder, link, Map.of(), "send", "create", "--reference", "two  words * \"quoted\"", "");

        assertThat(ran.out())
                .contains("home=" + home.toRealPath())
                .contains("[-jar]\n[" + home.toRealPath() + "/target/pinbridge.jar]\n[send]\n[create]")
                .contains("[two  words * \"quoted\"]\n[]\n")
                .contains("[-Djdk.serialFilter=!*]");
    }

    @Test
    void options_for_the_java_machine_and_another_home_are_taken_from_the_environment() throws Exception {
        built();
        Ran ran = run(
                home,
                home.resolve("pinbridge"),
                Map.of("PINBRIDGE_JAVA_OPTS", "-Xmx1g -Dx=y", "PINBRIDGE_HOME", "/else"),
                "run");
        assertThat(ran.out()).startsWith("home=/else\n[-Xmx1g]\n[-Dx=y]\n");
    }

    @Test
    void an_old_java_and_none_are_refused_with_a_sentence() throws Exception {
        built();
        jdk("11.0.2", TELLING_JAVA);
        assertThat(run("run")).satisfies(ran -> {
            assertThat(ran.code()).isEqualTo(78);
            assertThat(ran.err()).contains("needs Java 17 or later").contains("11.0.2");
        });
        assertThat(run(home, home.resolve("pinbridge"), Map.of("JAVA_HOME", "/not/there"), "run"))
                .satisfies(ran -> {
                    assertThat(ran.code()).isEqualTo(78);
                    assertThat(ran.err()).contains("there is no bin/java in it");
                });
    }

    @Test
    void a_java_without_its_release_file_is_asked() throws Exception {
        built();
        jdk("", "#!/bin/sh\necho 'openjdk version \"1.8.0_402\"' >&2\n");
        assertThat(run("run").err()).contains("1.8.0_402");
    }

    @Test
    void the_first_demo_leaves_an_archive_of_classes_that_later_starts_use() throws Exception {
        built();
        assertThat(run("run").out()).doesNotContain("Archive");
        assertThat(run("demo", "--stay").out()).doesNotContain("Archive");

        assertThat(run("demo").out()).contains("[-XX:ArchiveClassesAtExit=").contains("[demo]");

        assertThat(home.resolve("target/pinbridge-17.0.15.jsa")).exists();
        assertThat(run("run").out()).contains("[-XX:SharedArchiveFile=");
    }

    @Test
    void a_failed_demo_leaves_no_archive_and_its_exit_code_is_kept() throws Exception {
        built();
        jdk("17.0.15", TELLING_JAVA + "exit 3\n");
        assertThat(run("demo").code()).isEqualTo(3);
        try (var files = Files.list(home.resolve("target"))) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("pinbridge.jar");
        }
    }

    @Test
    void a_demo_that_is_told_to_stop_stops_itself_and_keeps_its_exit_code() throws Exception {
        built();
        jdk(
                "17.0.15",
                """
                #!/bin/sh
                trap 'echo draining; exit 5' TERM
                echo ready
                while :; do sleep 0.1; done
                """);
        Path out = folder.resolve("out");
        Process process = builder(home, home.resolve("pinbridge"), Map.of(), "demo")
                .redirectOutput(out.toFile())
                .start();
        await().until(() -> Files.readString(out).contains("ready"));

        process.destroy();

        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(5);
        assertThat(Files.readString(out)).contains("draining");
    }

    private void built() throws IOException {
        Files.createDirectories(home.resolve("target"));
        Files.writeString(home.resolve("target/pinbridge.jar"), "jar");
    }

    private void jdk(String version, String java) throws IOException {
        Path jdk = Files.createDirectories(folder.resolve("jdk"));
        Files.createDirectories(jdk.resolve("bin"));
        script(jdk.resolve("bin/java"), java);
        if (version.isEmpty()) {
            Files.deleteIfExists(jdk.resolve("release"));
        } else {
            Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        }
    }

    private static void old(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Ran run(String... words) throws Exception {
        return run(home, home.resolve("pinbridge"), Map.of(), words);
    }

    private Ran run(Path from, Path script, Map<String, String> env, String... words) throws Exception {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = builder(from, script, env, words)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
    }

    private ProcessBuilder builder(Path from, Path script, Map<String, String> env, String... words) {
        List<String> line = new ArrayList<>(List.of("sh", script.toString()));
        line.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(line).directory(from.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PINBRIDGE_"));
        builder.environment()
                .put("JAVA_HOME", Objects.requireNonNull(folder).resolve("jdk").toString());
        builder.environment().putAll(env);
        return builder;
    }
}
