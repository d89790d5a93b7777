package io.evenkeel.protocols.lease.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BoundedConnectorTest {
    private final CountDownLatch heal = new CountDownLatch(1);
    private final AtomicInteger attempts = new AtomicInteger();
    private final Queue<Connection> closed = new ConcurrentLinkedQueue<>();
    private final BoundedConnector connector = new BoundedConnector(this::hang, 10, 40);

    @AfterEach
    void endThreads() {
        heal.countDown();
    }

    private Connection hang() throws SQLException {
        attempts.incrementAndGet();
        try {
            heal.await();
        } catch (InterruptedException e) {
            throw new SQLException(e);
        }
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        closed.add((Connection) proxy);
                    }
                    return method.getName().equals("equals") ? proxy == arguments[0] : null;
                });
    }

    @Test
    void hangingAttemptsAreBoundedAndALateOneServes() throws Exception {
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(connector::get).isInstanceOf(SQLTimeoutException.class);
        }
        await().untilAsserted(() -> assertThat(attempts).hasValue(BoundedConnector.MAX_ATTEMPTS));
        heal.countDown();
        await().ignoreExceptionsInstanceOf(SQLTimeoutException.class)
                .untilAsserted(() -> assertThat(connector.get()).isNotNull());
        await().untilAsserted(() -> assertThat(closed).hasSize(attempts.get() - 1));
    }

    @Test
    void whatComesAfterTheEndIsClosed() {
        assertThatThrownBy(connector::get).isInstanceOf(SQLTimeoutException.class);
        connector.close();
        heal.countDown();
        await().untilAsserted(() -> assertThat(closed).hasSize(1));
    }

    @Test
    void aFailureIsPassedOnAndTheNextCallTriesAgain() {
        BoundedConnector failing = new BoundedConnector(
                () -> {
                    throw new SQLException("attempt " + attempts.incrementAndGet(), "08001");
                },
                10_000,
                40_000);
        assertThatThrownBy(failing::get).hasMessage("attempt 1");
        assertThatThrownBy(failing::get).hasMessage("attempt 2");
    }

    @Test
    void aSlowLoginIsLeftAloneForAsLongAsItMayTake() {
        BoundedConnector patient = new BoundedConnector(this::hang, 10, 1000);
        for (int i = 0; i < 99; i++) {
            assertThatThrownBy(patient::get).isInstanceOf(SQLTimeoutException.class);
        }
        await().untilAsserted(() -> assertThat(attempts).hasValue(1));
        assertThatThrownBy(patient::get).isInstanceOf(SQLTimeoutException.class);
        assertThatThrownBy(patient::get).isInstanceOf(SQLTimeoutException.class);
        await().untilAsserted(() -> assertThat(attempts).hasValue(2));
        patient.close();
        heal.countDown();
    }
}
