/**
 * Simulated providers with their own book of charges; never on in production.
 *
 * <p>They are stand-ins written from documentation: nothing here was compared with a live provider. {@code docs/sandbox.md} says what is documented, what
 * had to be chosen, and what a first run against the real provider should confirm. The package imports nothing else of PinBridge, so that a mistake in the
 * bridge's reading of a provider is not repeated, and thereby hidden, here.
 */
@NullMarked
package nl.pinbridge.sandbox;

import org.jspecify.annotations.NullMarked;
