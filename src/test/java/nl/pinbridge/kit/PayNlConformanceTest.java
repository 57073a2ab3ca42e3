package nl.pinbridge.kit;

/** PAY. keeps what every provider must keep. */
class PayNlConformanceTest extends ProviderConformance {
    @Override
    KitSubject start() {
        return new PayNlSubject();
    }
}
