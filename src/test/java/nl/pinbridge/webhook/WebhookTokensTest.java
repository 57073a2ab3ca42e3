package nl.pinbridge.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import nl.pinbridge.config.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhookTokensTest {
    private static final String ID = "01JD7Q2M9X4KAF6T8Z1C3E5G7H";
    private static final Secret NONE = new Secret("");

    @TempDir
    Path data;

    @Test
    void the_secret_is_made_once_and_only_its_owner_may_read_it() throws Exception {
        String path = WebhookTokens.load(data, NONE).path("pinvandaag", ID);
        assertThat(WebhookTokens.load(data, NONE).path("pinvandaag", ID)).isEqualTo(path);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(WebhookTokens.FILE))))
                .isEqualTo("rw-------");
        Files.delete(data.resolve(WebhookTokens.FILE));
        assertThat(WebhookTokens.load(data, NONE).read(path)).isEmpty();
    }

    @Test
    void nodes_with_the_same_secret_accept_each_others_addresses() {
        Secret shared = new Secret("a".repeat(40));
        String path = WebhookTokens.load(data, shared).path("pinvandaag", ID);
        assertThat(new WebhookTokens(shared).read(path)).contains(new WebhookTokens.Subject("pinvandaag", ID));
        assertThat(new WebhookTokens(new Secret("b".repeat(40))).read(path)).isEmpty();
        assertThat(data.resolve(WebhookTokens.FILE)).doesNotExist();
    }

    @Test
    void a_damaged_file_is_not_taken_for_an_empty_secret() throws Exception {
        Files.writeString(data.resolve(WebhookTokens.FILE), "secret=\n");
        assertThatThrownBy(() -> WebhookTokens.load(data, NONE)).hasMessageContaining(WebhookTokens.FILE);
    }

    @Test
    void a_provider_with_one_address_has_one_that_names_no_payment() {
        WebhookTokens tokens = new WebhookTokens(new Secret("a".repeat(40)));
        String path = tokens.path("pinvandaag");
        assertThat(tokens.read(path)).contains(new WebhookTokens.Subject("pinvandaag", null));
        String token = path.substring(path.lastIndexOf('/') + 1);
        assertThat(tokens.read("/webhooks/paynl/" + token)).isEmpty();
        assertThat(tokens.read("/webhooks/pinvandaag/" + ID + token)).isEmpty();
        assertThat(tokens.read("/webhooks/pinvandaag/" + "A".repeat(22))).isEmpty();
        assertThat(tokens.read("/webhooks/pinvandaag/")).isEmpty();
    }

    @Test
    void an_address_is_given_only_where_there_is_a_way_in() {
        WebhookTokens tokens = new WebhookTokens(new Secret("a".repeat(40)));
        assertThat(tokens.url(null, "pinvandaag", ID)).isNull();
        assertThat(tokens.url(URI.create("https://pay.example.nl/hooks/"), "pinvandaag", ID))
                .isEqualTo("https://pay.example.nl/hooks" + tokens.path("pinvandaag", ID));
        assertThat(tokens.read(null)).isEmpty();
    }
}
