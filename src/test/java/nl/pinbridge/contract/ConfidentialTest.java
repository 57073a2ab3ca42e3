package nl.pinbridge.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What senders tell a provider alone. */
class ConfidentialTest {
    private static final Confidential SECRETS = Confidential.of(Set.of("authReference"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"provider\":{\"authReference\":\"H4sI+secret/==\",\"authReferenceVersion\":\"1\"}}",
                "{\"provider\": { \"authReference\" : \"H4sI+secret/==\" }",
                "{'authReference': 'H4sI+secret/==', 'x': 1}",
                "authReference=H4sI+secret/==&x=1",
                "{\"body\":\"{\\\"authReference\\\":\\\"H4sI+secret/==\\\"}\"}",
                "{\"authreference\":\"H4sI+secret/==\"}",
                "{\"authReference\":[\"H4sI+secret/==\"]}",
                "{\"authReference\":\"H4sI+\\u0073ecret\\/secret==\"",
                "{\"authReference\":\"H4sI+secret/",
            })
    void is_hidden_in_any_text_that_is_repeated(String text) {
        assertThat(SECRETS.hidden(text)).doesNotContain("secret").contains("***");
    }

    @Test
    void nothing_else_is_hidden() {
        String text = "{\"commandId\":\"so-1\",\"authReferenceVersion\":\"1\",\"reference\":\"secret\"}";
        assertThat(SECRETS.hidden(text)).isEqualTo(text);
        assertThat(Confidential.NONE.hidden("{\"authReference\":\"secret\"}")).contains("secret");
    }

    @Test
    void is_taken_out_of_a_command_and_kept_apart() {
        var command = Json.read("{\"provider\":{\"authReference\":\"secret\",\"x\":1}}");
        assertThat(SECRETS.hidden(command)).isEqualTo(Json.read("{\"provider\":{\"authReference\":\"***\",\"x\":1}}"));
        assertThat(SECRETS.taken(command)).isEqualTo(Json.read("{\"authReference\":\"secret\"}"));
        assertThat(command.toString()).contains("secret");
        assertThat(SECRETS.taken(Json.read("{\"provider\":{\"x\":1}}"))).isNull();
        assertThat(SECRETS.taken(Json.read("{}"))).isNull();
    }
}
