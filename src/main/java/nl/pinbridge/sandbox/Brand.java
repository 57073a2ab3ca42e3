package nl.pinbridge.sandbox;

/** The back end behind a Pin Vandaag terminal; it decides ids, fields and receipts (providers/pinvandaag.md §1). */
public enum Brand {
    CCV,
    WORLDLINE
}
