package io.evenkeel.it.bench.restart;

import io.evenkeel.it.oidc.OidcAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** The tokens of those users who are at work, so many at most: a login or a refresh takes a place over. Any thread. */
final class Tokens {
    private final List<OidcAnswer> held = new ArrayList<>();
    private final int places;
    private final RandomGenerator random;

    Tokens(int places, RandomGenerator random) {
        this.places = places;
        this.random = random;
    }

    synchronized OidcAnswer any() {
        return held.get(random.nextInt(held.size()));
    }

    synchronized void put(OidcAnswer tokens) {
        if (held.size() < places) {
            held.add(tokens);
        } else {
            held.set(random.nextInt(places), tokens);
        }
    }
}
