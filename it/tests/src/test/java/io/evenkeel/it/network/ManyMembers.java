package io.evenkeel.it.network;

import io.evenkeel.it.member.StackXml;
import io.evenkeel.it.member.WorkerLoop;
import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jgroups.Address;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.ObjectMessage;
import org.jgroups.Receiver;
import org.jgroups.View;

/**
 * Members in one JVM on {@code evenkeel-jdbc}, as it is but for the address and the encryption: URL, user and password
 * of the database, and how many. They connect when they are told to, all at the same time.
 */
public final class ManyMembers {
    static final String CLUSTER = "many";

    private final List<JChannel> channels = new ArrayList<>();
    private final Map<JChannel, Inbox> inboxes = new ConcurrentHashMap<>();

    private ManyMembers() {}

    public static void main(String[] arguments) throws Exception {
        ManyMembers members = new ManyMembers();
        Database database = new Database(arguments[0], new Credentials(arguments[1], arguments[2]));
        for (int i = 0; i < Integer.parseInt(arguments[3]); i++) {
            JChannel channel = new JChannel(StackXml.evenkeelOn(database, "127.0.0.1"));
            channel.setName(ProcessHandle.current().pid() + "-" + i);
            members.add(channel);
        }
        new WorkerLoop(Map.of(
                        "connect", words -> members.connect(),
                        "view", words -> members.awaitView(Integer.parseInt(words.get(0))),
                        "talk", words -> members.talk(Integer.parseInt(words.get(0)))))
                .serve();
    }

    private void add(JChannel channel) {
        Inbox inbox = new Inbox();
        channels.add(channel);
        inboxes.put(channel, inbox);
        channel.setReceiver(inbox);
    }

    private void connect() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(channels.size());
        List<Future<?>> connecting = new ArrayList<>();
        for (JChannel channel : channels) {
            connecting.add(threads.submit(() -> {
                channel.connect(CLUSTER);
                return channel;
            }));
        }
        for (Future<?> each : connecting) {
            each.get();
        }
        threads.shutdown();
        WorkerLoop.answer("connected");
    }

    private void awaitView(int size) throws InterruptedException {
        for (Inbox inbox : inboxes.values()) {
            inbox.awaitView(size);
        }
        WorkerLoop.answer("view", size);
    }

    /** Each sends one message to all, and hears one from each of so many. */
    private void talk(int members) throws Exception {
        for (JChannel channel : channels) {
            channel.send(new ObjectMessage(null, "hello"));
        }
        for (Inbox inbox : inboxes.values()) {
            inbox.awaitSenders(members);
        }
        WorkerLoop.answer("heard", members);
    }

    /** The last view of a member, and whom it has heard. */
    private static final class Inbox implements Receiver {
        private final Map<Address, Boolean> heard = new ConcurrentHashMap<>();
        private int viewSize;

        @Override
        public synchronized void viewAccepted(View view) {
            viewSize = view.size();
            notifyAll();
        }

        @Override
        public void receive(Message message) {
            heard.put(message.getSrc(), true);
            synchronized (this) {
                notifyAll();
            }
        }

        synchronized void awaitView(int size) throws InterruptedException {
            while (viewSize != size) {
                wait();
            }
        }

        synchronized void awaitSenders(int count) throws InterruptedException {
            while (heard.size() < count) {
                wait();
            }
        }
    }
}
