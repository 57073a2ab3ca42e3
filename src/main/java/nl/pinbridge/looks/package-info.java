/** Follows up open payments by asking their provider. */
@NullMarked
package nl.pinbridge.looks;

import org.jspecify.annotations.NullMarked;
