/** Carries results from the ledger to reply queues and events. */
@NullMarked
package nl.pinbridge.publish;

import org.jspecify.annotations.NullMarked;
