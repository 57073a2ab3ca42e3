/** The truth: commands, payments, attempts, lanes, results, history and work items in a database. */
@NullMarked
package nl.pinbridge.ledger;

import org.jspecify.annotations.NullMarked;
