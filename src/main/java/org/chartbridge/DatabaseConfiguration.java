package org.chartbridge;

import org.chartbridge.database.DataFolder;
import org.chartbridge.database.Database;
import org.chartbridge.database.EmbeddedServer;
import org.chartbridge.database.OutsideServer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.StringUtils;

import java.nio.file.Path;
import java.util.Objects;

/**
 * The database under the application: an outside one when {@code spring.datasource.url} is set,
 * else the embedded one.
 *
 * <p>Spring ends beans in the reverse order of their making: the pool first, then the server, and
 * last the lock on the folder.
 */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {
    @Bean(destroyMethod = "close")
    DataFolder dataFolder(@Value("${chartbridge.data}") String folder) {
        return DataFolder.take(Path.of(folder));
    }

    @Bean(destroyMethod = "close")
    Database database(DataFolder folder, DataSourceProperties settings) {
        var url = settings.getUrl();
        if (!StringUtils.hasText(url)) return EmbeddedServer.start(folder);
        // Both may stand in the URL instead, which then wins.
        return OutsideServer.at(
                url,
                Objects.requireNonNullElse(settings.getUsername(), ""),
                Objects.requireNonNullElse(settings.getPassword(), ""));
    }

    /** What Spring Boot makes its pool from. */
    @Bean
    JdbcConnectionDetails jdbcConnectionDetails(Database database) {
        return new JdbcConnectionDetails() {
            @Override
            public String getJdbcUrl() {
                return database.url();
            }

            @Override
            public String getUsername() {
                return database.user();
            }

            @Override
            public String getPassword() {
                return database.password();
            }
        };
    }
}
