/** The money rules as a test: what an edit of {@code routes/} may not do, found before a route starts. */
@NullMarked
package nl.pinbridge.routecheck;

import org.jspecify.annotations.NullMarked;
