package io.evenkeel.it.node;

/** A user and a password, which does not show in {@link #toString}. */
public record Credentials(String user, String password) {
    public static Credentials generate(String user) {
        return new Credentials(user, Passwords.generate());
    }

    @Override
    public String toString() {
        return "Credentials[" + user + "]";
    }
}
