/**
 * Partners: any system across a wire, the clinic's own EMR included. A partner is one folder in
 * {@code routes/}: its {@code partner.yaml} says who it is and how it behaves, the files beside it
 * say what becomes of its messages.
 *
 * <p>{@link FolderFiles} takes a folder's bytes at one moment, {@link Yaml} gives them lines,
 * {@link PartnerFile} makes a {@link Partner} of them or says as {@link FileFault} what is wrong
 * and what would be right. {@link PartnerKey} is the table of all keys, for the reader and for the
 * help page. What is loaded and what is not is asked through {@link RoutesOverview}.
 */
@NullMarked
package org.chartbridge.partner;

import org.jspecify.annotations.NullMarked;
