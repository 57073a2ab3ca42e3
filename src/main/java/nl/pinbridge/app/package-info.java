/** Puts the rooms together: the blocks that routes refer to, and the running bridge. */
@NullMarked
package nl.pinbridge.app;

import org.jspecify.annotations.NullMarked;
