/** Calls a provider over HTTP, at most once for money, and says what happened on the wire. */
@NullMarked
package nl.pinbridge.provider;

import org.jspecify.annotations.NullMarked;
