package nl.pinbridge.webhook;

import nl.pinbridge.provider.WebhookDoor;
import org.jspecify.annotations.Nullable;

/**
 * How one provider's webhooks are let in.
 *
 * @param rule from the provider's folder
 * @param signatures null where nothing need be signed
 */
public record Door(WebhookDoor rule, @Nullable Signatures signatures) {}
