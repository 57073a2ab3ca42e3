/** What a provider's folder must show before it is trusted: checked from its files alone, for any provider. */
@NullMarked
package nl.pinbridge.kit;

import org.jspecify.annotations.NullMarked;
