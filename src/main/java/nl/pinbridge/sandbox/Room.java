package nl.pinbridge.sandbox;

import io.vertx.core.Vertx;

/** What the simulated providers of one sandbox share. */
record Room(
        Vertx vertx,
        SandboxOptions options,
        Book book,
        Calls calls,
        Outbox outbox,
        Faults faults,
        Holds holds,
        Webhooks webhooks) {}
