package io.evenkeel.certs.cli;

import picocli.CommandLine.Mixin;

/** Options of all commands that issue nodes' certificates together with their stores. */
final class IssuanceOptions {
    @Mixin
    private AuthorityOptions authority;

    @Mixin
    private StorePasswordOption storePassword;

    @Mixin
    private DaysOption days;

    PkiDirectory directory() {
        return authority.directory();
    }

    PasswordSource caPassword() {
        return authority.caPassword();
    }

    PasswordSource storePassword() {
        return storePassword.source();
    }

    int days() {
        return days.days();
    }
}
