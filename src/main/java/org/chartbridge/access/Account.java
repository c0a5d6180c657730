package org.chartbridge.access;

/**
 * Someone who may log in.
 *
 * @param name what is typed at login, lower case
 * @param passwordHash bcrypt
 */
record Account(String name, String passwordHash, Role role) {

    @Override
    public String toString() {
        return "Account[" + name + ", " + role + "]";
    }
}
