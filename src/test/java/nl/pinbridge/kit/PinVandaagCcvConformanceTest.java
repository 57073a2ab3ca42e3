package nl.pinbridge.kit;

import java.util.List;
import nl.pinbridge.sandbox.Brand;

/** Pin Vandaag keeps what every provider must keep, on a CCV terminal, which can do less. */
class PinVandaagCcvConformanceTest extends ProviderConformance {
    @Override
    KitSubject start() {
        return new PinVandaagSubject(Brand.CCV);
    }

    @Override
    List<Case> moreCases(KitSubject started) {
        return PinVandaagSubject.cases(started);
    }
}
