package io.evenkeel.protocols.lease.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.protocols.lease.FounderEpoch;
import io.evenkeel.protocols.lease.LeaseIdentity;
import io.evenkeel.protocols.lease.LeaseRow;
import io.evenkeel.protocols.lease.Snapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LeasedAddressesTest {
    private static final String A = "10.0.0.1:7800";
    private static final String B = "10.0.0.2:7800";

    private final LeasedAddresses leased = new LeasedAddresses();

    private static LeaseRow row(String name, String physical, long beat) {
        return new LeaseRow(
                new LeaseIdentity("c", name, name, physical, 1), false, "", 0, beat, 0, 9_500, LeaseRow.FORMAT);
    }

    private void read(long sentNs, boolean complete, LeaseRow... rows) {
        Map<String, LeaseRow> byAddress = new LinkedHashMap<>();
        for (LeaseRow row : rows) {
            byAddress.put(row.address(), row);
        }
        leased.read(new Snapshot(FounderEpoch.NONE, byAddress, sentNs, sentNs, complete));
    }

    @Test
    void allRowsCountWhileTheirMembersAreThereOrHaveNotComeYet() {
        leased.viewChanged(List.of("a"), 0);
        read(1, true, row("a", A, 1), row("b", B, 1));
        assertThat(leased.contains(A)).isTrue();
        assertThat(leased.contains(B)).isTrue();
        assertThat(leased.contains("10.0.0.3:7800")).isFalse();
    }

    @Test
    void theRowThatAMemberLeavesBehindDoesNot() {
        leased.viewChanged(List.of("a", "b"), 0);
        read(1, true, row("a", A, 1), row("b", B, 5));
        leased.viewChanged(List.of("a"), 10);
        assertThat(leased.contains(B)).isFalse();
        read(11, true, row("a", A, 2), row("b", B, 7));
        read(20, true, row("a", A, 3), row("b", B, 7));
        assertThat(leased.contains(B)).isFalse();
        assertThat(leased.contains(A)).isTrue();
    }

    /** Its last beats may come in late. */
    @Test
    void beatsUntilTheFirstWholeReadAfterTheLeaveAreNoSignOfLife() {
        leased.viewChanged(List.of("a", "b"), 0);
        leased.viewChanged(List.of("a"), 10);
        read(9, true, row("a", A, 1), row("b", B, 5));
        read(11, false, row("a", A, 1), row("b", B, 6));
        read(12, true, row("a", A, 1), row("b", B, 7));
        assertThat(leased.contains(B)).isFalse();
        read(13, false, row("a", A, 1), row("b", B, 5));
        assertThat(leased.contains(B)).isFalse();
    }

    @Test
    void aMemberOfTheOtherSideOfASplitCountsAgainOnceItIsSeenToBeat() {
        leased.viewChanged(List.of("a", "b"), 0);
        leased.viewChanged(List.of("a"), 10);
        read(10, true, row("a", A, 1), row("b", B, 7));
        assertThat(leased.contains(B)).isFalse();
        read(20, true, row("a", A, 2), row("b", B, 8));
        assertThat(leased.contains(B)).isTrue();
    }

    @Test
    void aMemberThatIsBackInTheViewCounts() {
        leased.viewChanged(List.of("a", "b"), 0);
        leased.viewChanged(List.of("a"), 10);
        read(11, true, row("b", B, 7));
        leased.viewChanged(List.of("a", "b"), 20);
        assertThat(leased.contains(B)).isTrue();
    }

    @Test
    void anotherOneAtTheAddressCounts() {
        leased.viewChanged(List.of("a", "b"), 0);
        leased.viewChanged(List.of("a"), 10);
        read(11, true, row("b", B, 7), row("c", B, 1));
        assertThat(leased.contains(B)).isTrue();
    }
}
