/** Proves day by day that the provider's list and the ledger agree, and says where they do not. */
@NullMarked
package nl.pinbridge.reconciliation;

import org.jspecify.annotations.NullMarked;
