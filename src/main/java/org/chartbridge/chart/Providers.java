package org.chartbridge.chart;

import org.chartbridge.database.BlockIds;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The ids of providers, with those that were named before kept in memory, so that most messages
 * need no look-up.
 */
final class Providers {

    /** Names kept in memory; beyond it they are looked up again. */
    private static final int MAX_REMEMBERED = 20_000;

    private final JdbcClient jdbc;
    private final BlockIds ids;
    private final Map<ProviderName, Long> known =
            Collections.synchronizedMap(
                    new LinkedHashMap<>(256, 0.75f, true) {
                        @Override
                        protected boolean removeEldestEntry(Map.Entry<ProviderName, Long> eldest) {
                            return size() > MAX_REMEMBERED;
                        }
                    });

    Providers(JdbcClient jdbc, BlockIds ids) {
        this.jdbc = jdbc;
        this.ids = ids;
    }

    void learn(Collection<ProviderName> names) {
        for (var name : names) if (known.get(name) == null) idOf(name);
    }

    long idOf(ProviderName name) {
        var id = known.get(name);
        if (id == null) {
            id = find(name);
            known.put(name, id);
        }
        return id;
    }

    private long find(ProviderName name) {
        var parameters = new HashMap<String, Object>();
        parameters.put("id", ids.getAsLong());
        parameters.put("authority", name.authority());
        parameters.put("number", name.number());
        parameters.put("family", name.family());
        parameters.put("given", name.given());
        jdbc.sql(
                        """
                        insert into provider (id, authority, number, family_name, given_name)
                        values (:id, :authority, :number, :family, :given)
                        on conflict do nothing
                        """)
                .params(parameters)
                .update();
        return jdbc.sql(
                        """
                        select id from provider
                        where authority = :authority and number = :number
                          and family_name = :family and given_name = :given
                        """)
                .params(parameters)
                .query(Long.class)
                .single();
    }
}
