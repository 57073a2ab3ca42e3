/** The command line. */
@NullMarked
package nl.pinbridge.cli;

import org.jspecify.annotations.NullMarked;
