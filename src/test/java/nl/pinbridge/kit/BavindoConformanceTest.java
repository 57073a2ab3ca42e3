package nl.pinbridge.kit;

/** Bavindo keeps what every provider must keep. */
class BavindoConformanceTest extends ProviderConformance {
    @Override
    KitSubject start() {
        return new BavindoSubject();
    }
}
