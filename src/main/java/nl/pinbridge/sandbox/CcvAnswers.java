package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What goes back to a caller of the simulated CCV Payment API. */
final class CcvAnswers extends Answers {
    private static final String PROCESS = "process_error";

    private final CcvChoices choices;
    private final AtomicLong errors = new AtomicLong(0x2d951ad9L);

    CcvAnswers(CcvChoices choices) {
        this.choices = choices;
    }

    @Override
    String word(ObjectNode documented) {
        return documented.path("status").asText();
    }

    @Override
    void amount(ObjectNode documented, long amount) {
        CcvText.amount(documented, "amount", amount, choices.amountsAsText());
    }

    @Override
    void status(ObjectNode documented, String word) {
        documented.put("status", word);
    }

    @Override
    void withoutId(ObjectNode documented) {
        documented.remove(List.of("reference", "payUrl"));
    }

    @Override
    Delivery busy() {
        return refusal(choices.refused(), "The terminal is in use", "processing_error");
    }

    @Override
    Delivery notFound() {
        return refusal(404, "Unknown reference", "unknown_reference");
    }

    @Override
    Delivery tooMany() {
        return refusal(429, "Too many requests", null);
    }

    Delivery unauthorised() {
        return refusal(401, "Bad credentials", "bad_credentials");
    }

    Delivery noSuchPath(int status) {
        return refusal(status, "Nothing answers here", null);
    }

    Delivery refusal(int status, String why, @Nullable String failure) {
        return json(
                status,
                CcvText.error(errors.incrementAndGet(), PROCESS, why, failure, null),
                status + " " + (failure == null ? why : failure));
    }

    Delivery refused(String why, String failure) {
        return refusal(choices.refused(), why, failure);
    }

    Delivery invalid(String field, String why) {
        return json(
                choices.refused(),
                CcvText.error(errors.incrementAndGet(), "validation_error", why, null, field),
                choices.refused() + " " + field + ": " + why);
    }

    static Delivery list(List<ObjectNode> rows) {
        return new Delivery.Whole(
                200,
                "application/json",
                rows.stream().map(ObjectNode::toString).collect(Collectors.joining(",", "[", "]")),
                "200 " + rows.size() + " transactions");
    }
}
