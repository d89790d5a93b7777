package io.evenkeel.it.node;

/** A database that Keycloak can use. */
public record Database(String jdbcUrl, Credentials owner) {}
