package org.chartbridge.bench;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

import javax.sql.DataSource;

/**
 * How to get into an engine's database.
 *
 * @param url of JDBC; may hold user and password as parameters
 */
public record DatabaseAccess(String url, String user, String password) {

    /** An embedded one, by what the engine wrote into its data folder. */
    public static DatabaseAccess embeddedIn(Path data) throws IOException {
        var properties = new Properties();
        try (var file = Files.newBufferedReader(data.resolve("database.properties"))) {
            properties.load(file);
        }
        return new DatabaseAccess(
                "jdbc:postgresql://127.0.0.1:" + properties.getProperty("port") + "/chartbridge",
                "chartbridge",
                properties.getProperty("password", ""));
    }

    /** An outside one; user and password stand in the URL, or come from PostgreSQL's defaults. */
    public static DatabaseAccess outside(String url) {
        return new DatabaseAccess(url, "", "");
    }

    Connection connect() throws SQLException {
        return user.isEmpty()
                ? DriverManager.getConnection(url)
                : DriverManager.getConnection(url, user, password);
    }

    /** For the engine's own stores, used from outside; each use is a connection of its own. */
    DataSource dataSource() {
        return user.isEmpty()
                ? new DriverManagerDataSource(url)
                : new DriverManagerDataSource(url, user, password);
    }

    JdbcClient jdbc() {
        return JdbcClient.create(dataSource());
    }

    /** Without the password, which may stand in the URL too. */
    @Override
    public String toString() {
        return url.split("\\?", 2)[0];
    }
}
