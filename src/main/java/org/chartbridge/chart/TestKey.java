package org.chartbridge.chart;

/**
 * What makes two values comparable over time: the code as sent, and OBX-4. A local code means one
 * partner's test only; a LOINC or SNOMED code means the same for all. Alternate codings don't join
 * tests: a value shown apart can be found, a value hidden behind another can't.
 *
 * @param partner empty when the coding system is not a partner's own
 * @param code OBX-3.1, or the text where only text was sent
 */
public record TestKey(String partner, String codeSystem, String code, String subId) {}
