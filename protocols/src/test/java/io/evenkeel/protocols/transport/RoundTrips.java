package io.evenkeel.protocols.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;

/** Messages from one member to another and back, one after another, and how long they take. Replaces both receivers. */
public final class RoundTrips {
    private static final int COUNT = Integer.getInteger("evenkeel.round.trips", 500);
    private static final long PAUSE_MS = 2;
    private static final int BYTES = 100;

    private final JChannel from;
    private final JChannel to;
    private final LinkedBlockingQueue<Message> answers = new LinkedBlockingQueue<>();

    public RoundTrips(JChannel from, JChannel to) {
        this.from = from;
        this.to = to;
        to.setReceiver(new Receiver() {
            @Override
            public void receive(Message message) {
                try {
                    to.send(new BytesMessage(message.getSrc(), new byte[BYTES]));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        from.setReceiver(new Receiver() {
            @Override
            public void receive(Message message) {
                answers.add(message);
            }
        });
    }

    /** Makes some hundreds; returns median, 99th percentile and maximum in ms, as columns of a table. */
    public String figures() throws Exception {
        long[] takenNs = new long[COUNT];
        for (int i = 0; i < COUNT; i++) {
            long sentNs = System.nanoTime();
            from.send(new BytesMessage(to.getAddress(), new byte[BYTES]));
            assertThat(answers.poll(120, TimeUnit.SECONDS)).as("answer").isNotNull();
            takenNs[i] = System.nanoTime() - sentNs;
            // Not back to back: an idle event loop has to wake up, as it mostly has to.
            Thread.sleep(PAUSE_MS);
        }
        Arrays.sort(takenNs);
        return String.format(
                Locale.ROOT,
                "%.1f | %.1f | %.1f",
                takenNs[COUNT / 2] / 1e6,
                takenNs[COUNT * 99 / 100] / 1e6,
                takenNs[COUNT - 1] / 1e6);
    }
}
