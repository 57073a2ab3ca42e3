package nl.pinbridge.kit;

import java.util.List;
import nl.pinbridge.sandbox.Brand;

/** Pin Vandaag keeps what every provider must keep, on a WorldLine terminal. */
class PinVandaagConformanceTest extends ProviderConformance {
    @Override
    KitSubject start() {
        return new PinVandaagSubject(Brand.WORLDLINE);
    }

    @Override
    List<Case> moreCases(KitSubject started) {
        return PinVandaagSubject.cases(started);
    }
}
