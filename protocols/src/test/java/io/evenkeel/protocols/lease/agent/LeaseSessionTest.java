package io.evenkeel.protocols.lease.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.protocols.JDBC_PING_LEASE;
import io.evenkeel.protocols.lease.LeaseTable;
import io.evenkeel.protocols.lease.LeaseTableException;
import io.evenkeel.protocols.lease.LeaseTableException.Kind;
import io.evenkeel.protocols.lease.LeaseTableSource;
import io.evenkeel.protocols.transport.LineLog;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jgroups.stack.Protocol;
import org.junit.jupiter.api.Test;

/** The session by a clock that the test holds, over a database that is there or not. */
class LeaseSessionTest {
    private static final LeaseTable TABLE = (LeaseTable) Proxy.newProxyInstance(
            LeaseSessionTest.class.getClassLoader(),
            new Class<?>[] {LeaseTable.class},
            (proxy, method, arguments) -> null);

    private final Protocol logging = LineLog.recording(JDBC_PING_LEASE::new);
    private final LeaseSession session = new LeaseSession(new Source(), 3000, () -> 0.999, logging.getLog());
    private final List<Long> attemptsS = new ArrayList<>();
    private LeaseTableException failure;
    private long nowMs;

    /** Lets the time go on, and asks for the table as the agent does. */
    private void runTo(long untilS) {
        for (; nowMs <= untilS * 1000; nowMs += 100) {
            long nowNs = TimeUnit.MILLISECONDS.toNanos(nowMs);
            try {
                if (session.table(nowNs) != null) {
                    if (failure != null) {
                        throw failure;
                    }
                    session.worked(nowNs);
                }
            } catch (LeaseTableException e) {
                session.failed(e, nowNs);
            }
        }
    }

    private List<String> lines(String level) {
        return LineLog.of(logging).stream().filter(l -> l.startsWith(level)).toList();
    }

    @Test
    void anOutageIsSaidEveryFiveMinutesAndAtItsEnd() {
        runTo(10);
        failure = new LeaseTableException("connection refused", Kind.OUTAGE, null);
        runTo(309);
        assertThat(lines("WARN"))
                .singleElement()
                .asString()
                .contains("connection refused", "nobody is declared dead", "trying again");
        runTo(914);
        assertThat(lines("WARN")).hasSize(4).element(3).asString().contains("for 90");
        assertThat(session.up()).isFalse();
        failure = null;
        runTo(930);
        assertThat(lines("INFO")).singleElement().asString().contains("is back after 90");
        assertThat(session.up()).isTrue();
    }

    @Test
    void aLoginThatIsRefusedWhileWeRunIsTriedSeldom() {
        runTo(10);
        attemptsS.clear();
        failure = new LeaseTableException("the database refuses the login", Kind.REFUSED_LOGIN, null);
        runTo(3610);
        assertThat(attemptsS.subList(0, 6)).containsExactly(15L, 25L, 45L, 85L, 165L, 325L);
        assertThat(attemptsS).hasSizeLessThan(20);
        assertThat(lines("WARN")).hasSizeBetween(6, 13).allSatisfy(line -> assertThat(line)
                .contains("refuses the login", "the next attempt is in"));
        failure = null;
        runTo(3920);
        assertThat(session.up()).isTrue();
        assertThat(lines("INFO")).singleElement().asString().contains("is back after");
    }

    @Test
    void aFaultOfAnotherKindIsNews() {
        runTo(10);
        failure = new LeaseTableException("connection refused", Kind.OUTAGE, null);
        runTo(20);
        failure = new LeaseTableException("this user may not", Kind.MISCONFIGURED, null);
        runTo(40);
        assertThat(lines("WARN")).hasSize(2).element(1).asString().contains("this user may not");
    }

    @Test
    void whatEndsTheStartIsLeftToTheStart() {
        failure = new LeaseTableException("table X is missing", Kind.MISCONFIGURED, null);
        assertThatThrownBy(() -> session.table(0)).isSameAs(failure);
        session.failed(failure, 0);
        assertThat(lines("WARN")).isEmpty();
        assertThat(session.failure()).isEqualTo("table X is missing");
    }

    private final class Source implements LeaseTableSource {
        @Override
        public LeaseTable open() throws LeaseTableException {
            attemptsS.add(nowMs / 1000);
            if (failure != null) {
                throw failure;
            }
            return TABLE;
        }

        @Override
        public void abandon() {
            // Nothing to drop.
        }

        @Override
        public void shutdown() {
            // Nothing to give back.
        }
    }
}
