/** A bridge beside simulated providers, and the shop's morning that is played on it. */
@NullMarked
package nl.pinbridge.demo;

import org.jspecify.annotations.NullMarked;
