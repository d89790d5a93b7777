package io.evenkeel.protocols.lease;

import static io.evenkeel.protocols.lease.CoreFixture.ME;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.protocols.JDBC_PING_LEASE;
import io.evenkeel.protocols.lease.agent.LeaseAgent;
import io.evenkeel.protocols.lease.agent.LeaseHost;
import io.evenkeel.protocols.transport.LineLog;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.Consumer;
import org.jgroups.stack.Protocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The agent's thread over a table that fails in ways of its own. It must never end by itself: who does not beat is
 * dead.
 */
class LeaseAgentTest {
    private static final LeasePolicy QUICK = new LeasePolicy(100, 5000);

    /** Beats once, and then not before the test is over. */
    private static final LeasePolicy RARE = new LeasePolicy(60_000, 200_000);

    private final InMemoryLeaseTable.Store store = new InMemoryLeaseTable.Store(System::currentTimeMillis);
    private final InMemoryLeaseTable table = new InMemoryLeaseTable(store, System::nanoTime);
    private final Protocol logging = LineLog.recording(JDBC_PING_LEASE::new);
    private volatile String failing = "";
    private volatile Throwable failure;
    private LeaseAgent agent;

    @AfterEach
    void stop() {
        agent.stop(0);
    }

    private LeaseAgent start(LeasePolicy policy) {
        agent = new LeaseAgent(policy, StockCluster.REFUSE, new Source(), new Loner(), logging.getLog(), "test-agent");
        agent.start();
        agent.connect(ME);
        return agent;
    }

    private JoinStep join() throws Exception {
        return agent.join().get(120, SECONDS);
    }

    private void fail(String operation, Throwable with) {
        failure = with;
        failing = operation;
    }

    private long beats() {
        return agent.stats().beats();
    }

    private void awaitBeats(long more) {
        long before = beats();
        await().until(() -> beats() >= before + more);
    }

    @Test
    void anErrorDoesNotEndTheBeats() throws Exception {
        start(QUICK);
        for (Throwable each : List.of(new NoClassDefFoundError("org/driver/Part"), new IllegalStateException("bug"))) {
            long errors = agent.stats().databaseErrors();
            fail("beat", each);
            await().until(() -> agent.stats().databaseErrors() > errors + 1);
            assertThat(agent.databaseUp()).isFalse();
            fail("", null);
            awaitBeats(2);
        }
        assertThat(join()).isEqualTo(new JoinStep.Found(1));
    }

    @Test
    void aDriverThatCannotEvenBeOpenedIsCountedAndSaidOnce() {
        fail("open", new AbstractMethodError("setNetworkTimeout"));
        start(QUICK);
        await().until(() -> agent.stats().databaseErrors() > 4);
        assertThat(agent.joinReport()).singleElement().asString().contains("setNetworkTimeout");
        assertThat(LineLog.of(logging).stream()
                        .filter(line -> line.startsWith("ERROR"))
                        .toList())
                .hasSize(1);
        fail("", null);
        awaitBeats(2);
    }

    @Test
    void aFigureThatCannotBeReadCostsTheSessionNothing() throws Exception {
        start(QUICK);
        join();
        fail("countForeign", new LeaseTableException("too slow", false, null));
        agent.viewChanged(CoreFixture.view("me|1", "me"));
        agent.serving();
        await().until(() -> agent.stats().databaseErrors() == 1);
        awaitBeats(3);
        assertThat(agent.databaseUp()).isTrue();
        assertThat(agent.stats().databaseErrors()).isEqualTo(1);
    }

    @Test
    void whoReadsThatItsRowIsGoneEntersItSoon() throws Exception {
        start(RARE);
        join();
        table.leave(ME);
        agent.readNow();
        awaitBeats(1);
        assertThat(table.read("keel").of(ME)).isNotNull();
        assertThat(agent.stats().reentries()).isEqualTo(1);
    }

    @Test
    void anEvictedRowIsToldFromATableThatWasEmptied() throws Exception {
        start(QUICK);
        join();
        awaitBeats(2);
        table.leave(ME);
        awaitWarning("Another member has evicted it");
        awaitBeats(2);
        store.clear();
        awaitWarning("The table was emptied");
    }

    private void awaitWarning(String text) {
        await().untilAsserted(() -> assertThat(LineLog.of(logging))
                .anySatisfy(line -> assertThat(line).startsWith("WARN").contains(text)));
    }

    @Test
    void aSearchEndsWithTheAgent() {
        fail("open", new LeaseTableException("down", false, null));
        start(QUICK);
        var search = agent.join();
        agent.stop(0);
        assertThat(search).failsWithin(30, SECONDS).withThrowableThat().withMessageContaining("stopped");
    }

    @Test
    void aSearchThatIsCalledOffFoundsNothing() throws Exception {
        fail("open", new LeaseTableException("down", false, null));
        start(QUICK);
        agent.join().cancel(false);
        fail("", null);
        awaitBeats(3);
        assertThat(table.read("keel").founder().epoch()).isZero();
    }

    /** Gives out the table, and lets one operation fail. */
    private final class Source implements LeaseTableSource {
        @Override
        public LeaseTable open() throws LeaseTableException {
            check("open");
            return (LeaseTable) Proxy.newProxyInstance(
                    LeaseAgentTest.class.getClassLoader(),
                    new Class<?>[] {LeaseTable.class},
                    (proxy, method, arguments) -> {
                        check(method.getName());
                        try {
                            return method.invoke(table, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        private void check(String operation) throws LeaseTableException {
            if (operation.equals(failing)) {
                if (failure instanceof LeaseTableException checked) {
                    throw checked;
                }
                if (failure instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) failure;
            }
        }

        @Override
        public void abandon() {
            // As old drivers do, which know no abort.
            if (failure instanceof Error error) {
                throw error;
            }
        }

        @Override
        public void shutdown() {
            // Nothing to give back.
        }
    }

    /** Knows nobody. */
    private static final class Loner implements LeaseHost {
        @Override
        public void seen(Snapshot snapshot) {
            // Nobody to tell.
        }

        @Override
        public boolean canProbe() {
            return false;
        }

        @Override
        public void probe(LeaseRow row, Consumer<ProbeVerdict> answer) {
            throw new AssertionError("asked for " + row);
        }

        @Override
        public void merge(List<LeaseRow> coordinators, Snapshot snapshot) {
            throw new AssertionError("merge with " + coordinators);
        }
    }
}
