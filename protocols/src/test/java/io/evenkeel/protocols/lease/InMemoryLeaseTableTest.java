package io.evenkeel.protocols.lease;

import java.util.concurrent.atomic.AtomicLong;

class InMemoryLeaseTableTest extends LeaseTableContract {
    private final AtomicLong clockMs = new AtomicLong(1_000_000);
    private final InMemoryLeaseTable.Store store = new InMemoryLeaseTable.Store(clockMs::get);

    @Override
    protected LeaseTable open() {
        return new InMemoryLeaseTable(store, System::nanoTime);
    }

    @Override
    protected void jumpClock(long byMs) {
        clockMs.addAndGet(byMs);
    }

    @Override
    protected void passTime() {
        clockMs.incrementAndGet();
    }
}
