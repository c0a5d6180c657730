/**
 * The chart: what is known of patients, and how one more message changes it.
 *
 * <p>A message arrives here as a {@link org.chartbridge.chart.ChartUpdate}: statements about one
 * patient, each with the path of the segment it came from. {@link org.chartbridge.chart.Fold}
 * decides what the update does to what is known ({@link org.chartbridge.chart.PatientState}) and
 * answers with {@link org.chartbridge.chart.Applied}: the facts to write, or the reasons why a
 * person has to look. It touches no database, clock or network. {@link
 * org.chartbridge.chart.ChartStore} locks, reads and writes for a whole group of messages at once.
 *
 * <p>Facts are never overwritten. Every statement about a value is kept as a version; which version
 * is current follows from the whole set of versions in a total order ({@link
 * org.chartbridge.chart.Timeline}), so that any order of arrival gives the same chart.
 *
 * <p>Values of a report that depend on each other (isolates numbered anew, whole reports) are
 * walked together by {@link org.chartbridge.chart.WholeReport} (decision 0036).
 *
 * <p>What is read has a store for each kind: {@link org.chartbridge.chart.Persons}, {@link
 * org.chartbridge.chart.Reports}, {@link org.chartbridge.chart.Observations}, {@link
 * org.chartbridge.chart.ValuesOverTime}, {@link org.chartbridge.chart.Documents} and {@link
 * org.chartbridge.chart.ChartedEntries}. What of it a clinician may see is said once, in {@code
 * ClinicalView}.
 *
 * <p>Of registration ({@link org.chartbridge.chart.Registration}) the statements are kept as they
 * were said, and how things stand follows from them: each field of a person is the latest word
 * ({@link org.chartbridge.chart.RegistrationFold}), a visit is arranged anew ({@link
 * org.chartbridge.chart.VisitTimeline}), a list is its sender's ({@link
 * org.chartbridge.chart.ListFold}). Pages and FHIR read it by {@link
 * org.chartbridge.chart.Registrations}.
 *
 * <p>Who is who: facts hang on records, what one authority calls a patient. {@link
 * org.chartbridge.chart.Identity} says whether a message may be charted on the record it names,
 * {@link org.chartbridge.chart.IdentityFold} what merges and links assert, {@link
 * org.chartbridge.chart.PersonGraph} which records are one person under all assertions. {@link
 * org.chartbridge.chart.Unfolding} takes facts out again when one of them is taken back (decision
 * 0017). {@link org.chartbridge.chart.Likeness} is for people only.
 *
 * <p>{@link org.chartbridge.chart.ChartHash} says whether two charts are equal, leaving out what
 * only tells when and in which order things came. It is the judge of rebuilds, of any order of
 * arrival and of undoing.
 *
 * <p>This room knows no HL7 syntax. It speaks of statuses and flags by their HL7 tables, because
 * those are the words of the laboratory.
 */
@NullMarked
package org.chartbridge.chart;

import org.jspecify.annotations.NullMarked;
