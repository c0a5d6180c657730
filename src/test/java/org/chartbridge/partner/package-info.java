/** Tests of partners and their files. */
@NullMarked
package org.chartbridge.partner;

import org.jspecify.annotations.NullMarked;
