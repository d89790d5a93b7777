package io.evenkeel.it.network;

import io.evenkeel.it.member.LeaseRows;
import io.evenkeel.it.node.Caches;
import io.evenkeel.it.node.ChildJvm;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.Ports;
import io.evenkeel.it.node.Postgres;
import io.evenkeel.it.node.TempDir;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A hundred members on {@code evenkeel-jdbc} with the stack's own values, in clear: the largest cluster promised. */
@EnabledIfSystemProperty(named = "evenkeel.long", matches = "true", disabledReason = "-Devenkeel.long=true runs it")
class HundredMembersTest {
    private static final Duration BOUND = Duration.ofMinutes(5);
    private static final int JVMS = 4;
    private static final int EACH = 25;
    private static final int ALL = JVMS * EACH;

    private final TempDir dir = TempDir.create();
    private final Ports ports = new Ports(new SecureRandom());
    private final List<ChildJvm> jvms = new ArrayList<>();

    @AfterEach
    void closeAll() {
        jvms.forEach(ChildJvm::kill);
        jvms.forEach(ChildJvm::close);
        ports.close();
        dir.close();
    }

    @Test
    void formOneClusterTalkAndSurviveTheDeathOfAQuarter() throws Exception {
        try (Postgres postgres = Postgres.start(dir.path().resolve("postgres"), ports.free(), Caches.ofUser())) {
            Database database = postgres.createDatabase("many");
            for (int i = 0; i < JVMS; i++) {
                start(database);
            }
            jvms.forEach(jvm -> jvm.tell("connect"));
            awaitView(ALL);
            jvms.forEach(jvm -> jvm.tell("talk", ALL));
            for (ChildJvm jvm : jvms) {
                jvm.answer("heard", BOUND);
            }

            ChildJvm dead = jvms.remove(0);
            dead.kill();
            dead.close();
            awaitView(ALL - EACH);
            start(database).tell("connect");
            awaitView(ALL);
            LeaseRows rows = new LeaseRows(postgres, "many", "evenkeel_lease");
            Awaitility.await().until(() -> rows.membersOf(ManyMembers.CLUSTER).size() == ALL);
        }
    }

    private ChildJvm start(Database database) throws InterruptedException {
        ChildJvm jvm = ChildJvm.start(
                List.of(),
                "many-" + jvms.size(),
                List.of("-Djava.net.preferIPv4Stack=true", "-Djgroups.use.jdk_logger=true", "-Xmx512m"),
                ManyMembers.class,
                database.jdbcUrl(),
                database.owner().user(),
                database.owner().password(),
                String.valueOf(EACH));
        jvms.add(jvm);
        return jvm.awaitReady();
    }

    private void awaitView(int size) throws InterruptedException {
        jvms.forEach(jvm -> jvm.tell("view", size));
        for (ChildJvm jvm : jvms) {
            jvm.answer("view", BOUND);
        }
    }
}
