/**
 * What HL7 v2 looks like on the wire, and nothing of what it means for a patient.
 *
 * <p>Read in this order:
 *
 * <ol>
 *   <li>{@link org.chartbridge.hl7.Header} peeks at MSH: who sends, what, and which answers they
 *       want.
 *   <li>{@link org.chartbridge.hl7.Message} indexes the raw bytes into {@link
 *       org.chartbridge.hl7.Line}s and reads values at paths such as {@code OBX[3]-5.1}. Before it
 *       does, the normaliser repairs what real senders do (line feeds, byte order marks, torn
 *       segments, character sets whose characters contain delimiter bytes) and remembers where
 *       every byte came from, so that a {@link org.chartbridge.hl7.Location} can be shown in the
 *       bytes as they came. Each repair and each doubt is a {@link org.chartbridge.hl7.Fault} in
 *       {@code remarks()}.
 *   <li>{@link org.chartbridge.hl7.Batch} takes several messages in one frame apart, and {@link
 *       org.chartbridge.hl7.BatchAnswer} puts their answers together.
 *   <li>{@link org.chartbridge.hl7.NamedTree} names everything for people, in HAPI's words.
 *   <li>{@link org.chartbridge.hl7.AnswerPlan} says which answers are due and {@link
 *       org.chartbridge.hl7.Acknowledgement} builds them, also where no message can be read.
 * </ol>
 *
 * <p>Nothing here throws at what a sender sent, everything is linear in its size, and no text of a
 * {@link org.chartbridge.hl7.Fault} holds content of the message. HAPI HL7v2 is imported only in
 * this package.
 */
@NullMarked
package org.chartbridge.hl7;

import org.jspecify.annotations.NullMarked;
