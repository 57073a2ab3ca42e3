/** Turns messages into validated commands and records them. */
@NullMarked
package nl.pinbridge.intake;

import org.jspecify.annotations.NullMarked;
