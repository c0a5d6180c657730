package org.chartbridge.chart;

/**
 * A provider as named in a message (XCN): provider numbers have an authority.
 *
 * @param authority XCN.9, else the partner's folder name
 * @param number XCN.1; may be empty, then the name alone tells providers apart
 */
public record ProviderName(String authority, String number, String family, String given) {}
