package org.chartbridge.delivery;

/**
 * Lets answers to deliveries go on as messages of their partner, where its folder asks for that:
 * what a laboratory says of an order on the connection itself (ORR, ORL, ORG) is then news for
 * whoever ordered.
 */
public interface AnswersOnward {

    /** Of nobody who would take them. */
    AnswersOnward NONE =
            new AnswersOnward() {
                @Override
                public boolean wanted(String destination, byte[] answer) {
                    return false;
                }

                @Override
                public void noted() {}
            };

    /** Whether an answer says what is to go on, and a route takes it. May be called at any time. */
    boolean wanted(String destination, byte[] answer);

    /** Some were noted, in a commit that stands. Returns at once. */
    void noted();
}
