package nl.pinbridge.kit;

/** CCV PayProxy keeps what every provider must keep. */
class PayProxyConformanceTest extends ProviderConformance {
    @Override
    KitSubject start() {
        return new PayProxySubject();
    }
}
