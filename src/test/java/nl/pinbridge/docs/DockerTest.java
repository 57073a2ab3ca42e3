package nl.pinbridge.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be said of the container files without an engine. */
class DockerTest {
    /** Settings that the container files use; each must be one that the bridge knows. */
    static final Set<String> VARIABLES = Set.of(
            "PINBRIDGE_BROKER_URL",
            "PINBRIDGE_BROKER_USERNAME",
            "PINBRIDGE_BROKER_PASSWORD",
            "PINBRIDGE_LEDGER_URL",
            "PINBRIDGE_LEDGER_USERNAME",
            "PINBRIDGE_LEDGER_PASSWORD",
            "PINBRIDGE_HOME",
            "PINBRIDGE_HTTP_HOST",
            "PINBRIDGE_PUBLIC_URL",
            "PINBRIDGE_MANAGEMENT_PORT",
            "PINBRIDGE_PROVIDER_PINVANDAAG_URL");

    private static final String DOCKERFILE = Repository.text("docker/Dockerfile");
    private static final JsonNode COMPOSE = Repository.yaml("docker/compose.yaml");

    @Test
    void every_path_in_the_container_files_exists() {
        Set<String> paths = new TreeSet<>();
        for (String line : DOCKERFILE.lines().toList()) {
            if (line.startsWith("COPY ") && !line.contains("--from=")) {
                List<String> words = List.of(line.split("\\s+"));
                paths.addAll(words.subList(1, words.size() - 1));
            }
        }
        for (JsonNode service : COMPOSE.path("services")) {
            for (JsonNode volume : service.path("volumes")) {
                String source = volume.asText().split(":")[0];
                if (source.startsWith(".")) {
                    paths.add(Path.of("docker").resolve(source).normalize().toString());
                } else {
                    assertThat(COMPOSE.path("volumes").has(source)).as(source).isTrue();
                }
            }
            JsonNode build = service.path("build");
            if (!build.isMissingNode()) {
                assertThat(Path.of("docker")
                                .resolve(build.path("context").asText())
                                .normalize())
                        .isEqualTo(Path.of(""));
                paths.add(build.path("dockerfile").asText());
                assertThat(DOCKERFILE).contains(" AS " + build.path("target").asText() + "\n");
            }
        }
        assertThat(paths).contains("pom.xml", "mvnw", "docker/Dockerfile", "docker/broker", "config", "routes");
        assertThat(paths)
                .filteredOn(path -> !Files.exists(Repository.ROOT.resolve(path)))
                .isEmpty();
    }

    @Test
    void what_the_image_copies_is_let_through_to_the_build() {
        List<String> through = Repository.text(".dockerignore").lines().toList();
        for (String line : DOCKERFILE.lines().toList()) {
            if (line.startsWith("COPY ") && !line.contains("--from=")) {
                List<String> words = List.of(line.split("\\s+"));
                assertThat(words.subList(1, words.size() - 1))
                        .allSatisfy(path -> assertThat(through).contains("!" + path));
            }
        }
        assertThat(through).contains("*", "**/.env");
    }

    @Test
    void only_known_settings_are_used() {
        Set<String> used = new TreeSet<>();
        Matcher matcher = Pattern.compile("PINBRIDGE_[A-Z0-9_]+")
                .matcher(DOCKERFILE
                        + Repository.text("docker/compose.yaml")
                        + Repository.text("docker/health.sh")
                        + Repository.text("docker/env.example"));
        while (matcher.find()) {
            used.add(matcher.group());
        }
        assertThat(used).isEqualTo(new TreeSet<>(VARIABLES));
    }

    @Test
    void no_secret_stands_in_the_container_files() {
        Set<String> fromOutside = new TreeSet<>();
        for (JsonNode service : COMPOSE.path("services")) {
            service.path("environment").properties().forEach(variable -> {
                if (variable.getKey().matches(".*(PASSWORD|SECRET|TOKEN|_KEY(_.*)?)")) {
                    String value = variable.getValue().asText();
                    assertThat(value).as(variable.getKey()).matches("\\$\\{[A-Z0-9_]+:\\?[^}]*}");
                    fromOutside.add(value.substring(2, value.indexOf(':')));
                }
            });
        }
        assertThat(Repository.text("docker/env.example").lines().filter(line -> !line.startsWith("#")))
                .containsExactlyInAnyOrderElementsOf(
                        fromOutside.stream().map(name -> name + "=").toList());
        assertThat(DOCKERFILE).doesNotContainPattern("(?i)password|secret|token|ENV .*KEY");
    }

    @Test
    void the_broker_is_one_without_the_known_hole() {
        Matcher version =
                Pattern.compile("(?m)^FROM apache/artemis:2\\.(\\d+)\\.").matcher(DOCKERFILE);
        assertThat(version.find()).isTrue();
        assertThat(Integer.parseInt(version.group(1))).isGreaterThanOrEqualTo(57);
    }

    @Test
    void the_process_is_nobody_special_and_ports_are_open_on_loopback_only() {
        String bridge = DOCKERFILE.substring(DOCKERFILE.indexOf(" AS bridge"));
        assertThat(bridge.lines().toList()).contains("USER pinbridge");
        assertThat(bridge.indexOf("USER pinbridge")).isGreaterThan(bridge.lastIndexOf("RUN "));
        List<String> ports = new ArrayList<>();
        COMPOSE.path("services").forEach(service -> service.path("ports").forEach(port -> ports.add(port.asText())));
        assertThat(ports).isNotEmpty().allSatisfy(port -> assertThat(port).startsWith("127.0.0.1:"));
    }

    @ParameterizedTest
    @CsvSource({"200, 0", "503, 1", "404, 1"})
    void the_health_script_believes_only_200(int status, int exit) throws IOException, InterruptedException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/observe/health", exchange -> {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        try {
            assertThat(health(server.getAddress().getPort())).isEqualTo(exit);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void the_health_script_fails_when_nobody_listens() throws IOException, InterruptedException {
        HttpServer gone = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        int port = gone.getAddress().getPort();
        gone.stop(0);
        assertThat(health(port)).isEqualTo(1);
    }

    @Test
    void the_broker_gets_its_three_users_and_no_password_that_could_break_the_file() throws Exception {
        assertThat(users("s3cret-bridge"))
                .isEqualTo("pinbridge = s3cret-bridge\nclient = s3cret-client\noperator = s3cret-op\n");
        assertThat(users("two\nadmin = lines")).contains("needs 8 or more").doesNotContain("client =");
        assertThat(users("")).contains("needs 8 or more");
    }

    private static String users(String bridgePassword) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("bash", "docker/broker-start.sh", "--print-users")
                .directory(Repository.ROOT.toFile())
                .redirectErrorStream(true);
        builder.environment().put("BROKER_BRIDGE_PASSWORD", bridgePassword);
        builder.environment().put("BROKER_CLIENT_PASSWORD", "s3cret-client");
        builder.environment().put("BROKER_OPERATOR_PASSWORD", "s3cret-op");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    private static int health(int port) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("bash", "docker/health.sh")
                .directory(Repository.ROOT.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("PINBRIDGE_MANAGEMENT_PORT", String.valueOf(port));
        Process process = builder.start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
