package io.evenkeel.it.bench.restart.provider;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.infinispan.configuration.cache.ClusteringConfiguration;
import org.infinispan.distribution.DistributionManager;
import org.infinispan.distribution.ch.ConsistentHash;
import org.infinispan.factories.GlobalComponentRegistry;
import org.infinispan.manager.EmbeddedCacheManager;
import org.infinispan.remoting.transport.Transport;
import org.infinispan.remoting.transport.jgroups.JGroupsTransport;
import org.keycloak.connections.infinispan.InfinispanConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.resource.RealmResourceProvider;

/** Creates and counts sessions. Asks nobody who he is: for nodes on loopback that live as long as a benchmark. */
public final class SessionsResource implements RealmResourceProvider {
    private final KeycloakSession session;

    SessionsResource(KeycloakSession session) {
        this.session = session;
    }

    @Override
    public Object getResource() {
        return this;
    }

    /**
     * Creates user sessions of users user-0, user-1 and so on, each with one session of the client, on this node: it
     * becomes the primary owner of them all.
     */
    @POST
    @Path("fill")
    @Produces(MediaType.TEXT_PLAIN)
    public String fill(
            @QueryParam("count") int count, @QueryParam("users") int users, @QueryParam("client") String client)
            throws InterruptedException {
        new SessionFiller(
                        session.getKeycloakSessionFactory(),
                        session.getContext().getRealm(),
                        client,
                        users)
                .fill(count);
        return Integer.toString(count);
    }

    /** The user sessions and the client sessions in the whole cluster, with a blank between them. */
    @GET
    @Path("count")
    @Produces(MediaType.TEXT_PLAIN)
    public String count() {
        InfinispanConnectionProvider caches = session.getProvider(InfinispanConnectionProvider.class);
        return caches.getCache(InfinispanConnectionProvider.USER_SESSION_CACHE_NAME)
                        .size()
                + " "
                + caches.getCache(InfinispanConnectionProvider.CLIENT_SESSION_CACHE_NAME)
                        .size();
    }

    /**
     * The names of the caches whose entries are on the move as this node sees it, or have fewer owners than they are to
     * have among the members of the cluster, with commas between them.
     */
    @GET
    @Path("moving")
    @Produces(MediaType.TEXT_PLAIN)
    public String moving() {
        InfinispanConnectionProvider caches = session.getProvider(InfinispanConnectionProvider.class);
        return Stream.of(InfinispanConnectionProvider.CLUSTERED_CACHE_NAMES)
                .filter(name -> isMoving(caches, name))
                .collect(Collectors.joining(","));
    }

    /**
     * The bytes of the messages that this node has received from others since it started, as its transport counts them:
     * state, users' requests and all else. The counters have to be on before the channel connects; Keycloak turns them
     * on later.
     */
    @GET
    @Path("received")
    @Produces(MediaType.TEXT_PLAIN)
    public String received() {
        EmbeddedCacheManager manager = session.getProvider(InfinispanConnectionProvider.class)
                .getCache(InfinispanConnectionProvider.WORK_CACHE_NAME)
                .getCacheManager();
        JGroupsTransport transport = (JGroupsTransport) GlobalComponentRegistry.componentOf(manager, Transport.class);
        return Long.toString(transport
                .getChannel()
                .getProtocolStack()
                .getTransport()
                .getMessageStats()
                .getNumBytesReceived());
    }

    private static boolean isMoving(InfinispanConnectionProvider caches, String name) {
        var cache = caches.getCache(name, false);
        if (cache == null) {
            return false;
        }
        DistributionManager distribution = cache.getAdvancedCache().getDistributionManager();
        return distribution != null
                && (distribution.getCacheTopology().getPendingCH() != null
                        || hasTooFewOwners(
                                distribution.getCacheTopology().getCurrentCH(),
                                cache.getCacheConfiguration().clustering(),
                                cache.getCacheManager().getMembers().size()));
    }

    /** Entries of a member that is away may be left with one owner for a while, with nothing on the move. */
    private static boolean hasTooFewOwners(ConsistentHash owners, ClusteringConfiguration clustering, int members) {
        int wanted = clustering.cacheMode().isReplicated()
                ? members
                : Math.min(members, clustering.hash().numOwners());
        return IntStream.range(0, owners.getNumSegments())
                .anyMatch(segment -> owners.locateOwnersForSegment(segment).size() < wanted);
    }

    @Override
    public void close() {
        // Holds nothing of its own.
    }
}
