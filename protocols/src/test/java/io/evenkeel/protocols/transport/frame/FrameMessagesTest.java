package io.evenkeel.protocols.transport.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.evenkeel.protocols.transport.core.UnreadableFrameException;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.CompositeMessage;
import org.jgroups.EmptyMessage;
import org.jgroups.Global;
import org.jgroups.LongMessage;
import org.jgroups.Message;
import org.jgroups.NioMessage;
import org.jgroups.ObjectMessage;
import org.jgroups.View;
import org.jgroups.ViewId;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.FragHeader;
import org.jgroups.protocols.PingHeader;
import org.jgroups.protocols.TpHeader;
import org.jgroups.protocols.UnicastHeader3;
import org.jgroups.protocols.pbcast.NakAckHeader2;
import org.jgroups.util.ByteArrayDataOutputStream;
import org.jgroups.util.Digest;
import org.jgroups.util.MessageBatch;
import org.jgroups.util.SeqnoList;
import org.jgroups.util.UUID;
import org.jgroups.util.Util;
import org.junit.jupiter.api.Test;

/**
 * Frames whose messages announce what is not there. The part of them that is read costs memory in proportion to their
 * bytes, and ends in messages or in an unreadable frame, in nothing else.
 *
 * <p>{@code -Devenkeel.fuzz.frames=10000000} makes a soak of it, {@code -Devenkeel.fuzz.seed=N} repeats a run.
 */
class FrameMessagesTest {
    private static final long FRAMES = Long.getLong("evenkeel.fuzz.frames", 100_000);
    /** Version and flags. */
    private static final int HEAD_BYTES = Global.SHORT_SIZE + Global.BYTE_SIZE;

    private static final int TWO_BILLION = 2_000_000_000;
    /** JGroups makes arrays of lengths of 16 bits, of two long integers each. */
    private static final long MAX_ANNOUNCED_BY_SHORTS = 2_000_000;

    private static final int MAX_BYTES_FOR_ONE = 64;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final long seed = Long.getLong("evenkeel.fuzz.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Address source = UUID.randomUUID();
    private final Address destination = UUID.randomUUID();
    private final List<Message> messages = messages();

    private List<Message> messages() {
        View view = View.create(source, 7, source, destination);
        Digest digest = new Digest(new Address[] {source, destination}, new long[] {1, 2, 3, 4});
        List<Message> all = new ArrayList<>(List.of(
                new BytesMessage(destination, new byte[100]),
                new BytesMessage(destination, new byte[2_000])
                        .putHeader((short) 12, UnicastHeader3.createDataHeader(900, (short) 1, false))
                        .putHeader((short) 13, new FragHeader(1, 0, 3)),
                new NioMessage(destination, ByteBuffer.wrap(new byte[300])),
                new ObjectMessage(destination, new SeqnoList(500, 1).add(1, 5, 400)),
                new ObjectMessage(destination, view),
                new ObjectMessage(destination, digest),
                new ObjectMessage(destination, new ViewId(source, 5)),
                new LongMessage(destination, 1L << 40),
                new EmptyMessage(destination)
                        .putHeader((short) 14, NakAckHeader2.createXmitRequestHeader(source))
                        .putHeader((short) 15, new PingHeader(PingHeader.GET_MBRS_REQ).clusterName("fuzz")),
                new EmptyMessage(destination).putHeader((short) 16, new TpHeader("fuzz")),
                new CompositeMessage(
                        destination,
                        new BytesMessage(destination, new byte[10]),
                        new CompositeMessage(
                                destination, new LongMessage(destination, 1), new EmptyMessage(destination)))));
        all.forEach(each -> each.setSrc(source)
                .setFlag(random.nextBoolean() ? new Message.Flag[] {Message.Flag.OOB} : new Message.Flag[0]));
        return all;
    }

    private static byte[] single(Message message) throws IOException {
        ByteArrayDataOutputStream out = new ByteArrayDataOutputStream();
        Util.writeMessage(message, out, false);
        return body(out);
    }

    private byte[] batch(List<Message> together) throws IOException {
        ByteArrayDataOutputStream out = new ByteArrayDataOutputStream();
        Util.writeMessageList(destination, source, "fuzz".getBytes(StandardCharsets.US_ASCII), together, out, false);
        return body(out);
    }

    /** The fields behind version and flags. */
    private static byte[] body(ByteArrayDataOutputStream out) {
        return Arrays.copyOfRange(out.buffer(), HEAD_BYTES, out.position());
    }

    private static Object read(byte[] body, boolean batch) {
        byte[] frame = new byte[HEAD_BYTES + body.length];
        System.arraycopy(body, 0, frame, HEAD_BYTES, body.length);
        FrameInput in = FrameInput.of(frame, 0, frame.length);
        in.skipBytes(HEAD_BYTES);
        return batch ? FrameMessages.batches(in, false) : FrameMessages.message(in);
    }

    private void readBounded(byte[] body, boolean batch) {
        long allocated = allocatedBy(body, batch);
        long bound = (long) MAX_BYTES_FOR_ONE * body.length + MAX_ANNOUNCED_BY_SHORTS;
        if (allocated > bound) {
            // The first use of a class pays for the class.
            allocated = allocatedBy(body, batch);
        }
        assertThat(allocated)
                .as("bytes of memory, -Devenkeel.fuzz.seed=%d %s", seed, Arrays.toString(body))
                .isLessThanOrEqualTo(bound);
    }

    private long allocatedBy(byte[] body, boolean batch) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            read(body, batch);
        } catch (UnreadableFrameException expected) {
            assertThat(expected.getMessage()).doesNotContain("\n");
        } catch (Throwable e) {
            throw new AssertionError("-Devenkeel.fuzz.seed=" + seed + " " + Arrays.toString(body), e);
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void whatIsGoodIsRead() throws Exception {
        for (Message each : messages) {
            Message found = (Message) read(single(each), false);
            assertThat(found.getClass()).isEqualTo(each.getClass());
            assertThat(found.getLength()).isEqualTo(each.getLength());
            assertThat(found.printHeaders()).isEqualTo(each.printHeaders());
        }
        MessageBatch[] found = (MessageBatch[]) read(batch(messages), true);
        int read = 0;
        for (MessageBatch batch : found) {
            for (Message each : batch == null ? List.<Message>of() : batch) {
                assertThat(each.getSrc()).isEqualTo(source);
                read++;
            }
        }
        assertThat(read).isEqualTo(messages.size());
    }

    /** Numbers that are no lengths, however large they are beside the frame. */
    @Test
    void numbersAreRead() throws Exception {
        for (int number : new int[] {1023, 1024, 1116, 65_536, 1 << 24, TWO_BILLION, Integer.MAX_VALUE, -1}) {
            for (Object each : new Object[] {
                number,
                (long) number,
                (float) number,
                (double) number,
                Float.intBitsToFloat(number),
                "x".repeat(Math.min(70_000, number & 0xFFFFF))
            }) {
                List<Message> same =
                        List.of(new ObjectMessage(destination, each), new ObjectMessage(destination, each));
                assertThat(((ObjectMessage) read(single(same.get(0)), false)).<Object>getObject())
                        .isEqualTo(each);
                MessageBatch regular = ((MessageBatch[]) read(batch(same), true))[0];
                assertThat(regular.size()).isEqualTo(2);
            }
            byte[] bytes = new byte[Math.min(70_000, number & 0xFFFFF)];
            assertThat(((ObjectMessage) read(single(new ObjectMessage(destination, bytes)), false)).<byte[]>getObject())
                    .hasSize(bytes.length);
        }
    }

    @Test
    void twoBillionMessagesInSixtyBytesAreRefused() throws Exception {
        byte[] body = batch(List.of(new EmptyMessage(destination)));
        List<Integer> refused = new ArrayList<>();
        for (int at = 0; at <= body.length - Integer.BYTES; at++) {
            byte[] spoilt = body.clone();
            ByteBuffer.wrap(spoilt).putInt(at, TWO_BILLION);
            try {
                read(spoilt, true);
            } catch (UnreadableFrameException e) {
                if (e.getMessage().startsWith("it announces " + TWO_BILLION + " messages in ")) {
                    refused.add(at);
                }
            }
        }
        assertThat(refused).as("where the number of messages lies").hasSize(1);
    }

    /** Each place of each kind of message takes each of these numbers in turn. */
    @Test
    void anIntegerAtAnyPlaceMayAnnounceAnything() throws Exception {
        Map<Boolean, List<byte[]>> frames = Map.of(
                false, messages.stream().map(FrameMessagesTest::unchecked).toList(), true, List.of(batch(messages)));
        for (Map.Entry<Boolean, List<byte[]>> kind : frames.entrySet()) {
            for (byte[] good : kind.getValue()) {
                for (int at = 0; at <= good.length - Integer.BYTES; at++) {
                    for (int announced : new int[] {TWO_BILLION, Integer.MAX_VALUE, -1, 1 << 24, good.length * 7}) {
                        byte[] spoilt = good.clone();
                        ByteBuffer.wrap(spoilt).putInt(at, announced);
                        readBounded(spoilt, kind.getKey());
                    }
                }
            }
        }
    }

    private static byte[] unchecked(Message message) {
        try {
            return single(message);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aMessageOfTwoBillionFragmentsIsRefused() throws Exception {
        short id = ClassConfigurator.getProtocolId(FRAG4.class);
        Message good = new BytesMessage(destination, new byte[1]).putHeader(id, new FragHeader(1, 0, 1_000_000));
        assertThat(read(single(good), false)).isInstanceOf(BytesMessage.class);
        Message greedy = new BytesMessage(destination, new byte[1]).putHeader(id, new FragHeader(1, 0, TWO_BILLION));
        assertThatThrownBy(() -> read(single(greedy), false)).hasMessageContaining("2000000000 fragments");
        assertThatThrownBy(() -> read(batch(List.of(good, good)), true)).hasMessageContaining("2000000 fragments");
    }

    @Test
    void messagesInsideOfMessagesEndSomewhere() {
        // 1 MB of messages that hold one message each.
        ByteBuffer nested = ByteBuffer.allocate(1 << 20);
        while (nested.remaining() >= 11) {
            nested.putShort(new CompositeMessage().getType())
                    .put((byte) 0)
                    .putShort((short) 0)
                    .putShort((short) 0)
                    .putInt(1);
        }
        assertThatThrownBy(() -> read(nested.array(), false)).isInstanceOf(UnreadableFrameException.class);
        // The thread goes on.
        assertThat(read(unchecked(messages.get(0)), false)).isInstanceOf(BytesMessage.class);
    }

    /** Integers of 32 bits that no array is made of, or that are read from elsewhere than a frame. */
    private static final Set<String> OTHER_READERS = Set.of(
            "org.jgroups.blocks.GridFile$Metadata",
            "org.jgroups.blocks.cs.TcpConnection$Receiver",
            "org.jgroups.protocols.ASYM_ENCRYPT",
            "org.jgroups.protocols.COMPRESS$CompressHeader",
            "org.jgroups.protocols.Discovery",
            "org.jgroups.protocols.FORK",
            "org.jgroups.protocols.STOMP$StompHeader",
            "org.jgroups.protocols.SimpleTCP$Connection",
            "org.jgroups.protocols.TpHeader",
            "org.jgroups.stack.DiagnosticsHandler",
            "org.jgroups.stack.IpAddress",
            "org.jgroups.util.Bits",
            "org.jgroups.util.ByteArrayDataInputStream",
            "org.jgroups.util.ByteBufferInputStream",
            "org.jgroups.util.MergeId",
            "org.jgroups.util.MyReceiver");

    /** A reader that a later JGroups adds has to be put into one of the two lists. */
    @Test
    void allReadersOfIntegersAreKnown() throws Exception {
        // A constant of the class file: UTF-8, its length, the name of DataInput's method.
        String constant = "\u0001\u0000\u0007readInt";
        Set<String> readers = new TreeSet<>();
        try (JarFile jar = new JarFile(new File(Message.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI()))) {
            for (JarEntry each : jar.stream().toList()) {
                String name = each.getName();
                boolean ofTests = name.contains("/tests/") || name.contains("/demos/");
                if (name.endsWith(".class") && !ofTests) {
                    String content = new String(jar.getInputStream(each).readAllBytes(), StandardCharsets.ISO_8859_1);
                    if (content.contains(constant)) {
                        readers.add(name.substring(0, name.length() - ".class".length())
                                .replace('/', '.'));
                    }
                }
            }
        }
        Set<String> known = new TreeSet<>(OTHER_READERS);
        known.addAll(FrameInput.LENGTH_READERS);
        assertThat(readers).containsExactlyElementsOf(known);
    }

    @Test
    void spoiltMessages() throws Exception {
        System.out.println("FrameMessagesTest -Devenkeel.fuzz.seed=" + seed + " -Devenkeel.fuzz.frames=" + FRAMES);
        List<byte[]> singles =
                messages.stream().map(FrameMessagesTest::unchecked).toList();
        byte[] together = batch(messages);
        for (long i = 0; i < FRAMES; i++) {
            boolean batch = random.nextInt(4) == 0;
            readBounded(spoilt(batch ? together : singles.get(random.nextInt(singles.size()))), batch);
        }
    }

    private byte[] spoilt(byte[] good) {
        byte[] body = random.nextInt(5) == 0 ? Arrays.copyOf(good, random.nextInt(good.length + 1)) : good.clone();
        for (int i = 1 + random.nextInt(6); i > 0 && body.length >= Integer.BYTES; i--) {
            // Mostly in front, where addresses, headers and lengths are.
            int range = random.nextBoolean() ? body.length : Math.min(body.length, 64);
            int at = random.nextInt(range - Integer.BYTES + 1);
            switch (random.nextInt(3)) {
                case 0 -> body[at] = (byte) random.nextInt();
                case 1 -> ByteBuffer.wrap(body).putInt(at, random.nextInt());
                default -> ByteBuffer.wrap(body).putShort(at, (short) random.nextInt());
            }
        }
        return body;
    }
}
