/** Simulated providers with their own book of charges; never on in production. */
@NullMarked
package nl.pinbridge.sandbox;

import org.jspecify.annotations.NullMarked;
