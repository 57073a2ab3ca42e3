/** The words of the contract with back offices: commands, results, statuses, error codes. */
@NullMarked
package nl.pinbridge.contract;

import org.jspecify.annotations.NullMarked;
