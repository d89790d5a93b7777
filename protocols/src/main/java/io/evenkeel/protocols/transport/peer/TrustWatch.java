package io.evenkeel.protocols.transport.peer;

import io.evenkeel.certs.core.TrustCheck;
import io.evenkeel.protocols.log.TransportMessages;
import io.evenkeel.protocols.transport.config.TrustChecks;
import io.evenkeel.protocols.transport.core.DistrustTimes;
import io.evenkeel.protocols.transport.core.Refusal;
import io.evenkeel.protocols.transport.io.PeerConnection;
import io.evenkeel.protocols.transport.io.TransportContext;
import io.evenkeel.protocols.transport.tls.CertificateLabel;
import io.evenkeel.protocols.transport.tls.PeerCredentials;
import io.evenkeel.protocols.transport.tls.TlsEngines;
import io.evenkeel.protocols.transport.tls.TlsFailures;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Has the peers of open connections judged again, from time to time and after each change of keys or trust, and ends
 * the connections of those that are not trusted any more: otherwise a certificate that was revoked, or whose authority
 * was thrown out, would be good for as long as a connection lives. {@link TrustCheck} judges, {@link DistrustTimes}
 * decides.
 *
 * <p>The questions are asked on the threads that check certificates, one after another, since one may wait for a list
 * of revoked certificates; the timer runs on the control loop.
 */
public final class TrustWatch {
    /** After a change, in which connections are renewed by those who have new keys: only the others are left then. */
    private static final long CHANGE_DELAY_MS = 10_000;
    /** Between the first verdict against a peer and the second one, which ends its connection. */
    private static final long CONFIRMATION_MS = 15_000;
    /** Rounds vary by a quarter. */
    private static final double MIN_ROUND = 0.75;

    private final TransportContext transport;
    private final EventLoop control;
    private final TrustChecks checks;
    private final long confirmationMs;
    /** Of the round under way, one after another. */
    private final DistrustTimes<PeerConnection> distrusted;
    // Of the control loop.
    private @Nullable Future<?> timer;
    private boolean ended;
    /** True if the round before is still waiting for its answers. */
    private volatile boolean asking;

    public TrustWatch(TransportContext transport, EventLoop control, TrustChecks checks) {
        this.transport = transport;
        this.control = control;
        this.checks = checks;
        confirmationMs = Math.min(CONFIRMATION_MS, checks.intervalMs());
        distrusted = new DistrustTimes<>(TimeUnit.MILLISECONDS.toNanos((long) (MIN_ROUND * confirmationMs)));
    }

    /** Begins with the first round an interval from now. Any thread. */
    public void start() {
        control.execute(() -> schedule(checks.intervalMs()));
    }

    /** Keys or trust have changed. Any thread. */
    public void changed() {
        control.execute(() -> schedule(Math.min(CHANGE_DELAY_MS, checks.intervalMs())));
    }

    /** No round begins any more. Control loop. */
    public void end() {
        ended = true;
        if (timer != null) {
            timer.cancel(false);
        }
    }

    /** In place of the round that was scheduled. A quarter more or less, so that members do not ask all at once. */
    private void schedule(long delayMs) {
        if (timer != null) {
            timer.cancel(false);
        }
        if (!ended) {
            double jitter = ThreadLocalRandom.current().nextDouble(MIN_ROUND, 2 - MIN_ROUND);
            timer = control.schedule(this::begin, Math.max(1, (long) (delayMs * jitter)), TimeUnit.MILLISECONDS);
        }
    }

    private void begin() {
        schedule(checks.intervalMs());
        if (asking || transport.secured.isEmpty()) {
            return;
        }
        asking = true;
        tls().execute(this::ask);
    }

    /** There is one: only connections with TLS are judged. */
    private TlsEngines tls() {
        return Objects.requireNonNull(transport.tls);
    }

    private void ask() {
        try {
            transport.secured.forEach(this::check);
            distrusted.retain(transport.secured);
            if (distrusted.isWaiting()) {
                control.execute(() -> schedule(confirmationMs));
            }
        } finally {
            asking = false;
        }
    }

    private void check(PeerConnection connection) {
        if (connection.isClosing()) {
            // Its peer may have another one, and is judged by that.
            distrusted.clear(connection);
            return;
        }
        PeerCredentials peer = Objects.requireNonNull(connection.credentials());
        CertificateException refusal = null;
        try {
            tls().check(peer);
        } catch (CertificateException e) {
            refusal = e;
        } catch (RuntimeException e) {
            // An injected manager that cannot be asked outside of a handshake says nothing against the peer.
            transport.log.warn(TransportMessages.PEER_UNJUDGED, connection.peerName(), e);
            return;
        }
        Duration grace = Duration.ofMillis(checks.renewalGraceMs());
        TrustCheck.Verdict verdict = TrustCheck.of(refusal, peer.chain(), tls().authorities(), Instant.now(), grace);
        if (verdict != TrustCheck.Verdict.DISTRUSTED) {
            distrusted.clear(connection);
        }
        switch (verdict) {
            case TRUSTED -> {}
            case LATE ->
                transport.log.warn(
                        TransportMessages.PEER_CERTIFICATE_EXPIRED,
                        connection.peerName(),
                        CertificateLabel.of(peer.certificate()),
                        peer.certificate().getNotAfter().toInstant(),
                        grace);
            case UNDETERMINED ->
                transport.log.warn(
                        TransportMessages.REVOCATION_UNKNOWN,
                        connection.peerName(),
                        CertificateLabel.of(peer.certificate()),
                        TlsFailures.of(Objects.requireNonNull(refusal)).detail());
            case DISTRUSTED -> {
                Refusal reason = TlsFailures.of(Objects.requireNonNull(refusal));
                // A revocation is about the certificate itself: no change under way explains it.
                if (reason.reason() == Refusal.Reason.REVOKED_CERTIFICATE
                        || distrusted.distrust(connection, System.nanoTime())) {
                    finish(connection, reason);
                }
            }
        }
    }

    private void finish(PeerConnection connection, Refusal refusal) {
        String name = CertificateLabel.of(
                Objects.requireNonNull(connection.credentials()).certificate());
        // Another peer may have said that it is the member: its distrust is not the member's. JGroups' TCP, which
        // renews no connection, proves none either: it may have other keys by now, and shows them in the next one.
        // The member cannot be reached from here any more, and no other part will say so.
        connection.distrust(
                new Refusal(
                        refusal.reason(), "its certificate " + name + " is not trusted any more: " + refusal.detail()),
                () -> transport.listener.onDistrusted(connection.hello().member()));
    }
}
