/** Figures: what the bridge carries, what it adds, and what it costs. */
package nl.pinbridge.bench;
