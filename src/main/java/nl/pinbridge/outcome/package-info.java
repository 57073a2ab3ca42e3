/** The only place that changes a payment: the state machine and the integrity check. */
@NullMarked
package nl.pinbridge.outcome;

import org.jspecify.annotations.NullMarked;
