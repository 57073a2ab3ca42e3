package nl.pinbridge.sandbox;

/**
 * How much money has moved with one transaction so far, minor units. Nothing of it ever becomes less: that is what makes a book.
 *
 * @param authorised reserved on the card
 * @param released reservations given up
 * @param paid money in, captures included
 * @param refunded money out
 * @param chargedBack money out because the card holder's bank took it back
 */
record Moved(long authorised, long released, long paid, long refunded, long chargedBack) {
    static final Moved NOTHING = new Moved(0, 0, 0, 0, 0);

    Moved authorised(long total) {
        return new Moved(Math.max(authorised, total), released, paid, refunded, chargedBack);
    }

    Moved released(long total) {
        return new Moved(authorised, Math.max(released, total), paid, refunded, chargedBack);
    }

    Moved paid(long total) {
        return new Moved(authorised, released, Math.max(paid, total), refunded, chargedBack);
    }

    Moved refunded(long total) {
        return new Moved(authorised, released, paid, Math.max(refunded, total), chargedBack);
    }

    Moved chargedBack(long total) {
        return new Moved(authorised, released, paid, refunded, Math.max(chargedBack, total));
    }
}
