package io.evenkeel.it.bench.restart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoginGateTest {
    private final LoginGate gate = new LoginGate();

    @Test
    void countsThoseWhoWereLetInOnly() throws Exception {
        gate.enter();
        gate.leave(true);
        gate.enter();
        gate.leave(false);

        assertThat(gate.shut()).isEqualTo(1);
    }

    @Test
    void nobodyEntersWhileItIsShut() throws Exception {
        gate.shut();
        assertThat(gate.enter()).isFalse();

        gate.open();
        assertThat(gate.enter()).isTrue();
    }

    @Test
    void shuttingWaitsForThoseInside() throws Exception {
        gate.enter();
        CompletableFuture<Long> count = CompletableFuture.supplyAsync(() -> {
            try {
                return gate.shut();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        gate.leave(true);

        assertThat(count.get(120, TimeUnit.SECONDS)).isEqualTo(1);
    }
}
