package nl.pinbridge.broker;

import nl.pinbridge.config.Secret;

/** A user of the broker. */
public record Login(String user, Secret password) {}
