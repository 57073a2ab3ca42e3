/** What an operator edits: settings and the terminal directory, read strictly. */
@NullMarked
package nl.pinbridge.config;

import org.jspecify.annotations.NullMarked;
