package org.chartbridge.journal;

import org.chartbridge.partner.FolderFiles;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.Base64;
import java.util.Optional;
import java.util.TreeMap;

import javax.sql.DataSource;

/**
 * Partners' folders by content: each entry names the version it ran with, and this is where that
 * version is found when the entry is to be read again. Kept are the files that say how messages are
 * read; certificates and keys stay in the folder.
 */
@Repository
public class FolderVersions {
    private final JdbcClient jdbc;

    public FolderVersions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Those of a database that no engine of ours runs on. */
    public static FolderVersions in(DataSource database) {
        return new FolderVersions(JdbcClient.create(database));
    }

    /** One file on its way into the database, its bytes as base64. */
    private record File(String name, String content) {}

    /** Keeps a version, before it runs; one that is kept already is left as it is. */
    public void keep(FolderFiles folder) {
        var files = new ArrayList<File>();
        folder.contents()
                .forEach(
                        (name, content) -> {
                            if (isKept(name))
                                files.add(
                                        new File(
                                                name, Base64.getEncoder().encodeToString(content)));
                        });
        // One statement, so that a version is there whole or not at all.
        jdbc.sql(
                        """
                        with kept as (
                            insert into folder_version (partner, version) values (?, ?)
                            on conflict do nothing
                            returning partner, version
                        )
                        insert into folder_file (partner, version, name, content)
                        select partner, version, k.name, decode(k.content, 'base64')
                        from kept, jsonb_to_recordset(?::jsonb) k(name text, content text)
                        """)
                .param(folder.name())
                .param(folder.version())
                .param(JsonMapper.shared().writeValueAsString(files))
                .update();
    }

    private static boolean isKept(String file) {
        return file.endsWith(".yaml") || file.endsWith(".csv");
    }

    /** A version as it was kept; empty when it never was. */
    public Optional<FolderFiles> find(String partner, String version) {
        var contents = new TreeMap<String, byte[]>();
        jdbc.sql("select name, content from folder_file where partner = ? and version = ?")
                .param(partner)
                .param(version)
                .query(
                        row -> {
                            contents.put(row.getString(1), row.getBytes(2));
                        });
        return contents.isEmpty()
                ? Optional.empty()
                : Optional.of(new FolderFiles(partner, contents));
    }
}
