/** A bridge among faults of every kind, judged to the cent by the sandbox's own book. */
package nl.pinbridge.chaos;
