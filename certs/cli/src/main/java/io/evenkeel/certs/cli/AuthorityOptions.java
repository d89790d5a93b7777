package io.evenkeel.certs.cli;

import picocli.CommandLine.Mixin;

/** Options of all commands that use a cluster's CA: where it lies and what opens its key. */
final class AuthorityOptions {
    @Mixin
    private PkiOption pki;

    @Mixin
    private CaPasswordOption password;

    PkiDirectory directory() {
        return pki.directory();
    }

    PasswordSource caPassword() {
        return password.source();
    }
}
