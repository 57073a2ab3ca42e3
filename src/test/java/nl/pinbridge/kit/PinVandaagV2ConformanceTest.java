package nl.pinbridge.kit;

/** Pin Vandaag V2 keeps what every provider must keep. */
class PinVandaagV2ConformanceTest extends ProviderConformance {
    @Override
    KitSubject start() {
        return new PinVandaagV2Subject();
    }
}
