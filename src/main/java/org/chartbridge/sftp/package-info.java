/**
 * Files on other machines over SFTP: one connection, as a user whose secret is known, to a host
 * whose key is known beforehand. The only room with Apache MINA SSHD, and nothing of it shows
 * outside.
 *
 * <p>Where to start reading: {@link SftpConnection} is all that can be done, {@link SftpFailure}
 * all that can go wrong.
 */
@NullMarked
package org.chartbridge.sftp;

import org.jspecify.annotations.NullMarked;
