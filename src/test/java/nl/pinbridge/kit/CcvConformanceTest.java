package nl.pinbridge.kit;

/** The CCV Payment API keeps what every provider must keep. */
class CcvConformanceTest extends ProviderConformance {
    @Override
    KitSubject start() {
        return new CcvSubject();
    }
}
