package io.evenkeel.it.node;

/** The ports of a node on 127.0.0.1. */
public record NodePorts(int http, int management, int jgroups) {}
