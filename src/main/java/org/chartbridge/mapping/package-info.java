/**
 * What a message means: from HL7 v2 to statements the chart understands.
 *
 * <p>{@link org.chartbridge.mapping.Mappings} asks each {@link
 * org.chartbridge.mapping.MessageFamily} whether it takes a message; the first that does answers
 * with a {@link org.chartbridge.mapping.Mapped}: an update of the chart, all faults that forbid
 * one, or the reason why nothing is charted. Nothing here knows what is in the chart, and the same
 * message and partner always give the same answer.
 *
 * <p>Results (ORU) are read in these steps, one class each:
 *
 * <ol>
 *   <li>{@link org.chartbridge.mapping.Grouping} puts the segments that belong together into groups
 *       and forgives their order.
 *   <li>{@link org.chartbridge.mapping.Specimens} keeps quality control out.
 *   <li>{@link org.chartbridge.mapping.PatientReader} says who the patient is.
 *   <li>{@link org.chartbridge.mapping.ReportReader} reads what an OBR and its ORC say, {@link
 *       org.chartbridge.mapping.ObservationReader} the values below them and {@link
 *       org.chartbridge.mapping.ValueReader} a single OBX-5.
 * </ol>
 *
 * <p>Registration (ADT, {@link org.chartbridge.mapping.AdtFamily}) is read by a class for each
 * part: {@link org.chartbridge.mapping.EventReader} the times, {@link
 * org.chartbridge.mapping.DemographicsReader} and {@link
 * org.chartbridge.mapping.FurtherDemographics} PID, {@link org.chartbridge.mapping.VisitReader}
 * PV1, {@link org.chartbridge.mapping.AllergyReader}, {@link
 * org.chartbridge.mapping.ConditionReader} and {@link org.chartbridge.mapping.CoverageReader} the
 * lists. What a field says is a value, a deletion ({@code ""}) or nothing: {@link
 * org.chartbridge.mapping.FieldReader}.
 *
 * <p>Immunizations, appointments, orders, medication, referrals and documents are items that their
 * sender states, like the entries of a list: {@link org.chartbridge.mapping.ImmunizationFamily},
 * {@link org.chartbridge.mapping.AppointmentFamily}, {@link org.chartbridge.mapping.OrderFamily},
 * {@link org.chartbridge.mapping.MedicationOrders}, {@link org.chartbridge.mapping.ReferralFamily}
 * and {@link org.chartbridge.mapping.DocumentFamily} read them, {@link
 * org.chartbridge.mapping.OneStatement} the patient around them, {@link
 * org.chartbridge.mapping.Details} what OBX say beside them.
 *
 * <p>{@link org.chartbridge.mapping.Beside} reads the patient and the visit that such a message, or
 * a result, has on its way (decision 0021).
 *
 * <p>{@link org.chartbridge.mapping.Findings} collects what is wrong or doubtful on the way. An
 * error refuses the whole message, because half a report may mislead more than none; reading goes
 * on all the same, so that the sender hears of every fault at once.
 *
 * <p><b>HAPI or not.</b> Values are read through {@link org.chartbridge.mapping.Reader} from the
 * index of {@code hl7}: the type of OBX-5 is the one of the sender's version and not of HAPI's,
 * withdrawn fields (PID-2, PID-4) are there, text stays whole where a stray delimiter would cut a
 * typed field, an embedded document is copied once instead of five times, and it costs a fifth
 * (decision 0008).
 *
 * <p><b>Where a value comes from.</b> {@link org.chartbridge.mapping.Explainer} maps a message once
 * more under a {@link org.chartbridge.mapping.Recorder} and tells for every attribute the bytes and
 * the {@link org.chartbridge.mapping.Rule} that made it. What is read through the reader explains
 * itself; whatever is computed from several reads is told by {@link
 * org.chartbridge.mapping.Reader#made}.
 *
 * <p>To add a message type, write a class that implements {@link
 * org.chartbridge.mapping.MessageFamily} and is a {@code @Component}; it is found by itself.
 */
@NullMarked
package org.chartbridge.mapping;

import org.jspecify.annotations.NullMarked;
