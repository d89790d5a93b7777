package io.evenkeel.protocols;

import java.util.PriorityQueue;

/**
 * The events of a simulation in the order of their times, and of their making where two times are equal: the same seed
 * gives the same course. The unit of time is its user's.
 */
public class EventQueue {
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long now;
    private long made;

    /** An action at a time. */
    public record Event(long at, long number, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    /** The time of the event that runs, or the end of the last run. */
    public final long now() {
        return now;
    }

    /** Adds an event; one in the past is due at once. */
    public final Event at(long time, Runnable action) {
        Event event = new Event(Math.max(time, now), made++, action);
        events.add(event);
        return event;
    }

    public final Event after(long delay, Runnable action) {
        return at(now + delay, action);
    }

    public final void cancel(Event event) {
        events.remove(event);
    }

    /** Runs all events up to that time, those of that time and those that they add among them. */
    public final void runUntil(long end) {
        while (!events.isEmpty() && events.peek().at <= end) {
            Event event = events.poll();
            now = event.at;
            event.action.run();
        }
        now = end;
    }
}
