package io.evenkeel.protocols.pacing;

/** The content of a message, as far as pacing is concerned: the users' work, or one kind of state transfer. */
public enum Traffic {
    /** Everything that no classifier recognises; never to be held back. */
    FOREGROUND,
    /** Application state that JGroups' own STATE_TRANSFER or STATE moves to a joiner. */
    JGROUPS_STATE,
    /** State chunks that an Infinispan donor pushes to a joiner in requests of its own (16.0, 16.1). */
    INFINISPAN_PUSHED,
    /** State that an Infinispan joiner asks for, in the answers to its requests (after 16.1). */
    INFINISPAN_PULLED,
    /**
     * A message that makes its receiver work on state, and is none itself: a request for state, or the answer to a
     * chunk, upon which the next one is made. It is small and never held back.
     */
    STATE_CONTROL;

    /** True if a message of this kind may yield to the foreground. */
    public boolean isBulk() {
        return this != FOREGROUND && this != STATE_CONTROL;
    }

    /** True if its receiver handles it on the threads that bulk has for itself. */
    public boolean isHandledApart() {
        return this != FOREGROUND;
    }
}
