package nl.pinbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sandbox in a process of its own. */
class SandboxMainTest {
    private static Process process(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SandboxMain.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).start();
    }

    @Test
    void prints_its_address_and_serves_the_terminals_it_was_given(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("terminals");
        Files.writeString(file, "# shop\n\n50303253:wl-key:WORLDLINE\n");
        Process sandbox = process(
                "--port=0",
                "--terminals=" + file,
                "--terminal=706249441:ccv-key:CCV",
                "--customer-delay=PT0.02S",
                "--test-amounts");
        try (BufferedReader out = sandbox.inputReader(StandardCharsets.UTF_8)) {
            String line = out.readLine();
            assertThat(line).matches("sandbox http://127\\.0\\.0\\.1:[0-9]+");
            Till till = new Till(line.substring("sandbox ".length()));

            till.create(Till.WORLDLINE, 100, "a");
            till.create(Till.CCV, 101, "declined");
            await().until(() -> till.get("/sandbox/book").path("count").asInt() == 1);
            assertThat(till.create(new SandboxTerminal("1", "k", Brand.CCV), 1, "b")
                            .statusCode())
                    .isEqualTo(403);
        } finally {
            sandbox.destroy();
            assertThat(sandbox.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void plays_pay_beside_pin_vandaag_with_terminals_of_its_own() throws Exception {
        Process sandbox = process("--port=0", "--paynl-service=SL-2222-2222:second");
        try (BufferedReader out = sandbox.inputReader(StandardCharsets.UTF_8)) {
            Till control = new Till(out.readLine().substring("sandbox ".length()));
            HttpResponse<String> created = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(control.url() + "/paynl/connect/v1/orders"))
                                    .header("authorization", PayNlTill.basic("SL-2222-2222", "second"))
                                    .POST(HttpRequest.BodyPublishers.ofString(PayNlTill.pin(150, "a")
                                            .put("serviceId", "SL-2222-2222")
                                            .toString()))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());

            assertThat(created.statusCode()).as(created.body()).isEqualTo(200);
            await().until(() -> control.get("/sandbox/book").path("count").asInt() == 1);
            assertThat(control.get("/sandbox/terminals").at("/terminals/0/id").asText())
                    .isEqualTo("TH-1234-5678");
        } finally {
            sandbox.destroy();
            assertThat(sandbox.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void says_what_is_wrong_with_a_login_and_does_not_repeat_it() throws Exception {
        Process sandbox = process("--paynl-token=secret");
        String errors = new String(sandbox.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(sandbox.waitFor()).isEqualTo(1);
        assertThat(errors).contains("--paynl-token is written as").doesNotContain("=secret");
    }

    @Test
    void says_what_is_wrong_with_a_terminal_and_does_not_repeat_its_key() throws Exception {
        Process sandbox = process("--terminal=1:secret:VISA");
        String errors = new String(sandbox.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(sandbox.waitFor()).isEqualTo(1);
        assertThat(errors).contains("CCV or WORLDLINE").doesNotContain("secret");
    }

    @Test
    void a_key_may_hold_colons() {
        assertThat(SandboxTerminal.parse("1:a:b:ccv")).isEqualTo(new SandboxTerminal("1", "a:b", Brand.CCV));
        assertThat(SandboxTerminal.parse("1:a:ccv").toString()).doesNotContain(":a", "key");
        assertThatThrownBy(() -> SandboxTerminal.parse("1:ccv")).isInstanceOf(IllegalArgumentException.class);
    }
}
