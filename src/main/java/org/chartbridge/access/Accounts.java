package org.chartbridge.access;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.stereotype.Repository;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;

/** The accounts, in the database. */
@Repository
public class Accounts {
    private final JdbcClient database;

    @Autowired
    Accounts(JdbcClient database) {
        this.database = database;
    }

    /** For use outside the application, by the command that resets a password. */
    public static Accounts at(String url, String user, String password) {
        return new Accounts(JdbcClient.create(new DriverManagerDataSource(url, user, password)));
    }

    /** Whether a start came so far as to make room for accounts. */
    public boolean exist() {
        return database.sql("select to_regclass('account') is not null")
                .query(Boolean.class)
                .single();
    }

    /**
     * The account of this name.
     *
     * @param name in any case
     */
    Optional<Account> find(String name) {
        return database.sql(
                        """
                        select name, password_hash, role
                        from account
                        where name = ?
                        """)
                .param(name.toLowerCase(Locale.ROOT))
                .query(
                        (row, n) ->
                                new Account(
                                        row.getString("name"),
                                        row.getString("password_hash"),
                                        Role.valueOf(row.getString("role"))))
                .optional();
    }

    /** Creates the account, or gives the one that exists this password and role. */
    public void set(String name, Password password, Role role) {
        var now = OffsetDateTime.now(ZoneOffset.UTC);
        database.sql(
                        """
                        insert into account (name, password_hash, role, created_at, password_set_at)
                        values (:name, :hash, :role, :now, :now)
                        on conflict (name) do update
                        set password_hash = excluded.password_hash,
                            role = excluded.role,
                            password_set_at = excluded.password_set_at
                        """)
                .param("name", name.toLowerCase(Locale.ROOT))
                .param("hash", password.hash())
                .param("role", role.name())
                .param("now", now)
                .update();
    }
}
