/** Questions and orders to a running bridge over the queue. */
@NullMarked
package nl.pinbridge.admin;

import org.jspecify.annotations.NullMarked;
