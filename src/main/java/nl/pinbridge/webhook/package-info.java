/** Takes providers' webhooks in over HTTP, and makes of each no more than a reason to ask the provider. */
@NullMarked
package nl.pinbridge.webhook;

import org.jspecify.annotations.NullMarked;
