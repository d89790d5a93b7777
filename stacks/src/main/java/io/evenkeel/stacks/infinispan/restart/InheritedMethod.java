package io.evenkeel.stacks.infinispan.restart;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Optional;

/**
 * A method that the superclass has only in versions newer than the one that the pack is compiled against. A call of it
 * stands for {@code super.method(...)}.
 */
final class InheritedMethod {
    private final MethodHandle method;

    private InheritedMethod(MethodHandle method) {
        this.method = method;
    }

    /**
     * Looks the method up.
     *
     * @param caller the subclass's own lookup
     * @return empty if the superclass has no such method
     */
    static Optional<InheritedMethod> find(MethodHandles.Lookup caller, String name, MethodType type) {
        Class<?> subclass = caller.lookupClass();
        try {
            return Optional.of(new InheritedMethod(caller.findSpecial(subclass.getSuperclass(), name, type, subclass)));
        } catch (NoSuchMethodException e) {
            return Optional.empty();
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Calls it on an instance of the subclass. */
    Object call(Object instance, Object... arguments) throws Exception {
        try {
            return method.bindTo(instance).invokeWithArguments(arguments);
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
