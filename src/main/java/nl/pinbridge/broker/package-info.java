/** The embedded broker, connections to any broker, and the preflight that judges it. */
@NullMarked
package nl.pinbridge.broker;

import org.jspecify.annotations.NullMarked;
