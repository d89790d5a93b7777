package example;

import org.jgroups.JChannel;

/** Two members of a cluster in one process. */
public final class Consumer {
    private Consumer() {}

    public static void main(String[] arguments) throws Exception {
        try (JChannel first = new JChannel("consumer.xml").name("first");
                JChannel second = new JChannel("consumer.xml").name("second")) {
            first.connect("consumer");
            second.connect("consumer");
            System.out.println("members: " + second.getView().size());
        }
    }
}
