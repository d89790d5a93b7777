package io.evenkeel.stacks.infinispan.restart;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.stacks.infinispan.restart.LeaveAnnouncement.Kind;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LeaveAnnouncementTest {
    private static final UUID NODE = new UUID(1, 2);

    @ParameterizedTest
    @EnumSource(Kind.class)
    void isReadAsItIsWritten(Kind kind) {
        LeaveAnnouncement announcement = new LeaveAnnouncement(NODE, kind);
        assertThat(LeaveAnnouncement.parse(announcement.toCacheName())).contains(announcement);
    }

    @Test
    void anythingElseIsACache() {
        assertThat(LeaveAnnouncement.parse(null)).isEmpty();
        assertThat(LeaveAnnouncement.parse("sessions")).isEmpty();
        assertThat(LeaveAnnouncement.parse("io.evenkeel/leave/" + NODE + "/A_LATER_KIND"))
                .isEmpty();
    }
}
