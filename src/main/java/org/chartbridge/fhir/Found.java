package org.chartbridge.fhir;

import ca.uhn.fhir.rest.server.SimpleBundleProvider;

import org.chartbridge.chart.Page;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.Function;

/**
 * One page of a search. Pages are found again by {@code _offset}, with the search's own parameters
 * in the link: the server keeps nothing between two pages.
 */
final class Found extends SimpleBundleProvider {
    /** Resources on a page when the request doesn't say. */
    static final int DEFAULT_PAGE = 20;

    private final List<IBaseResource> page;

    private Found(List<IBaseResource> page, long total, int offset, int limit) {
        super(page);
        this.page = page;
        setSize((int) Math.min(total, Integer.MAX_VALUE));
        setCurrentPageOffset(offset);
        setCurrentPageSize(limit);
    }

    static <T> Found of(Page<T> page, Function<? super T, ? extends IBaseResource> mapper) {
        return new Found(
                page.items().stream().<IBaseResource>map(mapper).toList(),
                page.total(),
                page.offset(),
                page.limit());
    }

    static Found nothing(Paging paging) {
        return new Found(List.of(), 0, paging.offset(), paging.limit());
    }

    /** The page is what was read; HAPI asks for it by places within the page. */
    @Override
    public List<IBaseResource> getResources(int from, int to) {
        return page.subList(Math.min(from, page.size()), Math.min(to, page.size()));
    }

    /** Which page is asked for. */
    record Paging(int offset, int limit) {

        /**
         * A page within the limits.
         *
         * @param max how many are given at most, whatever {@code _count} says
         */
        static Paging of(@Nullable Integer offset, @Nullable Integer count, int max) {
            var from = offset == null ? 0 : offset;
            if (from < 0 || from > Page.MAX_OFFSET)
                throw new Refusal(
                        "The parameter _offset is 0 to %d; narrow the search instead."
                                .formatted(Page.MAX_OFFSET));
            var many = count == null ? DEFAULT_PAGE : count;
            if (many < 1) throw new Refusal("The parameter _count is at least 1.");
            return new Paging(from, Math.min(many, max));
        }
    }
}
