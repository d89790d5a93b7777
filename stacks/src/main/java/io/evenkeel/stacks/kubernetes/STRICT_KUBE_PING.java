package io.evenkeel.stacks.kubernetes;

import io.evenkeel.protocols.log.LimitedLog;
import io.evenkeel.protocols.search.InitialSearch;
import io.evenkeel.stacks.log.StackMessages;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jgroups.Address;
import org.jgroups.Event;
import org.jgroups.Message;
import org.jgroups.annotations.MBean;
import org.jgroups.protocols.kubernetes.KUBE_PING;
import org.jgroups.protocols.kubernetes.Pod;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.Responses;

/**
 * JGroups' KUBE_PING that ends the start where it cannot find the other members, and founds no cluster while one of
 * them may only be late.
 *
 * <p>KUBE_PING by itself logs a warning and goes on: outside Kubernetes, or without the right to list pods, each member
 * becomes a cluster of its own. Without the file of the API server's CA it trusts any server and sends it the service
 * account's token. Here both end the start. Once a member has a view, a failing API server is KUBE_PING's warning
 * again.
 */
@MBean(description = "Discovery by the Kubernetes API, which ends the start where it cannot find the other members")
public class STRICT_KUBE_PING extends KUBE_PING {
    private static final String NAME = "STRICT_KUBE_PING";

    /** As the JDK's HttpURLConnection and KUBE_PING's own client put it; what follows may hold any number. */
    private static final Pattern STATUS = Pattern.compile("HTTP (?:response code: )?(\\d{3})\\b");

    private final InitialSearch search = new InitialSearch(this);

    /** Of what each attempt to join finds again. */
    private final LimitedLog repeated = new LimitedLog(log);

    /** Pods that were just read, for the run of discovery that comes next. */
    private final AtomicReference<List<Pod>> listed = new AtomicReference<>();

    /** With KUBE_PING's id, so that both understand each other while members are replaced one after the other. */
    public STRICT_KUBE_PING() {
        id = KUBERNETES_PING_ID;
    }

    @Override
    public void init() throws Exception {
        try {
            requireServer();
            requireVerifiedServer();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(StackMessages.NO_API_SERVER.text(e.getMessage()), e.getCause());
        }
        super.init();
    }

    private void requireServer() {
        if (masterHost == null || masterHost.isBlank() || masterPort <= 0) {
            throw new IllegalArgumentException(NAME + ".masterHost=" + masterHost + ", masterPort=" + masterPort
                    + " name no Kubernetes API server, and KUBERNETES_SERVICE_HOST and"
                    + " KUBERNETES_SERVICE_PORT are not in the environment: run in a pod, or choose a stack"
                    + " that does not need Kubernetes, such as evenkeel-jdbc");
        }
        if (namespace == null || namespace.isBlank()) {
            throw new IllegalArgumentException(
                    NAME + ".namespace must be set, to the namespace of the pods: set KUBERNETES_NAMESPACE");
        }
    }

    private void requireVerifiedServer() throws UnknownHostException {
        if (!"https".equals(masterProtocol)) {
            if (!InetAddress.getByName(masterHost).isLoopbackAddress()) {
                throw new IllegalArgumentException(NAME + ".masterProtocol=" + masterProtocol
                        + " would send the service account's token in clear to " + masterHost
                        + ": it must be https, unless masterHost is this host");
            }
            return;
        }
        try {
            if (certificatesInCaFile() > 0) {
                return;
            }
            throw new CertificateException("no certificate in it");
        } catch (IOException | CertificateException e) {
            throw new IllegalArgumentException(
                    NAME + ".caCertFile=" + caCertFile + " must be a file with the certificate of the API server's CA ("
                            + (e instanceof IOException ? "it cannot be read" : e.getMessage())
                            + "); the token is not sent to a server that is not verified. Mount the service account's"
                            + " files into the pod (automountServiceAccountToken), or set"
                            + " KUBERNETES_CA_CERTIFICATE_FILE",
                    e);
        }
    }

    private int certificatesInCaFile() throws IOException, CertificateException {
        if (caCertFile == null || caCertFile.isBlank()) {
            throw new CertificateException("not set");
        }
        try (InputStream in = Files.newInputStream(Path.of(caCertFile))) {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(in)
                    .size();
        }
    }

    /** Called before each attempt to join, on the thread that joins: what is thrown ends the start. */
    @Override
    public Responses findMembers(List<Address> members, boolean initialDiscovery, boolean async, long timeout) {
        if (!initialDiscovery) {
            return super.findMembers(members, false, async, timeout);
        }
        List<Pod> pods = pods();
        requireThisMemberAmong(pods);
        listed.set(pods);
        return search.run(
                timeout,
                () -> super.findMembers(members, true, async, timeout),
                responses -> findMembers(members, true, responses));
    }

    @Override
    public void findMembers(List<Address> members, boolean initialDiscovery, Responses responses) {
        super.findMembers(members, initialDiscovery, responses);
        search.requested();
    }

    /** The first run of an attempt takes the list that the attempt has begun with. */
    @Override
    protected List<Pod> readAll() {
        List<Pod> pods = listed.getAndSet(null);
        return pods == null ? super.readAll() : pods;
    }

    @Override
    protected void sendDiscoveryRequest(Message request) {
        search.asked(request.getDest());
        super.sendDiscoveryRequest(request);
    }

    private List<Pod> pods() {
        try {
            return client.getPods(namespace, labels, dump_requests);
        } catch (Exception e) {
            Throwable failure = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException(
                    StackMessages.PODS_NOT_LISTED.text(asked(), failure.getMessage(), remedy(failure)), e);
        }
    }

    private void requireThisMemberAmong(List<Pod> pods) {
        if (pods.isEmpty()) {
            throw new IllegalStateException(StackMessages.NO_PODS.text(asked()));
        }
        if (down_prot.down(new Event(Event.GET_PHYSICAL_ADDRESS, local_addr)) instanceof IpAddress own
                && pods.stream().noneMatch(pod -> isAt(pod, own))) {
            repeated.write(own.toString(), StackMessages.NOT_LISTED, asked(), pods.size(), own);
        }
    }

    private static boolean isAt(Pod pod, IpAddress address) {
        try {
            return InetAddress.getByName(pod.getIp()).equals(address.getIpAddress());
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private String asked() {
        return NAME + ": asking the Kubernetes API at " + masterProtocol + "://" + masterHost + ":" + masterPort
                + " for the pods in namespace=" + namespace + " with labels=" + (labels == null ? "(any)" : labels);
    }

    private String remedy(Throwable failure) {
        Matcher status = STATUS.matcher(String.valueOf(failure.getMessage()));
        String code = status.find() ? status.group(1) : "";
        if (code.equals("403")) {
            return "Allow the pod's service account to list pods in that namespace, by a Role (verb list,"
                    + " resource pods) and a RoleBinding, or set KUBERNETES_NAMESPACE to the namespace of the pods";
        }
        if (code.equals("401")) {
            return "The service account's token was not accepted: check saTokenFile=" + saTokenFile
                    + " (KUBERNETES_SA_TOKEN_FILE)";
        }
        if (failure instanceof SSLException) {
            return "The server is not the one that caCertFile=" + caCertFile
                    + " (KUBERNETES_CA_CERTIFICATE_FILE) vouches for";
        }
        return "Check the address (KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT) and whether a network"
                + " policy lets this pod reach it";
    }
}
