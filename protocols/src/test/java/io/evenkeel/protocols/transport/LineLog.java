package io.evenkeel.protocols.transport;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jgroups.logging.CustomLogFactory;
import org.jgroups.logging.Log;
import org.jgroups.logging.LogFactory;
import org.jgroups.stack.Protocol;

/** Keeps the lines that one protocol logs, as LEVEL and text without the id, of which LogMessagesTest keeps watch. */
public final class LineLog implements InvocationHandler {
    private static final Pattern ID = Pattern.compile("^EVK\\d{4}: ");

    private final List<String> lines = new CopyOnWriteArrayList<>();

    /** Makes a protocol that logs into a LineLog of its own; see {@link #of}. */
    public static <T extends Protocol> T recording(Supplier<T> make) {
        try {
            return recordingAll(make::get);
        } catch (Exception e) {
            throw new IllegalStateException("what is supplied throws nothing that is checked", e);
        }
    }

    /** Makes a channel, or whatever makes protocols, each of which logs into a LineLog of its own. */
    public static synchronized <T> T recordingAll(Callable<T> make) throws Exception {
        CustomLogFactory before = LogFactory.getCustomLogFactory();
        LogFactory.setCustomLogFactory(new CustomLogFactory() {
            @Override
            public Log getLog(Class<?> clazz) {
                return log();
            }

            @Override
            public Log getLog(String category) {
                return log();
            }
        });
        try {
            return make.call();
        } finally {
            LogFactory.setCustomLogFactory(before);
        }
    }

    public static List<String> of(Protocol protocol) {
        return linesOf(protocol.getLog());
    }

    public static List<String> linesOf(Log log) {
        return ((LineLog) Proxy.getInvocationHandler(log)).lines;
    }

    /** Keeps nothing, for tests of millions of lines. */
    public static Log silent() {
        return (Log) Proxy.newProxyInstance(
                LineLog.class.getClassLoader(),
                new Class<?>[] {Log.class},
                (proxy, method, args) -> method.getReturnType() == boolean.class ? false : null);
    }

    public static Log log() {
        return (Log) Proxy.newProxyInstance(LineLog.class.getClassLoader(), new Class<?>[] {Log.class}, new LineLog());
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] args) {
        if (method.getName().startsWith("is")) {
            return !method.getName().equals("isTraceEnabled");
        }
        if (args != null && args.length > 0) {
            String text = args.length > 1 && args[1] instanceof Object[] more
                    ? String.format(String.valueOf(args[0]), more)
                    : String.valueOf(args[0]);
            String line = method.getName().toUpperCase(Locale.ROOT) + " "
                    + ID.matcher(text).replaceFirst("");
            lines.add(line);
            System.out.println(line);
        }
        return method.getReturnType() == String.class ? "debug" : null;
    }
}
