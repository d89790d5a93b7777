package io.evenkeel.protocols.transport;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.evenkeel.certs.authority.CertificateAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.Req;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority's list of revoked certificates and its OCSP responder (RFC 6960), by HTTP on loopback. */
public final class RevocationServer implements AutoCloseable {
    private static final String LIST = "/revoked.crl";
    private static final String RESPONDER = "/ocsp/";

    private final CertificateAuthority authority;
    private final HttpServer server;
    private final List<X509Certificate> revoked = new CopyOnWriteArrayList<>();
    private final AtomicInteger answers = new AtomicInteger();

    public RevocationServer(CertificateAuthority authority) throws IOException {
        this.authority = authority;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(LIST, exchange -> answer(exchange, this::encodedList));
        server.createContext(RESPONDER, exchange -> answer(exchange, () -> statuses(request(exchange))));
        server.start();
    }

    private interface Body {
        byte[] encoded() throws Exception;
    }

    private void answer(HttpExchange exchange, Body body) throws IOException {
        try (exchange) {
            byte[] encoded = body.encoded();
            exchange.sendResponseHeaders(200, encoded.length);
            exchange.getResponseBody().write(encoded);
            answers.incrementAndGet();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private byte[] encodedList() throws Exception {
        return Revocations.list(authority, revoked.toArray(X509Certificate[]::new))
                .getEncoded();
    }

    /** By GET the request stands in the path, in base 64 (RFC 6960, appendix A.1). */
    private static OCSPReq request(HttpExchange exchange) {
        try {
            if (exchange.getRequestMethod().equals("POST")) {
                return new OCSPReq(exchange.getRequestBody().readAllBytes());
            }
            String path = exchange.getRequestURI().getRawPath().substring(RESPONDER.length());
            return new OCSPReq(Base64.getDecoder().decode(URLDecoder.decode(path, StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] statuses(OCSPReq request) throws Exception {
        BasicOCSPRespBuilder response = new BasicOCSPRespBuilder(new RespID(X500Name.getInstance(
                authority.certificate().getSubjectX500Principal().getEncoded())));
        Instant now = Instant.now();
        for (Req each : request.getRequestList()) {
            response.addResponse(
                    each.getCertID(),
                    status(each.getCertID().getSerialNumber()),
                    Date.from(now.minusSeconds(1)),
                    Date.from(now.plus(Duration.ofHours(1))));
        }
        Extension nonce = request.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce);
        if (nonce != null) {
            response.setResponseExtensions(new Extensions(nonce));
        }
        return new OCSPRespBuilder()
                .build(
                        OCSPRespBuilder.SUCCESSFUL,
                        response.build(
                                new JcaContentSignerBuilder("SHA256withECDSA")
                                        .build(authority.identity().key()),
                                null,
                                Date.from(now)))
                .getEncoded();
    }

    private CertificateStatus status(BigInteger serial) {
        return revoked.stream().anyMatch(each -> each.getSerialNumber().equals(serial))
                ? new RevokedStatus(Date.from(Instant.now()), CRLReason.keyCompromise)
                : CertificateStatus.GOOD;
    }

    public void revoke(X509Certificate certificate) {
        revoked.add(certificate);
    }

    /** The number of questions that it has answered. */
    public int answers() {
        return answers.get();
    }

    public URI list() {
        return at(LIST);
    }

    public URI responder() {
        return at(RESPONDER);
    }

    private URI at(String path) {
        return URI.create("http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort() + path);
    }

    /** Nobody listens any more. */
    public void stop() {
        server.stop(0);
    }

    @Override
    public void close() {
        stop();
    }
}
