package nl.pinbridge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Folders for bridges with many tills. */
final class Homes {
    static final String KEY = "key-of-every-till";

    private Homes() {}

    static String terminalId(int till) {
        return String.valueOf(50_000_000 + till);
    }

    /**
     * @param settings lines beside those that a bridge in a test needs; everything else is as shipped
     */
    static Path write(Path home, String providerUrl, int tills, List<String> settings) throws IOException {
        Path config = Files.createDirectories(home.resolve("config"));
        Files.writeString(
                config.resolve("application.properties"),
                """
                pinbridge.routes=%s
                pinbridge.broker.port=0
                pinbridge.http.port=0
                pinbridge.management.port=0
                pinbridge.provider.pinvandaag.url=%s
                %s
                """
                        .formatted(Path.of("routes").toAbsolutePath(), providerUrl, String.join("\n", settings)));
        StringBuilder directory = new StringBuilder("terminals:\n");
        for (int till = 1; till <= tills; till++) {
            directory.append("  till-%d: {provider: pinvandaag, id: \"%s\", brand: WORLDLINE, key: \"%s\"}\n"
                    .formatted(till, terminalId(till), KEY));
        }
        Files.writeString(config.resolve("terminals.yaml"), directory);
        return home;
    }
}
